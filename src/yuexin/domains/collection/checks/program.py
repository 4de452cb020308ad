"""A resource's checks as one pass over a batch: typed fields, findings, and where each row goes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import polars as pl

from yuexin.domains.collection.checks.values import (
    INVISIBLE,
    INVISIBLE_IN_NAMES,
    TEN_THOUSAND,
    Typed,
    out_of_date,
    typed,
)
from yuexin.domains.collection.reading.batches import ROW
from yuexin.engines.declare.types import (
    AsTold,
    CodeList,
    Column,
    Declarations,
    NotAfter,
    RecordKind,
    RequiredWhen,
    Resource,
)

MARK = "!"
CONTROL, CODE_DATE = "CONTROL", "CODE_DATE"
LEGAL_REP = "legal_rep"
# An amount in digits, as prose tells it: 罚款人民币1,000元, 罚款17.8万元.
TOLD = r"(?:金额|共计|合计|共|为)*(?:人民币)?([0-9][0-9,]*(?:\.[0-9]+)?)(万?)元"
FINDINGS = {ROW: pl.Int64, "column": pl.String, "rule": pl.String, "value": pl.String}
IDENTIFIER_TYPES = frozenset({"uscc", "org_code", "reg_no"})


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What a batch is worth.

    `typed` holds `__row`, each declared header's value as `=header` and extra fields as `+field`;
    `findings` one row per finding; `rejected` and `doubtful` flag the rows of the batch; `filled`
    counts the cells of each column that hold something; `prints` are equal where rows are.
    """

    typed: pl.DataFrame
    findings: pl.DataFrame
    rejected: pl.Series
    doubtful: pl.Series
    filled: Mapping[str, int]
    prints: pl.Series


