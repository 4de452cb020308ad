"""Points of an intake at which it can be met, each by a condition.

Where a lock can hold the intake at a point, a transaction of ours takes it, as another user of the
database might: so the point is met on every machine, however fast.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import termios
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

import psycopg
from tests.faults.files import Sent
from tests.faults.programs import Platform, Program, until

from yuexin.engines.deliveries.operations import CHAIN_LOCK, FOLD_LOCK

Start = Callable[[Sent], Program]
Moment = Callable[[Platform, Sent, Start], AbstractContextManager[Program]]
HELD_BACK_BYTES = 100

# An intake writes to these tables in this order, and is held before its first row is in.
KEPT_IN = ("delivery", "journal_entry")
FOLDED_INTO = (
    "quarantined", "subject", "waiting", "record", "public_row", "subject_name", "alias",
    "verdict", "receipt",
)  # fmt: skip

# Beside tables, what an intake may have to wait for: its turn to be numbered, its turn to fold.
TURNS = {"numbering": CHAIN_LOCK, "folding": FOLD_LOCK}
NUMBERING, FOLDING = TURNS
TABLE_AWAITED = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = to_regclass(%s)"
TURN_AWAITED = """
SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'advisory' AND objid = %s
"""
RECORDS_COME = """
SELECT FROM pg_locks WHERE granted AND relation = 'record'::regclass AND mode = 'RowExclusiveLock'
"""
UNSETTLED = "SELECT FROM delivery WHERE number NOT IN (SELECT delivery FROM receipt)"


class Line:
    """A slow line: a pipe in the place of a file, through which comes what we send."""

    def __init__(self, path: Path) -> None:
        os.mkfifo(path)
        # Opened for both, so that it stays whole while nobody reads.
        self._end = os.open(path, os.O_RDWR | os.O_NONBLOCK)
        self._hung_up = False

    def send(self, data: bytes, reader: Program) -> None:
        """Send bytes; returns when the reader has taken all of them."""
        rest = memoryview(data)

        def taken() -> bool:
            nonlocal rest
            with suppress(BlockingIOError):
                rest = rest[os.write(self._end, rest) :] if rest else rest
            return not rest and self._unread == 0

        running(reader, taken, "the line being read")

    def hang_up(self) -> None:
        """Nothing more comes. Once is enough."""
        if not self._hung_up:
            os.close(self._end)
        self._hung_up = True

    @property
    def _unread(self) -> int:
        return int.from_bytes(fcntl.ioctl(self._end, termios.FIONREAD, bytes(4)), "little")


def running(program: Program, condition: Callable[[], bool], what: str) -> None:
    """Wait for a condition that a running program brings about."""

    def came() -> bool:
        if condition():
            return True
        assert program.is_running, f"ended before {what}: {program.ended()}"
        return False

    until(came, what)


@contextmanager
def arriving(platform: Platform, sent: Sent, start: Start) -> Iterator[Program]:
    """A first part has come and is being written; the rest comes afterwards."""
    data = sent.path.read_bytes()
    with slowly(platform, sent, start) as (program, line):
        yield program
        if program.is_running:
            line.send(data[-HELD_BACK_BYTES:], program)


@contextmanager
def slowly(platform: Platform, sent: Sent, start: Start) -> Iterator[tuple[Program, Line]]:
    """An intake over a line, all but whose last bytes have come; ends with the line hung up."""
    data = sent.path.read_bytes()
    path = sent.path.with_name("line") / sent.path.name
    path.parent.mkdir(exist_ok=True)
    line = Line(path)
    try:
        program = start(replace(sent, path=path))
        line.send(data[:-HELD_BACK_BYTES], program)
        running(program, lambda: any(p.stat().st_size for p in incoming(platform)), "arriving")
        yield program, line
    finally:
        line.hang_up()
        path.unlink()


def incoming(platform: Platform) -> list[Path]:
    """Files that have not arrived whole."""
    return list((platform.home / "deliveries").glob(".arriving-*"))


@contextmanager
def _connected(platform: Platform, *, autocommit: bool) -> Iterator[psycopg.Connection]:
    """A connection that may end in any way."""
    connection = psycopg.connect(platform.database, autocommit=autocommit)
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def held(platform: Platform, sent: Sent, start: Start, *, by: str) -> Iterator[Program]:
    """The intake waits for a lock: on a table it is about to write to, or on folding itself."""
    with _connected(platform, autocommit=False) as holder:
        if by in TURNS:
            holder.execute("SELECT pg_advisory_xact_lock(%s)", [TURNS[by]])
        else:
            holder.execute(f"LOCK TABLE {by} IN SHARE MODE".encode())
        others = waiting(platform, by)
        program = start(sent)
        running(program, lambda: waiting(platform, by) > others, f"waiting for {by}")
        yield program


def waiting(platform: Platform, lock: str) -> int:
    """How many intakes wait for a table or a turn."""
    asked = (TURN_AWAITED, TURNS[lock]) if lock in TURNS else (TABLE_AWAITED, lock)
    ((count,),) = platform.rows(*asked)
    return int(count)


@contextmanager
def committing(platform: Platform, sent: Sent, start: Start) -> Iterator[Program]:
    """The receipt is being written and the fold commits."""
    with held(platform, sent, start, by="receipt") as program:
        pass
    yield program


@contextmanager
def reading(platform: Platform, sent: Sent, start: Start) -> Iterator[Program]:
    """The delivery is acknowledged and is being read."""
    scratch = platform.home / "scratch"
    with _connected(platform, autocommit=True) as watcher:

        def met() -> bool:
            unsettled = watcher.execute(UNSETTLED).fetchone() is not None
            return unsettled and any(scratch.glob("reading-*"))

        program = start(sent)
        running(program, met, "reading")
        yield program


@contextmanager
def writing(platform: Platform, sent: Sent, start: Start) -> Iterator[Program]:
    """Records are being written, and nothing holds them up."""
    with _connected(platform, autocommit=True) as watcher:
        program = start(sent)
        met = partial(watcher.execute, RECORDS_COME)
        running(program, lambda: met().fetchone() is not None, "writing records")
        yield program


@contextmanager
def at_random(platform: Platform, sent: Sent, start: Start, *, seconds: float) -> Iterator[Program]:
    """Some time after the start, whatever the intake then does; it may have ended."""
    del platform
    program = start(sent)
    with suppress(subprocess.TimeoutExpired):
        program.process.wait(seconds)
    yield program


BEFORE_NUMBERED: dict[str, Moment] = {
    "as the file arrives": arriving,
    **{f"before {table} is written": partial(held, by=table) for table in KEPT_IN},
}
ACKNOWLEDGED: dict[str, Moment] = {
    "after it was acknowledged": partial(held, by=FOLDING),
    "while it is read": reading,
    **{f"before {table} is written": partial(held, by=table) for table in FOLDED_INTO},
    "while records are written": writing,
    "as it commits": committing,
}
MOMENTS = BEFORE_NUMBERED | ACKNOWLEDGED
