"""Whoever was shown a wrong file is told by a notice, too: officers, keys and owners, once."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.cast import CLERK, COMPANY, TRADER
from tests.engines.notices.told import owner
from tests.faces.entrance import people
from tests.intake import Intake
from tests.judging import held_row, judge
from tests.state import all_rows

from yuexin.domains.credit.queries import credit_file
from yuexin.domains.subjects.corrections_told import tell_of_corrections
from yuexin.engines.access.models import Key
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.queries import current

pytestmark = pytest.mark.usefixtures("undone")
NOW = dt.datetime.now(dt.UTC)


def key(number: str, **acts_for: object) -> Actor:
    Key.objects.create(
        id=number, secret_sha256=number.rjust(64, "0"), label="k", role="clerk", scopes=["read"],
        rate_per_minute=9, issued_by="operator", issued_at=NOW,
        expires_at=NOW + dt.timedelta(days=9), **acts_for,
    )  # fmt: skip
    return Actor(id=f"key:{number}", role="clerk", agency="tax", purpose="licensing")


def test_everybody_who_was_shown_it_is_told_once(deliver: Intake) -> None:
    before = NOW - dt.timedelta(days=1)
    deliver("registration", [COMPANY.registration(), TRADER.registration()], now=before)
    nameless = COMPANY.penalty("31", CF_XDR_SHXYM="", CF_FRDB="")
    deliver("penalties_2018", [nameless], agency="environment", now=before)
    owner("chen", COMPANY.uscc)
    owner("wu", TRADER.uscc)
    officer, idle = people.account(CLERK.id), people.account("clerk-idle")
    judge(deliver, held_row(), "same", COMPANY.uscc, now=dt.datetime.now(dt.UTC))
    readers = (CLERK, key("k1", account=idle), key("k2", agency="tax"))
    for reader in readers:
        assert credit_file(actor=reader, code=COMPANY.uscc, on=None, now=dt.datetime.now(dt.UTC))
    assert tell_of_corrections(declarations=current(), now=NOW) == 0, "nothing is wrong yet"
    judge(deliver, held_row(), "same", TRADER.uscc, now=dt.datetime.now(dt.UTC), reason="同名")
    assert tell_of_corrections(declarations=current(), now=NOW) == 4
    assert tell_of_corrections(declarations=current(), now=NOW) == 0
    told = dict(all_rows("SELECT recipient, declared FROM notice"))
    assert told == {
        "account:chen": "own_file_corrected",
        f"account:{officer.login}": "file_corrected",
        "account:clerk-idle": "file_corrected",
        "office:tax": "file_corrected",
    }
    assert "31" not in str(all_rows("SELECT said FROM notice")), "what stood there is told to none"
