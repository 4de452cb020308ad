"""The embedded server: found, started, recovered and stopped.

Every method that changes something is for the holder of the start lock. Whether a server lives is
told by `server.lock`: the postmaster and all its backends inherit the opened file, so the kernel
drops the lock exactly when the last of them is gone, however it went. Process numbers only name
whom to signal.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from psycopg.conninfo import make_conninfo
from psycopg.pq import PGconn, Ping

from yuexin.base.text import Text
from yuexin.home import processes, refusals
from yuexin.home.account import Account
from yuexin.home.binaries import has_lz4, program
from yuexin.home.configuration import settings_text, this_machine
from yuexin.home.creation import USER, create, is_created, write_settings
from yuexin.home.folder import Home
from yuexin.home.locks import POLL_SECONDS, FileLock, is_held, wait_until
from yuexin.home.sockets import (
    PORT,
    SOCKET_NAME,
    prepare_socket_directory,
    remove_short_directory,
    remove_stale_sockets,
    socket_directory,
)

Progress = Callable[[Text], None]

_LOG_LIMIT_BYTES = 16 * 1024 * 1024
# The shell leaves at once, so the server is nobody's child here: no zombie when it dies.
_DETACH = '"$@" >&2 & echo $!'


@dataclass(frozen=True)
class Patience:
    """How long the server may take before it counts as stuck."""

    silence_seconds: float = 60.0
    # A server that says it is recovering is left to it: four gigabytes of log take minutes.
    recovery_seconds: float = 900.0
    orphans_seconds: float = 30.0
    fast_stop_seconds: float = 120.0
    immediate_stop_seconds: float = 20.0


@dataclass(frozen=True)
class Server:
    """One home's embedded server."""

    home: Home
    account: Account
    tell: Progress
    patience: Patience = Patience()

    @property
    def sockets(self) -> Path:
        return socket_directory(self.home.run)

    @property
    def log(self) -> Path:
        return self.home.logs / "database.log"

    def ensure(self, *, alone: Callable[[], bool]) -> None:
        """Return with a server that answers: the one found, or one started after cleaning up.

        `alone` tells whether nobody else uses the server, asked before one is replaced.
        """
        created = is_created(self.home)
        uid, gid = self.account.uid, self.account.gid
        prepare_socket_directory(directory=self.sockets, uid=uid, gid=gid)
        if created and self._adopt(alone):
            return
        self._await_orphans()
        self._clean_up()
        machine = this_machine()
        for note in machine.notes():
            self.tell(note)
        settings = settings_text(machine=machine, sockets=self.sockets, has_lz4=has_lz4())
        if created:
            write_settings(data=self.home.database, account=self.account, settings=settings)
        else:
            self.tell(Text(zh="正在建立数据库。", en="Making the database."))
            create(home=self.home, account=self.account, settings=settings)
        self._start()

    def stop(self) -> None:
        """Stop the server, if one is visible: fast, and where that hangs, at once."""
        pid = processes.postmaster(self.home.database)
        if pid is None:
            return
        # The signal is pending before the start lock is free, so the server refuses the ping of
        # whoever takes the lock next, even if we are killed while waiting.
        _signal(pid, signal.SIGINT)
        if not wait_until(self._is_gone, seconds=self.patience.fast_stop_seconds):
            _signal(pid, signal.SIGQUIT)
            if not wait_until(self._is_gone, seconds=self.patience.immediate_stop_seconds):
                raise refusals.not_stopping(self.home, processes.servers(self.home.database))
        remove_short_directory(self.sockets)

    def answers(self) -> bool:
        """Whether the server accepts connections now."""
        return self._ping() is Ping.OK

    def _adopt(self, alone: Callable[[], bool]) -> bool:
        """Use a server that runs already, once it answers. False when there is none."""
        if self.answers():
            return True
        if self._lost_its_socket():
            # Something emptied the socket directory. A socket cannot be put back.
            if not alone():
                raise refusals.socket_lost(self.sockets)
            self.stop()
            return False
        if self._postmaster_alive() or self._ping() is not Ping.NO_RESPONSE:
            self.tell(
                Text(zh="数据库正在启动或停止，请稍候。", en="The database is busy; waiting.")
            )
            return self._await_answer(self._postmaster_alive)
        return False

    def _await_answer(self, alive: Callable[[], bool]) -> bool:
        """True once the server answers, False once it is gone."""
        started = heard = time.monotonic()
        while (answer := self._ping()) is not Ping.OK:
            now = time.monotonic()
            if answer is Ping.REJECT:
                heard = now
            elif not alive():
                return False
            silent = now - heard > self.patience.silence_seconds
            if silent or now - started > self.patience.recovery_seconds:
                raise refusals.not_answering(self.log)
            time.sleep(POLL_SECONDS)
        return True

    def _await_orphans(self) -> None:
        """Wait for backends that outlived the postmaster: two servers would destroy the data."""
        if self._is_gone():
            return
        self.tell(Text(zh="等待上次的数据库进程退出。", en="Waiting for the last server to leave."))
        if not wait_until(self._is_gone, seconds=self.patience.orphans_seconds):
            raise refusals.orphans(self.home, processes.servers(self.home.database))

    def _clean_up(self) -> None:
        """Remove what makes PostgreSQL believe that a dead server lives."""
        pid = processes.recorded_pid(self.home.database)
        # A number that is free is PostgreSQL's own to judge, by its shared memory too. One taken
        # by a zombie or a stranger, or a file cut short, would stop it for ever.
        if pid is None or _exists(abs(pid)):
            (self.home.database / "postmaster.pid").unlink(missing_ok=True)
        remove_stale_sockets(self.sockets)

    def _start(self) -> None:
        self.tell(Text(zh="正在启动数据库。", en="Starting the database."))
        self._rotate_log()
        written_before = self.log.stat().st_size if self.log.exists() else 0
        pid = self._launch()
        try:
            answered = self._await_answer(lambda: processes.is_alive(pid))
        except KeyboardInterrupt:
            _signal(pid, signal.SIGINT)
            raise
        if not answered:
            raise refusals.died(self.log, written_before)

    def _launch(self) -> int:
        """Start the postmaster, detached, with the server lock in its hands; its process number."""
        lock = FileLock(self._lock_file)
        log = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            if not lock.take():
                raise refusals.orphans(self.home, processes.servers(self.home.database))
            shell = self.account.popen(
                ["/bin/sh", "-c", _DETACH, "sh", program("postgres"), "-D", self.home.database],
                stderr=log,
                pass_fds=(lock.descriptor,),
            )
        finally:
            os.close(log)
            # Closed, not released: the server has it now.
            lock.close()
        return _printed_pid(shell)

    def _rotate_log(self) -> None:
        if self.log.exists() and self.log.stat().st_size > _LOG_LIMIT_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))

    def _ping(self) -> Ping:
        conninfo = make_conninfo(
            host=str(self.sockets), port=PORT, user=USER, dbname="postgres", connect_timeout=3
        )
        return Ping(PGconn.ping(conninfo.encode()))

    def _postmaster_alive(self) -> bool:
        return processes.postmaster(self.home.database) is not None

    def _lost_its_socket(self) -> bool:
        ready = b"\nready" in _read(self.home.database / "postmaster.pid")
        missing = not (self.sockets / SOCKET_NAME).exists()
        return ready and missing and self._postmaster_alive()

    def _is_gone(self) -> bool:
        """Whether no process of the server is left, a server started by hand included."""
        return not is_held(self._lock_file) and not processes.servers(self.home.database)

    @property
    def _lock_file(self) -> Path:
        return self.home.run / "server.lock"


def _printed_pid(shell: subprocess.Popen[str]) -> int:
    assert shell.stdout is not None
    with shell.stdout:
        printed = shell.stdout.readline()
    shell.wait()
    return int(printed)


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _signal(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""
