"""A data folder with a sample province in it, and its database running, for one benchmark."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from yuexin.home.cluster import running
from yuexin.home.folder import Home

SUBJECTS = "5000"


@dataclass(frozen=True, kw_only=True)
class Bench:
    """`url` is where the database is while the benchmark runs."""

    home: Path
    url: str

    @property
    def environment(self) -> dict[str, str]:
        return {"YUEXIN_HOME": str(self.home), "YUEXIN_DATABASE_URL": self.url}

    def codes(self, count: int) -> list[str]:
        with psycopg.connect(self.url) as connection:
            rows = connection.execute(
                "SELECT code FROM subject WHERE id IN (SELECT subject FROM public_row) "
                "ORDER BY id LIMIT %s",
                [count],
            )
            return [str(row[0]) for row in rows]

    def yuexin(self, *arguments: str) -> str:
        """Run one command of the product against this folder; what it printed."""
        command = [str(Path(sys.executable).with_name("yuexin")), *arguments]
        environment = {**os.environ, **self.environment}
        run = subprocess.run(
            command, env=environment, check=True, stdout=subprocess.PIPE, text=True
        )
        return run.stdout


@contextmanager
def empty() -> Iterator[Bench]:
    """A new data folder with its database running and nothing in it."""
    with tempfile.TemporaryDirectory(prefix="yuexin-bench-") as folder:
        home = Home.at(path=Path(folder) / "home")
        with running(home) as url:
            yield Bench(home=home.path, url=url)


@contextmanager
def province() -> Iterator[Bench]:
    """A data folder in which a sample province was delivered."""
    with empty() as bench:
        out = str(bench.home / "sample")
        bench.yuexin("sample", "--subjects", SUBJECTS, "--out", out)
        bench.yuexin("deliver", out)
        yield bench
