"""What has to hold of the numbers of the law that a version of a rule declares, and those that it
takes from a commitment."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.declare import types as t
from yuexin.engines.declare.references import known
from yuexin.engines.declare.source import declaration_error

ID: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
MOST: Final = 9999


def numbered(place: str, version: t.RuleVersion) -> Iterator[Refusal]:
    """Each number is declared once, within its bounds, and named by a condition; no other is."""
    declared = Counter(parameter.id for parameter in version.parameters)
    for name in sorted(version.named - set(declared)):
        yield _refused(
            place,
            Text(f"参数“{name}”没有声明", f"the parameter “{name}” is not declared"),
            Text("在 parameters 中声明", "declare it under parameters"),
        )
    for parameter in version.parameters:
        yield from _number(f"{place} {parameter.id}", version, parameter, declared[parameter.id])


def with_months_taken(
    rule: t.SubjectRule, commitments: Mapping[str, t.Commitment]
) -> t.SubjectRule:
    """The rule with the months that its numbers take from commitments, as they are declared on the
    first day of the version."""

    def taken_by(version: t.RuleVersion, number: t.Parameter) -> t.Parameter:
        one = commitments.get(number.commitment)
        text = one.version_on(version.valid_from) if one else None
        return replace(number, value=text.barred_months) if text else number

    def whole(version: t.RuleVersion) -> t.RuleVersion:
        if not any(one.commitment for one in version.parameters):
            return version
        numbers = tuple(taken_by(version, one) for one in version.parameters)
        return replace(version, parameters=numbers)

    return replace(rule, versions=tuple(whole(one) for one in rule.versions))


def taken(d: t.Declarations, place: str, version: t.RuleVersion) -> Iterator[Refusal]:
    """What a number takes from a commitment is declared there, for all days of the version."""
    for number in version.parameters:
        if not number.commitment:
            continue
        yield from known(place, "commitment", [number.commitment], d.commitments)
        one = d.commitments.get(number.commitment)
        texts = [
            text
            for text in (one.versions if one else ())
            if (text.valid_to is None or text.valid_to > version.valid_from)
            and (version.valid_to is None or text.valid_from < version.valid_to)
        ]
        if any(text.barred_months != number.value for text in texts):
            yield _refused(
                place,
                Text(
                    "承诺的限制期在这个版本期间变了", "the commitment bars for other months since"
                ),
                Text("自变更日起另写一个版本", "write a version of its own from that day on"),
            )


def _number(
    place: str, version: t.RuleVersion, parameter: t.Parameter, times: int
) -> Iterator[Refusal]:
    if not ID.fullmatch(parameter.id) or times > 1:
        yield _refused(
            place,
            Text("参数的编号不可用或重复", "the id of the parameter is no name, or stands twice"),
            Text("用小写字母、数字和下划线", "write lower case letters, digits and _"),
        )
    if parameter.id not in version.named:
        yield _refused(
            place,
            Text("没有条件用到这个参数", "no condition names this parameter"),
            Text(f"在条件中写 {{{parameter.id}}}，或去掉", f"name {{{parameter.id}}}, or drop it"),
        )
    if not 0 <= parameter.minimum <= parameter.value <= parameter.maximum <= MOST:
        yield _refused(
            place,
            Text("参数超出其上下限", "the parameter lies outside its bounds"),
            Text(
                f"0 ≤ minimum ≤ value ≤ maximum ≤ {MOST}",
                f"write 0 ≤ minimum ≤ value ≤ maximum ≤ {MOST}",
            ),
        )


def _refused(place: str, what: Text, remedy: Text) -> Refusal:
    return declaration_error(place=place, what=what, remedy=remedy)
