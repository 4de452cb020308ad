"""The DuckDB of this process in which rules run: in memory, no files, no network, no settings."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping
from functools import cache
from typing import Any, Final, cast

import duckdb
import polars as pl

from yuexin.base.errors import Refusal
from yuexin.base.memo import Memo
from yuexin.base.text import Text
from yuexin.engines.rules.dialect import refused

THREADS: Final = 2
FEW: Final = 2_000
"""Over so few rows a statement takes longer to plan than to run."""
# A relation copies its rows once less, and is planned twice: that takes longer than the copy.
warnings.filterwarnings("ignore", message="Arrow output on a DB-API result", category=UserWarning)
_CONFIG: Final[dict[str, Any]] = {
    "enable_external_access": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
_statements: Final = Memo[str, duckdb.Statement](512)


def run(
    sql: str, *, frames: Mapping[str, pl.DataFrame], parameters: Mapping[str, object]
) -> pl.DataFrame:
    """Run one statement over frames, read where they lie in memory, and return a frame."""
    few = sum(frame.height for frame in frames.values()) <= FEW
    with (_small if few else _large)(os.getpid()).cursor() as cursor:
        for name, frame in frames.items():
            # The newest Arrow layout is that of Polars itself, so no text is copied.
            cursor.register(name, frame.to_arrow(compat_level=pl.CompatLevel.newest()))
        found = cursor.execute(_parsed(sql), dict(parameters)).to_arrow_table()
    return cast(pl.DataFrame, pl.from_arrow(found))


@cache
def _large(process: int) -> duckdb.DuckDBPyConnection:
    """Opened once: opening takes longer than judging a subject. A forked child opens its own."""
    return _locked(duckdb.connect(config={**_CONFIG, "threads": THREADS}))


@cache
def _small(process: int) -> duckdb.DuckDBPyConnection:
    """The same for few rows: what is found does not depend on how a plan is improved, and to
    improve it, or to hand it to threads, takes longer than to run it as it stands."""
    database = duckdb.connect(config={**_CONFIG, "threads": 1})
    names = database.execute("SELECT string_agg(name) FROM duckdb_optimizers()").fetchall()
    database.execute(f"SET disabled_optimizers = '{names[0][0]}'")
    return _locked(database)


def _locked(database: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    database.execute("SET lock_configuration = true")
    return database


def _parsed(sql: str) -> duckdb.Statement:
    """The statement, read: that is a third of what it takes over few rows."""
    return _statements.get(sql, lambda: _small(os.getpid()).extract_statements(sql)[0])


def not_bound(*, place: str, error: duckdb.Error) -> Refusal:
    """The refusal of a rule that DuckDB does not accept."""
    return refused(
        place=place,
        what=Text(f"数据库不接受这条规则：{error}", f"the database refuses this rule: {error}"),
        remedy=Text("按提示修改表达式", "change the expression as it says"),
    )
