"""What is amiss with a declared notice: found at load."""

from __future__ import annotations

from collections.abc import Iterator

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.declare.notice import (
    FEW_CHARACTERS,
    Notice,
    NoticeExample,
    filled,
    placeholders,
    stray_brace,
)
from yuexin.engines.declare.source import declaration_error


def check_notice(notice: Notice) -> Iterator[Refusal]:
    """Every problem of its texts, its link and its examples."""
    place = f"notices/{notice.id}"
    pairs = {"title": notice.title, "body": notice.body}
    if notice.short_zh or notice.short_en:
        pairs["short"] = Text(notice.short_zh, notice.short_en)
    elif set(notice.channels) & set(FEW_CHARACTERS):
        yield _problem(
            place, "短信等渠道须有 short_zh 和 short_en", "these channels need short_*",
            "补写 short_zh 和 short_en", "write short_zh and short_en",
        )  # fmt: skip
    for name, text in pairs.items():
        yield from _pair(place, name, text)
    used = frozenset.union(*(placeholders(one) for text in pairs.values() for one in text))
    for name in sorted(used - notice.values.keys()):
        yield _problem(
            place, f"values 没有说明“{name}”", f"values does not say what “{name}” is",
            f"补写 values 中的 {name}", f"add {name} to values",
        )  # fmt: skip
    if not notice.channels or not notice.examples:
        yield _problem(
            place, "通知没有渠道，或没有示例", "it names no channel, or has no worked example",
            "写明 channels 和 examples", "write channels and examples",
        )  # fmt: skip
    for example in notice.examples:
        yield from _example(place, notice, example)


def _pair(place: str, name: str, text: Text) -> Iterator[Refusal]:
    if placeholders(text.zh) != placeholders(text.en):
        yield _problem(
            place, f"{name} 两种语言的占位不同", f"the placeholders of {name} differ by language",
            "两种语言写同样的占位", "write the same placeholders in both",
        )  # fmt: skip
    for one in text:
        if not one.strip() or stray_brace(one):
            yield _problem(
                place, f"{name} 为空，或有不成对的花括号", f"{name} is empty, or has a stray brace",
                "占位写作 {name}", "write a placeholder as {name}",
            )  # fmt: skip
    if name == "title" and any("\n" in one.strip() for one in text):
        yield _problem(
            place, "标题有多行", "the title has more than one line", "写成一行", "write one line"
        )


def _example(place: str, notice: Notice, example: NoticeExample) -> Iterator[Refusal]:
    where = f"{place} “{example.name}”"
    if example.values.keys() != notice.values.keys():
        names = "、".join(sorted(example.values.keys() ^ notice.values.keys()))
        yield _problem(
            where, f"示例的值与 values 不符：{names}", f"not the values declared: {names}",
            "逐项给出 values", "give each of values",
        )  # fmt: skip
        return
    for title, wanted in zip(notice.title, (example.title_zh, example.title_en), strict=True):
        given = filled(title, example.values)
        if given != wanted:
            yield _problem(
                where, f"示例得到“{given}”", f"the example gives “{given}”",
                "改标题或示例", "change the title or the example",
            )  # fmt: skip


def _problem(place: str, zh: str, en: str, remedy_zh: str, remedy_en: str) -> Refusal:
    return declaration_error(place=place, what=Text(zh, en), remedy=Text(remedy_zh, remedy_en))
