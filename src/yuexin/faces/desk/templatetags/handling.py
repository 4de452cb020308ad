"""Words of the room for checks at the point of handling."""

from __future__ import annotations

from typing import Final

from django import template

from yuexin.base.text import Text
from yuexin.domains.credit.handling import words
from yuexin.domains.credit.handling.queries import Followed, Line, Reported
from yuexin.domains.credit.handling.types import Answer, Check, Hit, Overall
from yuexin.engines.declare.queries import current

register = template.Library()

TONES: Final[dict[Overall, str]] = {
    "mandatory_deny": "bad",
    "must_consider": "warn",
    "advisory": "warn",
    "inform": "plain",
    "ease": "good",
    "": "good",
}
STATES: Final = {
    "found": Text("按代码找到", "found by its code"),
    "joined": Text("已认定为同一主体", "judged to be one entity"),
    "moved": Text("旧号码", "an old number"),
    "cancelled": Text("已注销", "gone from the register"),
    "unknown": Text("没有收录", "not collected here"),
    "unresolved": Text("不能确定", "not certain"),
    "invalid": Text("代码有误", "no valid code"),
}
TARGETS: Final = {
    "subject": Text("该主体", "the entity"),
    "legal_rep": Text("法定代表人", "its legal representative"),
    "responsible_person": Text("责任人", "responsible persons"),
}
USUAL: Final[dict[Overall, str]] = {
    "mandatory_deny": "refused",
    "must_consider": "strict",
    "advisory": "strict",
    "inform": "other",
}
NOT_MEANT: Final = frozenset({"unknown", "unresolved", "invalid"})
"""The states of an answer that is about nobody."""


@register.filter
def overall(value: Overall) -> Text:
    """The one word of an answer."""
    return words.OVERALL[value]


@register.filter
def verdict(value: Answer | Check | Line) -> Text:
    """The one word of an answer; where nobody can tell yet, that a person has to look."""
    return words.LOOK_FIRST if unsure(value) else words.OVERALL[value.overall]


@register.filter
def verdict_tone(value: Answer | Check | Line) -> str:
    return "warn" if unsure(value) else TONES[value.overall]


@register.filter
def to_do(value: Answer | Check) -> Text:
    """What the handler does now."""
    if not unsure(value):
        return words.TO_DO[value.overall]
    doubted = [one for one in _answers(value) if one.look]
    return words.CODE_TO_DO if all(one.state in NOT_MEANT for one in doubted) else words.LOOK_TO_DO


def _answers(value: Answer | Check) -> tuple[Answer, ...]:
    return value.subjects if isinstance(value, Check) else (value,)


@register.filter
def unsure(value: Answer | Check | Line) -> bool:
    """Whether what was found is less certain than what a person has to look at."""
    return value.look and value.overall != "mandatory_deny"


@register.filter
def tone_of(value: Overall) -> str:
    return TONES[value]


@register.filter
def targets_said(hit: Hit) -> list[Text]:
    return [TARGETS[one] for one in hit.targets]


@register.filter
def usual(hit: Hit) -> str:
    """The result that most often follows: offered first, and free to be changed."""
    return "green_channel" if hit.incentive else USUAL[hit.effective]


@register.filter
def result_said(code: str) -> Text:
    """A result of handling in words."""
    found = current().codes["handling_results"].by_code.get(code)
    return found.label if found else Text(code, code)


@register.filter
def scene_said(code: str) -> Text:
    found = current().codes["purposes"].by_code.get(code)
    return found.label if found else Text(code, code)


@register.filter
def measure_said(code: str) -> Text:
    """A measure in words, also one that was declared once and is no more."""
    found = current().measures.get(code)
    return found.label if found else Text(code, code)


@register.filter
def reported(found: dict[tuple[str, str], Reported], one: Answer) -> dict[str, Reported]:
    """What was reported of one subject, by measure."""
    return {measure: done for (code, measure), done in found.items() if code == one.code}


@register.filter
def measure_of(found: dict[str, Reported], hit: Hit) -> Reported | None:
    return found.get(hit.measure)


@register.filter
def open_of(found: Followed, one: Answer) -> int:
    """How many measures and easings of a subject are not reported on yet."""
    return found.open_of(one)


@register.filter
def repeated(count: int) -> Text:
    return words.repeated(count)


@register.filter
def rate(share: float | None) -> str:
    """A share in per cent; a dash where there is nothing to take it of."""
    return "–" if share is None else f"{share:.0%}"
