"""The catalogue of measures as a page: what may be done, by which law, in which scenes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from yuexin.base.text import Text
from yuexin.domains.credit.present import cited
from yuexin.engines.declare.types import STRENGTHS, Declarations, Measure, NamedScene

SCENES: Final = "purposes"
GROUPS: Final[Mapping[str, Text]] = {
    "A": Text("减损权益、增加义务", "To a subject's disadvantage"),
    "B": Text("管理措施", "Measures of supervision"),
    "C": Text("市场性措施", "What others decide for themselves"),
    "incentive": Text("守信激励", "Incentives"),
    "repair": Text("信用修复", "Repair"),
}
STRENGTH_WORDS: Final[Mapping[str, Text]] = {
    "mandatory_deny": Text("依法拒绝", "refused by law"),
    "must_consider": Text("应当考量", "must be considered"),
    "advisory": Text("建议考量", "advisory"),
    "inform": Text("提示", "for information"),
}
SHEETS: Final[Mapping[str, Text]] = {
    "national": Text("全国基础清单", "National catalogue"),
    "gd_incentives": Text("广东守信激励清单", "Guangdong sheet of incentives"),
    "gd_punishments": Text("广东失信惩戒清单", "Guangdong sheet of punishments"),
    "gd_repairs": Text("广东信用修复清单", "Guangdong sheet of repairs"),
}
TARGETS: Final[Mapping[str, Text]] = {
    "subject": Text("主体", "the subject"),
    "legal_rep": Text("法定代表人", "its legal representative"),
    "responsible_person": Text("责任人员", "persons responsible"),
}


@dataclass(frozen=True, kw_only=True)
class MeasureFilter:
    """What the catalogue is narrowed by."""

    group: str = ""
    scene: str = ""
    strength: str = ""
    law: str = ""
    sheet: str = ""


@dataclass(frozen=True, kw_only=True)
class MeasureLine:
    """A measure in words. `calls` names the lists whose entries call for it."""

    measure: str
    label: Text
    content: Text
    item: Text
    group: Text
    strength: Text
    sheet: Text
    number: int
    targets: tuple[Text, ...]
    executors: Text
    scenes: tuple[tuple[Text, tuple[Text, ...]], ...]
    basis: tuple[Text, ...]
    calls: tuple[tuple[str, Text], ...]
    term_months: int
    confirmed: bool

    @property
    def awaited(self) -> bool:
        """Whether no more is known of it than that it stands in a sheet."""
        return not self.confirmed and not self.calls and not self.scenes


@dataclass(frozen=True, kw_only=True)
class MeasureCatalogue:
    """The measures that match, how many there are, and by what they can be narrowed."""

    asked: MeasureFilter
    lines: tuple[MeasureLine, ...]
    total: int
    unconfirmed: int
    choices: tuple[tuple[str, Text, str, tuple[tuple[str, Text], ...]], ...]


def catalogue(*, declarations: Declarations, asked: MeasureFilter, on: dt.date) -> MeasureCatalogue:
    """The measures in force on a day that match what is asked."""
    held = [one for one in declarations.measures.values() if one.in_force(on)]
    order = {group: number for number, group in enumerate(GROUPS)}
    found = [
        (order[declarations.measure_items[one.item].group], _line(declarations, one, on))
        for one in held
        if _matches(declarations, one, asked)
    ]
    return MeasureCatalogue(
        asked=asked,
        lines=tuple(line for _, line in sorted(found, key=lambda one: (one[0], one[1].awaited))),
        total=len(held),
        unconfirmed=sum(not one.confirmed for one in held),
        choices=_choices(declarations, held, asked),
    )


def _matches(declarations: Declarations, measure: Measure, asked: MeasureFilter) -> bool:
    group = declarations.measure_items[measure.item].group
    return (
        asked.group in ("", group)
        and asked.strength in ("", measure.strength)
        and asked.sheet in ("", measure.sheet)
        and (not asked.scene or any(one.scene == asked.scene for one in measure.scenes))
        and (not asked.law or asked.law in measure.laws)
    )


def _line(declarations: Declarations, measure: Measure, on: dt.date) -> MeasureLine:
    item = declarations.measure_items[measure.item]
    called = {trigger.rule for trigger in measure.triggers}
    regimes = (one for one in declarations.regimes.values() if one.rule in called)
    agencies = [declarations.agencies[one].label for one in measure.executors]
    named = Text("、".join(a.zh for a in agencies), "; ".join(a.en for a in agencies))
    return MeasureLine(
        measure=measure.id,
        label=measure.label,
        content=measure.content,
        item=item.label,
        group=GROUPS[item.group],
        strength=STRENGTH_WORDS[measure.strength],
        sheet=SHEETS.get(measure.sheet, Text("", "")),
        number=measure.number,
        targets=tuple(TARGETS[one] for one in measure.targets),
        executors=Text(measure.executors_zh or named.zh, measure.executors_en or named.en),
        scenes=tuple(_scene(declarations, one, on) for one in measure.scenes),
        basis=cited(laws=declarations.laws, basis=measure.basis, on=on),
        calls=tuple((one.id, one.label) for one in regimes),
        term_months=measure.term_months,
        confirmed=measure.confirmed,
    )


def _scene(
    declarations: Declarations, named: NamedScene, on: dt.date
) -> tuple[Text, tuple[Text, ...]]:
    label = declarations.codes[SCENES].by_code[named.scene].label
    return label, cited(laws=declarations.laws, basis=[named.basis], on=on)


def _choices(
    declarations: Declarations, held: Iterable[Measure], asked: MeasureFilter
) -> tuple[tuple[str, Text, str, tuple[tuple[str, Text], ...]], ...]:
    """By what can be narrowed: the parameter, its name, what is chosen, and what there is."""
    measures = tuple(held)
    groups = {declarations.measure_items[one.item].group for one in measures}
    scenes = {named.scene for one in measures for named in one.scenes}
    laws = {law for one in measures for law in one.laws}
    codes = declarations.codes[SCENES].values
    strengths = {one.strength for one in measures}
    sheets = {one.sheet for one in measures}
    return (
        ("group", Text("类别", "Group"), asked.group, _of(GROUPS, groups)),
        (
            "strength",
            Text("强度", "Strength"),
            asked.strength,
            tuple((one, STRENGTH_WORDS[one]) for one in reversed(STRENGTHS) if one in strengths),
        ),
        (
            "scene",
            Text("适用环节", "Scene"),
            asked.scene,
            tuple((one.code, one.label) for one in codes if one.code in scenes),
        ),
        ("sheet", Text("清单", "Sheet"), asked.sheet, _of(SHEETS, sheets)),
        (
            "law",
            Text("依据", "Law"),
            asked.law,
            tuple((law, declarations.laws[law].label) for law in sorted(laws)),
        ),
    )


def _of(words: Mapping[str, Text], there: Collection[str]) -> tuple[tuple[str, Text], ...]:
    return tuple((name, word) for name, word in words.items() if name in there)
