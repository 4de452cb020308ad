"""Commitments made at the counter, from declared texts: public, checked, barred by a breach."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from yuexin.base.codes import is_sole_trader
from yuexin.base.dates import add_months, today
from yuexin.base.digest import sha256_hex
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.collection.operations import accept
from yuexin.domains.collection.rooms.layouts import one_row
from yuexin.domains.collection.types import Offer
from yuexin.domains.credit.queries import names
from yuexin.domains.subjects.models import Subject
from yuexin.domains.subjects.verdicts import from_then_on
from yuexin.engines.access.types import PUBLIC, Actor
from yuexin.engines.cases.queries import register_of
from yuexin.engines.declare.queries import accepted_by
from yuexin.engines.declare.types import (
    Commitment,
    CommitmentVersion,
    Declarations,
    Promising,
    filled,
)
from yuexin.engines.deliveries.queries import filed as filed_under
from yuexin.engines.deliveries.types import Kept
from yuexin.engines.rules.models import VerdictRow
from yuexin.engines.rules.queries import lost_to, rules_of
from yuexin.engines.rules.types import Lost
from yuexin.home.folder import Home

PAGE: Final = 30
ONE_DAY: Final = dt.timedelta(days=1)
LONGEST: Final = 200
LONGEST_CODE: Final = 64
ENDLESS: Final = "长期"
SHOWN: Final = """
FROM public_row p JOIN subject s ON s.id = p.subject
WHERE p.kind = %(kind)s AND p.agency = ANY(%(agencies)s) AND p.shown_from <= %(on)s
    AND (p.shown_until IS NULL OR p.shown_until > %(on)s)
    AND (%(type)s = '' OR p.body->>%(of_type)s = %(type)s)
    AND (%(code)s = '' OR s.code = %(code)s)
"""


@dataclass(frozen=True, kw_only=True)
class Offered:
    """A commitment, its text today, and the measures by which the entity may not make it now."""

    commitment: Commitment
    version: CommitmentVersion
    lost: tuple[Lost, ...]

    @property
    def barred_until(self) -> dt.date | None:
        """The day from which on it may be made again by time alone; none where no day is known."""
        days = [one.last_day for one in self.lost]
        known = [day for day in days if day is not None]
        return max(known) + ONE_DAY if known and len(known) == len(days) else None


@dataclass(frozen=True, kw_only=True)
class Made:
    """A public commitment in a list."""

    record: Any
    code: str
    name: str
    type: Text
    reason: str
    accepted_by: str
    on: dt.date | None


@dataclass(frozen=True, kw_only=True)
class MadePage:
    lines: tuple[Made, ...]
    total: int
    page: int
    pages: int


def offered(*, declarations: Declarations, code: str, on: dt.date) -> tuple[Offered, ...]:
    """The commitments in force, in their order. By what the entity may not make one is what the
    rules say of it: the measures that an officer's check tells."""
    said = _said(declarations, code, on)
    in_order = sorted(declarations.commitments.values(), key=lambda one: one.order)
    return tuple(
        Offered(
            commitment=one, version=version,
            lost=lost_to(
                declarations=declarations, verdicts=said, measures=one.lost_by, on=on
            ),
        )
        for one in in_order
        if (version := one.version_on(on)) is not None
    )  # fmt: skip


def commit(
    *,
    declarations: Declarations,
    actor: Actor,
    home: Home,
    code: str,
    name: str,
    commitment: str,
    matter: str,
    agreed: bool,
    now: dt.datetime,
    item_code: str = "",
    case_no: str = "",
) -> Kept:
    """Make a commitment: kept, chained and acknowledged when this returns, public after its fold.

    Raises a `Refusal` for one that is not declared, that a measure bars, that was not agreed to, or
    that names neither the item nor the case it is tied to.
    """
    on = today(now)
    found = {one.commitment.id: one for one in offered(declarations=declarations, code=code, on=on)}
    if commitment not in found:
        raise _refusal("COMMITMENT", "没有这种承诺", "no such commitment is declared")
    one = found[commitment]
    if one.lost:
        raise _barred(one)
    if not agreed:
        raise _refusal("COMMITMENT_AGREED", "请先阅读并同意承诺内容", "agree to the text first")
    if len(matter.strip()) > LONGEST or max(len(item_code), len(case_no)) > LONGEST_CODE:
        raise _refusal("COMMITMENT_MATTER", "承诺事由过长", "the matter is too long")
    if one.commitment.tied and not (item_code.strip() or case_no.strip()):
        raise Refusal(
            code="COMMITMENT_ITEM",
            what=Text("请填写所办事项的编码或者办件号", "name the item or the case it is for"),
            rule=one.version.basis[0],
            remedy=Text("受理单位的告知书上写有", "the body's notice has them"),
        )
    about = {"matter": matter.strip(), "item_code": item_code.strip(), "case_no": case_no.strip()}
    body = _accepting(declarations, one.commitment, code)
    serial = len(filed_under(key=f"commitment/{code}/", store=home.deliveries)) + 1
    return accept(
        home=home,
        stream=io.BytesIO(_row(declarations, one, body, {
            **about, "code": code, "name": name, "serial": str(serial),
        }, on)),
        offer=Offer(
            resource=promising_of(declarations).resource, agency=body,
            channel="counter", file_name=f"commitment-{code}-{serial}.csv",
            idempotency_key=f"commitment/{code}/{serial}", filed_for=code,
        ),
        declarations=declarations, actor=actor, now=now,
    )  # fmt: skip


