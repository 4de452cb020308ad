"""What stands against an entity: every adverse record, until when, and how it gets off."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from yuexin.domains.credit.queries import credit_file
from yuexin.domains.credit.types import Entry, Listing, Verdict
from yuexin.engines.access.types import PUBLIC, Actor
from yuexin.engines.cases.queries import flags_on
from yuexin.engines.declare.types import Declarations
from yuexin.faces.shared.cases import Side
from yuexin.faces.shared.casework import Ways, ways_of

COUNTER: Final = Side(
    by=("applicant",), at_office=False, case="counter:case", paper="counter:paper"
)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """An adverse record: whether the public reads it, and what the entity can do about it now, and
    from when on. `disputed` is the number of an open case that disputes it."""

    entry: Entry
    public: bool
    ways: Ways
    disputed: str = ""


@dataclass(frozen=True, kw_only=True)
class MyCredit:
    """`shown` are the adverse records that the public reads, `unseen` those that it does not, and
    `lists` the lists that the entity is on."""

    name: str
    code: str
    lists: tuple[Listing, ...]
    verdicts: tuple[Verdict, ...]
    shown: tuple[Standing, ...]
    unseen: tuple[Standing, ...]
    others: tuple[Standing, ...]


def my_credit(
    *, declarations: Declarations, actor: Actor, subject: UUID, code: str, now: dt.datetime
) -> MyCredit | None:
    """The entity's own standing today; none where nothing came of it. The look is journaled."""
    own = credit_file(actor=actor, code=code, on=None, now=now)
    public = credit_file(actor=PUBLIC, code=code, on=None, now=now)
    if own is None or public is None:
        return None
    shown = {entry.record: entry for entry in public.timeline}
    disputed = flags_on(records=[entry.record for entry in own.timeline])
    standings = [
        Standing(
            entry=shown.get(entry.record, entry),
            public=entry.record in shown,
            ways=ways_of(
                declarations=declarations,
                actor=actor,
                by=COUNTER.by,
                subject=subject,
                record=entry.record,
                kind=entry.kind,
                now=now,
            ),
            disputed=disputed.get(entry.record, ("", ""))[0],
        )
        for entry in own.timeline
        if entry.told_under == code
    ]
    return MyCredit(
        name=own.head.name,
        code=code,
        verdicts=own.head.verdicts,
        lists=own.lists,
        shown=tuple(one for one in standings if one.entry.adverse and one.public),
        unseen=tuple(one for one in standings if one.entry.adverse and not one.public),
        others=tuple(one for one in standings if not one.entry.adverse),
    )
