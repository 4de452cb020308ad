"""The glossary bridges the law's nouns and ours, one word for one idea."""

from __future__ import annotations

import re

import pytest
from tests.house.repository import ROOT

from yuexin.engines.declare.queries import current

GLOSSARY = ROOT / "docs" / "glossary.md"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
LATIN = re.compile(r"[A-Za-z]{2}")


@pytest.fixture(scope="module")
def rows() -> list[list[str]]:
    """The rows of its tables, without heads and rules."""
    lines = [line.strip() for line in GLOSSARY.read_text("utf-8").splitlines()]
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in lines if line[:1] == "|"
    ]
    rules = [place for place, row in enumerate(cells) if set("".join(row)) <= set("-: ")]
    heads = {place - 1 for place in rules}
    return [row for place, row in enumerate(cells) if place not in heads | set(rules)]


def test_every_term_stands_in_both_languages(rows: list[list[str]]) -> None:
    assert rows
    lame = [
        row for row in rows if not (CHINESE.search("".join(row)) and LATIN.search("".join(row)))
    ]
    assert lame == []


def test_no_term_is_defined_twice(rows: list[list[str]]) -> None:
    terms = [row[0].casefold() for row in rows]
    assert sorted(term for term in set(terms) if terms.count(term) > 1) == []


def test_every_kind_of_record_is_in_it(rows: list[list[str]]) -> None:
    text = "\n".join(" ".join(row) for row in rows)
    assert [kind.id for kind in current().kinds.values() if kind.zh not in text] == []
