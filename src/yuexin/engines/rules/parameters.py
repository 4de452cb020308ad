"""The numbers of the law that a rule or a term holds: put into conditions, tried with others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.declare.types import (
    PLACEHOLDER,
    Parameter,
    RuleVersion,
    SubjectRule,
    Term,
    TermVersion,
)
from yuexin.engines.rules import clock
from yuexin.engines.rules.dialect import refused

MOST_MONTHS: Final = clock.MAX_AMOUNT


def filled(*, version: RuleVersion, text: str, place: str) -> str:
    """A condition with the numbers of its version in place of `{id}`. What is no declared integer
    within its bounds is refused: nothing else ever reaches the text that is parsed."""
    declared = {parameter.id: parameter for parameter in version.parameters}

    def number(name: str) -> str:
        if name not in declared:
            raise refused(
                place=place,
                what=Text(f"参数“{name}”没有声明", f"the parameter “{name}” is not declared"),
                remedy=Text("在 parameters 中声明", "declare it under parameters"),
            )
        _bounded(declared[name], declared[name].value, place)
        return str(int(declared[name].value))

    return PLACEHOLDER.sub(lambda found: number(found[1]), text)


def with_values(*, rule: SubjectRule, version: dt.date, values: Mapping[str, int]) -> SubjectRule:
    """The rule with other numbers in the version that begins on that day. Raises a `Refusal` for a
    version or number that it does not have, and for values outside their bounds."""
    place = f"rules/{rule.id} {version}"
    chosen = next((one for one in rule.versions if one.valid_from == version), None)
    if chosen is None:
        raise _none(place, str(version))
    declared = {parameter.id: parameter for parameter in chosen.parameters}
    for name, value in values.items():
        if name not in declared:
            raise _none(place, name)
        _bounded(declared[name], value, place)
    changed = tuple(replace(one, value=values.get(one.id, one.value)) for one in chosen.parameters)
    other = replace(chosen, parameters=changed)
    return replace(rule, versions=tuple(other if v is chosen else v for v in rule.versions))


def with_months(*, term: Term, version: dt.date, months: Mapping[str, int]) -> Term:
    """The term with other months of publicity for classes of the version that begins on that day.
    Raises a `Refusal` for a version or class that it does not have or does not publish."""
    place = f"terms/{term.id} {version}"
    chosen = next((one for one in term.versions if one.valid_from == version), None)
    if chosen is None:
        raise _none(place, str(version))
    open_to = {one.id for one in chosen.classes if one.publish}
    for name, value in months.items():
        if name not in open_to:
            raise _none(place, name)
        if not 0 <= value <= MOST_MONTHS:
            raise _outside(place, name, value, 0, MOST_MONTHS)
    other = _with_months(chosen, months)
    return replace(term, versions=tuple(other if v is chosen else v for v in term.versions))


def _with_months(version: TermVersion, months: Mapping[str, int]) -> TermVersion:
    classes = tuple(
        replace(one, months_max=months[one.id], months_min=min(one.months_min, months[one.id]))
        if one.id in months
        else one
        for one in version.classes
    )
    return replace(version, classes=classes)


def _bounded(parameter: Parameter, value: int, place: str) -> None:
    if not parameter.minimum <= value <= parameter.maximum:
        raise _outside(place, parameter.id, value, parameter.minimum, parameter.maximum)


def _outside(place: str, name: str, value: int, least: int, most: int) -> Refusal:
    return Refusal(
        code="PARAMETER",
        what=Text(
            f"“{name}”不能是 {value}：应在 {least} 至 {most} 之间",
            f"“{name}” cannot be {value}: from {least} to {most}",
        ),
        where=place,
        rule="rules",
        remedy=Text(f"填 {least} 至 {most} 的整数", f"give a whole number from {least} to {most}"),
    )


def _none(place: str, name: str) -> Refusal:
    return Refusal(
        code="PARAMETER",
        what=Text(f"没有可以试改的“{name}”", f"there is no “{name}” to try"),
        where=place,
        rule="rules",
        remedy=Text("从列出的数字中选择", "choose among the numbers that are listed"),
    )
