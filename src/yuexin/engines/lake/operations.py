"""Writes: records folded into Parquet, bucketed by subject. The commit point is PostgreSQL."""

from __future__ import annotations

import datetime as dt
import io
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from yuexin.base.digest import file_sha256
from yuexin.engines.declare.types import Declarations, RecordKind
from yuexin.engines.lake.models import PoolFile
from yuexin.engines.lake.schema import columns, typed_frame

POOL_LOCK = 0x5958504C
THRESHOLD_ROWS = 20_000
BUCKETS = 64

GATHER = """
CREATE TEMP TABLE pool_new ON COMMIT DROP AS
SELECT get_byte(uuid_send(subject), 0) >> 2 AS bucket, subject, id AS record, source_key, version,
    event_date, valid_from, known_at, delivery, row, folded_in{fields}
FROM record WHERE kind = '{kind}' AND folded_in > {after} AND folded_in <= {up_to}
"""
EXPORT = """
COPY (SELECT * FROM pool_new WHERE bucket = {bucket} ORDER BY subject, record)
TO STDOUT (FORMAT csv, HEADER)
"""


def fold_pool(
    *, lake: Path, declarations: Declarations, now: dt.datetime, threshold: int = THRESHOLD_ROWS
) -> int:
    """Fold each kind that has enough new records into its buckets. Returns the files written."""
    sweep_alone(lake=lake)
    return sum(_fold_kind(lake, kind, now, threshold) for kind in declarations.kinds.values())


def drop_kinds(*, cursor: CursorWrapper, kinds: Sequence[str]) -> None:
    """Take the files of these kinds out of the manifest, in the caller's transaction; until its
    end none is written. After the commit `sweep` drops them, and the next round writes them anew.
    """
    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [POOL_LOCK])
    PoolFile.objects.filter(kind__in=list(kinds)).delete()


@transaction.atomic
def sweep_alone(*, lake: Path) -> int:
    """Sweep while nobody writes the pool: a file being written is named by nothing yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [POOL_LOCK])
    return sweep(lake=lake)


def sweep(*, lake: Path) -> int:
    """Drop files that no manifest row names: their transaction never committed."""
    named = set(PoolFile.objects.values_list("path", flat=True))
    orphans = [
        path for path in lake.rglob("*.parquet*") if path.relative_to(lake).as_posix() not in named
    ]
    for path in orphans:
        path.unlink(missing_ok=True)
    return len(orphans)


@transaction.atomic
def _fold_kind(lake: Path, kind: RecordKind, now: dt.datetime, threshold: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [POOL_LOCK])
        cursor.execute(
            "SELECT coalesce((SELECT max(up_to_delivery) FROM pool_file WHERE kind = %s), 0)",
            [kind.id],
        )
        after = cursor.fetchone()[0]
        cursor.execute(
            "SELECT count(*), max(folded_in) FROM record WHERE kind = %s AND folded_in > %s",
            [kind.id, after],
        )
        count, up_to = cursor.fetchone()
    if count < threshold:
        return 0
    written = 0
    for bucket, frame in _buckets(kind, after, up_to):
        path = lake / f"kind={kind.id}" / f"bucket={bucket:03d}" / f"{after + 1}-{up_to}.parquet"
        _write(frame, path)
        PoolFile.objects.create(
            path=path.relative_to(lake).as_posix(),
            kind=kind.id,
            bucket=bucket,
            rows=frame.height,
            sha256=file_sha256(path),
            first_delivery=after + 1,
            up_to_delivery=up_to,
            written_at=now,
        )
        written += 1
    return written


def _buckets(kind: RecordKind, after: int, up_to: int) -> Iterator[tuple[int, pl.DataFrame]]:
    """The new records, one bucket at a time, typed by the kind's declaration."""
    gather = GATHER.format(kind=kind.id, after=after, up_to=up_to, fields=columns(kind))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL timezone = 'UTC'")
        cursor.execute(gather)
        cursor.execute("CREATE INDEX ON pool_new (bucket)")
        for bucket in range(BUCKETS):
            buffer = io.BytesIO()
            with cursor.copy(EXPORT.format(bucket=bucket)) as copy:
                for chunk in copy:
                    buffer.write(chunk)
            frame = pl.read_csv(buffer.getvalue(), infer_schema=False)
            if frame.height:
                yield bucket, typed_frame(frame, kind)
        cursor.execute("DROP TABLE pool_new")


def _write(frame: pl.DataFrame, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".parquet.writing")
    frame.write_parquet(temporary, compression="zstd")
    for place in (temporary, path.parent):
        descriptor = os.open(place, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if place is temporary:
            os.replace(temporary, path)
