"""What officers see of a file: more than the public, by their release, and for a purpose."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.cast import AUDITOR, CLERK, COMPANY, IDLE_CLERK, PUBLIC, STEWARD, STRANGER
from tests.intake import Intake
from tests.state import value

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
}


@pytest.fixture
def filed(deliver: Intake) -> Intake:
    """Delivered yesterday: what comes at this very moment is not known before it."""
    then = deliver.now - dt.timedelta(days=1)
    if not value("SELECT count(*) FROM delivery"):
        deliver("registration", [COMPANY.registration()], now=then)
        deliver("penalties_2018", list(PENALTIES.values()), agency="environment", now=then)
    return deliver


def entries(filed: Intake, actor: Actor) -> list[Entry]:
    file = credit_file(actor=actor, code=COMPANY.uscc, on=None, now=filed.now)
    assert file is not None
    return [entry for section in file.sections for entry in section.entries]


def penalties(filed: Intake, actor: Actor) -> set[str]:
    """Which of the penalties above this reader gets to see, by their numbers."""
    shown = {
        fact.value.zh
        for entry in entries(filed, actor)
        for fact in entry.facts
        if fact.field == "doc_no"
    }
    return {what for what, row in PENALTIES.items() if row["CF_WSH"] in shown}


def test_the_public_sees_what_the_law_of_today_shows(filed: Intake) -> None:
    assert penalties(filed, PUBLIC) == {"valid"}
    assert penalties(filed, AUDITOR) == {"valid"}


def test_an_officer_sees_what_is_no_longer_public_but_nothing_sealed(filed: Intake) -> None:
    """The agency release withholds sealed records and minors' whatever the purpose."""
    for actor in (CLERK, STEWARD):
        assert penalties(filed, actor) == set(PENALTIES) - {"sealed"}


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