def made(
    *, declarations: Declarations, kind: str, code: str, page: int, now: dt.datetime
) -> MadePage:
    """The public commitments, the latest first, of one type or entity where it is given."""
    how = promising_of(declarations)
    values: dict[str, Any] = {
        **_kept(declarations), "on": today(now), "type": kind, "code": code,
        "agencies": list(declarations.resources[how.resource].providers),
        "matter": how.matter, "accepted_by": how.accepted_by,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {SHOWN}", values)
        (total,) = cursor.fetchone() or (0,)
        cursor.execute(
            f"SELECT p.record, s.code, p.body->>%(of_type)s, p.body->>%(matter)s, "
            f"p.body->>%(accepted_by)s, p.event_date {SHOWN} "
            f"ORDER BY p.event_date DESC NULLS LAST, p.record "
            f"LIMIT {PAGE} OFFSET %(first)s",
            {**values, "first": (page - 1) * PAGE},
        )
        rows = cursor.fetchall()
    called = names(actor=PUBLIC, codes=[row[1] for row in rows])
    types = declarations.codes["commitment_types"].by_code
    lines = tuple(
        Made(
            record=record, code=of, name=called.get(of, ""),
            type=types[told].label if told in types else Text(told or "", told or ""),
            reason=reason or "", accepted_by=body or "", on=day,
        )
        for record, of, told, reason, body, day in rows
    )  # fmt: skip
    return MadePage(lines=lines, total=total, page=page, pages=max(1, -(-total // PAGE)))


def _row(
    declarations: Declarations,
    one: Offered,
    body: str,
    about: dict[str, str],
    on: dt.date,
) -> bytes:
    how = promising_of(declarations)
    accepted = declarations.agencies[body]
    until = add_months(on, one.version.holds_months) if one.version.holds_months else None
    text = f"{one.version.content_zh}\n{one.version.liability_zh}"
    said = {
        **about, "date": on.isoformat(),
        "until": until.isoformat() if until else ENDLESS,
        "type": declarations.codes["commitment_types"].by_code[one.commitment.type].zh,
        "matter": about["matter"] or one.commitment.zh,
        "content": one.version.content_zh, "liability": one.version.liability_zh,
        "digest": sha256_hex(text.encode()), "office": accepted.zh, "office_code": accepted.uscc,
    }  # fmt: skip
    row = {**how.row, **(how.of_sole_trader if is_sole_trader(about["code"]) else {})}
    values = {header: filled(template, said) for header, template in row.items()}
    headers = [column.header for column in declarations.resources[how.resource].columns]
    return one_row(headers=headers, values=values).encode("utf-8", "replace")


def promising_of(declarations: Declarations) -> Promising:
    """How commitments are kept. Where any can be made, it is declared."""
    assert declarations.promising is not None
    return declarations.promising


def _kept(declarations: Declarations) -> dict[str, Any]:
    """Under which kind commitments are kept, and where one says its type."""
    how = promising_of(declarations)
    return {"kind": declarations.resources[how.resource].kind, "of_type": how.type}


def _accepting(declarations: Declarations, commitment: Commitment, code: str) -> str:
    subject = Subject.objects.filter(code=code).first()
    return accepted_by(
        declarations=declarations, commitment=commitment, city=subject.city if subject else "",
        register=register_of(declarations=declarations, subject=subject.id) if subject else "",
    )  # fmt: skip


def _said(declarations: Declarations, code: str, on: dt.date) -> tuple[VerdictRow, ...]:
    subject = Subject.objects.filter(code=code).first()
    if subject is None:
        return ()
    measures = {one for each in declarations.commitments.values() for one in each.lost_by}
    rules = rules_of(declarations=declarations, measures=measures)
    return from_then_on(subject=subject.id, rules=rules, on=on)


def _barred(one: Offered) -> Refusal:
    measure, until = one.lost[0].measure, one.barred_until
    return Refusal(
        code="COMMITMENT_BARRED",
        what=Text(
            f"{measure.zh}：{until} 以前不能作这种承诺"
            if until
            else f"{measure.zh}：现在不能作这种承诺",
            f"{measure.en}: no such commitment is accepted before {until}"
            if until
            else f"{measure.en}: no such commitment is accepted now",
        ),
        rule=measure.basis[0],
        remedy=Text("请按一般程序办理", "take the ordinary way"),
    )


def _refusal(code: str, zh: str, en: str) -> Refusal:
    return Refusal(
        code=code, what=Text(zh, en), remedy=Text("请从承诺页面选择", "choose it on the page")
    )
