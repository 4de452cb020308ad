"""The programs of one platform, each in a session of its own, and the means to kill any of them."""

from __future__ import annotations

import atexit
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import httpx
import psycopg
from tests.faults.files import Sent
from tests.stories.site import PATIENCE_SECONDS, YUEXIN, Console, Said, folder, free_port

from yuexin.home import processes

POLL_SECONDS = 0.005
TOTALS = re.compile(r"现有 ([\d,]+) 个主体、([\d,]+) 条公开记录")
Shown = tuple[int, int]


class Victim(StrEnum):
    """What is killed during an intake."""

    DELIVERER = "the deliverer"
    WORKER = "the worker"
    SERVER = "the server"
    DATABASE = "the database"
    EVERYTHING = "everything at once"


def until(condition: Callable[[], bool], what: str, *, seconds: float = PATIENCE_SECONDS) -> None:
    """Wait for a condition; fails when it does not come true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(POLL_SECONDS)


@dataclass(frozen=True, kw_only=True)
class Commands(Console):
    """The `yuexin` command on one data folder, perhaps entered through another program.

    `home` is the folder as we see it, `inside` as the command does, where that differs.
    """

    through: tuple[str, ...] = ()
    inside: Path | None = None

    def started(
        self, *words: str | Path | int, stdin: int = subprocess.DEVNULL, **more: Any
    ) -> subprocess.Popen[str]:
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen(
            [*self.through, YUEXIN, *map(str, words)],
            stdin=stdin,
            text=True,
            encoding="utf-8",
            env=self.environment,
            **streams | more,
        )

    @property
    def environment(self) -> dict[str, str]:
        return super().environment | {"YUEXIN_HOME": str(self.inside or self.home)}


@dataclass(frozen=True, kw_only=True)
class Program:
    """A running command."""

    process: subprocess.Popen[str]

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None

    def strike(self) -> None:
        """Kill it and its children, but not the database: that is in a session of its own."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def kill(self) -> None:
        """Strike it, and return when it is gone."""
        self.strike()
        self.ended()

    def ended(self) -> Said:
        """What it said, once it has ended by itself."""
        out, err = self.process.communicate(timeout=PATIENCE_SECONDS)
        return Said(status=self.process.returncode, out=out or "", err=err or "")


@dataclass(kw_only=True)
class Platform:
    """A data folder, the commands on it, and a server that may be killed and started again."""

    console: Commands
    log: Path
    port: int = field(default_factory=free_port)
    server: Program | None = None

    @property
    def home(self) -> Path:
        return self.console.home

    def visitor(self) -> httpx.Client:
        """Somebody with a connection for each visit: an old one may lead to a killed server."""
        return httpx.Client(
            base_url=f"http://127.0.0.1:{self.port}",
            timeout=PATIENCE_SECONDS,
            limits=httpx.Limits(max_keepalive_connections=0),
            trust_env=False,
            verify=False,
        )

    @cached_property
    def database(self) -> str:
        return self.console.url

    def takes_over(self, database: Path) -> None:
        """Begin with a copy of a database that does not run."""
        self.home.mkdir(mode=0o700)
        subprocess.run(["cp", "-a", database, self.home / "database"], check=True)

    def start(self, *words: str | Path | int) -> Program:
        """A command that runs on."""
        return Program(process=self.console.started(*words, start_new_session=True))

    def start_server(self, *more: str) -> None:
        """Serve on the same port as ever, until killed or stopped; returns with its first answer.

        Its log goes to a file: a pipe that nobody reads would stop it.
        """
        with self.log.open("a") as log:
            process = self.console.started(
                "serve",
                "--port",
                self.port,
                *more,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.server = Program(process=process)
        with self.visitor() as visitor:
            until(lambda: self._answers(visitor), "the server's first answer")

    def _answers(self, visitor: httpx.Client) -> bool:
        assert self.server
        assert self.server.is_running, self.log.read_text("utf-8")[-4000:]
        with suppress(httpx.TransportError):
            visitor.get("/robots.txt")
            return True
        return False

    @property
    def backends(self) -> list[int]:
        """Every process of the database, the postmaster first."""
        data = self.home / "database"
        master = processes.postmaster(data)
        return sorted(processes.servers(data), key=lambda pid: pid != master)

    def kill(self, victim: Victim, program: Program | None = None) -> None:
        """Kill without warning; returns when nothing of the victim runs any more."""
        everything = victim is Victim.EVERYTHING
        programs = [self.server] if victim is Victim.SERVER or everything else []
        programs += [] if victim in (Victim.DATABASE, Victim.SERVER) else [program]
        database = self.backends if victim is Victim.DATABASE or everything else []
        # All signals before the first wait: the power fails for everything at once.
        _kill(database)
        struck = [one for one in programs if one]
        for one in struck:
            one.strike()
        for one in struck:
            one.ended()
        if self.server in struck:
            self.server = None
        # Not until there is no database: the server may have started another one.
        until(lambda: not any(processes.is_alive(pid) for pid in database), "the database's end")

    def rows(self, statement: str, *values: object, **named: object) -> list[tuple[Any, ...]]:
        """What the database holds."""
        with psycopg.connect(self.database) as connection:
            return connection.execute(statement.encode(), named or values or None).fetchall()

    def delivers(self, sent: Sent) -> Program:
        """Deliver a file, and do not wait for it."""
        return self.start(*sent.words)

    def shown(self) -> Shown:
        """How many subjects and public records the front page counts."""
        with self.visitor() as visitor:
            answer = visitor.get("/")
        assert answer.status_code == 200, answer.status_code
        return counted(answer.text)


def counted(page: str) -> Shown:
    """The two numbers of the front page, which one delivery changes together."""
    if "还没有收到任何交付" in page:
        return 0, 0
    found = TOTALS.search(page)
    assert found, page
    return int(found[1].replace(",", "")), int(found[2].replace(",", ""))


@contextmanager
def platform_of_its_own() -> Iterator[Platform]:
    """An empty platform that is not served yet; whatever still runs of it ends with the body."""
    with folder() as path:
        platform = Platform(console=Commands(home=path / "home"), log=path / "serve.log")
        with ended(platform):
            yield platform


@contextmanager
def ended(platform: Platform) -> Iterator[Platform]:
    """A platform of which nothing runs afterwards."""
    try:
        yield platform
    finally:
        if platform.server:
            platform.server.kill()
        _kill(platform.backends)


@contextmanager
def served_platform() -> Iterator[Platform]:
    """An empty platform that is served."""
    with platform_of_its_own() as platform:
        platform.takes_over(made_once())
        platform.start_server()
        yield platform


@cache
def made_once() -> Path:
    """An empty database with its tables. Making one takes longer than most of the tests."""
    path = Path(tempfile.mkdtemp(prefix="yx", dir="/tmp"))
    path.chmod(0o711)
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    Commands(home=path / "home")("verify")
    return path / "home" / "database"


def _kill(pids: Iterable[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
