"""The text of a notice with its values, safe for a header, a text message and a page."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, Final

from yuexin.base.text import Text
from yuexin.engines.declare.types import Declarations, Notice, filled

LONGEST_VALUE: Final = 1000
LONGEST_TITLE: Final = 200
LONGEST_SHORT: Final = 450
_DROPPED: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
HIDDEN: Final = "······"
LANGUAGES: Final = ("zh", "en")
Value = str | Text | Sequence[str]
"""A value, or one for each language."""


def one_line(text: str, *, longest: int = LONGEST_VALUE) -> str:
    """Text of others on one line, bounded, without what is not for the eye: no header is broken
    by it, no reading direction turned."""
    # Twice the length is more than enough to cut from, whatever is dropped of it below.
    spaced = " ".join(text[: 4 * longest].split())
    kept = "".join(c for c in spaced if unicodedata.category(c) not in _DROPPED)
    return kept if len(kept) <= longest else f"{kept[: longest - 1]}…"


def said(notice: Notice, values: Mapping[str, Value]) -> dict[str, dict[str, str]]:
    """Title, body and short text in both languages, with the values in their places."""
    clean = {
        language: {name: one_line(_of(value, language)) for name, value in values.items()}
        for language in LANGUAGES
    }
    texts = {"title": notice.title, "body": notice.body, "short": notice.short}
    found = {
        language: {
            name: filled(text.in_(language), clean[language]) for name, text in texts.items()
        }
        for language in LANGUAGES
    }
    for text in found.values():
        text["title"] = one_line(text["title"], longest=LONGEST_TITLE)
        text["short"] = one_line(text["short"], longest=LONGEST_SHORT)
    return found


def storable(values: Mapping[str, Value]) -> dict[str, str | list[str]]:
    """The values as they are kept: in both languages, where they differ."""
    return {
        name: one_line(value)
        if isinstance(value, str)
        else [one_line(_of(value, language)) for language in LANGUAGES]
        for name, value in values.items()
    }


def link_of(declarations: Declarations, notice: Notice, values: Mapping[str, Value]) -> str:
    """The path where the notice is answered."""
    if not notice.link:
        return ""
    plain = {name: _of(value, LANGUAGES[0]) for name, value in values.items()}
    return declarations.addresses[notice.link].of(**plain)


def kept(
    declarations: Declarations,
    notice: Notice,
    values: Mapping[str, Value],
    secret: Mapping[str, str],
) -> dict[str, Any]:
    """What is kept of a notice: without its secrets, and without a link that holds one."""
    shown = {**values, **dict.fromkeys(secret, HIDDEN)}
    path = declarations.addresses[notice.link].path if notice.link else ""
    opened = not any(f"{{{name}}}" in path for name in secret)
    link = link_of(declarations, notice, values) if opened else ""
    return {"said": said(notice, shown), "link": link}


def _of(value: Value, language: str) -> str:
    return value if isinstance(value, str) else value[LANGUAGES.index(language)]
