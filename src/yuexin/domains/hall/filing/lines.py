"""Repeated lines of a filing (shareholders, web sites) as the text of one cell, and back.

A line is `name：value` parts joined by `｜`, lines are joined by `；`. What separates is taken out
of the values, so a text that was composed here decomposes into the same lines; any other text
into none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

PART: Final = "｜"
LINE: Final = "；"
NAMED: Final = "："
_READS_AS: Final = str.maketrans({PART: "/", "|": "/", LINE: "，", ";": "，", NAMED: ":"})

Line = Mapping[str, str]


def composed(*, names: Sequence[str], lines: Iterable[Line]) -> str:
    """The text of a cell. Lines without any value are left out."""
    told = (_line(names, line) for line in lines)
    return LINE.join(line for line in told if line)


def decomposed(*, names: Sequence[str], text: str) -> tuple[dict[str, str], ...] | None:
    """The lines that a text was composed of; none where it was not composed of these names."""
    if not text.strip():
        return ()
    lines = [_parts(names, line) for line in text.split(LINE)]
    return None if None in lines else tuple(line for line in lines if line)


def plain(value: str) -> str:
    """A value as it stands in a line."""
    return " ".join(value.translate(_READS_AS).split())


def _line(names: Sequence[str], line: Line) -> str:
    values = ((name, plain(line.get(name, ""))) for name in names)
    return PART.join(f"{name}{NAMED}{value}" for name, value in values if value)


def _parts(names: Sequence[str], line: str) -> dict[str, str] | None:
    found: dict[str, str] = {}
    for part in line.split(PART):
        name, named, value = part.strip().partition(NAMED)
        if not named or name not in names or name in found:
            return None
        found[name] = value
    return found
