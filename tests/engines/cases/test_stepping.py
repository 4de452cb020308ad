"""The law of a case, whatever the order of its acts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from yuexin.base.dates import Calendar, add_months
from yuexin.base.errors import Refusal
from yuexin.engines.cases.refusals import parties_label
from yuexin.engines.cases.stepping import left, pressure, standing, stepped
from yuexin.engines.cases.types import Act, Standing
from yuexin.engines.declare.queries import current
from yuexin.engines.declare.types import (
    CaseClock,
    CaseState,
    FormField,
    Paper,
    Process,
    ProcessVersion,
    Step,
)

CALENDAR = Calendar()
FIRST = dt.date(2026, 1, 5)
LIMIT, MORE = 10, 5
CLOCK = CaseClock(id="decide", zh="时限", en="time", limit=LIMIT, extension=MORE, basis="order-36")
BAR = CaseClock(id="bar", zh="期限", en="bar", limit=3, unit="years", basis="order-36")
VERSION = ProcessVersion(valid_from=FIRST, basis=("order-36",), clocks=(CLOCK, BAR))


def _step(id_: str, to: str, *after: str, **more: object) -> Step:
    given: dict[str, object] = {"by": ("office",), **more}
    return Step(id=id_, zh=id_, en=id_, after=after, to=to, **given)  # type: ignore[arg-type]


PROCESS = Process(
    id="trial", zh="试", en="trial", letters="SH", about="subject", opened_by=("applicant",),
    versions=(VERSION,),
    states=tuple(
        CaseState(id=one, zh=one, en=one, open=one not in ("done", "barred", "free"))
        for one in ("open", "waiting", "done", "barred", "free")
    ),
    steps=(
        _step("apply", "open", by=("applicant",), starts=("decide",)),
        _step("ask", "waiting", "open", pauses=("decide",), reason=True),
        _step(
            "supply", "back", "waiting", by=("applicant",), resumes=("decide",),
            form=(FormField(id="day", zh="日", en="day", type="date"),),
            papers=(Paper(id="proof", zh="证", en="proof", most=2, held=("licence",)),),
        ),
        _step("extend", "open", "open", by=("signer",), extends=("decide",)),
        _step("look", "open", "open"),
        _step("decide", "done", "open", by=("signer",), not_by=("ask", "look"), stops=("decide",)),
        _step("annul", "barred", "done", by=("signer",), starts=("bar",)),
        _step("over", "free", "barred", by=("clock",), when_due="bar"),
    ),
    examples=(),
)  # fmt: skip
PARTIES = {step.id: step.by[0] for step in PROCESS.steps}


def act(step: str, on: dt.date, by: str = "lin", **said: object) -> Act:
    given: dict[str, object] = {
        "party": PARTIES[step],
        "reason": "理由" if PROCESS.by_step[step].reason else "",
        "papers": {"proof": 1} if step == "supply" else {},
        **said,
    }
    return Act(step=step, by=by, on=on, **given)  # type: ignore[arg-type]


def take(done: Sequence[Act], one: Act, held: frozenset[str] = frozenset()) -> Standing:
    return stepped(
        process=PROCESS, version=VERSION, acts=done, act=one, calendar=CALENDAR, codes={},
        held=held,
    )  # fmt: skip


def refused(done: Sequence[Act], one: Act) -> str:
    with pytest.raises(Refusal) as caught:
        take(done, one)
    return caught.value.code


@st.composite
def tries(draw: st.DrawFn) -> list[Act]:
    """Any steps in any order, on days that never go back, by either of two officers."""
    on, found = FIRST, []
    for step in draw(st.lists(st.sampled_from(sorted(PROCESS.by_step)), max_size=14)):
        on += dt.timedelta(days=draw(st.integers(0, 9)))
        found.append(act(step, on, by=draw(st.sampled_from(["lin", "su"]))))
    return [act("apply", FIRST, by="owner"), *found]


def gone_through(tried: Sequence[Act]) -> list[Act]:
    """Those of the tries that are let through, and that no refused one changes anything."""
    done: list[Act] = []
    for one in tried:
        before = standing(process=PROCESS, version=VERSION, acts=done, calendar=CALENDAR)
        try:
            after = take(done, one)
        except Refusal:
            again = standing(process=PROCESS, version=VERSION, acts=done, calendar=CALENDAR)
            assert again == before
            continue
        done.append(one)
        replayed = standing(process=PROCESS, version=VERSION, acts=done, calendar=CALENDAR)
        assert replayed == after
    return done


@given(tries())
def test_replaying_the_acts_gives_what_each_step_gave_and_a_refused_act_changes_nothing(
    tried: list[Act],
) -> None:
    assert gone_through(tried)[0].step == "apply"


@given(tries())
def test_pausing_and_resuming_never_loses_a_working_day(tried: list[Act]) -> None:
    done = gone_through(tried)
    now = standing(process=PROCESS, version=VERSION, acts=done, calendar=CALENDAR)
    assert now is not None
    clock = now.clocks["decide"]
    assume(clock.due is not None and clock.paused_since is None)
    assert clock.due is not None
    paused = [one.on for one in done if one.step == "ask"]
    resumed = [one.on for one in done if one.step == "supply"]
    stood = sum(
        CALENDAR.workdays_between(first, last)
        for first, last in zip(paused, resumed, strict=False)
        if first <= clock.due
    )
    total = LIMIT + (MORE if clock.extended else 0)
    assert CALENDAR.workdays_between(FIRST, clock.due) == total + stood


@given(tries())
def test_a_clock_is_extended_once_at_most_and_nobody_decides_what_he_prepared(
    tried: list[Act],
) -> None:
    done = gone_through(tried)
    assert [one.step for one in done].count("extend") <= 1
    for decision in (one for one in done if one.step == "decide"):
        assert decision.by not in {one.by for one in done if one.step in ("ask", "look")}


def test_the_day_of_the_event_is_not_counted_and_make_up_days_are() -> None:
    # Domain notes 0.3: ten working days from 30 January 2026, across the holidays of spring.
    now = take([], act("apply", dt.date(2026, 1, 30)))
    assert now.clocks["decide"].due == dt.date(2026, 2, 13)


def test_years_end_on_a_working_day_and_time_itself_takes_the_step_after_it() -> None:
    done = [
        act("apply", FIRST, by="owner"), act("decide", dt.date(2026, 1, 9)),
        act("annul", dt.date(2026, 1, 10), by="su"),
    ]  # fmt: skip
    due = take(done[:2], done[2]).clocks["bar"].due
    assert due is not None
    assert due >= add_months(dt.date(2026, 1, 10), 36)
    assert due == dt.date(2029, 1, 10)
    assert refused(done, act("over", due)) == "CASE_NOT_DUE"
    assert take(done, act("over", due + dt.timedelta(days=1))).state == "free"


def test_a_year_whose_calendar_is_not_published_makes_the_end_provisional() -> None:
    before = take([], act("apply", dt.date(2026, 12, 1))).clocks["decide"]
    after = take([], act("apply", dt.date(2026, 12, 24))).clocks["decide"]
    assert (before.provisional, after.provisional) == (False, True)
    assert after.due == dt.date(2027, 1, 7)


def test_a_share_of_the_period_is_told_in_words_of_pressure() -> None:
    clock = take([], act("apply", FIRST)).clocks["decide"]
    told = {
        used: pressure(
            clock=clock, calendar=CALENDAR,
            on=CALENDAR.add_workdays(FIRST, used).date,
        )
        for used in (0, 6, 7, 8, 9, 10, 11)
    }  # fmt: skip
    assert told == {
        0: "running", 6: "running", 7: "yellow", 8: "yellow", 9: "red", 10: "red", 11: "overdue",
    }  # fmt: skip
    late = CALENDAR.add_workdays(FIRST, 12).date
    assert left(clock=clock, on=late, calendar=CALENDAR) == -2


def test_a_pause_forgives_nothing_that_has_run_out() -> None:
    late = CALENDAR.add_workdays(FIRST, 12).date
    done = [act("apply", FIRST, by="owner"), act("ask", late)]
    now = take(done, act("supply", late + dt.timedelta(days=20), by="owner"))
    assert now.clocks["decide"].due == CALENDAR.add_workdays(FIRST, LIMIT).date


@pytest.mark.parametrize(
    ("one", "code"),
    [
        (act("decide", FIRST, party="office"), "CASE_PARTY"),
        (act("supply", FIRST), "CASE_STEP"),
        (act("apply", FIRST), "CASE_STEP"),
        (act("ask", FIRST, reason="  "), "CASE_REASON"),
        (act("ask", FIRST - dt.timedelta(days=1)), "CASE_BACKDATED"),
        (act("look", FIRST, form={"other": "x"}), "CASE_FORM"),
        (act("look", FIRST, papers={"other": 1}), "CASE_PAPER"),
    ],
    ids=lambda one: one if isinstance(one, str) else one.step,
)
def test_what_may_not_be_done_is_refused(one: Act, code: str) -> None:
    assert refused([act("apply", FIRST, by="owner")], one) == code


def test_papers_are_asked_for_unless_the_platform_has_them() -> None:
    done = [act("apply", FIRST, by="owner"), act("ask", FIRST)]
    bare = act("supply", FIRST, by="owner", papers={})
    assert refused(done, bare) == "CASE_PAPER"
    assert refused(done, act("supply", FIRST, by="owner", papers={"proof": 3})) == "CASE_PAPER"
    assert take(done, bare, held=frozenset({"proof"})).state == "open"


@pytest.mark.parametrize("value", ["24 November", "2026-13-01", "2026-2-3", "\u202e2026-01-05"])
def test_a_value_of_another_type_is_refused(value: str) -> None:
    done = [act("apply", FIRST, by="owner"), act("ask", FIRST)]
    assert refused(done, act("supply", FIRST, by="owner", form={"day": value})) == "CASE_TYPE"


@pytest.mark.parametrize(
    ("process", "step", "said"),
    [
        ("penalty_repair", "apply", "申请人"),
        ("serious_listing", "plead", "当事人"),
        ("serious_listing", "list", "有权签发的负责人"),
        ("serious_listing", "nobody_asked", "平台（到期自动）"),
        ("false_report_told", "tell", "任何人（在公开的页面上）"),
    ],
)
def test_who_takes_a_step_is_said_by_what_he_is_in_this_process(
    process: str, step: str, said: str
) -> None:
    declared = current().processes[process]
    assert parties_label(declared, declared.by_step[step]).zh == said


@pytest.mark.parametrize(("day", "soon"), [("2026-02-24", True), ("2026-02-25", False)])
def test_a_date_leaves_the_working_days_that_are_declared(day: str, soon: bool) -> None:
    # Seven working days across the holidays of spring.
    asked = FormField(id="day", zh="听证日期", en="day", type="date", workdays_ahead=7)
    called = _step("call", "open", "open", form=(asked,))
    with pytest.raises(Refusal, match="最早可以是2026年2月25日") if soon else nullcontext():
        stepped(
            process=replace(PROCESS, steps=(*PROCESS.steps, called)),
            version=VERSION,
            acts=(act("apply", FIRST),),
            act=Act(
                step="call", by="lin", party="office", on=dt.date(2026, 2, 9), form={"day": day}
            ),
            calendar=CALENDAR,
            codes={},
        )
