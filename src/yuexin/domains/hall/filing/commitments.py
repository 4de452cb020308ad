"""Commitments made at the counter, from declared texts: public, checked, barred by a breach."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from yuexin.base.dates import Calendar, add_months, today
from yuexin.base.digest import sha256_hex
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.collection.operations import accept
from yuexin.domains.collection.rooms.layouts import one_row
from yuexin.domains.collection.types import Offer
from yuexin.domains.credit.queries import names
from yuexin.engines.access.types import PUBLIC, Actor
from yuexin.engines.declare.types import Commitment, CommitmentVersion, Declarations
from yuexin.engines.deliveries.queries import filed as filed_under
from yuexin.engines.deliveries.types import Kept
from yuexin.home.folder import Home

RESOURCE: Final = "commitments"
PAGE: Final = 30
LONGEST: Final = 200
BROKEN: Final = """
SELECT max((r.body->>'check_date')::date) FROM record r JOIN subject s ON s.id = r.subject
WHERE s.code = %(code)s AND r.kind = 'commitment' AND r.superseded_at IS NULL
    AND r.body->>'type' = %(type)s AND r.body->>'performance' IN ('broken', 'partly_broken')
"""
SHOWN: Final = """
FROM public_row p JOIN subject s ON s.id = p.subject
WHERE p.kind = 'commitment' AND p.agency = ANY(%(agencies)s) AND p.shown_from <= %(on)s
    AND (p.shown_until IS NULL OR p.shown_until > %(on)s)
    AND (%(type)s = '' OR p.body->>'type' = %(type)s)
    AND (%(code)s = '' OR s.code = %(code)s)
"""


@dataclass(frozen=True, kw_only=True)
class Offered:
    """A commitment that an entity may make, its text today, and until when a breach bars it."""

    commitment: Commitment
    version: CommitmentVersion
    barred_until: dt.date | None


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


def check_due(
    *, version: CommitmentVersion, promised_on: dt.date, calendar: Calendar
) -> dt.date | None:
    """By when a commitment is checked at the latest, a working day; none where no check is
    declared."""
    if not version.check_months:
        return None
    return calendar.roll(add_months(promised_on, version.check_months)).date


def barred_until(*, version: CommitmentVersion, broken_on: dt.date | None) -> dt.date | None:
    """The day from which on whoever broke one may promise so again."""
    if broken_on is None or not version.barred_months:
        return None
    return add_months(broken_on, version.barred_months)


def offered(*, declarations: Declarations, code: str, on: dt.date) -> tuple[Offered, ...]:
    """The commitments in force, in their order."""
    found = []
    for one in sorted(declarations.commitments.values(), key=lambda one: one.order):
        version = one.version_on(on)
        if version is not None:
            until = barred_until(version=version, broken_on=_broken(code, one.type))
            barred = until if until and until > on else None
            found.append(Offered(commitment=one, version=version, barred_until=barred))
    return tuple(found)


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
) -> Kept:
    """Make a commitment: kept, chained and acknowledged when this returns, public after its fold.

    Raises a `Refusal` for one that is not declared, that a breach bars, or that was not agreed to.
    """
    on = today(now)
    found = {one.commitment.id: one for one in offered(declarations=declarations, code=code, on=on)}
    if commitment not in found:
        raise _refusal("COMMITMENT", "没有这种承诺", "no such commitment is declared")
    one = found[commitment]
    if one.barred_until:
        raise Refusal(
            code="COMMITMENT_BARRED",
            what=Text(
                f"因违诺，{one.barred_until} 以前不再适用这种承诺",
                f"after a breach, no such commitment is accepted before {one.barred_until}",
            ),
            rule=one.version.basis[0],
            remedy=Text("请按一般程序办理", "take the ordinary way"),
        )
    if not agreed:
        raise _refusal("COMMITMENT_AGREED", "请先阅读并同意承诺内容", "agree to the text first")
    if len(matter.strip()) > LONGEST:
        raise _refusal("COMMITMENT_MATTER", "承诺事由过长", "the matter is too long")
    serial = len(filed_under(key=f"commitment/{code}/", store=home.deliveries)) + 1
    return accept(
        home=home,
        stream=io.BytesIO(_row(declarations, one, code, name, matter, serial, on)),
        offer=Offer(
            resource=RESOURCE, agency=one.commitment.accepted_by, channel="counter",
            file_name=f"commitment-{code}-{serial}.csv",
            idempotency_key=f"commitment/{code}/{serial}", filed_for=code,
        ),
        declarations=declarations, actor=actor, now=now,
    )  # fmt: skip


def made(
    *, declarations: Declarations, kind: str, code: str, page: int, now: dt.datetime
) -> MadePage:
    """The public commitments, the latest first, of one type or entity where it is given."""
    agencies = list(declarations.resources[RESOURCE].providers)
    values: dict[str, Any] = {"agencies": agencies, "on": today(now), "type": kind, "code": code}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {SHOWN}", values)
        (total,) = cursor.fetchone() or (0,)
        cursor.execute(
            f"SELECT p.record, s.code, p.body->>'type', p.body->>'reason', "
            f"p.body->>'accepted_by', p.event_date {SHOWN} "
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
    code: str,
    name: str,
    matter: str,
    serial: int,
    on: dt.date,
) -> bytes:
    accepted = declarations.agencies[one.commitment.accepted_by]
    until = add_months(on, one.version.holds_months) if one.version.holds_months else None
    text = f"{one.version.content_zh}\n{one.version.liability_zh}"
    values = {
        "承诺编码": f"CN-{code}-{serial}",
        "承诺人类别": "个体工商户" if code.startswith("92") else "法人及非法人组织",
        "统一社会信用代码": code,
        "承诺人名称": name,
        "承诺类型": declarations.codes["commitment_types"].by_code[one.commitment.type].zh,
        "承诺事由": matter.strip() or one.commitment.zh,
        "关联事项编码": one.commitment.item_code,
        "承诺内容": one.version.content_zh,
        "违诺责任": one.version.liability_zh,
        "承诺日期": on.isoformat(),
        "承诺有效期": until.isoformat() if until else "长期",
        "受理单位": accepted.zh,
        "受理单位统一社会信用代码": accepted.uscc,
        "是否公示": "是",
        "承诺书摘要值": sha256_hex(text.encode()),
        "履约状态": "履行中",
    }
    headers = [column.header for column in declarations.resources[RESOURCE].columns]
    return one_row(headers=headers, values=values).encode("utf-8", "replace")


def _broken(code: str, kind: str) -> dt.date | None:
    with connection.cursor() as cursor:
        cursor.execute(BROKEN, {"code": code, "type": kind})
        found = cursor.fetchone()
    return found[0] if found else None


def _refusal(code: str, zh: str, en: str) -> Refusal:
    return Refusal(
        code=code, what=Text(zh, en), remedy=Text("请从承诺页面选择", "choose it on the page")
    )
