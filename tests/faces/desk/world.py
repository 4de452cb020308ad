"""What came in before anybody sits down at the desk, and who sits down."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from tests.cast import COMPANY, TRADER, entity
from tests.faces.entrance import people
from tests.intake import Intake

from yuexin.engines.access.models import Account
from yuexin.faces.shared.acting import PURPOSE

FORMULA = '=HYPERLINK("http://example.invalid","x")'
PERSON = "440106199003071231"
PERSONS = {
    "CF_XDR_MC": "李示例", "CF_XDR_LB": "自然人", "CF_XDR_SHXYM": "", "CF_XDR_ZJLX": "身份证",
    "CF_XDR_ZJHM": PERSON, "CF_FRDB": "",
}  # fmt: skip
"""What makes a penalty's row a natural person's."""
ROLES: dict[str, dict[str, str]] = {
    "chief": {"role": "chief", "agency": "data_bureau"},
    "steward": {"role": "steward", "agency": "foshan_data"},
    "clerk": {"role": "clerk", "agency": "environment"},
    "registrar": {"role": "signing_officer", "agency": "market_regulation"},
    "inspector": {"role": "inspector", "agency": "environment"},
    "auditor": {"role": "auditor", "agency": "data_bureau"},
    "owner": {"role": "owner", "agency": "", "subject_code": COMPANY.uscc},
    "citizen": {"role": "citizen", "agency": ""},
}


@dataclass(frozen=True, kw_only=True)
class World:
    """Deliveries by what is wrong with them, and the accounts by their part."""

    intake: Intake
    receipts: dict[str, dict[str, Any]]
    accounts: dict[str, Account]

    def number(self, what: str) -> int:
        return int(self.receipts[what]["batch_id"])

    def sit_down(self, part: str, *, purpose: str = "", checked: bool = False) -> Client:
        """A browser in which this part is signed in; `checked`: forms must carry their token."""
        client = Client(SERVER_NAME="localhost", enforce_csrf_checks=checked)
        client.force_login(self.accounts[part])
        if purpose:
            session = client.session
            session[PURPOSE] = purpose
            session.save()
        return client


def made(intake: Intake) -> World:
    """A register, penalties of two agencies with faults in them, one refused, one not folded."""
    then = intake.now - dt.timedelta(days=1)
    faulty = COMPANY.penalty("2", CF_NR_FK="", CF_XDR_ZJHM=PERSON, CF_SY="说明")
    receipts = {
        "register": intake(
            "registration", [COMPANY.registration(), TRADER.registration()], now=then
        ),
        "penalties": intake(
            "penalties_2018",
            [
                COMPANY.penalty("1", CF_JDRQ="2026-11-20"),
                faulty,
                entity(7).penalty("3"),
                COMPANY.penalty("4", CF_JDRQ=FORMULA),
                COMPANY.penalty("5", **PERSONS),
            ],
            agency="environment",
        ),
        "others": intake(
            "penalties_2018",
            [COMPANY.penalty("9", CF_NR_FK="", CF_CFJG="广东省住房和城乡建设厅"), {}],
            agency="housing",
        ),
        "refused": intake.bytes("penalties_2018", "甲,乙\n1,2\n".encode(), agency="environment"),
    }  # fmt: skip
    accounts = {part: _account(part, grant) for part, grant in ROLES.items()}
    return World(intake=intake, receipts=receipts, accounts=accounts)


def _account(part: str, grant: dict[str, str]) -> Account:
    account = people.account(part)
    TOTP.activate(account, people.SECRET)
    people.grant(account, **grant)
    return account
