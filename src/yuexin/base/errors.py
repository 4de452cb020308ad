"""The one exception that users are meant to read."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from yuexin.base.text import Text

_ENDINGS = "。．.；;，, "
# Controls, invisible marks (of direction, too), halves of characters, separators of lines.
_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def printable(text: str) -> str:
    """Text of others on one line that cannot move the cursor, colour the terminal or turn letters
    around: what is not for the eye is shown as \\uXXXX."""
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if unicodedata.category(character) not in _UNPRINTABLE:
        return character
    point = ord(character)
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """An anticipated no: what is wrong, where, by which rule, and what to do about it.

    `code` is stable and for machines; `where` is a row, a field or a file; `rule` is the law or
    the declaration. The texts are public interface: they are tested and translated.
    """

    def __init__(
        self, *, code: str, what: Text, where: str = "", rule: str = "", remedy: Text | None = None
    ) -> None:
        super().__init__(code)
        self.code = code
        self.what = what
        self.where = where
        self.rule = rule
        self.remedy = remedy

    def sentence(self, language: str) -> str:
        """What is wrong, where, by which rule and what to do, as one line of prose."""
        return _chinese(self) if language.lower().startswith("zh") else _english(self)

    def as_dict(self, language: str) -> dict[str, str]:
        """The refusal as problem details (RFC 9457), with where, rule and remedy as extensions."""
        return {
            "type": f"urn:yuexin:refusal:{self.code}",
            "title": self.what.in_(language),
            "detail": self.sentence(language),
            "where": self.where,
            "rule": self.rule,
            "remedy": self.remedy.in_(language) if self.remedy else "",
        }

    def __str__(self) -> str:
        return self.sentence("zh")

    def __reduce__(self) -> tuple[Callable[..., Refusal], tuple[object, ...]]:
        # An exception with keyword-only arguments does not pickle by itself, and batch workers
        # send theirs through a pipe.
        return _again, (self.code, self.what, self.where, self.rule, self.remedy)


def _again(code: str, what: Text, where: str, rule: str, remedy: Text | None) -> Refusal:
    return Refusal(code=code, what=what, where=where, rule=rule, remedy=remedy)


def _chinese(refusal: Refusal) -> str:
    parts = [_bare(refusal.what.zh)]
    if refusal.where:
        parts.append(f"位置：{refusal.where}")
    if refusal.rule:
        parts.append(f"依据：{refusal.rule}")
    if refusal.remedy:
        parts.append(f"处理：{_bare(refusal.remedy.zh)}")
    return "；".join(parts) + "。"


def _english(refusal: Refusal) -> str:
    parts = [_capital(refusal.what.en)]
    if refusal.where:
        parts.append(f"Where: {refusal.where}")
    if refusal.rule:
        parts.append(f"Rule: {refusal.rule}")
    if refusal.remedy:
        parts.append(f"What to do: {_bare(refusal.remedy.en)}")
    return ". ".join(parts) + "."


def _bare(text: str) -> str:
    return text.rstrip(_ENDINGS)


def _capital(text: str) -> str:
    return _bare(text[:1].upper() + text[1:])
