"""A laboratory: a home with a real database, clients in other processes, and means to hurt both."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from yuexin.home import processes
from yuexin.home.cluster import running
from yuexin.home.folder import Home
from yuexin.home.sockets import SOCKET_NAME, socket_directory

SOON = 20.0

CLIENT = """
import sys
from pathlib import Path
import psycopg
from yuexin.home.cluster import running
from yuexin.home.folder import Home
def say(word): print(word, flush=True)
with running(Home.at(path=Path(sys.argv[1]))) as url:
    try:
        say("ready")
        sys.stdin.readline()
    except KeyboardInterrupt: say("interrupted")
    with psycopg.connect(url) as connection:
        say(connection.execute("SELECT 'alive'").fetchone()[0])
say("left")
"""


class Client:
    """Another yuexin process that uses the database until told otherwise."""

    def __init__(self, home: Home) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", CLIENT, str(home.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def says(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def leave(self) -> list[str]:
        said, _ = self.process.communicate("\n", timeout=SOON)
        return said.split()

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


@dataclass(frozen=True)
class Lab:
    """One home and what may happen to it."""

    home: Home

    def starting_client(self) -> Client:
        return Client(self.home)

    def client(self) -> Client:
        client = self.starting_client()
        assert client.says() == "ready"
        return client

    @property
    def servers(self) -> list[int]:
        return processes.servers(self.home.database)

    @property
    def postmaster(self) -> int:
        pid = processes.postmaster(self.home.database)
        assert pid is not None
        return pid

    @property
    def socket(self) -> Path:
        return socket_directory(self.home.run) / SOCKET_NAME

    @property
    def is_stopped(self) -> bool:
        return not self.servers

    def works(self) -> bool:
        with running(self.home) as url:
            return self.value(url, "SELECT 1") == 1

    @staticmethod
    def value(url: str, query: str) -> object:
        with psycopg.connect(url) as connection:
            row = connection.execute(query.encode()).fetchone()
        return row[0] if row else None

    @staticmethod
    def keep_seven(url: str) -> None:
        """A row whose survival is asked for after the accident."""
        with psycopg.connect(url) as connection:
            connection.execute("DROP TABLE IF EXISTS kept")
            connection.execute("CREATE TABLE kept AS SELECT 7 AS n")

    @staticmethod
    def kill(pids: Iterable[int], number: signal.Signals = signal.SIGKILL) -> None:
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, number)


@pytest.fixture(autouse=True, scope="module")
def _embedded() -> Iterator[None]:
    """These tests are about the embedded server, whatever server the others are given."""
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv("YUEXIN_DATABASE_URL", raising=False)
        yield


@pytest.fixture(scope="module")
def created() -> Iterator[Home]:
    with _folder() as folder:
        home = Home.at(path=folder / "home")
        with running(home):
            pass
        yield home


@pytest.fixture
def lab(created: Home) -> Iterator[Lab]:
    """A home with a database that is not running: one for all, whatever they did to it before."""
    lab = Lab(created)
    yield lab
    lab.kill(lab.servers)


@pytest.fixture
def spare_lab(created: Home) -> Iterator[Lab]:
    """A copy for a test that spoils its database."""
    with _folder() as folder:
        home = Home.at(path=folder / "home")
        subprocess.run(["cp", "-a", created.database, home.database], check=True)
        yield Lab(home)


@pytest.fixture
def new_lab() -> Iterator[Lab]:
    """A home without a database."""
    with _folder() as folder:
        yield Lab(Home.at(path=folder / "home"))


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder with a short path that every user may pass through; what still runs in it ends."""
    folder = Path(tempfile.mkdtemp(prefix="yx", dir="/tmp"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        for database in folder.glob("**/database"):
            Lab.kill(processes.servers(database))
        shutil.rmtree(folder, ignore_errors=True)
