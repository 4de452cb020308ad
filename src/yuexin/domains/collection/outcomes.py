"""What a case decides enters by the loop: one act, one delivery of one row, whatever dies when.

The delivery is made by the door of all channels, under a key of the act, so that an act of which
nothing is on record yet can be made into one again: it is the same delivery.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from dataclasses import dataclass
from typing import Final

from django.db import transaction

from yuexin.base.dates import Clock, today
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.collection.layout import Layout, layout_of
from yuexin.domains.collection.operations import accept
from yuexin.domains.collection.rooms.layouts import one_row
from yuexin.domains.collection.rooms.stored import read_again
from yuexin.domains.collection.types import Offer
from yuexin.domains.subjects.models import Subject
from yuexin.engines.access.models import Account
from yuexin.engines.access.operations import delay_looks, give_grant
from yuexin.engines.access.types import OPERATOR
from yuexin.engines.cases.models import CaseAct
from yuexin.engines.cases.operations import contained, note_effect
from yuexin.engines.cases.queries import (
    PendingOutcome,
    current_of,
    now_of,
    pending_acts,
    pending_outcome,
    rested_words,
    untold_of,
)
from yuexin.engines.cases.types import About
from yuexin.engines.declare.types import CaseOutcome, Column, Declarations
from yuexin.engines.deliveries.models import Delivery
from yuexin.engines.deliveries.types import Intent
from yuexin.home.folder import Home

COLUMN: Final = "OUTCOME_COLUMN"
NAMED: Final = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, kw_only=True)
class _Row:
    """A row to be delivered: in which layout, in whose name."""

    resource: str
    agency: str
    headers: tuple[str, ...]
    values: dict[str, str]
    intent: Intent = "report"
    linked_to: int | None = None


def carry_out(*, home: Home, declarations: Declarations, clock: Clock) -> tuple[int, ...]:
    """Make every outcome that nothing was made of yet into a delivery. Returns their numbers.

    What cannot be delivered is kept as the trouble of its case, where an officer sees it. An
    outcome waits while a delivery that could tell of the same record is not folded: made from what
    stands before it, it would take back what that one changes.
    """
    made = []
    for act in pending_acts():
        now = clock()
        with contained(case=act.case, act=act.number, now=now):
            pending = pending_outcome(declarations=declarations, act=act)
            # Killed before its delivery was noted, it is that one, folded since or not.
            number = _made(act)
            if number is not None:
                note_effect(case=act.case, act=act.number, now=now, delivery=number)
            elif _is_untold(declarations, _amended(pending)):
                continue
            else:
                number = _carry_out(home, declarations, pending, now)
            if number is not None:
                made.append(number)
    return tuple(made)


def _key(act: CaseAct) -> str:
    return f"case/{act.case}/{act.number}"


def _made(act: CaseAct) -> int | None:
    """The delivery that this act was made into, noted or not."""
    found = Delivery.objects.filter(submitted_by=OPERATOR.id, idempotency_key=_key(act))
    return found.values_list("number", flat=True).first()


def _is_untold(declarations: Declarations, about: About) -> bool:
    """Whether a delivery that could tell of this record is still to be folded: one that a case
    made of it, or one of its kind from its source, or from anybody where it is known by who
    decided."""
    if not about.kind:
        return False
    if untold_of(about=about):
        return True
    now = now_of(about) or about
    kind = declarations.kinds[about.kind]
    layouts = [one.id for one in declarations.resources.values() if one.kind == about.kind]
    pending = Delivery.objects.filter(receipt__isnull=True, resource__in=layouts)
    return (pending if kind.decided_by else pending.filter(agency=now.agency)).exists()


def _carry_out(
    home: Home, declarations: Declarations, pending: PendingOutcome, now: dt.datetime
) -> int | None:
    case, act = pending.case, pending.act
    outcome = case.process.by_outcome[act.outcome]
    if outcome.grant:
        _grant(declarations, pending, outcome.grant, now)
        return None
    if outcome.delays_looks:
        _delay(pending, outcome.delays_looks, now)
        return None
    row = _row(home, declarations, pending)
    number = _deliver(home, declarations, pending, row, now)
    note_effect(case=case.number, act=act.number, now=now, delivery=number)
    return number


def _grant(
    declarations: Declarations, pending: PendingOutcome, role: str, now: dt.datetime
) -> None:
    """Give the applicant the role for the subject, once: with the note of it or not at all."""
    case, act = pending.case, pending.act
    with transaction.atomic():
        account = Account.objects.filter(login=case.applicant).first()
        if account is None:
            raise _trouble(
                "OUTCOME_NOBODY", "申请人的账号已不存在", "the applicant's account is no more",
                remedy=Text("请核对申请人", "look into who applied"),
            )  # fmt: skip
        given = give_grant(
            actor=OPERATOR, declarations=declarations, account=account, role=role,
            subject_code=case.about.code, reason=f"case/{case.number}/{act.number}",
            valid_from=today(now), now=now,
        )  # fmt: skip
        note_effect(case=case.number, act=act.number, now=now, grant=given.pk)


def _delay(pending: PendingOutcome, clock: str, now: dt.datetime) -> None:
    """Keep the looks of the body from the subject until the clock ends: with the note of it or not
    at all. Looks wait from the moment at which it was approved: what was told before stays told."""
    case, act = pending.case, pending.act
    state = case.standing.clocks[clock]
    until = state.done or (state.due + dt.timedelta(days=1) if state.due else None)
    signed = [one.actor for one in case.rows if one.party == "signer"]
    assert until is not None, f"case {case.number}: the clock {clock} is paused"
    assert signed, f"case {case.number}: nobody who signs approved"
    begun = next(one for one in case.rows if one.outcome == act.outcome)
    with transaction.atomic():
        delay_looks(
            actor=OPERATOR, code=case.about.code, body=case.office, since=begun.at,
            until=until, case=case.number, act=act.number, reason=case.rows[0].reason,
            basis=case.version.by_clock[clock].basis, asked_by=case.rows[0].actor,
            approved_by=signed[0], now=now,
        )  # fmt: skip
        note_effect(case=case.number, act=act.number, now=now)


def _deliver(
    home: Home, declarations: Declarations, pending: PendingOutcome, row: _Row, now: dt.datetime
) -> int:
    key = _key(pending.act)
    offer = Offer(
        resource=row.resource,
        agency=row.agency,
        channel="case",
        file_name=f"{key.replace('/', '-')}.csv",
        intent=row.intent,
        linked_to=row.linked_to,
        idempotency_key=key,
    )
    text = one_row(headers=row.headers, values=row.values)
    stream = io.BytesIO(text.encode("utf-8", "replace"))
    with transaction.atomic():
        return accept(
            home=home, stream=stream, offer=offer, declarations=declarations, actor=OPERATOR,
            now=now,
        ).number  # fmt: skip


def _row(home: Home, declarations: Declarations, pending: PendingOutcome) -> _Row:
    outcome = pending.case.process.by_outcome[pending.act.outcome]
    if outcome.amends or outcome.withdraws:
        return _told_again(home, declarations, pending, outcome)
    return _fresh(declarations, pending, outcome)


def _told_again(
    home: Home, declarations: Declarations, pending: PendingOutcome, outcome: CaseOutcome
) -> _Row:
    """The row by which the record was told, with what the outcome names changed."""
    about = _now(pending, outcome)
    if about is None:
        raise _trouble(
            "OUTCOME_GONE",
            "这条记录已被撤回，没有可更正的内容",
            "the record was withdrawn meanwhile, so there is nothing to amend",
            remedy=Text("请核对后结案", "look into it, then close the case"),
        )
    source = Delivery.objects.get(number=about.delivery)
    raw = read_again(source=source, row=about.row, home=home)
    if raw is None or raw.erased or not raw.cells:
        raise _trouble(
            "OUTCOME_UNREAD",
            "原交付的行已不能读取",
            "the row by which it was told cannot be read any more",
            remedy=Text("请由数源单位另行交付更正", "let the source deliver the correction"),
        )
    layout = layout_of(source)
    changed = {} if outcome.withdraws else _changed(declarations, layout, pending, outcome, about)
    headers = tuple(column.header for column in layout.resource.columns)
    return _Row(
        resource=source.resource,
        agency=source.agency,
        headers=headers,
        values={**raw.cells, **changed},
        intent="withdraw" if outcome.withdraws else "report",
        linked_to=source.number,
    )


def _amended(pending: PendingOutcome) -> About:
    """Of what the outcome tells: the record of the case, or the one that its subject has of the
    kind that is amended."""
    outcome = pending.case.process.by_outcome[pending.act.outcome]
    return _now(pending, outcome) or pending.case.about


def _now(pending: PendingOutcome, outcome: CaseOutcome) -> About | None:
    about = pending.case.about
    if outcome.amended_of:
        return current_of(about=about, kind=outcome.amended_of)
    return now_of(about)


def _fresh(declarations: Declarations, pending: PendingOutcome, outcome: CaseOutcome) -> _Row:
    """A new row, in the name of the body that handles the case."""
    layout = Layout.of(declarations=declarations, resource=outcome.resource)
    about = now_of(pending.case.about) or pending.case.about
    return _Row(
        resource=outcome.resource,
        agency=pending.case.office,
        headers=tuple(column.header for column in layout.resource.columns),
        values=_changed(declarations, layout, pending, outcome, about),
    )


def _changed(
    declarations: Declarations,
    layout: Layout,
    pending: PendingOutcome,
    outcome: CaseOutcome,
    about: About,
) -> dict[str, str]:
    words = _words(declarations, pending, about)
    changed = {}
    for name, template in outcome.row.items():
        column = _column(layout, _filled(name, words))
        changed[column.header] = _spelled(layout, column, _filled(template, words))
    return changed


def _column(layout: Layout, name: str) -> Column:
    """The column of this header, or the one that fills this field of the kind."""
    if name in layout.resource.by_header:
        return layout.resource.by_header[name]
    found = [column for column in layout.resource.columns if column.field == name]
    if found:
        return found[0]
    field = layout.kind.by_field.get(name)
    zh, en = (field.zh, field.en) if field else (name, name)
    raise _trouble(
        COLUMN,
        f"交付这条记录的格式“{layout.resource.zh}”没有“{zh}”一栏",
        f"the layout it was told in, “{layout.resource.en}”, has no column for “{en}”",
        remedy=Text("请由数源单位按新格式交付更正", "let the source deliver it in a newer layout"),
    )


def _spelled(layout: Layout, column: Column, value: str) -> str:
    """A code as the layout writes it: by its own map, else in words."""
    listed = layout.codes.get(column.codes) if column.codes else None
    if listed is None or value not in listed.by_code:
        return value
    written = [given for given, code in column.map.items() if code == value]
    return written[0] if written else listed.by_code[value].zh


def _words(declarations: Declarations, pending: PendingOutcome, about: About) -> dict[str, str]:
    """What the templates of an outcome may name."""
    case, act = pending.case, pending.act
    form = {field.id: "" for step in case.process.steps for field in step.form}
    form |= {name: value for one in case.rows for name, value in one.form.items()}
    kind = declarations.kinds.get(about.kind)
    body = dict.fromkeys(kind.by_field if kind else (), "") | dict(about.body)
    subject = Subject.objects.filter(pk=about.subject).first()
    office = declarations.agencies.get(case.office)
    return {
        "subject.code": about.code,
        "subject.name": subject.name if subject else about.name,
        "case.number": case.number,
        "case.opened": case.rows[0].on.isoformat(),
        "step.date": act.on.isoformat(),
        "step.reason": act.reason,
        "office.code": office.uscc if office else "",
        "office.name": office.zh if office else case.office,
        **{f"due.{name}": c.due.isoformat() for name, c in case.standing.clocks.items() if c.due},
        **{f"record.{name}": str(value) for name, value in body.items()},
        **({"record.label": kind.zh} if kind else {}),
        **{f"form.{name}": value for name, value in (form | act.form).items()},
        **rested_words(
            declarations=declarations, process=case.process, about=about, form=form | act.form
        ),
    }


def _filled(template: str, words: dict[str, str]) -> str:
    """The template with its words, once: braces in what somebody typed stay as they are."""
    unknown = sorted(set(NAMED.findall(template)) - words.keys())
    if unknown:
        raise _trouble(
            "OUTCOME_WORD",
            f"办理中没有“{unknown[0]}”的内容",
            f"the case says nothing for “{unknown[0]}”",
            remedy=Text("请核对申报的办理事项", "look into the declaration of the process"),
        )
    return NAMED.sub(lambda found: words[found[1]], template)


def _trouble(code: str, zh: str, en: str, *, remedy: Text) -> Refusal:
    return Refusal(code=code, what=Text(zh, en), rule="decision 29", remedy=remedy)
