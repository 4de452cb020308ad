"""Small declarations and frames, made where a test needs them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

import polars as pl

from yuexin.engines.declare.types import (
    Field,
    Outcome,
    Parameter,
    RecordKind,
    ReleaseKind,
    RuleVersion,
    SubjectRule,
    Term,
    TermClass,
    TermVersion,
    Transition,
    TransitionClause,
    ValueType,
    Withhold,
)
from yuexin.engines.rules.frames import frame_schema

EVER = dt.date(2000, 1, 1)
KNOWN_ON = dt.date(2026, 6, 1)
TYPES: Mapping[str, ValueType] = {
    "decided": "date",
    "ends": "open_date",
    "amount": "money_wan",
    "points": "integer",
    "grave": "flag",
    "word": "text",
    "status": "code",
    "types": "code",
}


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def kind(name: str = "penalty") -> RecordKind:
    fields = tuple(
        Field(id=field, zh=field, en=field, type=type_, many=field == "types")
        for field, type_ in TYPES.items()
    )
    return RecordKind(
        id=name,
        zh=name,
        en=name,
        section="administration",
        temporal="event",
        basis=("law",),
        event_date="decided",
        headline=("word",),
        fields=fields,
    )


PENALTY = kind()
LICENCE = kind("licence")
KINDS = {"penalty": PENALTY, "licence": LICENCE}


def rows(*given: Mapping[str, object]) -> pl.DataFrame:
    """Records of a kind with what is given, the rest NULL, and their event dates."""
    schema = {**frame_schema(PENALTY), "event_date": pl.Date()}
    filled = [{**dict.fromkeys(schema), "event_date": row.get("decided"), **row} for row in given]
    for row in filled:
        # Polars makes NULL, in silence, of text that is given for a decimal.
        row["amount"] = None if row["amount"] is None else Decimal(str(row["amount"]))
    return pl.DataFrame(filled, schema=schema)


def records(*given: Mapping[str, object]) -> pl.DataFrame:
    """Records of subjects: `rows` with `subject` (a unless given) and `record` (1, 2, …)."""
    own = ("subject", "record")
    frame = rows(*({name: row[name] for name in row if name not in own} for row in given))
    ids = [str(row.get("record", number + 1)) for number, row in enumerate(given)]
    subjects = [str(row.get("subject", "a")) for row in given]
    return frame.with_columns(
        pl.Series("subject", subjects, dtype=pl.String()),
        pl.Series("record", ids, dtype=pl.String()),
    )


def term_class(
    name: str, when: str = "TRUE", *, months: int = 12, publish: bool = True
) -> TermClass:
    return TermClass(
        id=name, zh=name, en=name, when=when, publish=publish, months_max=months, basis="law"
    )


def term_version(
    start: str,
    *classes: TermClass,
    end: str = "",
    confirmed: bool = True,
    clause: TransitionClause = "old_law",
) -> TermVersion:
    """A version; whether it is confirmed is said of its transition as well."""
    return TermVersion(
        valid_from=day(start),
        valid_to=day(end) if end else None,
        law="law",
        confirmed=confirmed,
        transition=Transition(clause=clause, basis="law", confirmed=confirmed),
        classes=classes,
    )


def term(*versions: TermVersion, delivered_end: str = "") -> Term:
    return Term(
        id="shown",
        zh="shown",
        en="shown",
        kind="penalty",
        delivered_end=delivered_end,
        versions=versions,
    )


def release(*, term: str = "", **withhold: str) -> ReleaseKind:
    rules = tuple(
        Withhold(id=name, zh=name, en=name, when=when, basis="law")
        for name, when in withhold.items()
    )
    return ReleaseKind(kind="penalty", term=term, withhold=rules)


def rule_version(
    outcomes: Mapping[str, str], *, start: dt.date = EVER, end: dt.date | None = None
) -> RuleVersion:
    made = tuple(Outcome(id=name, zh=name, en=name, when=when) for name, when in outcomes.items())
    return RuleVersion(valid_from=start, valid_to=end, outcomes=made)


def rule(
    name: str = "watched",
    *,
    versions: Sequence[RuleVersion] = (),
    otherwise: str = "none",
    **outcomes: str,
) -> SubjectRule:
    """A rule of one version with these outcomes, or of the versions given."""
    return SubjectRule(
        id=name,
        zh=name,
        en=name,
        basis=("law",),
        otherwise=otherwise,
        versions=tuple(versions) or (rule_version(outcomes),),
        examples=(),
    )


def number(name: str, value: int, *, least: int = 1, most: int = 10) -> Parameter:
    return Parameter(
        id=name, zh=name, en=name, unit="years", value=value, minimum=least, maximum=most
    )
