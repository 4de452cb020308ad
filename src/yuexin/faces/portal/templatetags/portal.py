"""Declared texts, dates and marks in the language of the page."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import Final

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language

from yuexin.base.dates import SHANGHAI, day_text
from yuexin.base.text import Text
from yuexin.domains.credit.types import Verdict
from yuexin.engines.declare.queries import current

register = template.Library()

TONES: Final = frozenset({"plain", "good", "warn", "bad"})

_JOINT: Final = " · "
_STANDARD: Final = re.compile(r"(?:GB|RFC|ISO|ECMA|Apache)[ /]")
_HAN: Final = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")


def _language() -> str:
    return get_language() or "zh-hans"


def _is_chinese() -> bool:
    return _language().startswith("zh")


@register.filter
def text(value: Text | str) -> str:
    """The text in the language of the page, bare: for attributes and for sentences."""
    # A template's own `_("…")` arrives as a lazy string.
    return value.in_(_language()) if isinstance(value, Text) else str(value)


@register.filter
def shown(value: Text | str) -> str:
    """The text as it stands in the page; Chinese on an English page says that it is Chinese.

    Of joined texts each says so for itself.
    """
    words = text(value)
    if _is_chinese() or not _HAN.search(words):
        return words
    return format_html_join(_JOINT, "{}", ((_marked(part),) for part in words.split(_JOINT)))


@register.filter
def opening(value: Text | str) -> str:
    """The text as it opens a line: in English with a capital, unless it is somebody's own name."""
    words = text(value)
    ours = isinstance(value, Text) and not _is_chinese()
    return shown(words[:1].upper() + words[1:] if ours else words)


@register.filter
def parted(value: Text | str) -> str:
    """A headline of joined texts, which breaks between them before it breaks within one.

    A joint stands before its part, where the stylesheet cuts it off at the beginning of a line.
    """
    parts = text(value).split(_JOINT)
    if len(parts) == 1:
        return shown(value)
    whole = [part if _is_chinese() else _marked(part) for part in parts]
    said = format_html_join(
        " ", '<span class="part">{}{}</span>', zip(_joints(whole), whole, strict=True)
    )
    return format_html('<span class="parted">{}</span>', said)


def _joints(parts: Sequence[str]) -> list[str]:
    joint = format_html('<span class="joint">{}</span> ', _JOINT.strip())
    return ["", *[joint] * (len(parts) - 1)]


def _marked(words: str) -> str:
    return format_html('<span lang="zh-Hans">{}</span>', words) if _HAN.search(words) else words


@register.filter
def listed(values: Iterable[Text | str]) -> str:
    """Several texts on one line, as the page's language sets them apart."""
    return format_html_join("、" if _is_chinese() else "; ", "{}", ((shown(v),) for v in values))


@register.filter
def law(basis: str) -> Text:
    """What a law is called, by its id with or without an article."""
    return current().laws[basis.partition(":")[0]].label


@register.filter
def ruled_by(rule: str) -> Text | None:
    """What a refusal rests on: a law, by what it is called, or a standard; nothing where that is
    a folder of ours."""
    if found := current().laws.get(rule.partition(":")[0]):
        return Text(f"《{found.zh}》", found.en)
    return Text(rule, rule) if _STANDARD.match(rule) else None


@register.filter
def telling(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """The verdicts that say something of this subject."""
    return [verdict for verdict in verdicts if not verdict.usual]


@register.filter
def usual(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """The verdicts that say of it what they say of nearly everybody, to be folded away."""
    return [verdict for verdict in verdicts if verdict.usual]


@register.filter
def day(value: dt.date | None) -> str:
    """A civil date. Nothing for no date."""
    if value is None:
        return ""
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), _day(value))


@register.filter
def plain_day(value: dt.date) -> str:
    """A civil date as plain text, for titles."""
    return _day(value)


@register.filter
def moment(value: dt.datetime | None) -> str:
    """A moment to the minute, in the time of Beijing. Nothing for no moment."""
    if value is None:
        return ""
    local = value.astimezone(SHANGHAI)
    comma = " " if _is_chinese() else ", "
    words = f"{_day(local)}{comma}{local:%H:%M}"
    return format_html('<time datetime="{}">{}</time>', local.isoformat("T", "minutes"), words)


def _day(value: dt.date) -> str:
    return text(day_text(value))


@register.filter
def number(value: int) -> str:
    """A count with its thousands marked off."""
    return f"{value:,}"


@register.simple_tag
def mark(label: Text | str, tone: str = "plain") -> str:
    """A status by its word; the stylesheet adds a shape, and colour last."""
    safe = tone if tone in TONES else "plain"
    return format_html('<span class="mark mark-{}">{}</span>', safe, opening(label))
