"""The numbers of the law that a rule or a term holds: put into conditions, tried with others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
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
    TermClass,
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

    def other(one: TermClass, value: int) -> TermClass:
        return replace(one, months_max=value, months_min=min(one.months_min, value))

    return _changed(term, version, months, most=lambda _: MOST_MONTHS, other=other)


def with_least_months(*, term: Term, version: dt.date, months: Mapping[str, int]) -> Term:
    """The term with other shortest months, before which nothing of a class is repaired. Raises a
    `Refusal` as `with_months` does, and for a shortest that is longer than the longest."""

    def other(one: TermClass, value: int) -> TermClass:
        return replace(one, months_min=value)

    return _changed(term, version, months, most=lambda one: one.months_max, other=other)


def _changed(
    term: Term,
    version: dt.date,
    months: Mapping[str, int],
    *,
    most: Callable[[TermClass], int],
    other: Callable[[TermClass, int], TermClass],
) -> Term:
    place = f"terms/{term.id} {version}"
    chosen = next((one for one in term.versions if one.valid_from == version), None)
    if chosen is None:
        raise _none(place, str(version))
    published = {one.id: one for one in chosen.classes if one.publish}
    for name, value in months.items():
        if name not in published:
            raise _none(place, name)
        if not 0 <= value <= most(published[name]):
            raise _outside(place, name, value, 0, most(published[name]))
    classes = tuple(
        other(one, months[one.id]) if one.id in months else one for one in chosen.classes
    )
    tried = replace(chosen, classes=classes)
    return replace(term, versions=tuple(tried if v is chosen else v for v in term.versions))


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
