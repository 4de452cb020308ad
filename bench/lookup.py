"""Look-up by code over HTTP against a bare Starlette and asyncpg endpoint with the same bytes."""

from __future__ import annotations

import datetime as dt
import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.figure import Figure
from bench.load import load
from bench.online import point
from bench.province import province

CLIENTS = 16
SECONDS = 4.0
ROUNDS = 3
CODES = 2_000
WORKERS = 2
LISTEN = "0A"


def figures() -> Iterator[Figure]:
    with province() as bench:
        codes = bench.codes(CODES)
        paths = [f"/s/{code}.json" for code in codes]
        with served(bench.environment) as ours, _peer(bench.environment) as peer:
            _same_bytes(ours, peer, paths[:50])
            mine, other, slow = [], [], []
            for _ in range(ROUNDS):
                rate, p95 = load(port=ours, paths=paths, seconds=SECONDS, clients=CLIENTS)
                mine.append(rate)
                slow.append(p95)
                other.append(load(port=peer, paths=paths, seconds=SECONDS, clients=CLIENTS)[0])
    value, reference = statistics.median(mine), statistics.median(other)
    yield Figure(
        name="lookup",
        value=value,
        unit="requests/s",
        reference=f"Starlette + asyncpg, same bytes: {reference:.0f} requests/s",
        ratio=value / reference,
        detail={"p95_ms": round(statistics.median(slow) * 1000, 1), "clients": CLIENTS},
    )


@contextmanager
def served(environment: dict[str, str], *more: str) -> Iterator[int]:
    """The product, served on the port that is given, `more` being options of `yuexin serve`."""
    port = _free_port()
    command = [str(Path(sys.executable).with_name("yuexin")), "serve", "--port", str(port)]
    with _server([*command, "--workers", str(WORKERS), *more], environment, port, WORKERS):
        yield port


@contextmanager
def _peer(environment: dict[str, str]) -> Iterator[int]:
    point(environment["YUEXIN_DATABASE_URL"])
    from yuexin.base.dates import today
    from yuexin.domains.credit.documents import said_on, statement
    from yuexin.engines.access.types import PUBLIC
    from yuexin.engines.declare.queries import current

    ours = statement(declarations=current(), actor=PUBLIC)
    said = said_on(declarations=current(), actor=PUBLIC, on=today(dt.datetime.now(dt.UTC)))
    places = {"code": "$1", "today": "$2", "nobody": "$3", "judged_by": "$4"}
    theirs = ours
    for name, place in places.items():
        theirs = theirs.replace(f"%({name})s", place)
    port = _free_port()
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "bench.peer:app",
        "--port",
        str(port),
        "--workers",
        str(WORKERS),
        "--log-level",
        "warning",
        "--no-access-log",
    ]
    asked = {
        "BENCH_STATEMENT": theirs,
        "BENCH_NOBODY": said["nobody"],
        "BENCH_JUDGED_BY": str(said["judged_by"]),
    }
    # Its workers share one socket.
    with _server(command, {**environment, **asked}, port, 1):
        yield port


@contextmanager
def _server(
    command: list[str], environment: dict[str, str], port: int, listeners: int
) -> Iterator[None]:
    process = subprocess.Popen(command, env={**os.environ, **environment})
    try:
        _wait_for(process, port, listeners)
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_for(process: subprocess.Popen[bytes], port: int, listeners: int) -> None:
    """Until every worker listens: whoever connects before stays with the first for good."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        if _listening(port) == listeners:
            return
        time.sleep(0.05)
    raise SystemExit("the server did not come up")


def _listening(port: int) -> int:
    """How many sockets of this machine listen at the port."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(row[3] == LISTEN and row[1].endswith(f":{port:04X}") for row in rows)


def _same_bytes(ours: int, peer: int, paths: list[str]) -> None:
    for path in paths:
        bodies = [
            urllib.request.urlopen(f"http://127.0.0.1:{port}{path}").read() for port in (ours, peer)
        ]
        assert bodies[0] == bodies[1], f"{path} differs"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