@dataclass(frozen=True, kw_only=True)
class CheckProgram:
    """The checks of one resource. Running it on one row or on a million is the same."""

    resource: Resource
    kind: RecordKind
    codes: Mapping[str, CodeList]

    @classmethod
    def of(cls, *, resource: Resource, declarations: Declarations) -> CheckProgram:
        kind = declarations.kinds[resource.kind]
        return cls(resource=resource, kind=kind, codes=declarations.codes)

    @cached_property
    def columns(self) -> dict[str, Typed]:
        return {
            column.header: typed(column, self.codes.get(column.codes))
            for column in self.resource.columns
        }

    @cached_property
    def unseen(self) -> dict[str, str]:
        """What may not stand in a text column. A name, unlike prose, has one line."""
        names = {self.resource.subject_name}
        names |= {column.header for column in self.resource.columns if column.field == LEGAL_REP}
        return {
            column.header: INVISIBLE_IN_NAMES if column.header in names else INVISIBLE
            for column in self.resource.columns
            if column.type in ("text", "code")
        }

    @cached_property
    def identifiers(self) -> tuple[str, ...]:
        """The columns that say whose a row is, the one that decides where it is filled first."""
        return tuple(item.column for item in self.resource.identifiers)

    @cached_property
    def flags(self) -> dict[str, pl.Expr]:
        """Every finding's condition by `column!rule`, over the cleaned text."""
        flags = {
            f"{header}{MARK}{rule}": condition
            for header, column in self.columns.items()
            for rule, condition in column.findings
        }
        for column in self.resource.columns:
            if column.required:
                flags[f"{column.header}{MARK}REQUIRED"] = pl.col(column.header).is_null()
        return flags

    def judged_by(self, rule: str) -> tuple[str, ...]:
        """The columns that this rule is asked of."""
        return tuple(
            header
            for header, column in self.columns.items()
            if rule in (name for name, _ in column.findings)
        )

    def run(self, *, frame: pl.DataFrame, received_on: pl.Expr) -> Checked:
        """Check a batch of text columns. `received_on` stands for `today` in date order rules."""
        seen, hidden = self._visible(frame)
        clean = seen.with_columns(*(self._clean(column) for column in self.resource.columns))
        values = clean.with_columns(
            *(column.value.alias(f"={header}") for header, column in self.columns.items()),
            *(e.alias(f"+{n}") for c in self.columns.values() for n, e in c.extra.items()),
        )
        flags = {
            **self.flags,
            **self._orders(received_on),
            **self._requirements(),
            **self._told(),
            **self._code_dates(received_on),
        }
        wide = values.select(
            ROW,
            pl.col(r"^[=+].*$"),
            *(flag.fill_null(value=False).alias(name) for name, flag in flags.items()),
            *hidden,
        )
        return self._sorted_out(frame, clean, wide, [*flags, *(mark.name for mark in hidden)])

    def excused(self, checked: Checked, *, cells: Sequence[tuple[int, str]]) -> Checked:
        """The same, but that nothing is found of cells that an order erased: they were there."""
        gone = pl.DataFrame(cells, schema={ROW: pl.Int64, "column": pl.String}, orient="row")
        findings = checked.findings.join(
            gone, on=[ROW, "column"], how="anti", maintain_order="left"
        )
        rejecting = [
            row
            for row, column, rule in findings.select(ROW, "column", "rule").iter_rows()
            if self.severity(column, rule) == "reject"
        ]
        rejected = checked.typed[ROW].is_in(rejecting)
        return replace(checked, findings=findings, rejected=rejected)

    def _visible(self, frame: pl.DataFrame) -> tuple[pl.DataFrame, list[pl.Series]]:
        """The text without characters nobody sees, and which cells held some."""
        held = frame.select(
            pl.col(header).str.contains(unseen).any() for header, unseen in self.unseen.items()
        )
        marks = []
        for header in (name for name, some in held.row(0, named=True).items() if some):
            text, unseen = frame[header], self.unseen[header]
            # What is trimmed at the ends anyway is no finding.
            inside = text.str.strip_chars().str.contains(unseen).fill_null(value=False)
            if inside.any():
                marks.append(inside.alias(f"{header}{MARK}{CONTROL}"))
                frame = frame.with_columns(text.str.replace_all(unseen, ""))
        return frame, marks

    def _clean(self, column: Column) -> pl.Expr:
        text = pl.col(column.header).str.strip_chars()
        if column.trim:
            text = text.str.strip_chars_end(column.trim + " ")
        blank = ["", *self.resource.blank]
        return pl.when(~text.is_in(blank)).then(text).alias(column.header)

    def _orders(self, received_on: pl.Expr) -> dict[str, pl.Expr]:
        return {
            f"{rule.first}{MARK}{rule.id}": _date_of(rule.first, received_on)
            > _date_of(rule.second, received_on)
            for rule in self.resource.not_after
        }

    def _requirements(self) -> dict[str, pl.Expr]:
        return {
            f"{rule.require}{MARK}{rule.id}": _contains(rule) & self._lacking(rule)
            for rule in self.resource.required_when
        }

    def _told(self) -> dict[str, pl.Expr]:
        return {f"{rule.column}{MARK}{rule.id}": _untold(rule) for rule in self.resource.as_told}

    def _code_dates(self, received_on: pl.Expr) -> dict[str, pl.Expr]:
        """Codes are judged on the day of an event. A state goes on from its event to the receipt:
        a firm of 2009 may well be in a state that the law has known since 2022."""
        events = [c.header for c in self.resource.columns if c.field == self.kind.event_date]
        first = pl.col(f"={events[0]}") if events else received_on
        last = received_on if self.kind.temporal == "state" else first
        dated = [c for c in self.resource.columns if c.codes and self.codes[c.codes].dated]
        return {
            f"{c.header}{MARK}{CODE_DATE}": out_of_date(c, self.codes[c.codes], first, last)
            for c in dated
        }

    def _lacking(self, rule: RequiredWhen) -> pl.Expr:
        """Blank, or not above 0 where it has to be; of what cannot be read its type says so."""
        blank = pl.col(rule.require).is_null()
        return blank | (pl.col(f"={rule.require}") <= 0) if rule.positive else blank

    def severity(self, column: str, rule: str) -> str:
        """What a finding does to its row: `reject`, `wait` or `warn`."""
        declared: dict[str, NotAfter | RequiredWhen | AsTold] = {
            **{item.id: item for item in self.resource.not_after},
            **{item.id: item for item in self.resource.required_when},
            **{item.id: item for item in self.resource.as_told},
        }
        if rule in declared:
            return declared[rule].severity
        if rule in (CONTROL, CODE_DATE) or (rule == "CODE_CHECK" and column in self.identifiers):
            return "warn"
        if rule == "CODE_LIST" and self.codes[self.resource.by_header[column].codes].open:
            return "warn"
        return "reject"

    def _identified(self, wide: pl.DataFrame) -> pl.DataFrame:
        """With `doubtful` where the first filled identifier fails its check. A later one that
        fails identifies nobody: it is left out, and the row goes on."""
        doubtful, decided = pl.lit(value=False), pl.lit(value=False)
        kept = []
        for header in self.identifiers:
            flag, value = f"{header}{MARK}CODE_CHECK", pl.col(f"={header}")
            if flag in wide.columns:
                doubtful = doubtful | (pl.col(flag) & ~decided)
                kept.append(pl.when(~(pl.col(flag) & decided)).then(value).alias(f"={header}"))
            decided = decided | value.is_not_null()
        return wide.with_columns(*kept, doubtful=doubtful)

    def _sorted_out(
        self, frame: pl.DataFrame, clean: pl.DataFrame, wide: pl.DataFrame, names: list[str]
    ) -> Checked:
        by_severity: dict[str, list[str]] = {"reject": [], "wait": [], "warn": []}
        for name in names:
            by_severity[self.severity(*name.split(MARK))].append(name)
        identified = self._identified(wide)
        return Checked(
            typed=identified.drop(*names, "doubtful"),
            findings=_listed(frame, wide, names),
            rejected=_any(wide, by_severity["reject"]),
            doubtful=identified["doubtful"] | _any(wide, by_severity["wait"]),
            filled=clean.select(pl.col(list(self.columns)).count()).row(0, named=True),
            prints=clean.select(list(self.columns)).hash_rows(),
        )


