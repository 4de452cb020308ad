"""What officers see of a file: more than the public, by their release, and for a purpose."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from tests.cast import AUDITOR, CLERK, COMPANY, IDLE_CLERK, OWNER, PUBLIC, STEWARD, STRANGER, TRADER
from tests.intake import Intake
from tests.state import all_rows, undone, value

from yuexin.base.dates import today
from yuexin.domains.credit.queries import credit_file
from yuexin.domains.credit.types import Entry
from yuexin.engines.access.types import Actor

pytestmark = pytest.mark.usefixtures("database")

NOBODY = Actor(id="without-role", role="")
PENALTIES = {
    "valid": COMPANY.penalty("1"),
    "annulled": COMPANY.penalty("2", CF_ZT="撤销"),
    "repaired": COMPANY.penalty("3", CF_ZT="已修复"),
    "sealed": COMPANY.penalty("4", CF_ZT="封存"),
    "expired": COMPANY.penalty("5", CF_JDRQ="2020-01-03"),
    "simple": COMPANY.penalty("6", CF_SYCX="简易程序"),
    "aged": COMPANY.penalty("7", CF_JDRQ="2021-11-23"),  # five years ended with yesterday
}


@pytest.fixture
def filed(deliver: Intake) -> Intake:
    """Delivered yesterday: what comes at this very moment is not known before it."""
    then = deliver.now - dt.timedelta(days=1)
    if not value("SELECT count(*) FROM delivery"):
        deliver("registration", [COMPANY.registration()], now=then)
        deliver("penalties_2018", list(PENALTIES.values()), agency="environment", now=then)
    return deliver


def entries(filed: Intake, actor: Actor, on: dt.date | None = None) -> list[Entry]:
    file = credit_file(actor=actor, code=COMPANY.uscc, on=on, now=filed.now)
    assert file is not None
    return [entry for section in file.sections for entry in section.entries]


def penalties(filed: Intake, actor: Actor, on: dt.date | None = None) -> set[str]:
    """Which of the penalties above this reader gets to see, by their numbers."""
    shown = {
        fact.value.zh
        for entry in entries(filed, actor, on)
        for fact in entry.facts
        if fact.field == "doc_no"
    }
    return {what for what, row in PENALTIES.items() if row["CF_WSH"] in shown}


def fines(filed: Intake, actor: Actor, on: dt.date | None = None) -> list[str]:
    facts = (fact for entry in entries(filed, actor, on) for fact in entry.facts)
    return [fact.value.zh for fact in facts if fact.field == "fine_amount"]


def test_the_public_sees_what_the_law_of_today_shows(filed: Intake) -> None:
    assert penalties(filed, PUBLIC) == {"valid"}
    assert penalties(filed, AUDITOR) == {"valid"}


def test_an_officer_sees_what_the_agency_release_leaves(filed: Intake) -> None:
    """Not public any more, or never, and still for use by law: but nothing sealed, repaired,
    annulled, or older than the law lets it count."""
    for actor in (CLERK, STEWARD):
        assert penalties(filed, actor) == {"valid", "simple"}


def test_on_a_past_day_an_officer_sees_what_officers_were_shown_then(filed: Intake) -> None:
    """Repair, annulment and age close a record from their day on; the version is that day's."""
    yesterday = today(filed.now) - dt.timedelta(days=1)
    assert penalties(filed, CLERK, yesterday) == {"valid", "simple", "aged"}
    for state in ("已修复", "撤销"):
        with undone():
            later = COMPANY.penalty("1", CF_ZT=state, CF_NR_FK="5.67")
            filed("penalties_2018", [later], agency="environment", now=filed.now)
            assert penalties(filed, CLERK) == {"simple"}
            assert penalties(filed, CLERK, yesterday) == {"valid", "simple", "aged"}
            assert "56,700 元" not in fines(filed, CLERK, yesterday)
            assert penalties(filed, PUBLIC, yesterday) == set()


def test_what_is_sealed_is_closed_to_officers_on_every_day(filed: Intake) -> None:
    yesterday = today(filed.now) - dt.timedelta(days=1)
    with undone():
        sealed = COMPANY.penalty("1", CF_ZT="封存")
        filed("penalties_2018", [sealed], agency="environment", now=filed.now)
        assert penalties(filed, CLERK, yesterday) == {"simple", "aged"}
        assert penalties(filed, OWNER, yesterday) == set(PENALTIES)


def test_a_subject_sees_all_of_its_own_file_and_nothing_of_others(filed: Intake) -> None:
    assert penalties(filed, OWNER) == set(PENALTIES)
    stranger = dataclasses.replace(OWNER, subject_code=TRADER.uscc)
    assert penalties(filed, stranger) == penalties(filed, PUBLIC)


def test_every_look_beyond_the_public_is_kept_granted_or_not(filed: Intake) -> None:
    before = value("SELECT max(id) FROM journal_entry")
    with undone():
        for actor in (PUBLIC, AUDITOR, CLERK, IDLE_CLERK, OWNER):
            entries(filed, actor)
        kept = all_rows(
            "SELECT actor, action FROM journal_entry WHERE stream = 'look' AND id > %s", before
        )
    assert kept == [
        (CLERK.id, "file.read"), (IDLE_CLERK.id, "file.denied"), (OWNER.id, "file.read"),
    ]  # fmt: skip


@pytest.mark.parametrize("actor", [IDLE_CLERK, STRANGER, NOBODY], ids=lambda actor: actor.id)
def test_without_a_purpose_or_a_role_nothing_is_seen(filed: Intake, actor: Actor) -> None:
    assert entries(filed, actor) == []


def test_a_field_is_seen_by_whom_its_scope_names(filed: Intake) -> None:
    def fields(actor: Actor) -> set[str]:
        return {fact.field for entry in entries(filed, actor) for fact in entry.facts}

    assert "legal_rep" in fields(CLERK)
    penalty_facts = [e for e in entries(filed, PUBLIC) if e.kind == "penalty"]
    assert "legal_rep" not in {fact.field for entry in penalty_facts for fact in entry.facts}
    assert not fields(CLERK) & {"remarks", "party_minor", "pripid"}
