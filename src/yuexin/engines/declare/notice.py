"""Notices: texts that somebody is told in, and by which channels. `types` is the door."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from yuexin.base.text import Text
from yuexin.engines.declare.law import Labelled

NoticeChannel = Literal["in_app", "email", "sms", "wechat", "weibo"]


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

    `urgent` goes out in quiet hours, too. `link` is where it is answered: a path of the portal
    with placeholders. What a notice says is what its recipient may see anyway.
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
