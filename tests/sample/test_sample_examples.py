"""Worked examples told of other subjects: their order of days, their own numbers, nobody real."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from tests.sample.reading import Province

from yuexin.engines.declare.queries import current
from yuexin.sample.vocabulary import TELLINGS, Telling

EXAMPLE_CODES = re.compile("91440606684400012K|92440300MA5ABCD19R|51440000502999993U")
EXAMPLE_PERSONS = re.compile("[陈李何甲]示例(?!路|镇|街)")


def told(province: Province, telling: Telling) -> list[dict[str, str]]:
    """The rows of a resource that were delivered without a fault."""
    return [
        province.delivered(row)
        for row in province.rows
        if row["resource"] == telling.resource and not row["faults"]
    ]


@pytest.mark.parametrize("telling", TELLINGS, ids=lambda telling: telling.resource)
def test_no_row_is_about_the_subject_of_its_example(province: Province, telling: Telling) -> None:
    rows = told(province, telling)
    assert rows
    for row in rows:
        text = "\n".join(row.values())
        assert not EXAMPLE_CODES.search(text)
        assert not EXAMPLE_PERSONS.search(text)


@pytest.mark.parametrize("telling", TELLINGS, ids=lambda telling: telling.resource)
def test_days_stand_in_the_order_that_the_resource_asks_for(
    province: Province, telling: Telling
) -> None:
    ordered = current().resources[telling.resource].not_after
    for row in told(province, telling):
        for rule in ordered:
            first, second = day(row, rule.first), day(row, rule.second)
            assert not (first and second) or first <= second


@pytest.mark.parametrize("telling", TELLINGS, ids=lambda telling: telling.resource)
def test_a_fact_is_about_a_subject_that_it_can_befall(province: Province, telling: Telling) -> None:
    kinds = {subject["code"]: subject["kind"] for subject in province.subjects}
    codes = {row["code"] for row in province.rows if row["resource"] == telling.resource}
    assert {kinds[code] for code in codes if code} <= telling.kinds


def test_no_two_facts_share_a_number(province: Province) -> None:
    for telling in TELLINGS:
        resource = current().resources[telling.resource]
        kind = current().kinds[resource.kind]
        headers = [c.header for c in resource.columns if c.field in kind.key]
        keys = [
            (row[resource.subject_name], *(row.get(header, "") for header in headers))
            for row in told(province, telling)
        ]
        assert len(set(keys)) > 0.99 * len(keys)


def day(row: dict[str, str], header: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(row.get(header, ""))
    except ValueError:
        return None
