"""Notices: texts that somebody is told in, and by which channels. `types` is the door."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from yuexin.base.text import Text
from yuexin.engines.declare.law import Labelled

NoticeChannel = Literal["in_app", "email", "sms", "wechat", "weibo"]
FEW_CHARACTERS: Final[tuple[NoticeChannel, ...]] = ("sms", "wechat", "weibo")
_PLACE: Final = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_BRACE: Final = re.compile(r"[{}]")


@dataclass(frozen=True, kw_only=True)
class NoticeExample:
    """A worked example: what is put in, and the title that comes out."""

    name: str
    values: dict[str, str]
    title_zh: str
    title_en: str


@dataclass(frozen=True, kw_only=True)
class Notice(Labelled):
    """A text with `{placeholders}`, in both languages. Each placeholder stands in both, and every
    one is in `values`, with what it means. `short_*` is for channels of few characters.

    `urgent` goes out in quiet hours, too. `link` is where it is answered: one of the
    declared addresses. What a notice says is what its recipient may see anyway.
    """

    title_zh: str
    title_en: str
    body_zh: str
    body_en: str
    short_zh: str = ""
    short_en: str = ""
    link: str = ""
    values: dict[str, str]
    channels: tuple[NoticeChannel, ...] = ("in_app", "email")
    urgent: bool = False
    basis: str = ""
    examples: tuple[NoticeExample, ...]

    @property
    def title(self) -> Text:
        return Text(self.title_zh, self.title_en)

    @property
    def body(self) -> Text:
        return Text(self.body_zh, self.body_en)

    @property
    def short(self) -> Text:
        """What channels of few characters carry."""
        return Text(self.short_zh or self.body_zh, self.short_en or self.body_en)


def placeholders(text: str) -> frozenset[str]:
    """The names that stand in braces in a text."""
    return frozenset(_PLACE.findall(text))


def stray_brace(text: str) -> bool:
    """Whether a brace is left in a text that belongs to no placeholder."""
    return bool(_BRACE.search(_PLACE.sub("", text)))


def filled(text: str, values: Mapping[str, str], *, written: Callable[[str], str] = str) -> str:
    """The text with each placeholder replaced by its value, `written` in the way of its place.
    What a value holds is never read as a placeholder."""
    return _PLACE.sub(lambda found: written(values[found[1]]), text)
