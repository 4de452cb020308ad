"""An address is an account's own by a code that was sent there; a gateway's report is signed."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil

import pytest
from django.test import override_settings
from tests.conftest import NOW
from tests.engines.notices.told import contact, sent, spooled, told
from tests.engines.notices.wire import SECRET, deposit, gateway
from tests.faces.entrance import people
from tests.state import all_rows, value

from yuexin.base.errors import Refusal
from yuexin.engines.access.models import Account
from yuexin.engines.access.operations import forget_expired
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.queries import current
from yuexin.engines.notices.channels.gateway import signature
from yuexin.engines.notices.models import Contact
from yuexin.engines.notices.operations import (
    ask_contact,
    confirm_contact,
    drop_contact,
    set_wish,
    take_report,
)
from yuexin.engines.notices.queries import wish_of
from yuexin.engines.notices.types import Account as To
from yuexin.engines.notices.types import Address
from yuexin.home.folder import Home

pytestmark = pytest.mark.usefixtures("undone")
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def holder(home: Home, undone: None) -> Account:
    del undone
    for folder in home.spool.iterdir():
        shutil.rmtree(folder)
    return people.account("chen")


def ask(holder: Account, address: str = "chen@example.org", now: dt.datetime = NOW) -> None:
    ask_contact(declarations=current(), account=holder, channel="email", address=address, now=now)


def confirm(holder: Account, code: str, now: dt.datetime = NOW) -> None:
    confirm_contact(
        declarations=current(), actor=Actor(id="chen", role="owner"), account=holder,
        channel="email", code=code, now=now,
    )  # fmt: skip


def code_in(home: Home) -> str:
    sent(home)
    found = re.search(r"验证码 (\d{6})", spooled(home)[-1].get_content())
    assert found
    return found[1]


def test_a_code_makes_an_address_ones_own_once(holder: Account, home: Home) -> None:
    ask(holder)
    assert not Contact.objects.exists()
    code = code_in(home)
    confirm(holder, f" {code} ")
    assert wish_of(holder).contacts[0].address == "c***@example.org"
    with pytest.raises(Refusal):
        confirm(holder, code)
    assert told(To(id="chen"), key="after") == 1
    assert sent(home) == 1


def test_codes_are_tried_five_times_and_ten_minutes(holder: Account, home: Home) -> None:
    ask(holder)
    code = code_in(home)
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    for _ in range(5):
        with pytest.raises(Refusal):
            confirm(holder, wrong)
    with pytest.raises(Refusal):
        confirm(holder, code)
    shutil.rmtree(home.spool / "email")
    ask(holder)
    again = code_in(home)
    with pytest.raises(Refusal):
        confirm(holder, again, now=NOW + 11 * MINUTE)
    confirm(holder, again, now=NOW + 9 * MINUTE)


@pytest.mark.parametrize("code", ["", "0" * 100_000, "１２３４５６", "\x00", "' OR 1=1"])
def test_what_is_no_code_is_refused(holder: Account, code: str) -> None:
    ask(holder)
    with pytest.raises(Refusal) as found:
        confirm(holder, code)
    assert found.value.code == "CONTACT_CODE"


def test_nobody_is_flooded_with_codes(holder: Account) -> None:
    for _ in range(5):
        ask(holder)
    with pytest.raises(Refusal) as found:
        ask(people.account("other"))
    assert found.value.code == "CONTACT_RATE"
    for number in range(5):
        ask(holder, f"{number}@example.org")
    with pytest.raises(Refusal):
        ask(holder, "another@example.org")
    ask(holder, now=NOW + dt.timedelta(days=1, minutes=1))


def test_a_number_is_one_address_however_it_is_typed(holder: Account) -> None:
    def asked(account: Account, typed: str) -> None:
        ask_contact(declarations=current(), account=account, channel="sms", address=typed, now=NOW)

    for typed in (
        "13800138000", "+86 138 0013 8000", "138-0013-8000", "１３８００１３８０００",
        "8613800138000",
    ):  # fmt: skip
        asked(holder, typed)
    assert [one.pending for one in wish_of(holder).contacts] == ["", "138****8000"]
    with pytest.raises(Refusal) as found:
        asked(people.account("other"), "13800138000")
    assert found.value.code == "CONTACT_RATE"


def test_a_code_is_good_for_what_it_was_sent_for_alone(holder: Account, home: Home) -> None:
    ask(holder)
    code, other = code_in(home), people.account("other")
    ask(other)
    with pytest.raises(Refusal):
        confirm_contact(
            declarations=current(), actor=Actor(id="other", role="owner"), account=other,
            channel="email", code=code, now=NOW,
        )  # fmt: skip
    confirm(holder, code)


def test_an_address_is_forgotten_with_the_code_it_waits_for(holder: Account) -> None:
    ask(holder)
    forget_expired(now=NOW + 9 * MINUTE)
    assert wish_of(holder).contacts[0].pending
    forget_expired(now=NOW + 11 * MINUTE)
    assert not wish_of(holder).contacts[0].pending
    assert value("SELECT count(*) FROM access_texted_code") == 0


def test_the_code_is_kept_nowhere(holder: Account, home: Home) -> None:
    ask(holder)
    code = code_in(home)
    kept = "SELECT values::text || said::text || link FROM notice"
    assert code not in value(kept)
    assert value("SELECT count(*) FROM notice_errand") == 0
    assert value("SELECT said->'zh'->>'title' FROM notice") == "粤信验证码 ······"


def test_whoever_loses_an_address_is_told_at_the_old_one(holder: Account, home: Home) -> None:
    contact(holder, "old@example.org")
    ask(holder, "new@example.org")
    confirm(holder, code_in(home))
    sent(home)
    assert {mail["To"] for mail in spooled(home)} == {"old@example.org", "new@example.org"}


def test_wishes_hold_and_a_dropped_address_is_gone(holder: Account, home: Home) -> None:
    contact(holder, "chen@example.org")
    set_wish(account=holder, language="en", on=frozenset())
    told(To(id="chen"), key="silent")
    assert sent(home) == 0
    set_wish(account=holder, language="en", on=frozenset({"email"}))
    told(To(id="chen"), key="loud")
    sent(home)
    assert spooled(home)[0]["Subject"] == "A file that you looked at was corrected"
    drop_contact(actor=Actor(id="chen", role="owner"), account=holder, channel="email", now=NOW)
    assert not Contact.objects.exists()


def report(home: Home, body: bytes, *, now: dt.datetime = NOW, secret: bytes = SECRET) -> bool:
    stamp = str(int(now.timestamp()))
    return take_report(
        channel="sms", body=body, stamp=stamp, home=home, now=NOW,
        signed=signature(secret=secret, stamp=stamp, body=body),
    )  # fmt: skip


def test_a_report_of_a_gateway_counts_once_and_only_signed(undone: None, home: Home) -> None:
    del undone
    deposit(home)
    with gateway() as wire, override_settings(NOTICE_GATEWAYS={"sms": wire.url}):
        told(Address(channel="sms", value="13800138000"))
        sent(home)
    body = json.dumps({"id": wire.keys[0], "outcome": "delivered"}).encode()
    assert report(home, body) is True
    assert report(home, body) is False, "replayed"
    assert all_rows("SELECT outcome FROM notice_attempt ORDER BY id") == [("sent",), ("delivered",)]
    for late in (NOW - 6 * MINUTE, NOW + 6 * MINUTE):
        with pytest.raises(Refusal) as old:
            report(home, body, now=late)
        assert old.value.code == "RECEIPT_SIGNATURE"
    with pytest.raises(Refusal) as forged:
        report(home, body, secret=b"guessed")
    assert forged.value.code == "RECEIPT_SIGNATURE"
    other = body.replace(wire.keys[0].encode(), b"0" * 32)
    sent_again = body.replace(b"delivered", b"sent")
    for wrong in (b"", b"[]", b"null", b'{"id": "x"}', b"[" * 9000, other, sent_again):
        with pytest.raises(Refusal) as malformed:
            report(home, wrong)
        assert malformed.value.code == "RECEIPT_FORM", wrong[:20]
