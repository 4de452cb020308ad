"""Accounts and grants: who gives what to whom, and on which days it holds."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from tests.cast import CLERK, COMPANY, OPERATOR, PUBLIC
from tests.engines.access.given import CHIEF, DAY, FOSHAN, NOW, TODAY, account, grant, key
from tests.state import execute
from tests.state import undone as taken_back

from yuexin.base.errors import Refusal
from yuexin.engines.access.models import Account, Entry, Grant
from yuexin.engines.access.operations import close_account, end_grant, open_account, set_password
from yuexin.engines.access.queries import actor_of, grants_of
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.queries import current

pytestmark = pytest.mark.usefixtures("undone")

PASSWORD = "seven grey herons at dusk"
PROVINCIAL = "environment"
CITY = "foshan_environment"
DAYS = st.integers(-400, 400).map(lambda n: TODAY + n * DAY)


def acting(holder: Account, held: Grant, on: dt.date = TODAY) -> Actor:
    return actor_of(
        declarations=current(), account=holder.pk, grant_id=held.pk, purpose="licensing", on=on
    )


def ended(held: Grant, on: dt.date, actor: Actor = OPERATOR) -> None:
    end_grant(actor=actor, declarations=current(), grant=held, reason="调离", ends_on=on, now=NOW)


def refusal_of(action: Any, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(Refusal) as refused:
        action(*args, **kwargs)
    assert refused.value.what.zh
    assert refused.value.what.en
    return refused.value.code


def test_a_grant_makes_an_actor_with_the_division_of_his_agency() -> None:
    holder = account()
    assert acting(holder, grant(holder, agency=CITY)) == Actor(
        id="lin.clerk", role="clerk", agency=CITY, purpose="licensing", division="440600"
    )


@given(
    starts=DAYS, length=st.none() | st.integers(1, 300), ends=st.lists(DAYS, max_size=3), on=DAYS
)
def test_outside_its_days_a_grant_never_makes_an_actor(
    starts: dt.date, length: int | None, ends: list[dt.date], on: dt.date
) -> None:
    with taken_back():
        holder = account()
        until = starts + length * DAY if length else None
        held = grant(holder, valid_from=starts, valid_to=until)
        for end in ends:
            ended(held, end)
        last = min([*ends, *([until] if until else []), dt.date.max])
        if starts <= on < last:
            assert acting(holder, held, on).role == "clerk"
        else:
            assert grants_of(account=holder.pk, on=on) == ()
            assert refusal_of(acting, holder, held, on) == "GRANT_OVER"


def test_an_officer_who_changes_agency_loses_the_old_one_at_once() -> None:
    holder = account()
    old = grant(holder)
    assert acting(holder, old).agency == PROVINCIAL
    ended(old, TODAY)
    new = grant(holder, agency=CITY)
    assert refusal_of(acting, holder, old) == "GRANT_OVER"
    assert acting(holder, new).agency == CITY


def test_the_grant_of_another_is_of_no_use() -> None:
    held = grant(account("he"))
    assert refusal_of(acting, account("lin"), held) == "GRANT_OVER"


def test_an_account_that_was_closed_acts_no_more_and_signs_in_no_more() -> None:
    holder = account()
    held = grant(holder)
    set_password(actor=OPERATOR, account=holder, password=PASSWORD, now=NOW)
    assert authenticate(username="lin.clerk", password=PASSWORD) == holder
    close_account(actor=CHIEF, declarations=current(), account=holder, reason="离职", now=NOW)
    assert authenticate(username="lin.clerk", password=PASSWORD) is None
    assert refusal_of(acting, holder, held) == "GRANT_OVER"


def test_an_officer_of_an_agency_that_has_ended_acts_no_more() -> None:
    holder = account()
    held = grant(holder, agency="food_drug", valid_from=dt.date(2017, 1, 1))
    assert acting(holder, held, dt.date(2018, 9, 30)).agency == "food_drug"
    assert refusal_of(acting, holder, held) == "AGENCY_OVER"


def test_nobody_grants_himself_anything() -> None:
    chief = account(CHIEF.id)
    assert refusal_of(grant, chief, actor=CHIEF) == "GRANT_TO_ONESELF"
    assert refusal_of(key, actor=CHIEF, account=chief) == "GRANT_TO_ONESELF"


@pytest.mark.parametrize(
    ("actor", "terms", "allowed"),
    [
        (CHIEF, {"agency": PROVINCIAL}, True),
        (CHIEF, {"role": "chief", "agency": "data_bureau"}, True),
        (FOSHAN, {"agency": CITY}, True),
        (FOSHAN, {"role": "steward", "agency": CITY}, True),
        (FOSHAN, {"role": "citizen", "agency": ""}, True),
        (FOSHAN, {"role": "owner", "agency": "", "subject_code": COMPANY.uscc}, True),
        (FOSHAN, {"role": "owner", "agency": "", "subject_code": "91440101MA5CQAU18A"}, False),
        (FOSHAN, {"agency": PROVINCIAL}, False),
        (FOSHAN, {"agency": "guangzhou_market_regulation"}, False),
        (FOSHAN, {"role": "chief", "agency": CITY}, False),
        (FOSHAN, {"role": "auditor", "agency": CITY}, False),
        (CLERK, {"agency": CITY}, False),
        (PUBLIC, {"agency": CITY}, False),
        (Actor(id="x", role="steward"), {"agency": CITY}, False),
    ],
)
def test_a_chief_grants_anywhere_and_a_steward_no_more_than_his_own_within_his_division(
    actor: Actor, terms: dict[str, str], allowed: bool
) -> None:
    holder = account()
    if allowed:
        held = grant(holder, actor=actor, **terms)
        ended(held, TODAY, actor)
        assert grants_of(account=holder.pk, on=TODAY) == ()
    else:
        assert refusal_of(grant, holder, actor=actor, **terms) == "GRANT_NOT_YOURS"
        held = grant(holder, **terms)
        assert refusal_of(ended, held, TODAY, actor) == "GRANT_NOT_YOURS"


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"role": "public", "agency": ""}, "GRANT_HOLDER"),
        ({"role": "machine"}, "GRANT_HOLDER"),
        ({"role": "clerk", "agency": ""}, "GRANT_HOLDER"),
        ({"role": "owner"}, "GRANT_HOLDER"),
        ({"role": "citizen"}, "GRANT_HOLDER"),
        ({"role": "king"}, "ROLE_UNKNOWN"),
        ({"agency": "ministry_of_walks"}, "AGENCY_OVER"),
        ({"reason": " "}, "GRANT_TERMS"),
        ({"valid_to": TODAY}, "GRANT_TERMS"),
    ],
)
def test_a_grant_names_what_its_role_needs(terms: dict[str, Any], code: str) -> None:
    assert refusal_of(grant, account(), **terms) == code


@pytest.mark.parametrize(
    "login", ["", "a", "-lin", "林", "lin chen", "operator", "public", "l" * 151, "x\n", "key:1"]
)
def test_a_name_that_the_journal_could_misread_is_refused(login: str) -> None:
    assert refusal_of(account, login) == "ACCOUNT_NAME"


def test_names_are_told_apart_in_lower_case_only() -> None:
    assert account(" Lin@Example.ORG ").login == "lin@example.org"
    assert refusal_of(account, "LIN@example.org") == "ACCOUNT_TAKEN"


def test_only_who_may_grant_opens_accounts() -> None:
    for actor in (CLERK, PUBLIC):
        terms = {"login": "new", "display_name": "新", "now": NOW}
        code = refusal_of(open_account, actor=actor, declarations=current(), **terms)
        assert code == "GRANT_NOT_YOURS"


@pytest.mark.parametrize("weak", ["", "short", "123456789012345", "password1234", "lin.clerk.lin"])
def test_a_weak_password_is_refused(weak: str) -> None:
    holder = account()
    terms = {"account": holder, "password": weak, "now": NOW}
    assert refusal_of(set_password, actor=OPERATOR, **terms) == "PASSWORD_WEAK"
    assert not holder.has_usable_password()


def test_nobody_sets_the_password_of_another() -> None:
    terms = {"account": account(), "password": PASSWORD, "now": NOW}
    assert refusal_of(set_password, actor=CHIEF, **terms) == "GRANT_NOT_YOURS"


def test_every_change_is_journaled_and_no_entry_holds_a_secret() -> None:
    holder = account()
    set_password(actor=OPERATOR, account=holder, password=PASSWORD, now=NOW)
    held = grant(holder)
    ended(held, TODAY)
    _, secret = key()
    actions = list(Entry.objects.order_by("id").values_list("action", flat=True))
    assert actions == [
        "account.opened", "account.password", "grant.given", "grant.ended", "key.issued",
    ]  # fmt: skip
    told = "".join(str(one.detail) for one in Entry.objects.all())
    assert PASSWORD not in told
    assert secret not in told


@pytest.mark.parametrize(
    "table", ["access_grant", "access_grant_end", "access_key", "access_key_end"]
)
@pytest.mark.parametrize(
    "change", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"]
)
def test_what_was_granted_is_never_changed(table: str, change: str) -> None:
    from yuexin.engines.access.operations import end_key

    ended(grant(account()), TODAY)
    made, _ = key()
    end_key(actor=OPERATOR, declarations=current(), key=made, reason="示例", now=NOW)
    # Foreign keys that are still to be checked would refuse TRUNCATE in the trigger's place.
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        execute(change.format(table))


def test_a_grant_that_never_was_is_refused() -> None:
    with pytest.raises(Refusal, match="授权"):
        actor_of(declarations=current(), account=uuid4(), grant_id=uuid4(), purpose="", on=TODAY)
