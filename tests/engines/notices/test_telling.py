"""A notice is told once, to everybody who is meant, and goes out by the channels they have."""

from __future__ import annotations

import datetime as dt
import shutil

import pytest
from tests.cast import CLERK, COMPANY, OWNER, TRADER
from tests.conftest import NOW
from tests.engines.notices.told import contact, owner, sent, spooled, told
from tests.faces.entrance import people
from tests.state import all_rows, value

from yuexin.base.errors import Refusal
from yuexin.engines.access.types import PUBLIC, Actor
from yuexin.engines.declare.queries import current
from yuexin.engines.notices.operations import read
from yuexin.engines.notices.queries import inbox, office_inbox, unread
from yuexin.engines.notices.types import Account, Address, Office, Owners
from yuexin.home.folder import Home

pytestmark = pytest.mark.usefixtures("undone")


@pytest.fixture(autouse=True)
def _empty_spool(home: Home) -> None:
    for folder in home.spool.iterdir():
        shutil.rmtree(folder)


def test_an_account_is_told_in_its_inbox_and_by_e_mail_once(home: Home) -> None:
    holder = people.account("chen")
    contact(holder, "chen@example.org")
    assert told(Account(id="chen")) == 1
    assert told(Account(id="chen")) == 0
    assert sent(home) == 1
    assert sent(home) == 0
    (mail,) = spooled(home)
    assert mail["To"] == "chen@example.org"
    assert mail["Subject"] == "您看过的档案已更正"
    assert "91440606684400012K" in mail.get_content()
    (found,) = inbox(declarations=current(), account=holder, actor=PUBLIC).told
    assert found.title.en == "A file that you looked at was corrected"
    assert all_rows("SELECT outcome, number FROM notice_attempt") == [("spooled", 1)]
    assert value("SELECT count(*) FROM notice_errand") == 0


def test_everybody_who_acts_for_the_firm_today_is_told_and_nobody_else(home: Home) -> None:
    owner("chen", COMPANY.uscc, email_address="chen@example.org")
    owner("he", COMPANY.uscc)
    owner("wu", TRADER.uscc, email_address="wu@example.org")
    gone = owner("lin", COMPANY.uscc, email_address="lin@example.org")
    people.end(gone.grants.get())
    now = dt.datetime.now(dt.UTC)
    assert told(Owners(code=COMPANY.uscc), now=now) == 2
    sent(home, now=now.replace(hour=4) + dt.timedelta(days=1))
    assert [mail["To"] for mail in spooled(home)] == ["chen@example.org"]


def test_an_office_is_told_at_the_desk_and_each_officer_reads_for_himself() -> None:
    first, second = people.account(CLERK.id), people.account("clerk-he")
    other = Actor(id="clerk-he", role="clerk", agency="environment")
    assert told(Office(agency="environment")) == 1
    (seen,) = office_inbox(declarations=current(), account=first, actor=CLERK, most=5)
    assert seen.office == "environment"
    shown = read(declarations=current(), account=first, actor=CLERK, notice=seen.id, now=NOW)
    assert shown is not None
    assert shown.read_at == NOW
    assert unread(declarations=current(), account=first, actor=CLERK) == 0
    assert unread(declarations=current(), account=second, actor=other) == 1
    third = people.account(OWNER.id)
    assert unread(declarations=current(), account=third, actor=OWNER) == 0
    elsewhere = Actor(id=OWNER.id, role="clerk", agency="tax")
    assert (
        read(declarations=current(), account=third, actor=elsewhere, notice=seen.id, now=NOW)
        is None
    )


def test_an_address_without_an_account_is_forgotten_once_the_message_is_out(home: Home) -> None:
    to = Address(channel="email", value="Somebody@Example.org", language="en")
    told(to)
    sent(home)
    (mail,) = spooled(home)
    assert mail["To"] == "Somebody@example.org"
    assert mail["Subject"] == "A file that you looked at was corrected"
    kept = (
        "SELECT n::text || coalesce(a::text, '') FROM notice n LEFT JOIN notice_attempt a ON true"
    )
    assert "omebody" not in str(all_rows(kept))


@pytest.mark.parametrize(
    "address",
    ["a@b.c\nBcc: everybody@example.org", "a@example.org, b@example.org", "", "a" * 300 + "@b.org",
     "陈@example.org", "a b@example.org", "a@example.org\u202e"],
)  # fmt: skip
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(Refusal) as refused:
        told(Address(channel="email", value=address))
    assert refused.value.code == "ADDRESS"


def test_values_break_no_header_and_turn_no_text_around(home: Home) -> None:
    told(
        Address(channel="email", value="a@example.org"),
        notice="contact_code",
        values={
            "account": "陈\r\nBcc: x@example.org\u202e😀" + "长" * 100_000,
            "minutes": "{code}",
        },
        secret={"code": "318204\r\nX-Injected: 1"},
    )
    sent(home)
    (mail,) = spooled(home)
    assert mail["Bcc"] is None
    assert mail["X-Injected"] is None
    assert "\u202e" not in mail.get_content()
    assert "😀" in mail.get_content()
    assert len(mail.get_content()) < 3000
    assert "{code} 分钟" in mail.get_content(), "a value is never read as a placeholder"
    assert "318204" not in str(all_rows("SELECT n::text FROM notice n"))


def test_a_value_that_is_missing_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="until"):
        told(Office(agency="environment"), values={"code": "", "rows": "", "since": ""})


def test_what_was_told_is_never_changed() -> None:
    from django.db import IntegrityError, connection, transaction

    told(Office(agency="environment"))
    for statement in ("UPDATE notice SET link = ''", "DELETE FROM notice"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
