"""The columns of a pool file: what every record has, then the fields of its kind, typed."""

from __future__ import annotations

import polars as pl

from yuexin.engines.declare.types import RecordKind
from yuexin.engines.records.queries import typed
from yuexin.engines.rules.queries import frame_schema

COMMON = {
    "bucket": pl.Int16,
    "subject": pl.String,
    "record": pl.String,
    "source_key": pl.String,
    "version": pl.Int32,
    "event_date": pl.Date,
    "valid_from": pl.Date,
    "delivery": pl.Int64,
    "row": pl.Int64,
    "folded_in": pl.Int64,
}


def columns(kind: RecordKind) -> str:
    """The fields of a stored body as SQL columns of text."""
    return "".join(f""", body->>'{name}' AS "field_{name}" """ for name in frame_schema(kind))


def typed_frame(frame: pl.DataFrame, kind: RecordKind) -> pl.DataFrame:
    """Text columns as typed ones.

    Fields are called `field_<id>`, so that none hides a column that every record has.
    """
    return frame.select(
        *(typed(pl.col(name), dtype) for name, dtype in COMMON.items()),
        pl.col("known_at").str.to_datetime(time_zone="UTC"),
        *(typed(pl.col(f"field_{name}"), dtype) for name, dtype in frame_schema(kind).items()),
    )
