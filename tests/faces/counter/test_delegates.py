"""A delegate comes to the counter with any right, and does there what he was given and no more."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from tests.faces.counter.world import World
from tests.faces.entrance import people

from yuexin.base.dates import today
from yuexin.engines.access.operations import delegate
from yuexin.engines.access.queries import actor_of
from yuexin.engines.declare.queries import current

pytestmark = pytest.mark.usefixtures("undone")
CREDIT, CASES, FILINGS = "/counter/", "/counter/cases", "/counter/filings"
FORM = "/counter/filings/annual_report/2025"
CALENDAR = "/counter/calendar"


def let(world: World, *rights: str) -> Client:
    now = dt.datetime.now(dt.UTC)
    owner, taker = world.accounts["owner"], people.account("accountant")
    actor = actor_of(
        declarations=current(), account=owner.pk, grant_id=owner.grants.get().pk, purpose="",
        on=today(now),
    )  # fmt: skip
    delegate(
        declarations=current(), actor=actor, login=taker.login, name=taker.display_name,
        rights=rights, valid_to=today(now) + dt.timedelta(days=30), reason="代理记账", now=now,
    )  # fmt: skip
    client = Client(SERVER_NAME="localhost")
    client.force_login(taker)
    return client


@pytest.mark.parametrize(
    ("right", "opened"),
    [
        ("apply", {CASES, CALENDAR}),
        ("file_reports", {FILINGS, CALENDAR}),
        ("read_file", {CREDIT, CALENDAR}),
    ],
)
def test_each_page_asks_for_its_own_right(world: World, right: str, opened: set[str]) -> None:
    client = let(world, right)
    status = {one: client.get(one).status_code for one in (CREDIT, CASES, FILINGS, CALENDAR)}
    # The first page leads whoever may not read the file to what he may do.
    closed = {CREDIT: 302, CASES: 403, FILINGS: 403, CALENDAR: 403}
    assert status == {one: 200 if one in opened else closed[one] for one in status}
    assert client.post(f"{FORM}/drop").status_code == (302 if right == "file_reports" else 403)


@pytest.mark.parametrize(("right", "room"), [("apply", CASES), ("file_reports", FILINGS)])
def test_a_delegate_finds_what_he_may_do_and_nothing_else(
    world: World, right: str, room: str
) -> None:
    client = let(world, right)
    assert client.get(CREDIT).headers["Location"] == room
    for page in (room, "/account"):
        linked = set(re.findall('href="([^"]+)"', client.get(page).content.decode()))
        assert linked & {CASES, FILINGS} == {room}
        assert "/account/file" not in linked


def test_whoever_may_apply_opens_a_case_without_reading_the_file(world: World) -> None:
    record = world.record("5")
    assert let(world, "apply").get(f"/counter/apply/objection/{record}").status_code == 200
