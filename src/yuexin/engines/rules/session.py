"""The DuckDB of this process in which rules run: in memory, no files, no network, no settings."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from typing import Any, Final, cast

import duckdb
import polars as pl

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.rules.dialect import refused

THREADS: Final = 2
_CONFIG: Final[dict[str, Any]] = {
    "threads": THREADS,
    "enable_external_access": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "lock_configuration": True,
}


@cache
def _database(process: int) -> duckdb.DuckDBPyConnection:
    """Opened once: opening takes longer than judging a subject. A forked child opens its own."""
    return duckdb.connect(config=_CONFIG)


def run(
    sql: str, *, frames: Mapping[str, pl.DataFrame], parameters: Mapping[str, object]
) -> pl.DataFrame:
    """Run one statement over frames, read where they lie in memory, and return a frame."""
    with _database(os.getpid()).cursor() as cursor:
        for name, frame in frames.items():
            # The newest Arrow layout is that of Polars itself, so no text is copied.
            cursor.register(name, frame.to_arrow(compat_level=pl.CompatLevel.newest()))
        result = cursor.sql(sql, params=dict(parameters))
        return cast(pl.DataFrame, result.pl())


def not_bound(*, place: str, error: duckdb.Error) -> Refusal:
    """The refusal of a rule that DuckDB does not accept."""
    return refused(
        place=place,
        what=Text(f"数据库不接受这条规则：{error}", f"the database refuses this rule: {error}"),
        remedy=Text("按提示修改表达式", "change the expression as it says"),
    )
