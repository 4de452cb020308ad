"""The records that verdicts rest on, as far as they are open to the body that asks."""

from __future__ import annotations

import datetime as dt
import json
from collections import OrderedDict, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any, Final
from uuid import UUID

from yuexin.base.codes import is_sole_trader
from yuexin.domains.credit.handling.reading import Stored, stored
from yuexin.domains.credit.handling.types import Evidence, Late
from yuexin.domains.credit.present import headline
from yuexin.domains.credit.rows import Row
from yuexin.domains.credit.withholding import released, shows_all_that_is_public
from yuexin.engines.access.queries import disclose
from yuexin.engines.access.types import Actor
from yuexin.engines.cases.queries import flags_on
from yuexin.engines.declare.types import Declarations, RecordKind

OBJECTION: Final = "objection"
"""The code by which a list that declares no stages says that an entry is under objection."""
MOST_KEPT: Final = 50_000

_Key = tuple[str, str, dt.date, UUID, str]


class _Opened:
    """Which records a release showed on a day: it follows from what they say, so it is asked once.

    Safe to use from several threads.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[_Key, bool] = OrderedDict()
        self._lock = Lock()

    def known(self, keys: Iterable[_Key]) -> dict[_Key, bool]:
        with self._lock:
            return {key: self._kept[key] for key in keys if key in self._kept}

    def keep(self, found: Mapping[_Key, bool]) -> None:
        with self._lock:
            self._kept.update(found)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)


_opened: Final = _Opened()


@dataclass(frozen=True, kw_only=True)
class Records:
    """The records of a check. `withheld` are those that are not open to the body that asks."""

    shown: Mapping[UUID, Evidence]
    withheld: frozenset[UUID]

    def of(self, records: Iterable[UUID]) -> tuple[Evidence, ...]:
        return tuple(self.shown[record] for record in records if record in self.shown)

    def closed(self, records: Collection[UUID]) -> bool:
        """Whether none of these, if any, is open."""
        return bool(records) and all(record in self.withheld for record in records)


def evidence_of(
    *,
    declarations: Declarations,
    actor: Actor,
    records: Collection[UUID],
    late: Collection[Late],
    on: dt.date,
) -> Records:
    """What these records say to the actor, in a line each, and which of them he must not see."""
    found = stored(records=records, on=on)
    overdue = {(one.agency, one.resource) for one in late}
    by_kind: dict[str, list[Stored]] = defaultdict(list)
    for one in found.values():
        by_kind[one.row.kind].append(one)
    # What an open case marks as disputed, beside what its source says is.
    marked = flags_on(records=found)
    shown: dict[UUID, Evidence] = {}
    for name, some in by_kind.items():
        for row in _open_to(declarations, actor, name, some, on):
            stale = (row.agency, row.resource) in overdue
            seen = _evidence(declarations, actor, row, stale=stale)
            shown[row.record] = replace(seen, disputed=True) if row.record in marked else seen
    return Records(shown=shown, withheld=frozenset(found) - frozenset(shown))


def _open_to(
    declarations: Declarations, actor: Actor, kind: str, found: list[Stored], on: dt.date
) -> list[Row]:
    """The rows of one kind that the actor's release shows him."""
    opened = disclose(declarations=declarations, actor=actor, kind=declarations.kinds[kind])
    if not opened.allowed:
        return []
    release = opened.release
    trusted = shows_all_that_is_public(declarations=declarations, release=release, kind=kind)
    public = [one.row for one in found if trusted and one.public]
    others = [one.row for one in found if not (trusted and one.public)]
    return [*public, *_judged(declarations, release, kind, others, on)]


def _judged(
    declarations: Declarations, release: str, kind: str, rows: list[Row], on: dt.date
) -> list[Row]:
    """Those of the rows that a release shows, by its own rules."""
    keys = {row.record: _key(declarations, release, on, row) for row in rows}
    known = _opened.known(keys.values())
    asked = [row for row in rows if keys[row.record] not in known]
    if asked:
        open_now = {
            row.record
            for row in released(
                declarations=declarations, release=release, kind=kind, rows=asked, on=on
            )
        }
        fresh = {keys[row.record]: row.record in open_now for row in asked}
        _opened.keep(fresh)
        known |= fresh
    return [row for row in rows if known[keys[row.record]]]


def _key(declarations: Declarations, release: str, on: dt.date, row: Row) -> _Key:
    said = json.dumps(row.body, sort_keys=True, ensure_ascii=False)
    return (declarations.digest, release, on, row.record, f"{row.event_date}{said}")


def _evidence(declarations: Declarations, actor: Actor, row: Row, *, stale: bool) -> Evidence:
    kind = declarations.kinds[row.kind]
    opened = disclose(declarations=declarations, actor=actor, kind=kind)
    seen = {one.field: row.body.get(one.field) for one in opened.visible}
    return Evidence(
        record=str(row.record),
        kind=kind.id,
        label=kind.label_of(sole_trader=is_sole_trader(row.code)),
        headline=headline(declarations=declarations, kind=kind, body=seen),
        date=row.event_date,
        agency=row.agency,
        source=declarations.agencies[row.agency].label,
        disputed=_is_disputed(kind, row.body),
        stale=stale,
    )


def _is_disputed(kind: RecordKind, body: Mapping[str, Any]) -> bool:
    """By the stages of the kind where it declares them."""
    if kind.stages:
        return str(body.get(kind.stages.field) or "") in kind.stages.flagged
    # A list has no stages, which are of double publicity; what its regime calls disputed is an
    # outcome of a rule over all entries, and of one entry only its own state tells it.
    return any(field.codes and body.get(field.id) == OBJECTION for field in kind.fields)
