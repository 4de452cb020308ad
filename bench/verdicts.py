"""All lists and periods of a million subjects derived in batch, against flat SQL by hand over the
same Parquet; and each of some subjects judged singly."""

from __future__ import annotations

import datetime as dt
import os
import resource
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import duckdb
import polars as pl
from django.db import connection

from bench import flat
from bench.figure import Figure, paired
from bench.rules import ON, RECORDS, SUBJECTS, TERMED, everybody, needed
from yuexin.engines.declare.queries import current
from yuexin.engines.declare.types import SOLE_TRADER, Declarations
from yuexin.engines.rules.queries import (
    kinds_read,
    release_program,
    subject_program,
)

GOAL = 0.5
"""Within twice the time of the flat SQL."""
SAMPLED = int(os.environ.get("YUEXIN_BENCH_SAMPLED", "1000"))
"""Each is judged alone in a tenth of a second: 10,000 take a quarter of an hour."""
ROUNDS = 2
Records = dict[str, pl.DataFrame]
Outcomes = dict[str, pl.DataFrame]


def figures() -> Iterator[Figure]:
    from yuexin.engines.lake.operations import fold_pool

    with everybody() as bench:
        lake = bench.home / "lake"
        now = dt.datetime.now(dt.UTC)
        fold_pool(lake=lake, declarations=current(), now=now, threshold=1)
        yield from measured(lake)


def measured(lake: Path) -> Iterator[Figure]:
    """The figures over this pool."""
    fields = needed()
    kinds = set(fields)
    traders = _sole_traders()
    database = flat.opened(lake=lake, kinds=kinds, traders=traders)
    ours, theirs = paired(
        lambda: derived(lake, fields, traders),
        lambda: flat.derive(database),
        rounds=ROUNDS,
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    unlike, singly, seconds = _alike(lake, fields, database, traders)
    yield Figure(
        name="verdicts",
        value=ours,
        unit=f"s, {len(flat.RULES)} rules, {len(TERMED)} terms, {SUBJECTS:,} subjects, "
        f"{RECORDS:,} records",
        reference=f"flat SQL by hand over the same Parquet: {theirs:.1f} s",
        ratio=theirs / ours,
        detail={
            "goal_ratio": GOAL,
            "peak_gb": round(peak, 2),
            "rules_left_out": len(current().rules.keys() - flat.RULES.keys()),
            "unlike_the_flat": unlike,
            "unlike_judged_singly": singly,
            "sampled": SAMPLED,
            "singly_ms": round(seconds / SAMPLED * 1000, 2),
        },
    )


def _sole_traders() -> pl.DataFrame:
    """The sole traders: no file of the pool tells who a subject is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id::text FROM subject WHERE sole_trader")
        return pl.DataFrame({"subject": [subject for (subject,) in cursor.fetchall()]})


def derived(lake: Path, fields: Mapping[str, frozenset[str]], traders: pl.DataFrame) -> Outcomes:
    """The verdicts of every rule and the periods of every term."""
    read = {kind: _read(lake, kind, fields[kind], traders) for kind in fields}
    # The same number stands for the same subject as long as a frame by names is held.
    number = pl.col("subject").to_physical()
    return _judged({kind: frame.with_columns(number) for kind, frame in read.items()})


def _judged(records: Records) -> Outcomes:
    declared = current()
    found: Outcomes = {}
    for read, rules in _together(declared).items():
        program = subject_program(declarations=declared, rules=rules)
        found |= program.everybody({kind: records[kind] for kind in read}, ON)
    for kind in TERMED:
        program_of = release_program(declarations=declared, release="public", kind=kind)
        periods = program_of.evaluate_known(records[kind])
        found[kind] = records[kind].select("record").hstack(periods)
    return found


def _together(declared: Declarations) -> dict[frozenset[str], frozenset[str]]:
    """The rules that read the same kinds, by those kinds: what they gather is gathered once."""
    found: dict[frozenset[str], frozenset[str]] = defaultdict(frozenset)
    for rule in flat.RULES:
        found[kinds_read(declarations=declared, rule=rule)] |= {rule}
    return found


def _read(
    lake: Path, kind: str, fields: frozenset[str], traders: pl.DataFrame, *, ids: bool = False
) -> pl.DataFrame:
    """The records of one kind; their subjects as categories, or by `ids`."""
    from yuexin.engines.lake.queries import scan

    subject = pl.col("subject") if ids else pl.col("subject").cast(pl.Categorical)
    known = pl.col("known_at").dt.convert_time_zone("Asia/Shanghai").dt.date().alias("known_on")
    dated = ("record", "event_date", known) if kind in TERMED else ()
    own = [pl.col(f"field_{name}").alias(name) for name in sorted(fields - {SOLE_TRADER.id})]
    if SOLE_TRADER.id in fields:
        own.append(pl.col("subject").is_in(traders["subject"].implode()).alias(SOLE_TRADER.id))
    return scan(lake=lake, kind=kind).select(subject, *(dated or ("record",) * ids), *own).collect()


def _alike(
    lake: Path,
    fields: Mapping[str, frozenset[str]],
    database: duckdb.DuckDBPyConnection,
    traders: pl.DataFrame,
) -> tuple[int, int, float]:
    """How many verdicts the flat SQL counts otherwise, how many of the sampled subjects are judged
    otherwise singly, and the seconds that took."""
    records = {kind: _read(lake, kind, fields[kind], traders, ids=True) for kind in fields}
    found = _judged(records)
    counted = {rule: Counter(found[rule]["value"].to_list()) for rule in flat.RULES}
    singly, seconds = _unlike_singly(records, found, SAMPLED)
    flatly = sum(
        sum(abs(n - flat.counted(database, rule).get(value, 0)) for value, n in counts.items())
        for rule, counts in counted.items()
    )
    return flatly, singly, seconds


def _unlike_singly(records: Records, found: Outcomes, sampled: int) -> tuple[int, float]:
    """Of so many subjects, how many are judged otherwise when each is judged alone."""
    program = subject_program(declarations=current(), rules=frozenset(flat.RULES))
    every = records["registration"]["subject"].unique().sort()
    chosen = every.gather_every(max(1, len(every) // sampled)).head(sampled)
    own = {kind: _by_subject(frame, chosen) for kind, frame in records.items()}
    together = {rule: _rows(found[rule].filter(pl.col("subject").is_in(chosen.implode())))
                for rule in flat.RULES}  # fmt: skip
    silent = {
        rule: told for _, rule, *told in program.evaluate([""], {}, ON).drop("reasons").rows()
    }
    unlike, begun = 0, time.perf_counter()
    for subject in chosen:
        told = {kind: rows[subject] for kind, rows in own.items() if subject in rows}
        alone = program.evaluate([subject], told, ON).drop("reasons")
        same = all(
            together[rule].get(subject, silent[rule]) == told_alone
            for _, rule, *told_alone in alone.iter_rows()
        )
        unlike += not same
    return unlike, time.perf_counter() - begun


def _by_subject(frame: pl.DataFrame, chosen: pl.Series) -> dict[str, pl.DataFrame]:
    parts = frame.filter(pl.col("subject").is_in(chosen.implode())).partition_by(
        "subject", as_dict=True
    )
    return {str(key[0]): part for key, part in parts.items()}


def _rows(frame: pl.DataFrame) -> dict[str, list[object]]:
    return {subject: told for subject, *told in frame.iter_rows()}
