"""What is judged by two laws at once, and what by the law of its day alone."""

from __future__ import annotations

import datetime as dt
from contextlib import nullcontext
from dataclasses import replace

import pytest

from yuexin.base.errors import Refusal
from yuexin.engines.cases.grounds import UNMET, FileRecord, choices_on, refuse_unmet
from yuexin.engines.declare.queries import current
from yuexin.engines.declare.types import GROUNDS, Grounds, Process, TransitionClause
from yuexin.engines.rules.queries import text_frame

PROCESS = current().processes["serious_listing"]
SIGNED = dt.date(2021, 10, 11)


def _passing(clause: TransitionClause, *, confirmed: bool) -> Process:
    """The process whose present law passes so from the one before."""
    assert isinstance(PROCESS.grounds, Grounds)
    before, law = PROCESS.grounds.laws
    assert law.transition
    transition = replace(law.transition, clause=clause, confirmed=confirmed)
    other = replace(law, transition=transition)
    return replace(PROCESS, grounds=replace(PROCESS.grounds, laws=(before, other)))


def _entry() -> FileRecord:
    body = {"list_date": "2018-05-03", "cause": "1"}
    kind = current().kinds["abnormal_operation"]
    return FileRecord(code="x", kind=kind.id, body=body, frame=text_frame(kind, [body]))


@pytest.mark.parametrize(
    ("clause", "confirmed", "met"),
    [
        ("milder", True, False),
        ("old_law", False, False),
        ("old_law", True, True),
    ],
)
def test_a_ground_of_an_ended_law_lasts_only_where_that_is_confirmed(
    clause: TransitionClause, confirmed: bool, met: bool
) -> None:
    with nullcontext() if met else pytest.raises(Refusal) as caught:
        refuse_unmet(
            declarations=current(), process=_passing(clause, confirmed=confirmed), step="list",
            form={"ground": "three_years_abnormal", "rests_on": "x"}, on=SIGNED,
            records=[_entry()], files=lambda kinds: {},
        )  # fmt: skip
    assert met or (caught is not None and caught.value.code == UNMET)


def test_a_record_that_stands_no_more_is_none_to_rest_on() -> None:
    with pytest.raises(Refusal, match="已不在档案中"):
        refuse_unmet(
            declarations=current(), process=PROCESS, step="list", on=SIGNED, records=[],
            form={"ground": "food", "rests_on": "x"}, files=lambda kinds: {},
        )  # fmt: skip


def test_a_step_that_is_not_judged_is_not_asked() -> None:
    refuse_unmet(
        declarations=current(), process=PROCESS, step="drop", form={}, on=SIGNED, records=[],
        files=lambda kinds: {},
    )  # fmt: skip


def test_the_grounds_of_the_present_law_stand_first_and_once() -> None:
    assert PROCESS.grounds is not None
    listed = choices_on(declarations=current(), grounds=PROCESS.grounds, records=[])[GROUNDS]
    codes = [one.code for one in listed.values]
    assert codes.count("registration") == 1
    assert codes[-2:] == ["three_years_abnormal", "repeated"]
