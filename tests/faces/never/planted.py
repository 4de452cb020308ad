"""Two firms, the bodies that have to do with them, and what only some of these may read.

Everybody who sits down is in `PARTS`, keys among them; what each secret is, and who may be shown
it, in `SECRETS`. A later feature adds its own secret, and its own address in `addresses`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Final

from allauth.mfa.totp.internal.auth import TOTP
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.cast import COMPANY, INSTITUTION, TRADER, entity
from tests.engines.access.given import key
from tests.faces.counter.test_counter_filing import CONTACT
from tests.faces.counter.world import PDF, ago
from tests.faces.entrance import people
from tests.intake import Intake
from tests.state import value

from yuexin.base.dates import today
from yuexin.domains.credit.handling.operations import check
from yuexin.domains.credit.watching.operations import ask_to_follow, open_feed
from yuexin.domains.hall.filing.models import Draft
from yuexin.domains.hall.filing.told import tell_false
from yuexin.domains.subjects.whatif.asked import ask, run_asked
from yuexin.domains.subjects.whatif.types import Change
from yuexin.engines.access.models import Account
from yuexin.engines.access.operations import delegate
from yuexin.engines.access.queries import actor_of
from yuexin.engines.access.types import KEY_SCOPES, Actor
from yuexin.engines.cases.operations import open_case, take_step
from yuexin.engines.declare.queries import current
from yuexin.engines.notices.models import Contact
from yuexin.engines.notices.operations import ask_contact

OTHER = entity(31)
RIGHTS: Final[dict[str, tuple[str, ...]]] = {
    "accountant": ("file_reports",), "agent": ("apply",), "reader": ("read_file",),
}  # fmt: skip
GRANTS: Final[dict[str, dict[str, str]]] = {
    "citizen": {"role": "citizen", "agency": ""},
    "owner": {"role": "owner", "agency": "", "subject_code": COMPANY.uscc},
    "other": {"role": "owner", "agency": "", "subject_code": OTHER.uscc},
    "clerk": {"role": "clerk", "agency": "environment"},
    "signer": {"role": "signing_officer", "agency": "environment"},
    "housing": {"role": "clerk", "agency": "housing"},
    "registrar": {"role": "signing_officer", "agency": "market_regulation"},
    "chief": {"role": "chief", "agency": "data_bureau"},
    "auditor": {"role": "auditor", "agency": "data_bureau"},
}
KEYS: Final = {"system": "environment", "elsewhere": "housing"}
PARTS: Final = ("public", *GRANTS, *RIGHTS, *KEYS)
NOBODY: Final = frozenset[str]()
OFFICE: Final = frozenset({"clerk", "signer"})
HANDLERS: Final = frozenset({"clerk", "system"})
OWN: Final = frozenset({"owner", *RIGHTS})
ROOMS: Final = frozenset({"clerk", "signer", "chief", "auditor"})


@dataclass(frozen=True, kw_only=True)
class Secret:
    """A string, and the parts that may be shown it."""

    what: str
    text: str
    shown_to: frozenset[str] = NOBODY


SECRETS: Final = (
    Secret(what="words of another's objection", text="他人异议之语甲", shown_to=OFFICE | {"other"}),
    Secret(what="another's contact", text="异议人联系秘示例", shown_to=OFFICE | {"other"}),
    Secret(what="another's telephone", text="020-77665544", shown_to=OFFICE | {"other"}),
    Secret(what="name of another's paper", text="他人证据之名乙", shown_to=OFFICE | {"other"}),
    Secret(what="content of another's paper", text="PAPER-OF-ANOTHER", shown_to=OFFICE | {"other"}),
    Secret(
        what="words of one's own objection", text="本企业异议之语丙",
        shown_to=OFFICE | {"owner", "agent"},
    ),
    Secret(
        what="an informer's words", text="举报人之语丁从业人数不实",
        shown_to=frozenset({"registrar"}),
    ),
    Secret(what="an informer's address", text="informer.secret@example.org"),
    Secret(what="an informer's telephone", text="13911112222"),
    Secret(what="why looks are delayed", text="延迟告知之由戊", shown_to=OFFICE),
    Secret(what="an investigation", text="粤环示例立〔2026〕秘己号", shown_to=OFFICE),
    Secret(what="the number of a body's case", text="内部案号庚", shown_to=HANDLERS),
    Secret(what="what a body handled", text="办理事项之秘辛", shown_to=HANDLERS),
    Secret(what="an owner's address", text="owner.secret@example.org"),
    Secret(what="an address that waits for its code", text="waiting.secret@example.org"),
    Secret(what="a delegate's address", text="delegate.secret@example.org"),
    Secret(what="an owner's number", text="13922223333", shown_to=frozenset({"owner"})),
    Secret(what="a delegate's number", text="13922224444", shown_to=frozenset({"agent"})),
    Secret(what="a follower's address", text="follower.secret@example.org"),
    Secret(
        what="the name of a delegate", text="受托人壬示例",
        shown_to=frozenset({"owner", "accountant", "auditor", "chief"}),
    ),
    Secret(
        what="what is not filed yet", text="草稿之住址癸号",
        shown_to=frozenset({"owner", "accountant"}),
    ),
    Secret(what="a field that nobody is released", text="内部备注子丑", shown_to=ROOMS),
    Secret(
        what="a record that was repaired", text="粤环示例罚〔2026〕已修复寅号",
        shown_to=OWN | ROOMS | {"housing", "registrar", "system", "elsewhere"},
    ),
    Secret(
        what="why the case of a penalty was opened", text="修复申请之说明卯",
        shown_to=OFFICE | {"owner", "agent"},
    ),
)  # fmt: skip
BY_WHAT: Final = {one.what: one for one in SECRETS}


def secret(what: str) -> str:
    return BY_WHAT[what].text


@dataclass(frozen=True, kw_only=True)
class World:
    """What was done, and the accounts and keys by their part."""

    intake: Intake
    accounts: dict[str, Account]
    keys: dict[str, str]
    tokens: tuple[str, ...] = field(default=())

    def sit_down(self, part: str) -> Client:
        """A browser, or a system, of this part."""
        client = Client(SERVER_NAME="localhost")
        if part in self.accounts:
            client.force_login(self.accounts[part])
        elif part in self.keys:
            client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {self.keys[part]}"
        return client


def made(intake: Intake) -> World:
    """Everything planted."""
    now = dt.datetime.now(dt.UTC)
    _delivered(intake, now)
    accounts = {part: _account(part, **grant) for part, grant in GRANTS.items()}
    accounts |= {part: _delegate(accounts["owner"], part, now) for part in RIGHTS}
    given = {"now": now, "expires_at": now + dt.timedelta(days=30), "scopes": KEY_SCOPES}
    keys = {
        part: key(role="clerk", agency=agency, frame_hosts=["https://example.org"], **given)[1]
        for part, agency in KEYS.items()
    }
    tokens = tuple(open_feed(actor=_actor(accounts[p], now), now=now) for p in ("owner", "other"))
    world = World(intake=intake, accounts=accounts, keys=keys, tokens=tokens)
    for plant in (_objections, _told, _delayed, _checked, _contacts, _unsent, _tried):
        plant(world, now)
    return world


def _delivered(intake: Intake, now: dt.datetime) -> None:
    then = now - dt.timedelta(days=1)
    firms = (COMPANY, OTHER, TRADER, INSTITUTION)
    intake("registration", [one.registration() for one in firms], now=then, name="r.csv")
    intake("annual_reports", [COMPANY.report(2024)], now=then, name="a.csv")
    repaired = secret("a record that was repaired")
    intake(
        "penalties_2018",
        [
            COMPANY.penalty("1", CF_JDRQ=ago(180), BZ=secret("a field that nobody is released")),
            COMPANY.penalty("2", CF_JDRQ=ago(181), CF_WSH=repaired, CF_ZT="已修复"),
            OTHER.penalty("3", CF_JDRQ=ago(182)),
        ],
        agency="environment", now=now, name="p.csv",
    )  # fmt: skip


def _account(login: str, **grant: str) -> Account:
    account = people.account(login)
    TOTP.activate(account, people.SECRET)
    people.grant(account, **grant)
    return account


def _actor(account: Account, now: dt.datetime) -> Actor:
    return actor_of(
        declarations=current(), account=account.pk, grant_id=account.grants.get().pk, purpose="",
        on=today(now),
    )  # fmt: skip


def _delegate(owner: Account, part: str, now: dt.datetime) -> Account:
    taker = people.account(part)
    if part == "accountant":
        taker.display_name = secret("the name of a delegate")
        taker.save(update_fields=["display_name"])
    delegate(
        declarations=current(), actor=_actor(owner, now), login=taker.login,
        name=taker.display_name, rights=RIGHTS[part], reason="代办",
        valid_to=today(now) + dt.timedelta(days=30), now=now,
    )  # fmt: skip
    return taker


def penalty_of(number: str) -> Any:
    doc_no = f"粤环示例罚〔2026〕{number}号"
    return value(
        "SELECT id FROM record WHERE kind = 'penalty' AND superseded_at IS NULL "
        "AND body->>'doc_no' = %s", doc_no,
    )  # fmt: skip


def _objections(world: World, now: dt.datetime) -> None:
    del now
    name = secret("name of another's paper")
    inside = secret("content of another's paper")
    content = PDF.replace(b"<<>>", f"<</X({inside})>>".encode())
    paper = SimpleUploadedFile(f"{name}.pdf", content, content_type="application/pdf")
    _posted(
        world, "other", "objection", "3", **{
            "f-wrong": secret("words of another's objection"),
            "f-contact": secret("another's contact"), "f-phone": secret("another's telephone"),
            "p-evidence": paper,
        },
    )  # fmt: skip
    _posted(
        world, "agent", "objection", "1", **{
            "f-wrong": secret("words of one's own objection"), "f-contact": "陈示例",
            "f-phone": "020-12345678",
        },
    )  # fmt: skip
    proof = SimpleUploadedFile("凭证.pdf", PDF, content_type="application/pdf")
    _posted(
        world, "owner", "penalty_repair", "1", **{
            "f-performed_on": ago(100), "f-commitment": "true", "f-contact": "陈示例",
            "f-correction": secret("why the case of a penalty was opened"),
            "f-phone": "020-12345678", "p-proof": proof,
        },
    )  # fmt: skip


def _posted(world: World, part: str, process: str, number: str, **said: Any) -> None:
    address = f"/counter/apply/{process}/{penalty_of(number)}"
    answer = world.sit_down(part).post(address, said)
    assert answer.status_code == 302, answer.content.decode()


def _told(world: World, now: dt.datetime) -> None:
    del world
    record = value("SELECT id FROM record WHERE kind = 'annual_report'")
    for what in ("an informer's address", "an informer's telephone"):
        tell_false(
            declarations=current(), record=record, what=secret("an informer's words"),
            contact=secret(what), language="zh", now=now,
        )  # fmt: skip


def _delayed(world: World, now: dt.datetime) -> None:
    clerk, signer = (_actor(world.accounts[one], now) for one in ("clerk", "signer"))
    case = open_case(
        declarations=current(), actor=clerk, process="look_delay", record=None, papers=(),
        subject=value("SELECT id FROM subject WHERE code = %s", COMPANY.uscc), now=now,
        form={"investigation": secret("an investigation")}, reason=secret("why looks are delayed"),
    )  # fmt: skip
    take_step(
        declarations=current(), actor=signer, case=case, step="approve", seen=1, form={},
        papers=(), reason=secret("why looks are delayed"), now=now,
    )  # fmt: skip
    world.intake.settle(now=now)


def _checked(world: World, now: dt.datetime) -> None:
    check(
        declarations=current(), actor=_actor(world.accounts["clerk"], now), channel="desk",
        subjects=[OTHER.uscc, COMPANY.uscc], scene="procurement", now=now,
        item=secret("what a body handled"), case_no=secret("the number of a body's case"),
    )  # fmt: skip


def _contacts(world: World, now: dt.datetime) -> None:
    for part, what in (("owner", "an owner's address"), ("agent", "a delegate's address")):
        Contact.objects.create(
            account=world.accounts[part], channel="email", address=secret(what), verified_at=now
        )
    # Each finds his own in the form of an application.
    for part, what in (("owner", "an owner's number"), ("agent", "a delegate's number")):
        Contact.objects.create(
            account=world.accounts[part], channel="sms", address=f"+86{secret(what)}",
            verified_at=now,
        )  # fmt: skip
    ask_contact(
        declarations=current(), account=world.accounts["owner"], channel="email",
        address=secret("an address that waits for its code"), now=now,
    )  # fmt: skip
    ask_to_follow(
        declarations=current(), home=world.intake.home, code=COMPANY.uscc, language="zh", now=now,
        address=secret("a follower's address"),
    )  # fmt: skip


def _unsent(world: World, now: dt.datetime) -> None:
    address = "/counter/filings/annual_report/2025/contact"
    given = CONTACT | {"c0": secret("what is not filed yet")}
    answer = world.sit_down("accountant").post(address, given)
    assert answer.status_code == 302, answer.content.decode()
    assert Draft.objects.filter(code=COMPANY.uscc).exists()
    del now


def _tried(world: World, now: dt.datetime) -> None:
    rule = current().rules["serious_dishonesty_now"]
    change = Change(
        rule=rule.id, version=rule.versions[-1].valid_from, numbers={"years": 5}, on=today(now)
    )
    ask(declarations=current(), actor=_actor(world.accounts["chief"], now), change=change, now=now)
    run_asked(declarations=current(), clock=lambda: now)
