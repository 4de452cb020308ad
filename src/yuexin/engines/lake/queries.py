"""Reads of the pool: only what the manifest names is opened."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from yuexin.base.digest import file_sha256
from yuexin.engines.lake.models import PoolFile


def scan(*, lake: Path, kind: str) -> pl.LazyFrame:
    """The folded records of one kind, typed, over all buckets."""
    files = PoolFile.objects.filter(kind=kind).order_by("path")
    return pl.scan_parquet([lake / path for path in files.values_list("path", flat=True)])


def breaks(*, lake: Path) -> Iterator[str]:
    """Every file that is missing, changed, or does not hold its records."""
    for row in PoolFile.objects.order_by("path").iterator():
        path = lake / row.path
        if not path.exists():
            yield f"{row.path}: missing"
        elif file_sha256(path) != row.sha256:
            yield f"{row.path}: changed"
        elif pl.scan_parquet(path).select(pl.len()).collect().item() != row.rows:
            yield f"{row.path}: another number of rows"
