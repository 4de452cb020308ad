"""What the real register holds, read from the file itself. Its rows never enter the repository."""

from __future__ import annotations

import csv
import gzip
import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from bench.figure import Figure, watch
from yuexin.base.codes import check_uscc

ROWS, VALID, SHARED = 105_490, 105_487, 8
SHARED_FOLDED = 9  # one more code stands in two spellings, upper and lower case


def register_file() -> Path:
    """`YUEXIN_REGISTER`, else the file beside the project."""
    named = os.environ.get("YUEXIN_REGISTER")
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    return Path(named) if named else beside / "register-guangdong.csv.gz"


def figures() -> Iterator[Figure]:
    path = register_file()
    if not path.exists():
        raise SystemExit(f"the register is not at {path.name}; name it with YUEXIN_REGISTER")
    names: dict[str, set[str]] = defaultdict(set)
    folded: dict[str, set[str]] = defaultdict(set)
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
    yield Figure(
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
