"""Who may see a field is decided in one place: closed unless a release and a law open it."""

from __future__ import annotations

import dataclasses

import pytest
from tests.cast import (
    AUDITOR,
    CAST,
    CLERK,
    COMPANY,
    IDLE_CLERK,
    OWNER,
    PUBLIC,
    STEWARD,
    STRANGER,
    TRADER,
)

from yuexin.engines.access.queries import disclose, tells
from yuexin.engines.access.types import Actor, Disclosure, FieldDecision
from yuexin.engines.declare.queries import current
from yuexin.engines.declare.types import RecordKind

KINDS = tuple(current().kinds.values())
SCOPE = {
    "public": {"public"},
    "agency": {"public", "authorised", "agencies"},
    "subject": {"public", "authorised", "agencies"},
}
NEVER_PUBLIC = {
    "annual_report": {"employees_public", "assets_total_public"},
    "penalty": {"legal_rep", "party_minor", "procedure", "remarks", "publicity_end"},
    "licence": {"party_tax_no", "remarks"},
    "registration": {"pripid", "industry", "postcode", "members"},
    "branch": {"person_in_charge", "address", "phone"},
    "shareholding": {"holder_no", "holder_uscc", "country"},
    "key_person": {"person_no", "appointed_how", "from_date", "until_date"},
    "equity_pledge": {"pledgor_code", "pledgee_code", "secured_amount", "changes", "remarks"},
    "chattel_mortgage": {"changes", "remarks"},
    "ip_pledge": {"changes"},
    "abnormal_operation": {"details", "remarks"},
    "serious_dishonesty": {"expire_date", "measures", "remarks"},
    "spot_check": {"result_details", "remarks"},
    "spot_check_problem": {"result_details", "follow_up", "mended_date", "remarks"},
    "judgement_debtor": {"legal_rep", "duty", "remove_reason", "remarks"},
    "equity_freeze": {"debtor_name", "assignee", "remarks"},
    "tax_grade": {"score", "remarks"},
    "serious_tax_case": {"legal_rep", "persons", "address", "remarks"},
    "wage_arrear": {"legal_rep", "persons", "facts", "remarks"},
    "transport_dishonesty": {"legal_rep", "persons", "vehicles", "remarks"},
    "food_sample_failed": {"sampled_address", "producer_address", "producer_name", "case_no"},
    "commitment": {"performance", "check_result", "consequence"},
    "procurement_dishonesty": {"legal_rep", "address", "publicity_end"},
    "culture_market_dishonesty": {"legal_rep"},
    "social_organisation_registration": {"address"},
}
PUBLISHED = frozenset(current().releases["public"].by_kind)


def decided(actor: Actor, kind: RecordKind) -> Disclosure:
    return disclose(declarations=current(), actor=actor, kind=kind)


def visible(actor: Actor, kind: str) -> set[str]:
    return {item.field for item in decided(actor, current().kinds[kind]).visible}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
@pytest.mark.parametrize("actor", CAST, ids=lambda actor: actor.id)
def test_every_decision_has_a_reason(actor: Actor, kind: RecordKind) -> None:
    decision = decided(actor, kind)
    assert decision.reason.zh
    assert decision.reason.en
    assert all(item.reason.zh and item.reason.en for item in decision.fields)
    assert decision.allowed or not decision.visible


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
@pytest.mark.parametrize("actor", CAST, ids=lambda actor: actor.id)
def test_nothing_is_seen_that_no_release_and_no_law_opens(actor: Actor, kind: RecordKind) -> None:
    decision = decided(actor, kind)
    if not decision.allowed:
        return
    release = current().releases[decision.release]
    for item in decision.visible:
        field = kind.by_field[item.field]
        assert kind.id in release.by_kind
        flagged = release.audience == "public" and bool(item.when)
        assert field.scope in SCOPE[release.audience] or (
            flagged and field.public_when == item.when
        )
        assert field.scope != "public" or field.basis
        assert release.audience != "public" or is_masked_as_declared(item, field.mask)


@pytest.mark.parametrize("kind", NEVER_PUBLIC)
def test_what_must_never_be_public_is_not(kind: str) -> None:
    for actor in (PUBLIC, AUDITOR):
        assert visible(actor, kind) & NEVER_PUBLIC[kind] == set()


def test_no_closed_field_is_seen_by_anybody() -> None:
    for kind in KINDS:
        closed = {field.id for field in kind.fields if field.scope == "closed"}
        for actor in CAST:
            assert visible(actor, kind.id) & closed == set()


def test_an_officer_needs_a_stated_purpose_that_is_declared() -> None:
    curious = Actor(id=CLERK.id, role="clerk", agency=CLERK.agency, purpose="curiosity")
    for kind in KINDS:
        assert decided(CLERK, kind).allowed
        assert decided(STEWARD, kind).allowed
        assert not decided(IDLE_CLERK, kind).allowed
        assert not decided(curious, kind).allowed


def test_a_role_nobody_declared_sees_nothing() -> None:
    assert not any(decided(STRANGER, kind).allowed for kind in KINDS)
    assert not any(decided(Actor(id="", role=""), kind).allowed for kind in KINDS)


def test_an_officer_sees_more_than_the_public_and_an_auditor_as_much() -> None:
    for kind in KINDS:
        assert visible(AUDITOR, kind.id) == visible(PUBLIC, kind.id)
        assert visible(CLERK, kind.id) >= visible(PUBLIC, kind.id)
    assert "legal_rep" in visible(CLERK, "penalty") - visible(PUBLIC, "penalty")


def test_a_subject_sees_its_own_file_and_of_others_what_is_public() -> None:
    for kind in KINDS:
        own, other, unnamed = (
            disclose(declarations=current(), actor=OWNER, kind=kind, about=code)
            for code in (COMPANY.uscc, TRADER.uscc, "")
        )
        assert own.release == "subject"
        assert other.release == unnamed.release == ("public" if kind.id in PUBLISHED else "")


def test_a_role_without_past_views_sees_beyond_the_public_today_only() -> None:
    roles = dict(current().roles)
    roles["clerk"] = dataclasses.replace(roles["clerk"], past_views=False)
    today_only = dataclasses.replace(current(), roles=roles)
    for kind in KINDS:
        for past, allowed in ((False, True), (True, False)):
            found = disclose(declarations=today_only, actor=CLERK, kind=kind, past=past)
            assert found.allowed is allowed
        seen = disclose(declarations=today_only, actor=PUBLIC, kind=kind, past=True)
        assert seen.allowed is (kind.id in PUBLISHED)


def is_masked_as_declared(item: FieldDecision, mask: str) -> bool:
    return item.mask == mask and (item.treatment == "mask") == (mask != "none")


def test_what_a_rule_says_is_closed_unless_it_is_declared_public() -> None:
    declared = current().rules["subject_status"]
    closed = dataclasses.replace(declared, scope="agencies")
    said = {
        actor.id: (
            tells(declarations=current(), actor=actor, rule=declared),
            tells(declarations=current(), actor=actor, rule=closed, codes=[OWNER.subject_code]),
        )
        for actor in (PUBLIC, AUDITOR, CLERK, OWNER)
    }
    assert said == {
        PUBLIC.id: (True, False),
        AUDITOR.id: (True, False),
        CLERK.id: (True, True),
        OWNER.id: (True, True),
    }
    for codes in (["another"], [], [OWNER.subject_code, "another"]):
        assert not tells(declarations=current(), actor=OWNER, rule=closed, codes=codes)