def _date_of(name: str, received_on: pl.Expr) -> pl.Expr:
    return received_on if name == "today" else pl.col(f"={name}")


def _contains(rule: RequiredWhen) -> pl.Expr:
    return pl.col(rule.column).str.contains(rule.contains, literal=True)


def _untold(rule: AsTold) -> pl.Expr:
    """Whether prose tells amounts, of which the value is none, nor their sum. Compared in fen."""
    found = pl.col(rule.within).str.extract_all(re.escape(rule.after) + TOLD)
    number = pl.element().str.extract(TOLD, 1).str.replace_all(",", "").cast(pl.Float64)
    unit = pl.when(pl.element().str.extract(TOLD, 2) == "万").then(TEN_THOUSAND).otherwise(1)
    # An amount beyond all bounds is nobody's: it becomes none, which no value equals.
    told = found.list.eval((number * unit * 100).round().cast(pl.Int64, strict=False))
    value = (pl.col(f"={rule.column}").cast(pl.Float64) * 100).round().cast(pl.Int64)
    return (told.list.len() > 0) & ~told.list.contains(value) & (told.list.sum() != value)


def _any(wide: pl.DataFrame, names: list[str]) -> pl.Series:
    if not names:
        return pl.Series("any", [False]).new_from_index(0, wide.height)
    return wide.select(pl.any_horizontal(names).alias("any")).to_series()


def _listed(frame: pl.DataFrame, wide: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    """One row per finding, with the text as delivered."""
    found: list[pl.DataFrame] = []
    for name in names:
        flag = wide[name]
        if not flag.any():
            continue
        column, rule = name.split(MARK)
        rows = frame.filter(flag).select(
            pl.col(ROW),
            pl.lit(column).alias("column"),
            pl.lit(rule).alias("rule"),
            pl.col(column).alias("value"),
        )
        found.append(rows)
    if not found:
        return pl.DataFrame(schema=FINDINGS)
    return pl.concat(found).sort(ROW, maintain_order=True)
