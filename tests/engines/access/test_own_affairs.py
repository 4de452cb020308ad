"""Nobody decides in an office what is about a firm that his account acts for by another grant."""

from __future__ import annotations

import dataclasses

import pytest
from tests.cast import COMPANY, TRADER
from tests.engines.access import given
from tests.intake import Intake

from yuexin.base.errors import Refusal
from yuexin.engines.access.models import Account
from yuexin.engines.access.queries import (
    actor_of,
    actor_of_key,
    is_partial,
    parties_in,
    require_impartial,
)
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.queries import current

pytestmark = pytest.mark.usefixtures("undone")


@pytest.fixture
def both(deliver: Intake) -> Account:
    """An account of an officer who owns COMPANY."""
    deliver("registration", [COMPANY.registration(), TRADER.registration()])
    account = given.account()
    given.grant(account, role="owner", agency="", subject_code=COMPANY.uscc)
    return account


def officer(account: Account) -> Actor:
    grant = given.grant(account, role="signing_officer")
    return actor_of(
        declarations=current(), account=account.pk, grant_id=grant.pk, purpose="", on=given.TODAY
    )


def parties(actor: Actor, code: str, *, closed: bool = False) -> frozenset[str]:
    return frozenset(
        parties_in(
            declarations=current(), actor=actor, code=code, office="environment", closed=closed
        )
    )


def test_an_officer_is_no_party_in_a_case_about_his_own_firm(both: Account) -> None:
    actor = officer(both)
    assert actor.also_for == {COMPANY.uscc}
    assert parties(actor, COMPANY.uscc) == parties(actor, COMPANY.uscc, closed=True) == set()
    assert parties(actor, TRADER.uscc) == {"office", "signer"}
    assert is_partial(actor=actor, code=COMPANY.uscc)
    with pytest.raises(Refusal) as refused:
        require_impartial(actor=actor, code=COMPANY.uscc)
    assert refused.value.code == "OWN_AFFAIR"
    require_impartial(actor=actor, code=TRADER.uscc)


def test_he_stays_a_party_for_his_firm_when_he_acts_as_that(both: Account) -> None:
    grant = both.grants.get(role="owner")
    officer(both)
    owner = actor_of(
        declarations=current(), account=both.pk, grant_id=grant.pk, purpose="", on=given.TODAY
    )
    assert owner.also_for == set()
    assert parties(owner, COMPANY.uscc) == {"applicant"}
    assert parties(owner, COMPANY.uscc, closed=True) == set()


def test_a_key_of_his_account_knows_it_too(both: Account) -> None:
    given.grant(both)
    _, secret = given.key(account=both, role="clerk", scopes=["read"])
    actor = actor_of_key(
        declarations=current(), secret=secret, scope="read", address="192.0.2.1", now=given.NOW
    )
    assert actor.also_for == {COMPANY.uscc}
    assert parties(actor, COMPANY.uscc) == set()
    assert parties(dataclasses.replace(actor, also_for=frozenset()), COMPANY.uscc) == {"office"}
