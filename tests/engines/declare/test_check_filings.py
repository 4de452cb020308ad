"""Worked examples of filings and commitments run at load, and what they name exists."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from yuexin.base.errors import Refusal
from yuexin.engines.declare.check import check
from yuexin.engines.declare.queries import current
from yuexin.engines.declare.types import Anyone, Declarations, InCodes

REPORT = current().filings["annual_report"]
LICENCE = current().filings["instant_licence"]
APPROVAL = current().commitments["approval_replaced"]
TOLD = current().processes["false_report_told"]
HOW = current().promising
DAY = dt.date(2020, 1, 2)


def filing(one: Any, **changes: Any) -> Declarations:
    return replace(current(), filings={**current().filings, one.id: replace(one, **changes)})


def promised(**changes: Any) -> Declarations:
    changed = replace(APPROVAL, **changes)
    return replace(current(), commitments={**current().commitments, APPROVAL.id: changed})


def other_months() -> Declarations:
    """The commitment bars for other months from a later day on, and its rule does not say so."""
    first = APPROVAL.versions[0]
    later = replace(first, valid_from=dt.date(2026, 1, 1), barred_months=12)
    return promised(versions=(replace(first, valid_to=later.valid_from), later))


def kept(**changes: Any) -> Declarations:
    assert HOW is not None
    return replace(current(), promising=replace(HOW, **changes))


def example(one: Any, **changes: Any) -> dict[str, Any]:
    return {"examples": (replace(one.examples[0], **changes), *one.examples[1:])}


def told(**changes: Any) -> Declarations:
    assert TOLD.anyone is not None
    changed = replace(TOLD, anyone=replace(TOLD.anyone, **changes))
    return replace(current(), processes={**current().processes, TOLD.id: changed})


def two_of_status() -> Declarations:
    """Another rule that says who is gone."""
    rule = current().rules["tax_grade_a"]
    first = rule.versions[0]
    gone = replace(first, outcomes=tuple(replace(one, gone=True) for one in first.outcomes))
    changed = replace(rule, versions=(gone, *rule.versions[1:]))
    return replace(current(), rules={**current().rules, rule.id: changed})


@pytest.mark.parametrize(
    ("changed", "place", "said"),
    [
        (filing(REPORT, **example(REPORT, standing="late")), "filings/annual_report", "得到"),
        (filing(REPORT, **example(REPORT, due=DAY)), "filings/annual_report", "2020-01-02"),
        (filing(LICENCE, **example(LICENCE, due=DAY)), "filings/instant_licence", "2020-01-02"),
        (filing(LICENCE, **example(LICENCE, event_date=None)), "filings/instant_licence", "event"),
        (filing(REPORT, reminded="nothing"), "filings/annual_report", "nothing"),
        (filing(REPORT, ordered="nothing"), "filings/annual_report", "nothing"),
        (filing(REPORT, register="nothing"), "filings/annual_report", "nothing"),
        (filing(REPORT, ended=("1",)), "filings/annual_report", "“1”"),
        (promised(**example(APPROVAL, check_due=DAY)), "commitments/approval_replaced", "2020"),
        (promised(**example(APPROVAL, verdicts={"nothing": "barred"})),
         "commitments/approval_replaced", "nothing"),
        (promised(lost_by=("nothing",)), "commitments/approval_replaced", "nothing"),
        (promised(lost_by=("no_commitment_route",)), "commitments/approval_replaced", "限制期"),
        (other_months(), "rules/commitment_barred", "限制期"),
        (promised(**example(APPROVAL, promised_on=dt.date(1990, 1, 1))),
         "commitments/approval_replaced", "没有文本"),
        (kept(row={"没有这列": ""}), "promising.yaml", "没有这列"),
        (kept(row={"承诺事由": "{nothing}"}), "promising.yaml", "nothing"),
        (kept(checked="nothing"), "promising.yaml", "nothing"),
        (kept(resource="nothing"), "commitments/", "accepted_by"),
        (kept(broken=InCodes(field="performance", codes=("half",))), "promising.yaml", "half"),
        (replace(current(), promising=None), "commitments/", "accepted_by"),
        (told(field="nothing"), "processes/false_report_told", "nothing"),
        (told(answered="nothing"), "processes/false_report_told", "nothing"),
        (two_of_status(), "rules/", "不复存在"),
    ],
)  # fmt: skip
def test_what_does_not_come_out_or_is_not_there_is_refused_with_its_place(
    changed: Declarations, place: str, said: str
) -> None:
    with pytest.raises(Refusal) as refused:
        check(changed)
    assert refused.value.where.startswith(place)
    assert said in refused.value.what.zh


def test_what_is_declared_comes_out() -> None:
    check(current())
    assert current().status_rule
    assert isinstance(TOLD.anyone, Anyone)
