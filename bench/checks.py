"""Rows checked per second over the licence resource, against the bare Polars expressions.

The peer is what an engineer would write by hand for this one file: the same conditions on the same
columns, the check digits by the same function, no findings kept.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from bench.figure import Figure, paired
from yuexin.domains.collection.checks.codes import org_code_valid, reg_no_valid, uscc_valid
from yuexin.domains.collection.checks.program import CheckProgram
from yuexin.domains.collection.checks.values import INVISIBLE
from yuexin.domains.collection.reading.batches import opened
from yuexin.engines.declare.queries import current
from yuexin.engines.declare.types import Resource
from yuexin.sample.bench_files import write_licences

ROWS = 500_000
ROUNDS = 5
TODAY = pl.lit(dt.date(2026, 11, 24))


def figures() -> Iterator[Figure]:
    declarations = current()
    resource = declarations.resources["licences_2018"]
    program = CheckProgram.of(resource=resource, declarations=declarations)
    frames = _frames(resource)
    ours, theirs = paired(
        lambda: [program.run(frame=frame, received_on=TODAY) for frame in frames],
        lambda: [_bare(frame, resource) for frame in frames],
        rounds=ROUNDS,
    )
    passed = sum(int((~program.run(frame=f, received_on=TODAY).rejected).sum()) for f in frames)
    by_hand = sum(int(_bare(f, resource)["good"].sum()) for f in frames)
    assert passed == by_hand, (passed, by_hand)
    yield Figure(
        name="checks",
        value=ROWS / ours,
        unit="rows/s",
        reference=f"bare Polars expressions: {ROWS / theirs:.0f} rows/s",
        ratio=theirs / ours,
        detail={"columns": len(resource.columns), "rows": ROWS, "passed": passed},
    )


def _frames(resource: Resource) -> list[pl.DataFrame]:
    with tempfile.TemporaryDirectory(prefix="yuexin-bench-") as folder:
        path = Path(folder) / "licences.csv"
        write_licences(path, ROWS, 1)
        scratch = Path(folder)
        with opened(path=path, form="csv", resource=resource, scratch=scratch) as batches:
            return [rows.frame for rows in batches]


def _bare(frame: pl.DataFrame, resource: Resource) -> pl.DataFrame:
    """The same checks by hand: trim, required, length, dates, codes, check digits, date order."""
    clean = frame.with_columns(
        pl.when(pl.col(c.header).str.strip_chars() != "")
        .then(pl.col(c.header).str.strip_chars())
        .alias(c.header)
        for c in resource.columns
    )
    dates = [c.header for c in resource.columns if c.type in ("date", "open_date")]
    parsed = clean.with_columns(
        pl.col(name).str.to_date("%Y-%m-%d", strict=False).alias(f"={name}") for name in dates
    )
    bad = [pl.col(f"={name}").is_null() & pl.col(name).is_not_null() for name in dates]
    bad += [pl.col(c.header).is_null() for c in resource.columns if c.required]
    bad += [
        pl.col(c.header).str.len_chars() > c.max_length
        for c in resource.columns
        if c.type == "text"
    ]
    bad += [
        ~pl.col(c.header).is_in(_accepted(c.codes)) & pl.col(c.header).is_not_null()
        for c in resource.columns
        if c.type == "code"
    ]
    checked = {"uscc": uscc_valid, "org_code": org_code_valid, "reg_no": reg_no_valid}
    bad += [pl.col(c.header).str.contains(INVISIBLE) for c in resource.columns if c.type == "text"]
    identifiers = {item.column for item in resource.identifiers}
    bad += [
        ~pl.col(c.header).map_batches(checked[c.type], return_dtype=pl.Boolean)
        for c in resource.columns
        if c.type in checked and c.header not in identifiers
    ]
    bad += [
        pl.col(f"={rule.first}") > (TODAY if rule.second == "today" else pl.col(f"={rule.second}"))
        for rule in resource.not_after
        if rule.severity == "reject"
    ]
    doubtful = [
        ~pl.col(name).map_batches(checked[resource.by_header[name].type], return_dtype=pl.Boolean)
        for name in identifiers
    ]
    return parsed.select(
        pl.col(r"^=.*$"),
        (~pl.any_horizontal(b.fill_null(value=False) for b in bad)).alias("good"),
        pl.any_horizontal(d.fill_null(value=False) for d in doubtful).alias("doubtful"),
    )


def _accepted(codes: str) -> list[str]:
    values = current().codes[codes].values
    return [spelled for v in values for spelled in (v.code, v.zh, *v.aliases)]
