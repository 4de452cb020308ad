"""One statement for many rules: aggregates, each conjunct's truth, the outcome, its reasons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from yuexin.base.dates import Calendar
from yuexin.engines.declare.types import Outcome, RecordKind, RuleVersion, SubjectRule, version_on
from yuexin.engines.rules import clock
from yuexin.engines.rules.dialect import conjuncts, parse, shown
from yuexin.engines.rules.gather import MAX_RECORDS, NO_RECORDS, Filter, Gather, Value
from yuexin.engines.rules.parameters import filled
from yuexin.engines.rules.render import Renderer, quoted
from yuexin.engines.rules.scopes import ON_DATE, SubjectScope

ENTRIES: Final = "entries"
CONSTANT_ON: Final = "CAST($on AS DATE)"
OWN_ON: Final = "e.on_date"
_ONE_DAY: Final = f"{CONSTANT_ON} AS {ON_DATE}"


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A span of days on which one version of a rule is in force, or none."""

    start: dt.date | None
    end: dt.date | None
    version: RuleVersion | None

    def covers(self, day: dt.date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A statement, the tables of kinds it reads, and the fields of each.

    `everybody`, where all are judged on one day, says of each subject that has a record what the
    other says of an entry, but for the reasons, which cost three quarters of it.
    """

    sql: str
    everybody: str
    tables: Mapping[str, str]
    columns: Mapping[str, frozenset[str]]


def segments(versions: Sequence[RuleVersion]) -> tuple[Segment, ...]:
    """All days, cut where the version changes. Where two hold, the later one does."""
    edges = sorted({v.valid_from for v in versions} | {v.valid_to for v in versions if v.valid_to})
    starts: list[dt.date | None] = [None, *edges]
    ends: list[dt.date | None] = [*edges, None]
    return tuple(
        Segment(start=start, end=end, version=version_on(versions, start) if start else None)
        for start, end in zip(starts, ends, strict=True)
    )


@dataclass(frozen=True, kw_only=True)
class _Part:
    """One conjunct: its column, its SQL, its text, and the aggregates it asks for."""

    column: str
    sql: str
    text: str
    aggregates: tuple[Filter | Value, ...]

    @property
    def reason(self) -> str:
        truth = f"{{'text': {quoted(self.text)}, 'truth': {self.column}, 'records': "
        return f"{truth}{self._records}}}"

    @property
    def _records(self) -> str:
        """The records that count, or where it is unknown, those of which it is unknown."""
        certain = _merged({f"r{item.number}" for item in self.filters})
        values = {f"y{item.number}" for item in self.aggregates if isinstance(item, Value)}
        unknown = _merged({f"q{item.number}" for item in self.filters} | values)
        return f"CASE WHEN {self.column} IS NULL THEN {unknown} ELSE {certain} END"

    @property
    def filters(self) -> list[Filter]:
        return [item for item in self.aggregates if isinstance(item, Filter)]


def _json(reasons: Sequence[str]) -> str:
    return f"CAST(to_json([{', '.join(reasons)}]) AS VARCHAR)"


def _merged(lists: Collection[str]) -> str:
    if len(lists) < 2:
        return next(iter(lists), NO_RECORDS)
    return f"list_sort(list_distinct(flatten([{', '.join(sorted(lists))}])))[1:{MAX_RECORDS}]"


@dataclass(frozen=True, kw_only=True)
class _Outcome:
    """One outcome: its conjuncts, and the next day on which time changes one of them."""

    id: str
    parts: tuple[_Part, ...]
    day: str
    day_sql: str

    @property
    def holds(self) -> str:
        return f"({' AND '.join(part.column for part in self.parts)})"


@dataclass(frozen=True, kw_only=True)
class _Verdict:
    """The columns of one rule."""

    number: int
    otherwise: str | None
    end: dt.date | None
    outcomes: tuple[_Outcome, ...]

    @property
    def truths(self) -> list[str]:
        parts = [f"{part.sql} AS {part.column}" for item in self.outcomes for part in item.parts]
        return [*parts, *(f"{item.day_sql} AS {item.day}" for item in self.outcomes)]

    @property
    def decided(self) -> list[str]:
        """The first outcome that is not false. Unknown decides too: it stops the search."""
        found = [f"WHEN {item.holds} IS NOT FALSE THEN {i}" for i, item in enumerate(self.outcomes)]
        if not found:
            return []
        return [f"CASE {' '.join(found)} ELSE {len(found)} END AS d{self.number}"]

    @property
    def explained(self) -> list[str]:
        """The reason of each conjunct, of which several choices are made up."""
        parts = [part for item in self.outcomes for part in item.parts]
        return [f"{part.reason} AS {part.column}_why" for part in parts]

    @property
    def results(self) -> list[str]:
        return [*self.values, f"{self._reasons} AS reasons{self.number}"]

    @property
    def values(self) -> list[str]:
        found = {"value": self._value, "until": self._until}
        return [f"{sql} AS {name}{self.number}" for name, sql in found.items()]

    @property
    def _value(self) -> str:
        values = [f"CASE WHEN {item.holds} THEN {quoted(item.id)} END" for item in self.outcomes]
        none = "CAST(NULL AS VARCHAR)" if self.otherwise is None else quoted(self.otherwise)
        return self._choose([*values, none])

    @property
    def _until(self) -> str:
        bound = [f"DATE '{self.end}'"] if self.end else []
        days = [item.day for item in self.outcomes]
        seen = [days[: i + 1] for i in range(len(days))]
        day = self._choose([clock.earliest([*some, *bound]) for some in [*seen, days]])
        return clock.in_calendar(f"({day})")

    @property
    def _reasons(self) -> str:
        """Of the outcome that decided; where none did, of all that did not."""
        if not self.outcomes:
            return "'[]'"
        one = [[f"{part.column}_why" for part in item.parts] for item in self.outcomes]
        every = [reason for reasons in one for reason in reasons]
        return self._choose([_json(some) for some in [*one, every]])

    def _choose(self, choices: Sequence[str]) -> str:
        if len(choices) == 1:
            return choices[0]
        cases = " ".join(f"WHEN {i} THEN {choice}" for i, choice in enumerate(choices[:-1]))
        return f"CASE d{self.number} {cases} ELSE {choices[-1]} END"


def plan(
    *,
    rules: Sequence[tuple[SubjectRule, Segment]],
    kinds: Mapping[str, RecordKind],
    calendar: Calendar,
    own_on: bool,
) -> Plan:
    """One statement for these rules, each in the version of its segment.

    With `own_on` each entry brings its `on_date`, else the statement takes the parameter `on`.
    """
    gather = Gather(kinds=kinds, calendar=calendar, on=OWN_ON if own_on else CONSTANT_ON)
    verdicts = [_verdict(number, rule, span, gather) for number, (rule, span) in enumerate(rules)]
    tables = {kind: f"kind{i}" for i, kind in enumerate(gather.columns)}
    columns = {kind: frozenset(read) for kind, read in gather.columns.items()}
    entries = (_of_own_days if own_on else _of_one_day)(gather, tables)
    return Plan(
        sql=_statement("pos", entries, verdicts, reasons=True),
        everybody=""
        if own_on or not tables
        else _statement("subject", _of_everybody(gather, tables), verdicts, reasons=False),
        tables=tables,
        columns=columns,
    )


def _of_own_days(gather: Gather, tables: Mapping[str, str]) -> list[str]:
    """Entries, each with a day of its own, and their aggregates by kind, all of them together."""
    stages = [f"e AS (SELECT pos, subject, {ON_DATE} FROM {ENTRIES})"]
    own = " JOIN e ON r.subject = e.subject"
    for i, (kind, table) in enumerate(tables.items()):
        stages.append(f"g{i} AS ({gather.group(kind, table, ids=True, by='e.pos', joined=own)})")
    joins = "".join(f" LEFT JOIN g{i} USING (pos)" for i in range(len(tables)))
    return [*stages, _together("pos", gather, f"e{joins}", on=ON_DATE, ids=True)]


def _of_one_day(gather: Gather, tables: Mapping[str, str]) -> list[str]:
    """The same of entries that are all judged on one day: grouped before they are joined."""
    joins = "".join(f" LEFT JOIN g{i} USING (subject)" for i in range(len(tables)))
    groups = _groups(gather, tables, ids=True)
    together = _together("pos", gather, f"{ENTRIES}{joins}", on=_ONE_DAY, ids=True)
    return [*groups, together]


def _of_everybody(gather: Gather, tables: Mapping[str, str]) -> list[str]:
    """The same of each subject that has a record of any of these kinds."""
    joins = "".join(f" FULL JOIN g{i} USING (subject)" for i in range(1, len(tables)))
    groups = _groups(gather, tables, ids=False)
    return [*groups, _together("subject", gather, f"g0{joins}", on=_ONE_DAY, ids=False)]


def _groups(gather: Gather, tables: Mapping[str, str], *, ids: bool) -> list[str]:
    return [
        f"g{i} AS ({gather.group(kind, table, ids=ids, by='r.subject')})"
        for i, (kind, table) in enumerate(tables.items())
    ]


def _together(key: str, gather: Gather, source: str, *, on: str, ids: bool) -> str:
    return f"j AS (SELECT {', '.join([key, on, *gather.joined(ids=ids)])} FROM {source})"


def _statement(
    key: str, entries: Sequence[str], verdicts: Sequence[_Verdict], *, reasons: bool
) -> str:
    """From the aggregates of each entry to each conjunct's truth, what decided, and the results."""
    stages = list(entries)
    truths = ", ".join(["*", *(column for item in verdicts for column in item.truths)])
    stages.append(f"c AS (SELECT {truths} FROM j AS e)")
    decided = [column for item in verdicts for column in item.decided]
    if reasons:
        decided += [column for item in verdicts for column in item.explained]
    stages.append(f"d AS (SELECT {', '.join(['*', *decided])} FROM c)")
    results = [c for item in verdicts for c in (item.results if reasons else item.values)]
    return f"WITH {', '.join(stages)} SELECT {', '.join([key, *results])} FROM d"


def _verdict(number: int, rule: SubjectRule, span: Segment, gather: Gather) -> _Verdict:
    version = span.version
    if version is None:
        # No version in force says nothing about anybody: unknown, not `otherwise`.
        return _Verdict(number=number, otherwise=None, end=span.end, outcomes=())
    outcomes = tuple(
        _outcome(f"{number}_{i}", item, version, f"rules/{rule.id} {version.valid_from}", gather)
        for i, item in enumerate(version.outcomes)
    )
    return _Verdict(number=number, otherwise=rule.otherwise, end=span.end, outcomes=outcomes)


def _outcome(
    name: str, outcome: Outcome, version: RuleVersion, rule: str, gather: Gather
) -> _Outcome:
    place = f"{rule} {outcome.id}"
    text = filled(version=version, text=outcome.when, place=place)
    names = {ON_DATE, *gather.kinds, *(f for kind in gather.kinds.values() for f in kind.readable)}
    tree = parse(text=text, names=names | {"event_date"}, place=place, aggregates=True)
    renderer = Renderer(scope=SubjectScope(gather), place=place, calendar=gather.calendar)
    parts = []
    for i, node in enumerate(conjuncts(tree)):
        gather.touched.clear()
        sql = renderer.condition(node)
        asked = tuple(gather.touched)
        parts.append(_Part(column=f"c{name}_{i}", sql=sql, text=shown(node), aggregates=asked))
    days = sorted({f"t{item.number}" for part in parts for item in part.filters})
    if renderer.flips:
        days.append(clock.next_flip(renderer.flips, gather.on))
    return _Outcome(id=outcome.id, parts=tuple(parts), day=f"s{name}", day_sql=clock.earliest(days))
