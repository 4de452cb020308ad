"""A rule or a term is in order when it compiles, binds, and its worked examples come out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import polars as pl

from yuexin.base.dates import Calendar
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.declare.types import (
    RecordKind,
    Release,
    ReleaseKind,
    SubjectRule,
    Term,
    TermExample,
)
from yuexin.engines.rules.dialect import refused
from yuexin.engines.rules.frames import text_frame
from yuexin.engines.rules.records import ReleaseProgram
from yuexin.engines.rules.scopes import EVENT_DATE
from yuexin.engines.rules.subjects import SubjectProgram

UNKNOWN: Final = "null"
SHOWN: Final = "shown"
EXAMPLE: Final = "example"
_ANY_DAY: Final = dt.date(2026, 1, 1)


def check_rule(
    rule: SubjectRule, kinds: Mapping[str, RecordKind], calendar: Calendar | None = None
) -> None:
    """Compile and bind every version, and run every worked example. Raises the first `Refusal`.

    An example that must stay undecided says `outcome: null`; the word unknown may be an outcome.
    """
    program = SubjectProgram(rules=[rule], kinds=kinds, calendar=calendar)
    if rule.scope == "public":
        _refuse_closed(rule, program.needed, kinds)
    for example in rule.examples:
        place = f"rules/{rule.id} “{example.name}”"
        records = {
            kind: example_frame(kinds[kind], example.records[kind], place)
            for kind in example.records
        }
        found = program.evaluate([EXAMPLE], records, example.on).row(0, named=True)
        value = UNKNOWN if found["value"] is None else str(found["value"])
        if value != example.outcome:
            raise example_failed(place, example.outcome, value, str(found["reasons"]))


def _refuse_closed(
    rule: SubjectRule, needed: Mapping[str, Iterable[str]], kinds: Mapping[str, RecordKind]
) -> None:
    """What everyone is told rests on what everyone may see."""
    for kind, fields in needed.items():
        closed = sorted(n for n in fields if kinds[kind].readable[n].scope != "public")
        if closed:
            raise refused(
                place=f"rules/{rule.id}",
                what=Text(
                    f"公开的规则读取了不公开的字段 {kind}.{closed[0]}",
                    f"a public rule reads {kind}.{closed[0]}, which is not public",
                ),
                remedy=Text("去掉 scope: public", "drop scope: public"),
            )


def check_term(term: Term, kinds: Mapping[str, RecordKind]) -> None:
    """Compile and bind a term, and run every worked example. Raises the first `Refusal`."""
    kind = kinds[term.kind]
    shown = ReleaseKind(kind=term.kind, term=term.id)
    program = ReleaseProgram(kind=kind, release_kind=shown, term=term)
    for example in term.examples:
        place = f"terms/{term.id} “{example.name}”"
        frame = example_frame(kind, [example.record], place)
        found = program.evaluate(frame, example.known_on).row(0, named=True)
        wanted = {name: getattr(example, name) for name in _wanted(example)}
        given = {name: found[name] for name in wanted}
        if given != wanted:
            raise example_failed(place, _said(wanted), _said(given))


def check_withholding(release: Release, kinds: Mapping[str, RecordKind]) -> None:
    """Compile and bind the withhold rules of a release, and run every worked example."""
    for item in release.kinds:
        # What the term makes of a record is worked out in the examples of the term.
        program = ReleaseProgram(kind=kinds[item.kind], release_kind=replace(item, term=""))
        for example in item.examples:
            place = f"releases/{release.id}/{item.kind} “{example.name}”"
            frame = example_frame(kinds[item.kind], [example.record], place)
            found = str(program.evaluate(frame, _ANY_DAY)["withheld"].item())
            if found != example.withheld:
                raise example_failed(place, example.withheld or SHOWN, found or SHOWN)


def _wanted(example: TermExample) -> list[str]:
    """What of the result an example speaks of. Of what is withheld no day need be said."""
    days = ["shown_until"] if example.shown_until or not example.withheld else []
    return ["term_class", "withheld", *days]


def _said(found: Mapping[str, object]) -> str:
    return ", ".join(f"{name}: {value}" for name, value in found.items())


def example_frame(kind: RecordKind, rows: Sequence[Mapping[str, str]], place: str) -> pl.DataFrame:
    """The rows of a worked example as a frame of one subject. Raises a `Refusal` that names what
    cannot be read."""
    unknown = sorted({name for row in rows for name in row} - set(kind.readable))
    if unknown:
        raise _unreadable(place, f"{kind.id}.{unknown[0]}")
    try:
        frame = text_frame(kind, rows)
    except pl.exceptions.PolarsError as error:
        raise _unreadable(place, str(error).splitlines()[0]) from error
    ids = pl.Series("record", [str(number + 1) for number in range(len(rows))], dtype=pl.String())
    event = pl.col(kind.event_date).alias(EVENT_DATE)
    return frame.with_columns(ids, event, subject=pl.lit(EXAMPLE))


def _unreadable(place: str, what: str) -> Refusal:
    return refused(
        place=place,
        what=Text(f"示例不可读：{what}", f"the example cannot be read: {what}"),
        remedy=Text(
            "日期写 2026-04-01，是非写 true 或 false，多值用 ; 分隔",
            "write dates as 2026-04-01, flags as true or false, several values with ;",
        ),
    )


def example_failed(place: str, wanted: str, found: str, reasons: str = "") -> Refusal:
    """The refusal of a worked example that comes out otherwise."""
    why = f": {reasons}" if reasons else ""
    return refused(
        place=place,
        what=Text(
            f"示例应为“{wanted}”，得到“{found}”{why}",
            f"the example must give “{wanted}” and gives “{found}”{why}",
        ),
        remedy=Text(
            "改声明或示例；空值即未知，确指“无”时用 coalesce",
            "change the declaration or the example; what is empty is unknown: write coalesce(…) "
            "where empty means none",
        ),
    )
