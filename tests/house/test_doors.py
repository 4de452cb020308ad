"""Whoever may open a case finds a page that opens it."""

from __future__ import annotations

from typing import get_args

import pytest
from tests.house.repository import SOURCE

from yuexin.engines.declare.queries import current
from yuexin.engines.declare.types import Party, Process
from yuexin.faces.counter import credit
from yuexin.faces.desk.views import openings
from yuexin.faces.shared.casework import openable

SIDES = {"counter": credit.COUNTER.by, "desk": openings.DESK.by}
OPENED = [
    (process, party) for process in current().processes.values() for party in process.opened_by
]
LISTS = {
    ("counter", "subject"): ("counter/templates/counter/credit.html", "counter:apply_subject"),
    ("counter", "record"): ("counter/templates/counter/_standing.html", "counter:apply'"),
    ("desk", "subject"): ("desk/templates/desk/file.html", "case_openings' code=file.head.code %"),
    ("desk", "record"): ("desk/templates/desk/file.html", "case_openings' code=entry.told_under"),
}


def side_of(party: Party) -> str:
    return next((side for side, parties in SIDES.items() if party in parties), "")


def test_every_party_opens_at_one_side_or_is_time() -> None:
    assert {party for party in get_args(Party) if not side_of(party)} == {"clock"}


@pytest.mark.parametrize(
    ("process", "party"), OPENED, ids=[f"{process.id}-{party}" for process, party in OPENED]
)
def test_whoever_opens_a_process_has_a_door(process: Process, party: Party) -> None:
    steps = [step for step in process.openings if party in step.by]
    assert steps
    side = side_of(party)
    if not side:
        assert process.anyone is not None
        return
    kinds = process.kinds or tuple(current().kinds)
    about = kinds if process.about == "record" else ("",)
    for kind in about:
        assert openable(
            process=process, by=SIDES[side], of_record=process.about == "record", kind=kind
        )
        assert not kind or current().kinds[kind].section in current().sections
    page, door = LISTS[side, process.about]
    assert door in (SOURCE / "faces" / page).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "process", [one for one in current().processes.values() if one.proposed], ids=lambda one: one.id
)
def test_a_step_that_a_rule_proposes_is_for_somebody_in_the_room_of_lists(process: Process) -> None:
    step = process.proposed_step
    assert step is not None
    roles = [role for role in current().roles.values() if {"lists", "cases"} <= set(role.rooms)]
    assert [role for role in roles if "office" in step.by or ("signer" in step.by and role.signs)]
