"""Who acts for whom: rights that rest on the register, what an owner hands on, and its ends."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from tests.cast import COMPANY, TRADER
from tests.engines.access import given
from tests.intake import Intake

from yuexin.base.errors import Refusal
from yuexin.engines.access.models import Account, Grant
from yuexin.engines.access.operations import (
    delegate,
    end_delegation,
    end_grant,
    erase_identity,
    note,
    own_at_window,
    own_by_register,
    verify_identity,
)
from yuexin.engines.access.queries import (
    actor_of,
    acts_for,
    delegates_of,
    disclose,
    grants_of,
    identity_of,
    lapsed_of,
    own_subject,
)
from yuexin.engines.access.types import OPERATOR, Actor, Identity
from yuexin.engines.declare.queries import current
from yuexin.home.folder import Home

pytestmark = pytest.mark.usefixtures("undone")

NUMBER = "440106199003071231"
OTHER = "440300198501010018"
CHEN = "陈示例"
WINDOW = Actor(id="fo.window", role="clerk", agency="foshan_market_regulation", division="440600")
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _registered(undone: None, deliver: Intake) -> None:
    del undone
    deliver("registration", [COMPANY.registration(), TRADER.registration(法定代表人="李示例")])


def person(home: Home, login: str, name: str = CHEN, number: str = NUMBER) -> Account:
    account = given.account(login)
    verified(home, account, name, number)
    return account


def verified(home: Home, account: Account, name: str = CHEN, number: str = NUMBER) -> Identity:
    return verify_identity(
        home=home, actor=OPERATOR, account=account, name=name, document="id_number",
        number=number, how="window", now=given.NOW,
    )  # fmt: skip


def claim(home: Home, account: Account, code: str = COMPANY.uscc) -> Grant:
    identity = identity_of(home=home, account=account)
    assert identity
    return own_by_register(account=account, identity=identity, code=code, now=given.NOW)


def acting(account: Account, grant: Grant, on: dt.date = given.TODAY) -> Actor:
    return actor_of(
        declarations=current(), account=account.pk, grant_id=grant.pk, purpose="", on=on
    )


def let(actor: Actor, taker: Account, **changes: Any) -> Grant:
    terms: dict[str, Any] = {
        "actor": actor, "declarations": current(), "login": taker.login, "name": "林示例",
        "rights": ["apply"], "valid_to": given.TODAY + 30 * DAY, "reason": "代理记账",
        "now": given.NOW, **changes,
    }  # fmt: skip
    return delegate(**terms)


def refused(call: Any, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(Refusal) as caught:
        call(*args, **kwargs)
    return caught.value.code


def why(account: Account) -> list[str]:
    return [one.why for one in lapsed_of(account=account.pk, on=given.TODAY)]


def test_whoever_the_register_names_acts_for_the_firm(home: Home) -> None:
    chen = person(home, "chen")
    actor = acting(chen, claim(home, chen))
    assert acts_for(actor=actor, code=COMPANY.uscc)
    assert acts_for(actor=actor, code=COMPANY.uscc, right="file_reports")
    assert not acts_for(actor=actor, code=TRADER.uscc)
    assert not acts_for(actor=actor, code="")
    assert refused(claim, home, chen) == "CLAIM_HELD"


def test_whoever_it_does_not_name_does_not(home: Home) -> None:
    li = person(home, "li", name="李示例", number=OTHER)
    assert refused(claim, home, li) == "CLAIM_NOT_NAMED"
    assert refused(claim, home, li, "91440000000000000X") == "CLAIM_NOT_NAMED"
    assert not Grant.objects.filter(account=li).exists()
    claim(home, li, TRADER.uscc)


def test_a_right_ends_when_the_representative_changes_and_its_holder_is_told(
    home: Home, deliver: Intake
) -> None:
    chen = person(home, "chen")
    held = claim(home, chen)
    changed = COMPANY.registration(法定代表人="王示例", 核准日期="2026-11-20")
    deliver("registration", [changed])
    assert grants_of(account=chen.pk, on=given.TODAY) == ()
    assert why(chen) == ["no_longer_named"]
    assert refused(acting, chen, held) == "GRANT_LAPSED"
    wang = person(home, "wang", name="王示例", number=OTHER)
    claim(home, wang)
    back = COMPANY.registration(核准日期="2026-11-21")
    deliver("registration", [back])
    assert refused(acting, chen, held) == "GRANT_OVER", "a successor ended it for good"
    claim(home, chen)


def test_a_registration_that_was_taken_back_takes_nothing_away(home: Home, deliver: Intake) -> None:
    chen = person(home, "chen")
    held = claim(home, chen)
    wrong = COMPANY.registration(法定代表人="王示例", 核准日期="2026-11-20")
    deliver("registration", [wrong])
    assert why(chen) == ["no_longer_named"]
    deliver("registration", [wrong], intent="withdraw")
    assert acting(chen, held).subject_code == COMPANY.uscc


def test_nobody_acts_for_a_firm_that_is_no_more(home: Home, deliver: Intake) -> None:
    chen = person(home, "chen")
    claim(home, chen)
    deliver("registration", [COMPANY.registration(登记状态="4", 核准日期="2026-11-20")])
    assert why(chen) == ["gone"]
    late = person(home, "late", number=OTHER)
    assert refused(claim, home, late) == "CLAIM_NOT_NAMED"


def test_the_same_name_of_another_person_is_another_account_with_its_own_proof(home: Home) -> None:
    chen = person(home, "chen")
    assert refused(verified, home, chen, CHEN, OTHER) == "IDENTITY_OTHER"
    assert refused(verified, home, chen, CHEN, "440106199003071232") == "DOCUMENT"
    assert refused(verified, home, chen, " ", NUMBER) == "NAME"
    shown = identity_of(home=home, account=chen)
    assert shown
    assert shown.masked == "440106********1231"


def test_numbers_lie_sealed_and_an_erasure_empties_them(home: Home) -> None:
    chen = person(home, "chen")
    held = claim(home, chen)
    row = chen.identities.get()
    assert NUMBER.encode() not in bytes(row.number or b"")
    assert erase_identity(
        actor=Actor(id="chen", role=""), account=chen, reason="撤回", now=given.NOW
    )
    row.refresh_from_db()
    assert (row.name, row.number, row.digest) == ("", None, None)
    assert why(chen) == ["identity"]
    assert refused(acting, chen, held) == "GRANT_LAPSED"
    assert refused(erase_identity, actor=WINDOW, account=chen, reason="", now=given.NOW) == (
        "GRANT_NOT_YOURS"
    )


def test_an_officer_of_the_register_confirms_within_his_division(home: Home) -> None:
    chen = person(home, "chen")
    identity = identity_of(home=home, account=chen)
    terms: dict[str, Any] = {
        "declarations": current(), "account": chen, "identity": identity, "code": COMPANY.uscc,
        "reason": "核对营业执照正本和身份证", "now": given.NOW,
    }  # fmt: skip
    elsewhere = Actor(
        id="gz", role="clerk", agency="guangzhou_market_regulation", division="440100"
    )
    no_register = Actor(id="env", role="clerk", agency="environment", division="440000")
    himself = Actor(id="chen", role="clerk", agency=WINDOW.agency, division="440600")
    assert refused(own_at_window, actor=elsewhere, **terms) == "GRANT_NOT_YOURS"
    assert refused(own_at_window, actor=no_register, **terms) == "GRANT_NOT_YOURS"
    assert refused(own_at_window, actor=himself, **terms) == "GRANT_TO_ONESELF"
    assert refused(own_at_window, actor=WINDOW, **terms | {"reason": " "}) == "GRANT_TERMS"
    assert acting(chen, own_at_window(actor=WINDOW, **terms)).role == "owner"


def test_a_delegate_does_what_he_was_given_and_nothing_else(home: Home) -> None:
    chen = person(home, "chen")
    owner = acting(chen, claim(home, chen))
    lin = given.account("lin")
    actor = acting(lin, let(owner, lin))
    assert acts_for(actor=actor, code=COMPANY.uscc)
    assert not acts_for(actor=actor, code=COMPANY.uscc, right="file_reports")
    assert own_subject(declarations=current(), actor=actor) == ""
    kind = current().kinds["annual_report"]
    closed = disclose(declarations=current(), actor=actor, kind=kind, about=COMPANY.uscc)
    assert closed.release in ("", "public"), "he was not given the file"
    assert refused(let, actor, given.account("third")) == "DELEGATE_NOT_YOURS"


def test_a_delegate_who_may_read_reads_as_the_owner(home: Home) -> None:
    chen = person(home, "chen")
    owner = acting(chen, claim(home, chen))
    lin = given.account("lin")
    actor = acting(lin, let(owner, lin, rights=["read_file"]))
    assert own_subject(declarations=current(), actor=actor) == COMPANY.uscc
    assert not acts_for(actor=actor, code=COMPANY.uscc)


@pytest.mark.parametrize(
    "changes",
    [
        {"rights": []},
        {"rights": ["everything"]},
        {"valid_to": given.TODAY},
        {"valid_to": given.TODAY + 400 * DAY},
        {"reason": " "},
    ],
)
def test_a_delegation_without_terms_is_refused(home: Home, changes: dict[str, Any]) -> None:
    chen = person(home, "chen")
    owner = acting(chen, claim(home, chen))
    assert refused(let, owner, given.account("lin"), **changes) == "DELEGATE_TERMS"


def test_a_slip_gives_nothing_away_and_tells_nothing(home: Home) -> None:
    chen = person(home, "chen")
    owner = acting(chen, claim(home, chen))
    lin = given.account("lin")
    assert refused(let, owner, lin, name="林事例") == "DELEGATE_UNKNOWN"
    assert refused(let, owner, lin, login="nobody.there") == "DELEGATE_UNKNOWN"
    assert refused(let, owner, chen) == "GRANT_TO_ONESELF"
    let(owner, lin)
    assert refused(let, owner, lin) == "DELEGATE_TWICE"


def test_a_delegation_ends_with_its_term_at_once_and_with_its_giver(
    home: Home, deliver: Intake
) -> None:
    chen = person(home, "chen")
    owner = acting(chen, claim(home, chen))
    lin, wu, zhou = (given.account(login) for login in ("lin", "wu", "zhou"))
    held = let(owner, lin, valid_to=given.TODAY + DAY)
    assert refused(acting, lin, held, given.TODAY + DAY) == "GRANT_OVER"
    second = let(owner, wu)
    stranger = Actor(id="zhou", role="owner", subject_code=TRADER.uscc)
    terms: dict[str, Any] = {"declarations": current(), "grant": second, "now": given.NOW}
    assert refused(end_delegation, actor=stranger, reason="x", **terms) == "DELEGATE_NOT_YOURS"
    end_delegation(actor=owner, reason="不再合作", **terms)
    assert refused(acting, wu, second) == "GRANT_OVER"
    third = let(owner, zhou)
    deliver("registration", [COMPANY.registration(法定代表人="王示例", 核准日期="2026-11-20")])
    assert why(zhou) == ["giver"]
    assert refused(acting, zhou, third) == "GRANT_LAPSED"


def test_staff_of_an_agent_act_while_they_serve_it(home: Home) -> None:
    chen, li = person(home, "chen"), person(home, "li", name="李示例", number=OTHER)
    owner = acting(chen, claim(home, chen))
    agency = acting(li, claim(home, li, TRADER.uscc))
    lin = given.account("lin")
    assert refused(let, owner, lin, agent_code=TRADER.uscc) == "DELEGATE_AGENT"
    staff = let(agency, lin, rights=["apply"])
    held = let(owner, lin, agent_code=TRADER.uscc)
    assert acting(lin, held).subject_code == COMPANY.uscc
    end_delegation(actor=agency, declarations=current(), grant=staff, reason="离职", now=given.NOW)
    assert why(lin) == ["agent"]
    assert refused(acting, lin, held) == "GRANT_LAPSED"


def test_an_owner_sees_what_his_delegates_did(home: Home) -> None:
    chen = person(home, "chen")
    owner = acting(chen, claim(home, chen))
    lin = given.account("lin")
    actor = acting(lin, let(owner, lin))
    note(stream="change", actor=actor, action="case.opened", thing="case/7", now=given.NOW)
    other = Actor(id="lin", role="clerk", agency="environment")
    note(stream="change", actor=other, action="case.opened", thing="case/8", now=given.NOW)
    (told,) = delegates_of(declarations=current(), actor=owner, now=given.NOW)
    assert told.stands
    assert [one.id for one in told.rights] == ["apply"]
    assert [(deed.action, deed.things) for deed in told.deeds] == [("case.opened", ("case/7",))]
    assert refused(delegates_of, declarations=current(), actor=actor, now=given.NOW) == (
        "DELEGATE_NOT_YOURS"
    )
    later = given.NOW + dt.timedelta(hours=1)
    end_delegation(
        actor=owner, declarations=current(), grant=lin.grants.get(), reason="终止", now=given.NOW
    )
    again = acting(lin, let(owner, lin))
    note(stream="change", actor=again, action="case.opened", thing="case/9", now=later)
    both = delegates_of(declarations=current(), actor=owner, now=later)
    first, latest = sorted(both, key=lambda one: one.stands)
    assert [deed.things for deed in first.deeds] == [("case/7",)], "what he did before it ended"
    assert "case/9" in [thing for deed in latest.deeds for thing in deed.things]


def test_nobody_but_the_owner_gives_the_role_of_a_delegate() -> None:
    lin = given.account("lin")
    assert refused(given.grant, lin, role="delegate", agency="", subject_code=COMPANY.uscc) == (
        "GRANT_HOLDER"
    )


def test_a_key_of_a_delegate_carries_no_more_than_he_has(home: Home) -> None:
    from yuexin.engines.access.queries import actor_of_key

    chen = person(home, "chen")
    owner = acting(chen, claim(home, chen))
    lin = given.account("lin")
    held = let(owner, lin, rights=["apply"])
    _, secret = given.key(
        account=lin, agency="", role="delegate", subject_code=COMPANY.uscc, scopes=["read"]
    )
    terms: dict[str, Any] = {
        "declarations": current(), "secret": secret, "address": "203.0.113.7", "scope": "read",
        "now": given.NOW,
    }  # fmt: skip
    assert actor_of_key(**terms).rights == frozenset({"apply"})
    end_grant(
        actor=Actor(id="lin", role="delegate"), declarations=current(), grant=held,
        reason="不干了", ends_on=given.TODAY, now=given.NOW,
    )  # fmt: skip
    assert refused(actor_of_key, **terms) == "KEY_REVOKED"
