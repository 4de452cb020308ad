"""Cases keep the laws: what they decide is rebuilt as it was lived, and delivered once, whatever
the worker does when (laws 1, 2 and 4)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.cast import PUBLIC, STEWARD
from tests.intake import Intake
from tests.laws.casework import ACTS, WORK, Work, casework
from tests.laws.events import ENTITIES, worlds
from tests.laws.office import REGISTRAR, Office
from tests.laws.test_intervals import assert_in_order
from tests.laws.test_judgements import JOININGS, SAYINGS, Joining, Saying, doubtful, join, say
from tests.state import all_rows, current_facts, undone

from yuexin.domains.collection.rebuild import rebuild
from yuexin.domains.credit.proposals import proposed
from yuexin.domains.credit.queries import credit_file, document
from yuexin.engines.access.types import Actor
from yuexin.engines.cases.models import CaseFile
from yuexin.engines.declare.queries import current

SIGNER = Actor(id="signer-registrar", role="signing_officer", agency=REGISTRAR)
PROPOSED = [one.id for one in current().processes.values() if one.proposed]
OUTCOMES = """
SELECT a.case, a.number, count(d.number), count(e.delivery), count(e.case),
    bool_and(e.delivery IS NOT DISTINCT FROM d.number), coalesce(max(e.trouble), ''),
    sum(r.rows_received)
FROM case_act a
LEFT JOIN delivery d ON d.idempotency_key = 'case/' || a.case || '/' || a.number
LEFT JOIN receipt r ON r.delivery = d.number
LEFT JOIN case_effect e ON e.case = a.case AND e.act = a.number
WHERE a.outcome <> '' GROUP BY 1, 2 ORDER BY 1, 2
"""
BY_A_CASE = "SELECT count(*) FROM delivery WHERE channel = 'case'"


def lived(founded: Intake, history: Sequence[object]) -> Office:
    """What is left when all of it happened and the worker has done its work."""
    office = Office(deliver=founded, now=founded.now)

    def otherwise(event: object) -> None:
        match event:
            case Saying():
                say(founded, event, office.now)
            case Joining():
                join(founded, event, office.now)

    office.lives(history, otherwise=otherwise)
    office.finish()
    assert office.taken
    return office


@worlds(4)
@given(history=casework(SAYINGS, JOININGS, doubtful()))
def test_rebuilding_equals_living_with_cases(founded: Intake, history: list[object]) -> None:
    """Also what is on file of cases, who is proposed, and what is read, now and of every day."""
    with undone():
        office = lived(founded, history)
        assert_in_order()
        before, files = read(office), list(CaseFile.objects.order_by("number").values())
        done = rebuild(
            home=founded.home, declarations=founded.declarations, check=False, now=founded.now
        )
        assert done.differences == ()
        assert read(office) == before
        assert list(CaseFile.objects.order_by("number").values()) == files


def read(office: Office) -> Mapping[str, Any]:
    """What everybody reads of every entity, what an officer reads of some days, who is proposed."""
    now = office.deliver.now
    found: dict[str, Any] = {}
    for one in ENTITIES:
        found[one.uscc] = json.loads(document(actor=PUBLIC, code=one.uscc, now=now) or b"{}")
        for reader, on in [(PUBLIC, None), *((STEWARD, day) for day in office.days[:: ACTS // 2])]:
            file = credit_file(actor=reader, code=one.uscc, on=on, now=now)
            found[f"{one.uscc} {reader.id} {on}"] = file
    for process in PROPOSED:
        found[process] = proposed(declarations=current(), actor=SIGNER, process=process, now=now)
    return found


# On one record at once: as what each is opened, what brings it before its decision, and then.
COURSES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "penalty_repair": (("apply", "accept"), ("grant", "annul")),
    "objection": (("object", "receive"), ("correct", "answer")),
    "withhold_publicity": (("propose",), ("approve", "propose_lifting", "lift")),
    "bankruptcy_shielding": (("apply", "accept"), ("shield", "fail")),
}
TAKEN_DOWN = {**COURSES, "objection": (("object", "receive"), ("take_down", "answer"))}


@st.composite
def decisions(draw: st.DrawFn) -> tuple[bool, list[str], list[tuple[Work, ...]]]:
    """Whether the record is taken down in the end, whose case goes on, step by step, and what the
    worker does in between."""
    down = draw(st.booleans())
    courses = TAKEN_DOWN if down else COURSES
    turns = [case for case, (_, steps) in courses.items() for _ in steps]
    order = draw(st.permutations(turns))[: draw(st.integers(3, len(turns)))]
    work = st.lists(st.sampled_from(WORK), max_size=3).map(tuple)
    return down, order, [draw(work) for _ in order]


@worlds(4)
@given(drawn=decisions())
def test_an_outcome_is_delivered_once_whatever_the_worker_does_when(
    founded: Intake, drawn: tuple[bool, list[str], list[tuple[Work, ...]]]
) -> None:
    """And what stands in the end is as if the worker had done all its work after every step."""
    down, order, work = drawn
    courses = TAKEN_DOWN if down else COURSES
    at_once: list[tuple[Work, ...]] = [("carry", "settle")] * len(order)
    with undone():
        decided(founded, courses, order, at_once)
        expected = current_facts()
    with undone():
        office = decided(founded, courses, order, work)
        assert_delivered_once()
        assert current_facts() == expected
        office.work("carry", "settle", "carry", "settle")
        assert_delivered_once()
        assert current_facts() == expected


def decided(
    founded: Intake,
    courses: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]],
    order: Sequence[str],
    work: Sequence[tuple[Work, ...]],
) -> Office:
    """A case of each process about one record, decided in this order on one morning."""
    office = Office(deliver=founded, now=founded.now - dt.timedelta(days=7))
    left = {}
    for process, (before, steps) in courses.items():
        office.opens(process, before[0], kind="penalty", key="示例罚〔2026〕2号")
        for step in before[1:]:
            office.takes(process, step)
        left[process] = list(steps)
    office.now = founded.now - dt.timedelta(hours=1)
    for process, works in zip(order, work, strict=True):
        office.now += dt.timedelta(minutes=1)
        office.takes(process, left[process].pop(0))
        office.work(*works)
    office.finish()
    return office


def assert_delivered_once() -> None:
    """Every act with an outcome was made into one delivery of one row, or into what says why not;
    and nothing else came by a case."""
    found = all_rows(OUTCOMES)
    assert found
    for case, act, made, noted, effects, same, trouble, rows in found:
        assert effects == 1, (case, act)
        assert (made, noted, same) == ((0, 0, True) if trouble else (1, 1, True)), (case, act)
        assert trouble or rows == 1, (case, act)
    assert all_rows(BY_A_CASE) == [(sum(one[2] for one in found),)]
