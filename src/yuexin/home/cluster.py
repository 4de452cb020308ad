"""The database of a home: a server of the operator's, or the embedded one while somebody uses it.

Two locks in `run` keep count. `users.lock` is held, shared, by every user for as long as it uses
the server; `start.lock` is held alone while joining and while leaving. The last to leave stops the
server under the start lock, so nobody can join a server that is about to stop, and nobody who has
joined can lose it. The kernel drops the locks of the killed; a server whose users were all killed
runs on until the next command adopts it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import quote

from yuexin.base.text import Text
from yuexin.home import processes, refusals
from yuexin.home.account import choose_account
from yuexin.home.creation import DATABASE, USER, is_created
from yuexin.home.folder import Home
from yuexin.home.locks import FileLock, alone, is_held
from yuexin.home.server import Progress, Server
from yuexin.home.sockets import PORT, socket_directory

# Longer than the longest recovery that a server is given.
JOIN_SECONDS = 1200.0
LEAVE_SECONDS = 180.0


@dataclass(frozen=True)
class Status:
    """The embedded server as seen from outside."""

    url: str
    pid: int | None
    answers: bool
    in_use: bool


def database_url(home: Home) -> str:
    """Where the database is, running or not: YUEXIN_DATABASE_URL, else the embedded server."""
    return os.environ.get("YUEXIN_DATABASE_URL") or _embedded_url(home)


def is_embedded(*, home: Home, host: str) -> bool:
    """Whether a connection to this host is one to the embedded server of this home."""
    return host == str(socket_directory(home.run)) and is_created(home)


@contextmanager
def running(home: Home, progress: Progress | None = None) -> Iterator[str]:
    """Keep the database running during the body; yields its URL.

    With YUEXIN_DATABASE_URL set nothing is started. May be nested, and used by any number of
    processes at once. The body of a forked child ends without touching the server; workers that
    are to outlive their parent's body enter `running` themselves. Python runs no `finally` on
    SIGTERM unless the program turns it into an exception: the server then waits to be adopted.
    """
    if os.environ.get("YUEXIN_DATABASE_URL"):
        yield database_url(home)
        return
    # They would redirect or reshape every connection to a server that has all it needs in its URL.
    for name in [name for name in os.environ if name.startswith("PG")]:
        del os.environ[name]
    server = Server(home=home, account=choose_account(home), tell=progress or _silent)
    owner = os.getpid()
    users = FileLock(home.run / "users.lock")
    try:
        _join(server, users)
        try:
            yield _embedded_url(home)
        finally:
            if os.getpid() == owner:
                _leave(server, users)
    finally:
        users.close()


def status(home: Home) -> Status:
    """What runs now. Starts and stops nothing."""
    server = Server(home=home, account=choose_account(home), tell=_silent)
    # Under the start lock: our probe must not look like a user to one who is leaving.
    with alone(home.run / "start.lock", seconds=0) as mine:
        in_use = not mine or is_held(home.run / "users.lock")
    return Status(
        url=_embedded_url(home),
        pid=processes.postmaster(home.database),
        answers=server.answers(),
        in_use=in_use,
    )


def stop(home: Home) -> None:
    """Stop a server that nobody uses, such as one whose users were killed; refuses otherwise."""
    server = Server(home=home, account=choose_account(home), tell=_silent)
    start_lock = home.run / "start.lock"
    with alone(start_lock, seconds=LEAVE_SECONDS) as mine:
        if not mine:
            raise refusals.busy(start_lock)
        if is_held(home.run / "users.lock"):
            raise refusals.in_use(home)
        server.stop()


def reviver(home: Home) -> Callable[[], bool]:
    """What starts the server of a home that is in use again, should it be gone; true when it was.

    Choosing the server's account may run programs, so it is done once.
    """
    server = Server(home=home, account=choose_account(home), tell=_silent)

    def revive() -> bool:
        if server.answers():
            return False
        with alone(home.run / "start.lock", seconds=JOIN_SECONDS) as mine:
            if mine:
                server.ensure(alone=lambda: False)
        return mine

    return revive


def _join(server: Server, users: FileLock) -> None:
    start_lock = server.home.run / "start.lock"
    with alone(start_lock, seconds=JOIN_SECONDS) as mine:
        if not mine:
            raise refusals.busy(start_lock)
        users.share()
        server.ensure(alone=lambda: _is_only_user(server.home, users))


def _leave(server: Server, users: FileLock) -> None:
    with alone(server.home.run / "start.lock", seconds=LEAVE_SECONDS) as mine:
        # Released, not only closed: a forked child shares the lock and would keep it.
        users.release()
        # Whoever holds the start lock for so long is a user itself, or stops the server.
        if mine and not is_held(server.home.run / "users.lock"):
            server.stop()


def _is_only_user(home: Home, users: FileLock) -> bool:
    # Nobody can join meanwhile: the caller holds the start lock.
    users.release()
    only = not is_held(home.run / "users.lock")
    users.share()
    return only


def _embedded_url(home: Home) -> str:
    host = quote(str(socket_directory(home.run)), safe="")
    return f"postgresql://{USER}@/{DATABASE}?host={host}&port={PORT}"


def _silent(_: Text) -> None:
    pass
