"""A firm with penalties of several ages, its owner, and the officers of the body that decided."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.cast import COMPANY, TRADER
from tests.faces.entrance import people
from tests.intake import Intake

from yuexin.base.dates import today
from yuexin.domains.collection.outcomes import carry_out
from yuexin.engines.access.models import Account
from yuexin.engines.cases.models import CaseFile
from yuexin.engines.cases.operations import take_due
from yuexin.engines.deliveries.models import Delivery
from yuexin.engines.records.models import Record

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
ROLES: dict[str, dict[str, str]] = {
    "owner": {"role": "owner", "agency": "", "subject_code": COMPANY.uscc},
    "stranger": {"role": "owner", "agency": "", "subject_code": TRADER.uscc},
    "clerk": {"role": "clerk", "agency": "environment"},
    "signer": {"role": "signing_officer", "agency": "environment"},
    "head": {"role": "signing_officer", "agency": "environment"},
    "elsewhere": {"role": "signing_officer", "agency": "housing"},
}
APPLICATION = {
    "f-performed_on": "2026-09-10", "f-correction": "已缴清罚款并完成整改", "f-commitment": "true",
    "f-contact": "陈示例", "f-phone": "020-12345678",
}  # fmt: skip
TOLD = {
    "f-cause": "销售不合格食品，情节严重", "f-consequences": "公示三年，限制参加政府采购",
    "f-heavier": "按裁量基准从重处罚", "f-gravity": "持续一年，危害人身健康",
}  # fmt: skip
HEAVY = {
    "CF_WSH": "粤市监示例罚〔2026〕1号", "CF_WFXW": "销售不合格食品", "CF_CFLB": "罚款",
    "CF_NR_FK": "12", "CF_CFJG": "广东省市场监督管理局", "CF_CFJGDM": "11440000MBYX000102",
}  # fmt: skip


def paper() -> SimpleUploadedFile:
    """A document as a browser sends it."""
    return SimpleUploadedFile("缴款凭证.pdf", PDF, content_type="application/pdf")


@dataclass(frozen=True, kw_only=True)
class World:
    """The accounts by their part, and the records by the number of the penalty."""

    intake: Intake
    accounts: dict[str, Account] = field(default_factory=dict)

    def sit_down(self, part: str) -> Client:
        client = Client(SERVER_NAME="localhost")
        client.force_login(self.accounts[part])
        return client

    def record(self, number: str) -> str:
        found = Record.objects.get(
            kind="penalty", body__doc_no=f"粤环示例罚〔2026〕{number}号", superseded_at=None
        )
        return str(found.pk)

    def work(self) -> None:
        """What the worker does in a round."""
        now = dt.datetime.now(dt.UTC)
        take_due(declarations=self.intake.declarations, now=now)
        carry_out(home=self.intake.home, declarations=self.intake.declarations, clock=lambda: now)
        self.intake.settle(now=now)

    def apply(self, number: str, **changes: Any) -> Any:
        """The owner applies for the repair of a penalty."""
        given = {**APPLICATION, "p-proof": paper(), **changes}
        return self.sit_down("owner").post(
            f"/counter/apply/penalty_repair/{self.record(number)}", given
        )

    def step(self, part: str, case: str, step: str, *, seen: int, **given: Any) -> Any:
        """Somebody takes a step of a case at his side of it."""
        side = "counter" if part in ("owner", "stranger") else "desk"
        said = {"step": step, "seen": str(seen), **given}
        return self.sit_down(part).post(f"/{side}/cases/{case}", said)


def at_register(role: str, name: str) -> Client:
    """An officer of the body that registered the company."""
    account = people.account(f"login-of-{role}")
    account.display_name = name
    account.save()
    TOTP.activate(account, people.SECRET)
    register = Delivery.objects.filter(resource="registration").order_by("number")[0].agency
    people.grant(account, role=role, agency=register)
    client = Client(SERVER_NAME="localhost")
    client.force_login(account)
    return client


def penalised(world: World, **changes: str) -> str:
    """The first version of a heavier penalty of market regulation, which was just delivered."""
    row = COMPANY.penalty(**{**HEAVY, "CF_JDRQ": ago(20), **changes})
    now = dt.datetime.now(dt.UTC)
    world.intake("penalties_2018", [row], agency="market_regulation", now=now)
    doc_no = row["CF_WSH"]
    return str(Record.objects.get(kind="penalty", body__doc_no=doc_no, version=1).pk)


def to_tell(world: World) -> dict[str, str]:
    """What is said where an entry is told in advance, with the penalty that it rests on."""
    on = {"f-ground": "food", "f-ended_on": ago(60), "f-rests_on": penalised(world)}
    return {**TOLD, **on}


def told_in_advance(world: World, clerk: Client) -> str:
    """The number of a case in which the register tells that it means to list the company."""
    answer = clerk.post(
        f"/desk/cases/about/{COMPANY.uscc}/serious_listing?step=tell", to_tell(world)
    )
    assert answer.status_code == 302, answer.content.decode()
    return CaseFile.objects.get(process="serious_listing").number


def ago(days: int) -> str:
    """A day before today, by the clock that the server reads."""
    return (today(dt.datetime.now(dt.UTC)) - dt.timedelta(days=days)).isoformat()


def made(intake: Intake) -> World:
    """Penalties: most are six months old, 2 is two weeks old, 3 was annulled."""
    now = dt.datetime.now(dt.UTC)
    then = now - dt.timedelta(days=1)
    intake("registration", [COMPANY.registration(), TRADER.registration()], now=then)
    intake(
        "penalties_2018",
        [
            COMPANY.penalty("1", CF_JDRQ=ago(180)),
            COMPANY.penalty("2", CF_JDRQ=ago(14)),
            COMPANY.penalty("3", CF_JDRQ=ago(181), CF_ZT="撤销"),
            COMPANY.penalty("5", CF_JDRQ=ago(182)),
            COMPANY.penalty("6", CF_JDRQ=ago(183)),
            COMPANY.penalty("7", CF_JDRQ=ago(184)),
        ],
        agency="environment", now=now,
    )  # fmt: skip
    return World(intake=intake, accounts={part: _account(part, ROLES[part]) for part in ROLES})


def _account(part: str, grant: dict[str, str]) -> Account:
    account = people.account(part)
    TOTP.activate(account, people.SECRET)
    people.grant(account, **grant)
    return account
