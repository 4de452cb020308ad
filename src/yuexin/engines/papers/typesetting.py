"""From data to a PDF: a Typst template of ours, one font, and nothing of this machine.

The data reach the template as JSON and are never markup. The same data give the same bytes.
"""

from __future__ import annotations

import datetime as dt
import json
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import typst
from fontTools.ttLib import TTFont

FONT: Final = "NotoSansCJKsc-Regular.otf"
# Controls, marks of direction, halves of characters, private use: nothing that can be printed.
UNPRINTABLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def typeset(*, template: Path, data: Mapping[str, Any], moment: dt.datetime) -> bytes:
    """The data set by the template as PDF/UA-1: tagged, titled, in a named language.

    A character that the font lacks is printed as its code point.
    """
    return typst.compile(
        template.read_bytes(),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(_printed(data), ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=int(moment.timestamp()),
    )


def printed(text: str) -> str:
    """Text as the font can show it: white space as a space, the rest as `[U+1F600]`."""
    return "".join(_character(character) for character in text)


def _printed(value: Any) -> Any:
    if isinstance(value, str):
        return printed(value)
    if isinstance(value, Mapping):
        return {key: _printed(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_printed(item) for item in value]
    return value


def _character(character: str) -> str:
    if character.isspace():
        return " "
    lacking = ord(character) not in _drawn()
    if lacking or unicodedata.category(character) in UNPRINTABLE:
        return f"[U+{ord(character):04X}]"
    return character


@cache
def _folder() -> Path:
    """Where the font lies. Found without importing what brings it: that would load matplotlib."""
    found = find_spec("mplfonts")
    assert found is not None
    assert found.submodule_search_locations
    return Path(found.submodule_search_locations[0]) / "fonts"


@cache
def _fonts() -> typst.Fonts:
    # Other fonts lie beside it; the templates name this one, without fallback.
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[_folder()]
    )


@cache
def _drawn() -> frozenset[int]:
    """The code points that the font draws."""
    with TTFont(_folder() / FONT, lazy=True) as font:
        return frozenset(font.getBestCmap())
