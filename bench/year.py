"""What happens in a year of the sample province: what is decided, told when, and changed."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from yuexin.base.dates import Calendar, add_months
from yuexin.engines.declare.types import Declarations
from yuexin.sample.agencies import Signatures, agency_of
from yuexin.sample.dice import Dice
from yuexin.sample.layout import Row, layout
from yuexin.sample.licences import Licences
from yuexin.sample.offences import offences
from yuexin.sample.penalties import Penalties
from yuexin.sample.register import registrations
from yuexin.sample.schedule import Times, worked_day
from yuexin.sample.subjects import Subject
from yuexin.sample.subjects import subjects as every_subject
from yuexin.sample.told import Told

SEED: Final = 20160624
PENALTIES: Final = 0.9
"""How many a subject has on average in four years: many more than in life, so that a year tells."""
ENTRY: Final = "abnormal_operation"
STATE: Final = {"penalty": "CF_ZT", "licence": "XK_ZT"}
WITHHELD: Final = {"penalty": "CF_BGSYY", "licence": "XK_BGSYY"}
CONTENT: Final = {"penalty": "CF_SY", "licence": "XK_NR"}
FATES: Final = {
    "penalty": ("",) * 70 + ("repaired",) * 12 + ("objection",) * 5 + ("amended",) * 4
    + ("annulled",) * 3 + ("sealed",) * 1 + ("withheld",) * 3 + ("taken_back",) * 2,
    "licence": ("",) * 84 + ("annulled",) * 4 + ("objection",) * 4 + ("amended",) * 4
    + ("withheld",) * 2 + ("taken_back",) * 2,
}  # fmt: skip
WORDS: Final = {
    "repaired": "已修复", "annulled": "撤销", "sealed": "封存", "objection": "异议",
    "valid": "有效",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Event:
    """One row as it is sent on a day, or taken back."""

    day: dt.date
    kind: str
    agency: str
    row: Mapping[str, str] = field(hash=False)
    withdraws: bool = False

    @property
    def resource(self) -> str:
        return "penalties_2018" if self.kind == "penalty" else "licences_2018"

    @property
    def key(self) -> tuple[str, str, str]:
        """The fact that is told: its document, who decided, and the party."""
        if self.kind == ENTRY:
            return self.row["列入决定文书号"], "", self.row["统一社会信用代码"]
        prefix, decider = ("CF", "CF_CFJGDM") if self.kind == "penalty" else ("XK", "XK_XKJGDM")
        return self.row[f"{prefix}_WSH"], self.row[decider], self.row[f"{prefix}_XDR_SHXYM"]


class Year:
    """A year that ends on `today`, of so many subjects."""

    def __init__(self, *, subjects: int, today: dt.date, declarations: Declarations) -> None:
        self.first = add_months(today, -12) + dt.timedelta(days=1)
        self.today = today
        self._declarations = declarations
        self._dice = Dice(seed=SEED, purpose="a lawful year")
        self._times = Times(today=today)
        self._calendar = Calendar()
        self._subjects = tuple(every_subject(count=subjects, seed=SEED, times=self._times))

    @property
    def register(self) -> Iterator[tuple[str, str, bytes]]:
        """Each register as a file: resource, agency, contents."""
        rows: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for subject in self._subjects:
            *_, told = registrations(subject, self._times)
            rows[told.resource, told.agency].append(told.row)
        for (resource, agency), found in rows.items():
            yield resource, agency, self._file(resource, found)

    @property
    def firms(self) -> list[str]:
        """The codes of those on the register."""
        return [subject.code for subject in self._subjects]

    def events(self) -> list[Event]:
        """All that is sent, day by day; what was decided before the year comes on its first day."""
        found = [event for told in self._told() for event in self._course(told)]
        return sorted(found, key=lambda one: (one.day, one.resource, one.agency, one.key))

    def file(self, events: Sequence[Event]) -> bytes:
        """Rows of one resource as an agency's CSV."""
        headers = [c.header for c in self._declarations.resources[events[0].resource].columns]
        out = io.StringIO()
        writer = csv.DictWriter(out, headers, restval="")
        writer.writeheader()
        writer.writerows(one.row for one in events)
        return out.getvalue().encode()

    def _file(self, resource: str, rows: Sequence[Row]) -> bytes:
        shape = layout(declarations=self._declarations, resource=resource)
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow([column.header for column in shape.columns])
        writer.writerows(shape.cells(row) for row in rows)
        return out.getvalue().encode()

    def _told(self) -> Iterator[Told]:
        signatures = Signatures(self._declarations.agencies)
        dice, times = self._dice, self._times
        penalties = Penalties(dice=dice, times=times, signatures=signatures, contradicted=0)
        licences = Licences(dice=dice, times=times, signatures=signatures)
        for subject in self._subjects:
            yield from (one for one in licences.told(subject) if one.resource == "licences_2018")
            for nth in range(dice.events(PENALTIES)):
                day = self._decided(subject)
                if day:
                    agency = agency_of(subject)
                    offence = dice.pick(offences(agency, subject.trade.field))
                    yield penalties.firm(subject, agency, offence, nth, day)

    def _decided(self, subject: Subject) -> dt.date | None:
        """Half of the decisions fall into the year."""
        dice, last = self._dice, min(subject.ended_on or self.today, self.today)
        near = dice.chance(0.5)
        first = max(subject.established, self.first if near else add_months(self.today, -48))
        return worked_day(dice.date(first, last), earliest=first) if first <= last else None

    def _course(self, told: Told) -> Iterator[Event]:
        """How a decision is told, and what becomes of it."""
        kind = "penalty" if told.resource == "penalties_2018" else "licence"
        shape = layout(declarations=self._declarations, resource=told.resource)
        cells = dict(zip((c.header for c in shape.columns), shape.cells(told.row), strict=True))
        if self._dice.chance(0.7):
            # What the agency itself says of the end is left out mostly, so that the terms tell.
            cells.pop("CF_GSJZQ", None)
        decided = dt.date.fromisoformat(told.row["decision_date"])
        workdays = self._dice.between(0, 12)
        came = max(self._calendar.add_workdays(decided, workdays).date, self.first)
        if came > self.today:
            return
        event = Event(day=came, kind=kind, agency=told.agency, row=cells)
        yield event
        yield from self._fate(event)

    def _fate(self, first: Event) -> Iterator[Event]:
        fate = self._dice.pick(FATES[first.kind])
        day = self._dice.date(first.day + dt.timedelta(days=1), self.today)
        after = self._dice.date(day + dt.timedelta(days=1), self.today)
        if not fate or day <= first.day:
            return
        state, content = STATE[first.kind], CONTENT[first.kind]
        if fate == "taken_back":
            yield replace(first, day=day, withdraws=True)
        elif fate == "amended":
            yield _again(first, day, {content: f"{first.row[content]}（更正）"})
        elif fate == "withheld":
            yield _again(first, day, {WITHHELD[first.kind]: "商业秘密"})
            if after > day:
                yield _again(first, after, {content: "（恢复公示）内容"})
        else:
            yield _again(first, day, {state: WORDS[fate]})
            if fate == "objection" and after > day:
                yield _again(first, after, {state: WORDS["valid"], content: "（异议后）内容"})


def _again(first: Event, day: dt.date, changed: Mapping[str, str]) -> Event:
    """The same decision told once more, with something changed."""
    return replace(first, day=day, row={**first.row, **changed})
