"""Whose deliveries an actor sees, and which rooms of the desk he enters."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.cast import AUDITOR, CAST, CLERK, OWNER, PUBLIC, STRANGER
from tests.engines.access.given import CHIEF, FOSHAN

from yuexin.base.regions import lies_in
from yuexin.engines.access.decision import own_subject
from yuexin.engines.access.queries import deliveries_scope, rooms_of
from yuexin.engines.access.types import Actor, Scope
from yuexin.engines.declare.queries import current

CITY = frozenset({"foshan_market_regulation", "foshan_environment", "foshan_data"})


def scope(actor: Actor) -> Scope:
    return deliveries_scope(declarations=current(), actor=actor)


def test_every_scope_has_a_reason_and_covers_only_declared_agencies() -> None:
    for actor in (*CAST, CHIEF, FOSHAN):
        found = scope(actor)
        assert found.reason.zh
        assert found.reason.en
        assert found.agencies <= current().agencies.keys()
    assert scope(FOSHAN).reason.zh == "看得到佛山市各部门交付的数据"


def test_the_province_is_seen_by_chief_and_auditor() -> None:
    for actor in (CHIEF, AUDITOR):
        assert scope(actor).everything
        assert scope(actor).covers("an agency of long ago")


def test_a_steward_sees_the_agencies_of_his_division() -> None:
    assert scope(FOSHAN).agencies == CITY
    assert not scope(FOSHAN).everything
    assert not scope(FOSHAN).covers("environment")
    assert scope(Actor(id="x", role="steward", division="440000")).agencies == frozenset(
        current().agencies
    )
    assert scope(Actor(id="x", role="steward")).agencies == frozenset()


def test_a_clerk_sees_his_own_agency_and_those_it_succeeded() -> None:
    assert scope(CLERK).agencies == frozenset({"environment"})
    regulator = Actor(id="x", role="clerk", agency="market_regulation")
    assert scope(regulator).agencies == frozenset({"market_regulation", "food_drug"})
    assert scope(Actor(id="x", role="clerk", agency="nowhere")).agencies == frozenset()


@pytest.mark.parametrize("actor", [PUBLIC, OWNER, STRANGER, Actor(id="x", role="citizen")])
def test_who_is_no_officer_sees_no_deliveries_and_enters_no_room(actor: Actor) -> None:
    assert scope(actor).agencies == frozenset()
    assert not scope(actor).everything
    assert rooms_of(declarations=current(), actor=actor) == ()


def test_rooms_are_what_the_role_declares() -> None:
    for role in current().roles.values():
        actor = Actor(id="x", role=role.id, agency="market_regulation")
        assert rooms_of(declarations=current(), actor=actor) == role.rooms
    assert "accounts" in rooms_of(declarations=current(), actor=CHIEF)
    assert "journal" not in rooms_of(declarations=current(), actor=FOSHAN)


def test_every_purpose_of_a_release_is_said_in_words() -> None:
    named = current().codes["purposes"].by_code.keys()
    for release in current().releases.values():
        assert set(release.purposes) <= named


@pytest.mark.parametrize(
    ("code", "division", "lies"),
    [
        ("440606", "440600", True),
        ("440600", "440600", True),
        ("440600", "440000", True),
        ("440606", "440606", True),
        ("440000", "440600", False),
        ("440700", "440600", False),
        ("440600", "100000", True),
        ("440300", "440000", True),
        ("440600", "", False),
        ("", "", False),
        ("", "100000", False),
        ("440600", "000000", False),
    ],
)
def test_a_division_lies_in_those_above_it(code: str, division: str, lies: bool) -> None:
    assert lies_in(code, division) is lies


def test_of_looks_only_the_subject_itself_learns_and_of_its_own_alone() -> None:
    for actor in (*CAST, CHIEF, FOSHAN):
        code = own_subject(declarations=current(), actor=actor)
        assert code == (OWNER.subject_code if actor == OWNER else "")
    keeper = replace(CHIEF, subject_code=OWNER.subject_code)
    assert own_subject(declarations=current(), actor=keeper) == ""
