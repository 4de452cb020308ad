"""The lists in which a subject stands, as a reader of its file is told of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Final, Literal, Protocol
from uuid import UUID

from yuexin.base.text import Text
from yuexin.domains.credit.present import cited, remedies
from yuexin.domains.credit.types import Entry, Listing, WayOff
from yuexin.domains.subjects.verdicts import from_then_on
from yuexin.engines.access.queries import told_of_list
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations, Regime, RegimeVersion, Transition
from yuexin.engines.rules.queries import regime_rules, standing
from yuexin.engines.rules.types import Standing

ONE_DAY: Final = dt.timedelta(days=1)
TONES: Final[Mapping[str, Literal["good", "warn", "bad"]]] = {
    "adverse": "bad",
    "attention": "warn",
    "honour": "good",
}
NOT_CONFIRMED: Final = Text(
    "此名单现行规定的期限或者衔接办法尚待主管部门确认，从轻执行。",
    "The term or transition of the law of this list is still to be confirmed; the milder holds.",
)


class Looking(Protocol):
    """What of a reader is asked for here."""

    @property
    def declarations(self) -> Declarations: ...
    @property
    def actor(self) -> Actor: ...
    @property
    def on(self) -> dt.date: ...
    @property
    def today(self) -> dt.date: ...
    @property
    def codes(self) -> tuple[str, ...]: ...
    @property
    def own(self) -> str: ...


def lists_of(*, reader: Looking, subject: UUID, entries: Sequence[Entry]) -> tuple[Listing, ...]:
    """The lists in which a subject stands today, as far as the reader is told of them, by the
    stored verdicts. What would have been said on a past day is not kept."""
    if reader.on < reader.today:
        return ()
    rules = regime_rules(declarations=reader.declarations)
    rows = from_then_on(subject=subject, rules=rules, on=reader.today)
    found = standing(declarations=reader.declarations, verdicts=rows, on=reader.today)
    shown = {str(entry.record): entry for entry in entries}
    told = ((item, [shown[one] for one in item.records if one in shown]) for item in found)
    return tuple(
        _listing(reader, item, seen) for item, seen in told if _is_told(reader, item, seen)
    )


def _is_told(reader: Looking, item: Standing, seen: Collection[Entry]) -> bool:
    return told_of_list(
        declarations=reader.declarations,
        actor=reader.actor,
        regime=item.regime,
        sees_entry=bool(seen),
        codes=reader.codes if reader.own else (),
    )


def _listing(reader: Looking, item: Standing, seen: Sequence[Entry]) -> Listing:
    regime, declarations = item.regime, reader.declarations
    power = declarations.kinds[regime.kind].decision
    days = [entry.event_date for entry in seen if entry.event_date]
    since = max(days, default=None)
    return Listing(
        regime=regime.id,
        label=regime.label,
        tone=TONES[regime.tone],
        since=since,
        last_day=_last_day(reader, item, seen),
        disputed=item.disputed,
        counts=item.counts,
        provisional=not_confirmed(item.version, since=since),
        follow_up=Text(regime.follow_up_zh, regime.follow_up_en),
        ways=ways_off(declarations=declarations, regime=regime, on=reader.today),
        basis=law_of(declarations=declarations, version=item.version, on=reader.today),
        remedies=remedies(
            declarations=declarations,
            decided=since or reader.today,
            on=reader.today,
            against=power,
            kind=regime.kind,
        )
        if regime.tone != "honour"
        else (),
        record=seen[0].record if seen else None,
    )


def _last_day(reader: Looking, item: Standing, seen: Sequence[Entry]) -> dt.date | None:
    """The last day by time alone. Whoever is not told what the rule says is told what the
    publicity of the entries that he sees says: what was delivered of their end may be closed."""
    if _is_told(reader, item, ()):
        return item.last_day
    ends = [entry.shown_until for entry in seen]
    if not ends or None in ends:
        return None
    return max(end for end in ends if end) - ONE_DAY


def not_confirmed(version: RegimeVersion | None, *, since: dt.date | None = None) -> Text | None:
    """What of the law of a list nobody has confirmed yet, and is about an entry of this day where
    one is given."""
    if version is None or version.settled:
        return None
    said: RegimeVersion | Transition = version
    carried = version.transition
    if carried and not carried.confirmed and (since is None or since < version.valid_from):
        said = carried if carried.note_zh or version.confirmed else version
    elif version.confirmed:
        return None
    return Text(said.note_zh, said.note_en) if said.note_zh else NOT_CONFIRMED


def ways_off(*, declarations: Declarations, regime: Regime, on: dt.date) -> tuple[WayOff, ...]:
    """How one gets off a list."""
    return tuple(
        WayOff(
            label=way.label,
            earliest_months=way.earliest_months,
            basis=cited(laws=declarations.laws, basis=[way.basis], on=on),
            confirmed=way.confirmed,
        )
        for way in regime.exits
    )


def law_of(
    *, declarations: Declarations, version: RegimeVersion | None, on: dt.date
) -> tuple[Text, ...]:
    """The law by which a list stands on a day."""
    return cited(laws=declarations.laws, basis=version.basis, on=on) if version else ()
