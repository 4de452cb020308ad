"""Who had been shown what a repair took down is told and confirms; nobody else is."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from tests.cast import COMPANY
from tests.faces.counter.world import ROLES, World

from yuexin.domains.subjects.looks import note_looks
from yuexin.domains.subjects.models import Subject
from yuexin.domains.subjects.recalls import confirm, open_recalls, recalls
from yuexin.domains.subjects.recalls_told import tell_of_recalls
from yuexin.engines.access.types import Actor
from yuexin.engines.cases.models import CaseEffect
from yuexin.engines.notices.models import Notice
from yuexin.faces.shared.acting import PURPOSE

pytestmark = pytest.mark.usefixtures("undone")
CHIEF = Actor(id="chief-an", role="chief", agency="data_bureau", division="440000")
ROOM = "/desk/corrections"


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def actor(part: str) -> Actor:
    return Actor(id=part, role=ROLES[part]["role"], agency=ROLES[part]["agency"])


def officer(world: World, part: str) -> Client:
    client = world.sit_down(part)
    session = client.session
    session[PURPOSE] = "licensing"
    session.save()
    return client


def look(world: World, *parts: str) -> None:
    for part in parts:
        page = officer(world, part).get(f"/desk/subjects/{COMPANY.uscc}")
        assert page.status_code == 200, part


def repaired(world: World, number: str) -> int:
    """The number of the delivery by which a penalty is repaired."""
    answer = world.apply(number)
    case = str(answer.headers["Location"].removeprefix("/counter/cases/").partition("?")[0])
    assert world.step("clerk", case, "accept", seen=1).status_code == 302
    assert world.step("signer", case, "grant", seen=2).status_code == 302
    world.work()
    number_of = CaseEffect.objects.get(case=case).delivery
    assert number_of
    return number_of


def test_an_officer_of_another_body_is_told_once_and_confirms_once(world: World) -> None:
    look(world, "elsewhere")
    number = repaired(world, "1")
    declared = world.intake.declarations
    assert tell_of_recalls(declarations=declared, now=now()) == 1
    assert tell_of_recalls(declarations=declared, now=now()) == 0
    assert Notice.objects.get(declared="record_recalled").recipient.endswith("elsewhere")
    (one,) = recalls(declarations=declared, actor=actor("elsewhere"))
    assert (one.number, one.kinds, one.codes) == (number, ("penalty",), (COMPANY.uscc,))
    client = officer(world, "elsewhere")
    page = client.get(ROOM).content.decode()
    assert COMPANY.uscc in page
    assert "〔2026〕1号" not in page
    assert "有 1 项更正待您确认" in client.get("/desk/").content.decode()
    (listed,) = open_recalls(declarations=declared, actor=CHIEF)
    assert [receiver.body for receiver in listed.missing] == ["housing"]
    for _ in range(2):
        assert client.post(ROOM, {"recall": str(number)}).status_code == 302
    assert open_recalls(declarations=declared, actor=CHIEF) == ()
    assert "待您确认" not in client.get("/desk/").content.decode()


def test_who_decided_whose_it_is_and_who_looked_later_are_not_told(world: World) -> None:
    look(world, "clerk")
    world.sit_down("owner").get("/counter/")
    number = repaired(world, "5")
    look(world, "elsewhere")
    declared = world.intake.declarations
    assert tell_of_recalls(declarations=declared, now=now()) == 0
    for part in ("clerk", "elsewhere"):
        assert recalls(declarations=declared, actor=actor(part)) == (), part
    assert open_recalls(declarations=declared, actor=CHIEF) == ()
    nobody = actor("elsewhere")
    assert confirm(declarations=declared, actor=nobody, number=number, now=now()) is None
    assert officer(world, "elsewhere").post(ROOM, {"recall": str(number)}).status_code == 404


def test_whoever_was_shown_whom_a_rule_proposes_is_told_as_well(world: World) -> None:
    subject = Subject.objects.get(code=COMPANY.uscc).pk
    looker = actor("elsewhere")
    note_looks(actor=looker, action="proposal.read", subjects=[subject], now=now())
    repaired(world, "7")
    tell_of_recalls(declarations=world.intake.declarations, now=now())
    (one,) = recalls(declarations=world.intake.declarations, actor=looker)
    assert one.receivers[0].looks == 1


def test_who_may_not_judge_is_shown_nobody_elses(world: World) -> None:
    look(world, "elsewhere")
    repaired(world, "6")
    tell_of_recalls(declarations=world.intake.declarations, now=now())
    assert open_recalls(declarations=world.intake.declarations, actor=actor("head")) == ()
    assert COMPANY.uscc not in officer(world, "head").get(ROOM).content.decode()


@pytest.mark.parametrize("given", ["", "0", "x", "99999999999999999999"])
def test_what_is_no_recall_is_none(world: World, given: str) -> None:
    assert officer(world, "elsewhere").post(ROOM, {"recall": given}).status_code in (400, 404)
