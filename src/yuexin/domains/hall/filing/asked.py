"""What an entity means to file: which filing, of which year or fact, and how it stands."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from yuexin.base.dates import read_date, today
from yuexin.domains.hall.filing.known import Held, held_of
from yuexin.domains.hall.filing.orders import ordered_until
from yuexin.domains.hall.filing.refusals import no_entity, no_such_thing
from yuexin.domains.hall.filing.types import Filled, Sent, State
from yuexin.domains.subjects.filers import Entity, entity_of
from yuexin.engines.access.queries import acts_for
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.queries import calendar_of, event_standing, year_standing
from yuexin.engines.declare.types import Declarations, Filed, Filing, Stand
from yuexin.engines.deliveries.models import Receipt
from yuexin.engines.deliveries.queries import filed as filed_under

MOST_FACTS = 9999
FILES: Final = "file_reports"


@dataclass(frozen=True, kw_only=True)
class Filer:
    """An entity that files one thing. `thing` is the year, or the number of the fact; `may_file`
    whether whoever asks was given the right to fill it in."""

    declarations: Declarations
    filing: Filing
    entity: Entity
    thing: str
    stand: Stand
    held: Held
    store: Path
    may_file: bool

    @property
    def class_id(self) -> str:
        return self.stand.filer.id if self.stand.filer else ""

    @property
    def where(self) -> str:
        return f"{self.filing.zh} {self.thing}"

    @property
    def key(self) -> str:
        """What the keys of its deliveries begin with."""
        return f"filing/{self.filing.id}/{self.entity.code}/{self.thing}/"

    @property
    def number(self) -> str:
        """The number of the filing. What is filed again under it is corrected."""
        kind = "NB" if self.filing.yearly else "JS"
        return f"{kind}-{self.entity.code}-{self.filing.order}-{self.thing}"

    def is_late(self, day: dt.date) -> bool:
        """Whether a filing of this day comes after the last one."""
        return self.stand.due is not None and day > self.stand.due.date

    def anew(self, *, on: dt.date, filled: Filled | None = None) -> Filer:
        """The same, as it stands now; a fact by the day that is filled in."""
        entity = entity_of(
            declarations=self.declarations, filing=self.filing, code=self.entity.code,
            thing=self.thing if self.filing.yearly else self.number,
        )  # fmt: skip
        if entity is None:
            raise no_entity(self.entity.code)
        sent = sent_of(self)
        entity = replace(entity, filed=_with_sent(entity.filed, sent, self, on))
        return replace(self, entity=entity, stand=stand_of(self, entity, on, filled))


def filer_of(
    *,
    declarations: Declarations,
    actor: Actor,
    filing: Filing,
    code: str,
    thing: str,
    store: Path,
    now: dt.datetime,
) -> Filer:
    """An entity with one thing to file. Raises a `Refusal` for an entity nothing came of, and a
    thing that cannot be."""
    if not thing.isdecimal() or not 1 <= int(thing) <= MOST_FACTS or thing != str(int(thing)):
        raise no_such_thing(thing[:20])
    entity = entity_of(declarations=declarations, filing=filing, code=code, thing=thing)
    if entity is None:
        raise no_entity(code)
    held = held_of(
        declarations=declarations, actor=actor, filing=filing, code=code, subject=entity.subject
    )
    begun = Filer(
        declarations=declarations, filing=filing, entity=entity, thing=thing,
        stand=Stand(standing="no_law"), held=held, store=store,
        may_file=acts_for(actor=actor, code=code, right=FILES),
    )  # fmt: skip
    return begun.anew(on=today(now))


def stand_of(filer: Filer, entity: Entity, on: dt.date, filled: Filled | None) -> Stand:
    """How it stands on a day. Of a fact whose day is not known yet, as if it were that day."""
    calendar = calendar_of(declarations=filer.declarations)
    if filer.filing.yearly:
        return year_standing(
            filing=filer.filing, period=int(filer.thing), entity=entity.filed, on=on,
            calendar=calendar,
        )  # fmt: skip
    typed = filled.values.get(filer.filing.event, "") if filled else ""
    event = read_date(typed) or entity.event_date or on
    return event_standing(
        filing=filer.filing, event=event, entity=entity.filed, on=on, calendar=calendar
    )


def sent_of(filer: Filer) -> tuple[Sent, ...]:
    """What was handed in of it, in the order of arrival."""
    return tuple(
        Sent(
            filing=filer.filing.id,
            code=filer.entity.code,
            thing=filer.thing,
            version=int(kept.submission.idempotency_key.rpartition("/")[2]),
            delivery=kept.number,
            sha256=kept.sha256,
            received_at=kept.received_at,
            state=state_of(receipt),
            late=filer.is_late(today(kept.received_at)),
        )
        for kept, receipt in filed_under(key=filer.key, store=filer.store)
    )


def state_of(receipt: Receipt | None) -> State:
    """What became of a delivery of one row."""
    if receipt is None:
        return "pending"
    if receipt.state == "refused" or receipt.rows_rejected:
        return "refused"
    return "waiting" if receipt.rows_waiting else "folded"


def _with_sent(filed: Filed, sent: tuple[Sent, ...], filer: Filer, on: dt.date) -> Filed:
    """What was sent counts from the day on which it arrived, folded or not."""
    days = [today(one.received_at) for one in sent if one.state != "refused"]
    first = min([*days, *([filed.first_filed] if filed.first_filed else [])], default=None)
    until = ordered_until(
        declarations=filer.declarations, filing=filer.filing, code=filer.entity.code,
        thing=filer.thing, on=on,
    )  # fmt: skip
    return replace(filed, first_filed=first, ordered_until=until)
