"""What may stand in no file of the repository: hosts of a registry, paths of a machine, secrets,
and rows of the real register."""

from __future__ import annotations

import csv
import gzip
import random
import re
from functools import cache
from pathlib import Path

import pytest
from tests.house.repository import ROOT, named, tracked

REGISTER = ROOT.parent / "shared" / "data" / "register-guangdong.csv.gz"
SAMPLED = 200

# Each mark ends in a bracket expression, so that this file does not accuse itself.
FORBIDDEN = {
    "the host of a registry": r"pypi[.]org|pythonhosted[.]org|npmjs[.]|--index[-]url",
    "a mirror": r"https?://[a-z0-9.-]*mirro[r]",
    "a path of one machine": r"(?<![\w.])/(?:home|Users)/[a-z]\w*/|/roo[t]/|/wor[k]/(main|shared)",
    "a private key": r"BEGIN [A-Z ]*PRIVATE[ ]KEY",
    "an access token": r"\b(?:ghp|gho|ghs|glpat|xox[bp])[_-][A-Za-z0-9]{16}|\bAKIA[A-Z0-9]{16}\b",
    "a password": r"(?i)password\s*[:=]\s*[\"'](?![{])[^\"'\s]{6,}[\"']",
    "a URL with a password": r"[a-z]+://[^\s/:@'\"{}\[]+:[^\s/@'\"{}]+@",
}


@cache
def texts() -> dict[Path, str]:
    """Every tracked file that is text."""
    found = {}
    for path in tracked():
        data = path.read_bytes()
        if b"\0" not in data:
            found[path] = data.decode("utf-8", "replace")
    return found


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds(what: str) -> None:
    pattern = re.compile(FORBIDDEN[what])
    hits = [
        f"{named(path)}: {hit[0]}"
        for path, text in texts().items()
        if (hit := pattern.search(text))
    ]
    assert hits == [], what


def test_the_locked_requirements_carry_hashes_and_no_source() -> None:
    locked = [
        path for path in tracked() if path.parent.name == "requirements" and path.suffix == ".txt"
    ]
    assert locked
    for path in locked:
        text = path.read_text("utf-8")
        pins = re.findall(r"(?m)^[a-zA-Z0-9._-]+==", text)
        assert pins
        assert text.count("--hash=sha256:") >= len(pins)
        assert "://" not in text


@pytest.fixture(scope="module")
def register() -> list[dict[str, str]]:
    if not REGISTER.exists():
        pytest.skip("the real register is not on this machine")
    with gzip.open(REGISTER, "rt", encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_no_row_of_the_real_register_is_in_the_repository(register: list[dict[str, str]]) -> None:
    sample = random.Random(2016).sample(register, SAMPLED)
    everything = "\n".join(texts().values())
    # Names of two or three characters occur in ordinary prose.
    names = {row["企业名称"] for row in sample if len(row["企业名称"]) > 6}
    codes = {row["统一社会信用代码"] for row in sample}
    assert {one for one in names | codes if one in everything} == set()


def test_nothing_that_was_measured_or_delivered_is_tracked() -> None:
    heavy = {named(p): p.stat().st_size for p in tracked() if p.stat().st_size > 1 << 20}
    assert heavy == {}
    kinds = {".gz", ".zip", ".parquet", ".xlsx", ".sqlite3", ".db", ".pem", ".key"}
    assert [named(path) for path in tracked() if path.suffix in kinds] == []
