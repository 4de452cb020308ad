"""Keys of the interface: as whom they act, and what each of them is refused for."""

from __future__ import annotations

import datetime as dt
import pickle
from typing import Any

import pytest
from tests.cast import COMPANY, OPERATOR
from tests.engines.access.given import CHIEF, DAY, FOSHAN, MINUTE, NOW, TODAY, account, grant, key

from yuexin.base.errors import Refusal
from yuexin.engines.access.models import Entry, Key, KeyUse
from yuexin.engines.access.operations import close_account, end_grant, end_key
from yuexin.engines.access.queries import actor_of_key, alarms_of
from yuexin.engines.access.types import Actor, TooOften
from yuexin.engines.declare.queries import current

pytestmark = pytest.mark.usefixtures("undone")

HERE, THERE = "203.0.113.7", "198.51.100.9"


def asked(
    secret: str, *, address: str = HERE, scope: Any = "read", now: dt.datetime = NOW
) -> Actor:
    return actor_of_key(
        declarations=current(), secret=secret, address=address, scope=scope, now=now
    )


def refused(secret: str, **terms: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        asked(secret, **terms)
    assert caught.value.what.zh
    assert secret not in caught.value.sentence("en")
    return caught.value


def test_a_key_acts_for_its_agency() -> None:
    made, secret = key(agency="foshan_environment")
    assert asked(secret) == Actor(
        id=f"key:{made.pk}", role="machine", agency="foshan_environment", division="440600"
    )


def test_a_key_acts_for_an_account_within_what_that_holds() -> None:
    owner = account("owner")
    terms = {"role": "owner", "agency": "", "subject_code": COMPANY.uscc}
    with pytest.raises(Refusal, match="授权"):
        key(account=owner, **terms)
    held = grant(owner, **terms)
    _, secret = key(account=owner, **terms)
    assert asked(secret).subject_code == COMPANY.uscc
    end_grant(
        actor=OPERATOR, declarations=current(), grant=held, reason="变更", ends_on=TODAY, now=NOW
    )
    assert refused(secret).code == "KEY_REVOKED"


def test_the_key_of_a_closed_account_is_closed() -> None:
    officer = account()
    grant(officer)
    _, secret = key(account=officer, role="clerk", purpose="licensing")
    assert asked(secret).purpose == "licensing"
    close_account(actor=CHIEF, declarations=current(), account=officer, reason="离职", now=NOW)
    assert refused(secret).code == "KEY_REVOKED"


def test_the_secret_is_not_kept() -> None:
    made, secret = key()
    row = Key.objects.filter(pk=made.pk).values().get()
    assert secret.split("_", 2)[2] not in str(row)
    assert len(secret.split("_", 2)[2]) >= 43


@pytest.mark.parametrize(
    "wrong", ["", "yx_", "yx_000000000000_", "x" * 5000, "\0", "密钥", "yx_é_"]
)
def test_what_is_no_key_is_refused_with_one_sentence(wrong: str) -> None:
    _, secret = key()
    near = [secret[:-1], secret + "A", secret.upper(), f"yx_{'0' * 12}_{secret.split('_', 2)[2]}"]
    sentences = set()
    for one in [wrong, *near]:
        with pytest.raises(Refusal) as caught:
            asked(one)
        assert caught.value.code == "KEY_UNKNOWN"
        sentences.add(caught.value.sentence("zh"))
    assert len(sentences) == 1


def test_a_key_is_refused_from_the_moment_it_expires() -> None:
    _, secret = key(expires_at=NOW + DAY)
    assert asked(secret, now=NOW + DAY - dt.timedelta(microseconds=1))
    assert refused(secret, now=NOW + DAY).code == "KEY_EXPIRED"


def test_a_key_that_was_revoked_is_refused_at_once() -> None:
    made, secret = key()
    asked(secret)
    end_key(actor=OPERATOR, declarations=current(), key=made, reason="泄露", now=NOW)
    assert refused(secret).code == "KEY_REVOKED"


def test_a_key_does_only_what_it_carries() -> None:
    _, secret = key(scopes=["read"])
    assert asked(secret)
    for scope in ("search", "batch", "deliver", "receipt"):
        assert refused(secret, scope=scope).code == "KEY_SCOPE"


@pytest.mark.parametrize(
    ("address", "within"),
    [
        ("203.0.113.255", True),
        ("::ffff:203.0.113.1", True),
        ("2001:db8:1::5", True),
        ("203.0.114.1", False),
        ("2001:db9::1", False),
        ("", False),
        ("elsewhere", False),
    ],
)
def test_a_key_of_certain_networks_is_refused_from_others(address: str, within: bool) -> None:
    _, secret = key(networks=["203.0.113.0/24", "2001:db8::/32"])
    if within:
        assert asked(secret, address=address)
    else:
        assert refused(secret, address=address).code == "KEY_NETWORK"


def test_a_key_in_use_at_one_place_is_refused_at_another() -> None:
    made, secret = key()
    asked(secret)
    for n in range(3):
        assert refused(secret, address=THERE, now=NOW + n * MINUTE).code == "KEY_ELSEWHERE"
    assert asked(secret, now=NOW + 3 * MINUTE)
    (alarm,) = alarms_of(key=made.pk)
    assert (alarm.first, alarm.second, alarm.at) == (HERE, THERE, NOW)
    assert refused(secret, address=THERE, now=NOW + 12 * MINUTE).code == "KEY_ELSEWHERE"
    assert len(alarms_of(key=made.pk)) == 2
    assert asked(secret, address=THERE, now=NOW + 13 * MINUTE)
    assert Entry.objects.filter(action="key.elsewhere").count() == 2


def test_counts_that_a_backup_did_not_hold_begin_anew() -> None:
    _, secret = key()
    asked(secret)
    KeyUse.objects.all().delete()
    assert asked(secret, address=THERE)


def test_the_second_half_of_an_address_of_version_six_is_no_other_place() -> None:
    _, secret = key()
    asked(secret, address="2001:db8:1:2::5")
    assert asked(secret, address="2001:db8:1:2:ffff::9")
    assert refused(secret, address="2001:db8:1:3::5").code == "KEY_ELSEWHERE"


def test_a_key_of_listed_networks_may_be_used_in_all_of_them() -> None:
    _, secret = key(networks=["203.0.113.0/24", "198.51.100.0/24"])
    assert asked(secret, address=HERE) == asked(secret, address=THERE)


def test_a_key_that_asks_too_often_waits_for_the_next_minute() -> None:
    _, secret = key(rate_per_minute=3)
    for second in range(3):
        asked(secret, now=NOW + dt.timedelta(seconds=second))
    refusal = refused(secret, now=NOW + dt.timedelta(seconds=20.5))
    assert isinstance(refusal, TooOften)
    assert (refusal.code, refusal.retry_after_seconds) == ("KEY_RATE", 40)
    again = pickle.loads(pickle.dumps(refusal))
    assert again.retry_after_seconds == 40
    assert asked(secret, now=NOW + MINUTE)


@pytest.mark.parametrize(
    "terms",
    [
        {"label": " "},
        {"scopes": []},
        {"scopes": ["everything"]},
        {"rate_per_minute": 0},
        {"expires_at": NOW},
        {"expires_at": NOW + 400 * DAY},
        {"networks": ["0.0.0.0/0"]},
        {"networks": ["203.0.113.5/24"]},
        {"networks": ["everywhere"]},
    ],
)
def test_a_key_without_proper_terms_is_not_issued(terms: dict[str, Any]) -> None:
    with pytest.raises(Refusal) as caught:
        key(**terms)
    assert caught.value.code == "KEY_TERMS"
    assert not Key.objects.exists()


def test_a_steward_issues_and_ends_keys_within_his_division_only() -> None:
    made, _ = key(actor=FOSHAN, agency="foshan_environment")
    end_key(actor=FOSHAN, declarations=current(), key=made, reason="示例", now=NOW)
    with pytest.raises(Refusal) as caught:
        key(actor=FOSHAN, agency="environment")
    assert caught.value.code == "GRANT_NOT_YOURS"
    other, _ = key(agency="environment")
    with pytest.raises(Refusal):
        end_key(actor=FOSHAN, declarations=current(), key=other, reason="示例", now=NOW)


def test_a_holder_ends_his_own_key() -> None:
    officer = account()
    grant(officer)
    made, secret = key(account=officer, role="clerk")
    himself = Actor(id="lin.clerk", role="clerk", agency="environment")
    end_key(actor=himself, declarations=current(), key=made, reason="丢失", now=NOW)
    assert refused(secret).code == "KEY_REVOKED"


def test_an_owner_is_no_agency_and_an_agency_no_subject() -> None:
    for terms in ({"role": "owner", "agency": "environment"}, {"subject_code": COMPANY.uscc}):
        with pytest.raises(Refusal):
            key(**terms)
