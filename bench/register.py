"""The real register: what its file holds, delivering it twice, and ten of its companies looked up.

Everything is read from the file itself. Its rows never enter the repository.
"""

from __future__ import annotations

import csv
import gzip
import json
import os
import shutil
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bench.figure import Figure, watch
from bench.lookup import served
from bench.province import Bench, empty
from yuexin.base.codes import check_uscc

ROWS, VALID, SHARED = 105_490, 105_487, 8
SHARED_FOLDED = 9  # one more code stands in two spellings, upper and lower case
LOOKED_UP = 10
FRAGMENT = 6  # characters from the middle of the name

Names = dict[str, set[str]]


def register_file() -> Path:
    """`YUEXIN_REGISTER`, else the file beside the project."""
    named = os.environ.get("YUEXIN_REGISTER")
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    return Path(named) if named else beside / "register-guangdong.csv.gz"


def figures() -> Iterator[Figure]:
    path = register_file()
    if not path.exists():
        raise SystemExit(f"the register is not at {path.name}; name it with YUEXIN_REGISTER")
    folded: Names = defaultdict(set)
    yield _held(path, folded)
    with empty() as bench:
        yield from _delivered_twice(bench, path)
        yield _found(bench, folded)


def _held(path: Path, folded: Names) -> Figure:
    """What stands in the file; `folded` receives the names of every valid code."""
    names: Names = defaultdict(set)
    rows = valid = 0
    with watch() as taken, gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            rows += 1
            verdict = check_uscc(row["统一社会信用代码"])
            if verdict.valid:
                valid += 1
                names[verdict.given].add(row["企业名称"])
                folded[verdict.code].add(row["企业名称"])
    shared = sum(len(found) > 1 for found in names.values())
    shared_folded = sum(len(found) > 1 for found in folded.values())
    held = (rows, valid, shared, shared_folded)
    assert held == (ROWS, VALID, SHARED, SHARED_FOLDED), held
    return Figure(
        name="register",
        value=rows,
        unit="rows",
        reference=f"{ROWS} rows, {VALID} valid codes, {SHARED} codes with two names or more",
        ratio=rows / ROWS,
        detail={
            "valid": valid,
            "shared_codes": shared,
            "shared_codes_any_case": shared_folded,
            "seconds": round(taken.seconds, 1),
        },
    )


def _delivered_twice(bench: Bench, path: Path) -> Iterator[Figure]:
    for name in ("register_first", "register_again"):
        with watch() as taken:
            said = bench.yuexin("deliver", "--json", "--resource", "register_extract", str(path))
        receipt = json.loads(said)
        changes = receipt["rows_new"] + receipt["rows_changed"]
        assert receipt["rows_received"] == ROWS, receipt
        assert name == "register_first" or changes == 0, receipt
        counts = ("new", "changed", "unchanged", "waiting", "rejected")
        yield Figure(
            name=name,
            value=changes,
            unit="changes",
            reference=f"{ROWS} rows received",
            ratio=receipt["rows_received"] / ROWS,
            detail={
                **{count: receipt[f"rows_{count}"] for count in counts},
                "seconds": round(taken.seconds, 1),
            },
        )


def _found(bench: Bench, folded: Names) -> Figure:
    """Companies spread over the file, found in the browser by a fragment and by the code."""
    alone = sorted((code, *names) for code, names in folded.items() if len(names) == 1)
    chosen = alone[:: len(alone) // LOOKED_UP][:LOOKED_UP]
    missed = []
    with served(bench.environment) as port, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page()
        for code, name in chosen:
            for typed in (_middle(name), code):
                if not _leads_to(page, f"http://127.0.0.1:{port}/", typed, code, name):
                    missed.append((typed, code, page.url))
        browser.close()
    assert missed == [], missed
    return Figure(
        name="register_found",
        value=2 * LOOKED_UP,
        unit="look-ups that led to the right file",
        reference=f"{LOOKED_UP} companies, by fragment and by code, in a browser",
        ratio=1.0,
    )


def _middle(name: str) -> str:
    start = max(0, (len(name) - FRAGMENT) // 2)
    return name[start : start + FRAGMENT]


def _leads_to(page: Page, address: str, typed: str, code: str, name: str) -> bool:
    """Type into the front page's box, follow the hits page by page until the company is there."""
    page.goto(address)
    page.fill("main input[name=q]", typed)
    page.press("main input[name=q]", "Enter")
    hit = page.locator(f"a.hit-name[href='/s/{code}']")
    while hit.count() == 0:
        following = page.locator("a[rel=next]")
        if following.count() == 0:
            return False
        following.first.click()
    hit.first.click()
    return page.locator("h1").inner_text() == name and page.url.endswith(f"/s/{code}")
