"""The real programs, each in its own process: the `yuexin` command, and the server it starts."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from tests.stories.pages import Node, tree

from yuexin.home import processes
from yuexin.home.cluster import database_url
from yuexin.home.folder import Home

YUEXIN = str(Path(sys.executable).with_name("yuexin"))
# For a busy machine: what takes longer than this will not come.
PATIENCE_SECONDS = 120.0
# The last would have every command compile all of its modules again.
DROPPED = (
    "YUEXIN_DATABASE_URL", "YUEXIN_HOSTS", "DJANGO_SETTINGS_MODULE", "YUEXIN_HOME",
    "PYTHONDONTWRITEBYTECODE",
)  # fmt: skip
# Below those that the kernel gives to connections: while a server is away, nobody gets its port.
PORTS = range(20_000, 32_000)


@dataclass(frozen=True, kw_only=True)
class Said:
    """How a command ended and what it printed."""

    status: int
    out: str
    err: str

    def lines(self) -> list[dict[str, Any]]:
        """What it printed for machines, one value a line."""
        return [json.loads(line) for line in self.out.splitlines()]

    def json(self) -> dict[str, Any]:
        (said,) = self.lines()
        return said


@dataclass(frozen=True, kw_only=True)
class Console:
    """The `yuexin` command on one data folder."""

    home: Path

    def __call__(self, *words: str | Path | int, text: str = "", status: int = 0) -> Said:
        """Run a command to its end, which must have this status."""
        with self.started(*words, stdin=subprocess.PIPE) as process:
            out, err = process.communicate(text, timeout=PATIENCE_SECONDS)
        said = Said(status=process.returncode, out=out, err=err)
        assert said.status == status, (
            f"{words} ended with {said.status}: {out[-2000:]}{err[-4000:]}"
        )
        return said

    def started(
        self, *words: str | Path | int, stdin: int = subprocess.DEVNULL, **more: Any
    ) -> subprocess.Popen[str]:
        """A command that runs on."""
        return subprocess.Popen(
            [YUEXIN, *map(str, words)],
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=self.environment,
            **more,
        )

    def deliver(self, resource: str, path: Path, *words: str | int, status: int = 0) -> Any:
        """Deliver one file; its receipt, or what was said when there is none."""
        given = ("deliver", path, "--resource", resource, "--json", *words)
        said = self(*given, status=status)
        return said.json() if "batch_id" in said.out else said

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in DROPPED}
        return kept | {"YUEXIN_HOME": str(self.home), "COLUMNS": "200", "PYTHONUTF8": "1"}

    @property
    def url(self) -> str:
        """The embedded database of this folder, while something keeps it running."""
        with embedded():
            return database_url(Home(self.home))

    def rows(self, statement: str, *values: object, **named: object) -> list[tuple[Any, ...]]:
        """What the database holds, read past every page and every rule."""
        with psycopg.connect(self.url) as connection:
            return connection.execute(statement.encode(), named or values or None).fetchall()


@dataclass(frozen=True, kw_only=True)
class Site:
    """A served platform, as a visitor and as its operator."""

    url: str
    console: Console
    log: Path
    client: httpx.Client

    def answer(self, path: str, *, accept_language: str = "", **query: str | int) -> httpx.Response:
        """An answer to a new visitor, whatever its status. Redirects are not followed."""
        self.client.cookies.clear()
        headers = {"Accept-Language": accept_language} if accept_language else {}
        # `None` keeps a query that the path already holds.
        return self.client.get(path, params=query or None, headers=headers)

    def page(
        self, path: str, *, status: int = 200, accept_language: str = "", **query: str | int
    ) -> Node:
        """A page that must be answered with this status."""
        answer = self.answer(path, accept_language=accept_language, **query)
        assert answer.status_code == status, f"{path} {query}: {answer.status_code}"
        return tree(answer.text)

    def file(self, code: str, **query: Any) -> Node:
        return self.page(f"/s/{code}", **query)

    def listing(self, path: str) -> Iterator[Node]:
        """The pages of a listing from first to last, by its own links."""
        page = self.page(path)
        yield page
        while more := [n for n in page.all("a") if n.attributes.get("rel") == "next"]:
            page = self.page(path.split("?")[0] + more[0].attributes["href"])
            yield page

    def document(self, code: str) -> dict[str, Any]:
        """The file of a code for machines."""
        answer = self.answer(f"/s/{code}.json")
        assert answer.status_code == 200, f"{code}: {answer.status_code}"
        said: dict[str, Any] = answer.json()
        return said


@contextmanager
def embedded() -> Iterator[None]:
    """The stories are about the embedded server, whatever server the other tests are given."""
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv("YUEXIN_DATABASE_URL", raising=False)
        yield


@contextmanager
def own_console() -> Iterator[Console]:
    """The command on a data folder of its own, gone afterwards."""
    with folder() as path:
        yield Console(home=path / "home")


@contextmanager
def folder() -> Iterator[Path]:
    """A short path, for sockets, that a server of another user may pass through."""
    path = Path(tempfile.mkdtemp(prefix="yx", dir="/tmp"))
    path.chmod(0o711)
    try:
        yield path
    finally:
        for pid in processes.servers(path / "home" / "database"):
            os.kill(pid, signal.SIGKILL)
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def serving(console: Console, *, workers: int = 2, work: bool = False) -> Iterator[Site]:
    """`yuexin serve` from its first answer until SIGTERM, after which nothing of it is left.

    With `work` the worker runs beside it, as `make run` has it.
    """
    log = console.home.with_name("serve.log")
    port = free_port()
    command = [YUEXIN, "serve", "--port", str(port), "--workers", str(workers)]
    with log.open("w") as out:
        process = subprocess.Popen(
            [*command, "--work"] if work else command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env=console.environment,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        with httpx.Client(base_url=url, timeout=PATIENCE_SECONDS, trust_env=False) as client:
            _await(client, process, log)
            yield Site(url=url, console=console, log=log, client=client)
        process.terminate()
        process.wait(PATIENCE_SECONDS)
        assert processes.servers(console.home / "database") == [], "a database was left running"
    finally:
        process.kill()
        process.wait(PATIENCE_SECONDS)


def free_port() -> int:
    """A port on which nobody listens."""
    while True:
        port = secrets.choice(PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def _await(client: httpx.Client, process: subprocess.Popen[bytes], log: Path) -> None:
    """Until the server answers."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text("utf-8")
        try:
            client.get("/robots.txt")
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"no answer: {log.read_text('utf-8')}")
