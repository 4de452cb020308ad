"""Subject rules in bulk: one statement for all subjects and all rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any, Final

import duckdb
import polars as pl

from yuexin.base.dates import Calendar
from yuexin.base.memo import Memo
from yuexin.engines.declare.types import RecordKind, SubjectRule
from yuexin.engines.rules import session
from yuexin.engines.rules.frames import column_type, narrowed
from yuexin.engines.rules.verdicts import ENTRIES, Plan, Segment, plan, segments

INTERVALS: Final = 8
_ENTRY: Final = {"pos": pl.Int64(), "subject": pl.String(), "on_date": pl.Date()}
_FOUND: Final = {"value": pl.String(), "until": pl.Date(), "reasons": pl.String()}
_VALUED: Final = {"value": pl.String(), "until": pl.Date()}
_RULE: Final = {"number": pl.Int64(), "rule": pl.String()}
_RECORD: Final = {"subject": pl.String(), "record": pl.String()}
_JUDGED: Final = {**_ENTRY, **_RULE, **_FOUND}
_SAID: Final = {"on_date": pl.Date(), **_RULE, **_FOUND}
MOST_SAID: Final = 20_000
MOST_PLANS: Final = 256
_bound: Final = Memo[tuple[str, str], pl.DataFrame](2_048)

Chosen = tuple[tuple[int, Segment], ...]
Key = tuple[tuple[int, dt.date | None], ...]
Told = tuple[Any, ...]
Silence = Mapping[Told, dt.date]
"""What a rule says without records, each from a day on until its own `until`."""
Records = Mapping[str, pl.DataFrame]
Columns = Mapping[str, pl.DataType]


class SubjectProgram:
    """Subject rules, compiled and bound. Any rule that is not in order is refused here, but where
    each of them was `bound` before.

    Periods end by the working days of the `calendar`, or of what is announced where none is given.
    Judges any number of subjects by the same statement: one subject gives what it gives among all.
    Remembers at most `most_said` answers about whoever has no records.
    """

    def __init__(
        self,
        rules: Sequence[SubjectRule],
        kinds: Mapping[str, RecordKind],
        *,
        calendar: Calendar | None = None,
        bound: bool = False,
        most_said: int = MOST_SAID,
    ) -> None:
        self._rules = tuple(rules)
        self._kinds = kinds
        self._calendar = calendar or Calendar()
        self._segments = [segments(rule.versions) for rule in rules]
        self._plans = Memo[tuple[Key, bool], Plan](MOST_PLANS)
        self._kinds_of: dict[tuple[int, dt.date | None], frozenset[str]] = {}
        self._said: dict[tuple[int, dt.date | None], Silence] = {}
        self._most_said = most_said
        if not bound:
            self._bind()

    @property
    def needed(self) -> dict[str, frozenset[str]]:
        """The fields, by kind, that any version reads, beside `subject` and `record`."""
        needed: dict[str, frozenset[str]] = {}
        for number, spans in enumerate(self._segments):
            for span in spans:
                for kind, columns in self._plan(((number, span),), own_on=True).columns.items():
                    needed[kind] = needed.get(kind, frozenset()) | columns
        return needed

    def evaluate(self, subjects: Sequence[str], records: Records, on: dt.date) -> pl.DataFrame:
        """Judge each subject by each rule, in the version in force on `on`.

        One row per subject and rule, in the order given: `subject`, `rule`, `value` (outcome,
        `otherwise`, or NULL for unknown), `until` (the first later day on which time alone could
        change the value, or NULL), `reasons` (JSON: text, truth and records of each conjunct of
        the outcome that decided; of every conjunct where none did).

        `records` holds one frame per kind with `subject`, `record` and the fields in `needed`.
        """
        judged = self._judge_all(subjects, records, on)
        return judged.select("subject", "rule", "value", "until", "reasons")

    def everybody(self, records: Records, on: dt.date) -> dict[str, pl.DataFrame]:
        """What `evaluate` says of each subject that has a record of any kind that is read, without
        the reasons: by rule `subject`, `value`, `until`, the subjects in the same order in each.

        No ids of records are needed, and subjects may go by any type, the same in all frames:
        numbers are compared faster than ids.
        """
        compiled = self._plan(self._in_force(on), own_on=False)
        types = {frame.schema["subject"] for frame in records.values()}
        own = {"subject": types.pop() if types else pl.String()}
        frames = self._tables(compiled, records, own)
        if not frames:
            none = pl.DataFrame(schema={**own, **_VALUED})
            return {rule.id: none for rule in self._rules}
        wide = session.run(compiled.everybody, frames=frames, parameters={"on": on})
        return {
            rule.id: wide.select("subject", value=f"value{i}", until=f"until{i}")
            for i, rule in enumerate(self._rules)
        }

    def timeline(
        self,
        subjects: Sequence[str],
        records: Records,
        on: dt.date,
        limit: int = INTERVALS,
    ) -> pl.DataFrame:
        """The verdicts from `on` onwards as intervals [valid_from, valid_until), by these records.

        At most `limit` intervals for a subject and rule, chained; a last `valid_until` that is not
        NULL means that time goes on changing. Ordered by subject, rule and time; columns `subject`,
        `rule`, `valid_from`, `valid_until`, `value`, `reasons`.
        """
        found = [self._judge_all(subjects, records, on)]
        for _ in range(limit - 1):
            pending = found[-1].filter(pl.col("until").is_not_null())
            if pending.is_empty():
                break
            found.append(self._judge_again(pending, records))
        return (
            pl.concat(found)
            .sort("pos", "number", "on_date")
            .rename({"on_date": "valid_from", "until": "valid_until"})
            .select("subject", "rule", "valid_from", "valid_until", "value", "reasons")
        )

    def _judge_all(self, subjects: Sequence[str], records: Records, on: dt.date) -> pl.DataFrame:
        entries = pl.DataFrame(
            {"pos": range(len(subjects)), "subject": list(subjects)}, schema_overrides=_ENTRY
        )
        chosen = self._in_force(on)
        return self._judge(chosen, entries.with_columns(on_date=on), records, on)

    def _in_force(self, on: dt.date) -> Chosen:
        """Each rule in the version of that day."""
        return tuple(
            (number, next(span for span in spans if span.covers(on)))
            for number, spans in enumerate(self._segments)
        )

    def _judge_again(self, pending: pl.DataFrame, records: Records) -> pl.DataFrame:
        """Judge each verdict anew on the day on which it may change."""
        found = [pending.clear()]
        for number, spans in enumerate(self._segments):
            mine = pending.filter(pl.col("number") == number)
            entries = mine.select("pos", "subject", on_date="until").sort("pos")
            for span in spans:
                due = entries.filter(_within(span))
                if not due.is_empty():
                    found.append(self._judge(((number, span),), due, records, None))
        return pl.concat(found)

    def _judge(
        self,
        chosen: Chosen,
        entries: pl.DataFrame,
        records: Records,
        on: dt.date | None,
    ) -> pl.DataFrame:
        """Run the rules that read something of these subjects; what the others say of whoever has
        no records is the same for all, and known since it was asked first."""
        told = {kind for kind, frame in records.items() if not frame.is_empty()}
        read = tuple(one for one in chosen if not told.isdisjoint(self._reads(one)))
        silent = tuple(one for one in chosen if told.isdisjoint(self._reads(one)))
        judged = [pl.DataFrame(schema=_JUDGED)]
        judged += [self._run(some, entries, records, on) for some in self._by_kinds(read)]
        if silent:
            judged.append(self._unrecorded(silent, entries))
        return pl.concat(judged).sort("pos", "number")

    def _by_kinds(self, chosen: Chosen) -> list[Chosen]:
        """Together those that read the same kinds: a statement over all kinds takes longer to plan
        than all of these, and each of a new set of kinds would be another one."""
        found: dict[frozenset[str], list[tuple[int, Segment]]] = {}
        for one in chosen:
            found.setdefault(self._reads(one), []).append(one)
        return [tuple(some) for some in found.values()]

    def _unrecorded(self, chosen: Chosen, entries: pl.DataFrame) -> pl.DataFrame:
        """What rules say on the days of the entries where there is no record to read."""
        days = sorted(entries["on_date"].unique().to_list())
        rows = []
        for number, span in chosen:
            known = self._said.get((number, span.start), {})
            told = {day: _told_on(known, day) for day in days}
            if missing := [day for day in days if told[day] is None]:
                told |= self._ask_unrecorded((number, span), missing)
            rows += [(day, number, *(told[day] or ())) for day in days]
        said = pl.DataFrame(rows, schema=_SAID, orient="row")
        return entries.join(said, on="on_date").select(*_JUDGED)

    def _ask_unrecorded(
        self, one: tuple[int, Segment], days: Sequence[dt.date]
    ) -> dict[dt.date, Told]:
        """Ask one rule, since many in one statement take longer than each alone, and remember as
        much as there is room for: an answer holds until the day on which time could change it."""
        of_nobody = {"pos": range(len(days)), "subject": [""] * len(days), "on_date": list(days)}
        entries = pl.DataFrame(of_nobody, schema_overrides=_ENTRY)
        judged = self._run((one,), entries, {}, None)
        columns = [name for name in _SAID if name != "number"]
        found: dict[dt.date, Told] = {
            day: tuple(told) for day, *told in judged.select(columns).iter_rows()
        }
        if sum(map(len, self._said.values())) + len(found) > self._most_said:
            self._said = {}
        key = (one[0], one[1].start)
        known = dict(self._said.get(key, {}))
        for day, told in islice(found.items(), self._most_said):
            known[told] = min(day, known.get(told, day))
        self._said[key] = known
        return found

    def _reads(self, one: tuple[int, Segment]) -> frozenset[str]:
        """The kinds of records that a rule reads in this version."""
        key = (one[0], one[1].start)
        if key not in self._kinds_of:
            self._kinds_of[key] = frozenset(self._plan((one,), own_on=True).tables)
        return self._kinds_of[key]

    def _run(
        self,
        chosen: Chosen,
        entries: pl.DataFrame,
        records: Records,
        on: dt.date | None,
    ) -> pl.DataFrame:
        """Run one statement, and set its columns, three for each rule, below one another."""
        compiled = self._plan(chosen, own_on=on is None)
        parameters = {} if on is None else {"on": on}
        frames = {ENTRIES: entries, **self._tables(compiled, records, _RECORD)}
        wide = session.run(compiled.sql, frames=frames, parameters=parameters).sort("pos")
        parts = []
        for i, (number, _) in enumerate(chosen):
            rule = pl.lit(self._rules[number].id)
            named = entries.with_columns(number=pl.lit(number, dtype=pl.Int64()), rule=rule)
            found = wide.select(pl.col(f"{name}{i}").alias(name) for name in _FOUND)
            parts.append(named.hstack(found))
        return pl.concat([pl.DataFrame(schema=_JUDGED), *parts]).sort("pos", "number")

    def _tables(self, compiled: Plan, records: Records, own: Columns) -> dict[str, pl.DataFrame]:
        found = {}
        for kind, table in compiled.tables.items():
            columns = {**own, **self._columns(kind, compiled.columns[kind])}
            frame = records.get(kind, pl.DataFrame(schema=columns))
            found[table] = narrowed(frame, columns, what=kind)
        return found

    def _columns(self, kind: str, fields: frozenset[str]) -> dict[str, pl.DataType]:
        return {name: column_type(self._kinds[kind].readable[name]) for name in sorted(fields)}

    def _plan(self, chosen: Chosen, *, own_on: bool) -> Plan:
        key = (tuple((number, span.start) for number, span in chosen), own_on)
        rules = [(self._rules[number], span) for number, span in chosen]
        return self._plans.get(
            key,
            lambda: plan(rules=rules, kinds=self._kinds, calendar=self._calendar, own_on=own_on),
        )

    def _bind(self) -> None:
        """Run every version once over nothing, so that DuckDB's own refusals come at load. What
        was bound in this process, word for word, is bound."""
        for number, spans in enumerate(self._segments):
            for span in spans:
                chosen = ((number, span),)
                compiled = self._plan(chosen, own_on=True)
                types = {
                    kind: self._columns(kind, compiled.columns[kind]) for kind in compiled.tables
                }
                nothing = pl.DataFrame(schema=_ENTRY)
                try:
                    _bound.get(
                        (compiled.sql, str(types)),
                        partial(self._run, chosen, nothing, {}, None),
                    )
                except duckdb.Error as error:
                    place = f"rules/{self._rules[number].id}"
                    raise session.not_bound(place=place, error=error) from error


def _told_on(known: Silence, day: dt.date) -> Told | None:
    """What was told of this day already."""
    held = (told for told, since in known.items() if since <= day < (told[2] or dt.date.max))
    return next(held, None)


def _within(span: Segment) -> pl.Expr:
    day = pl.col("on_date")
    after = pl.lit(value=True) if span.start is None else day >= span.start
    return after if span.end is None else after & (day < span.end)
