"""Where the server listens: a Unix socket in a directory that no other user may enter.

That directory is the whole of the access control (`trust` inside), so it is verified, not assumed.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import stat
from pathlib import Path

from yuexin.base.errors import Refusal
from yuexin.base.text import Text

PORT = 5432
PATH_LIMIT_BYTES = 107
SOCKET_NAME = f".s.PGSQL.{PORT}"
# Not TMPDIR: it differs between processes, and all of them must find the same socket.
SHORT_ROOT = Path("/tmp")
# libpq splits hosts at commas, and configuration files have quoting of their own.
_PLAIN_PATH = re.compile(r"/[\w./+~@=:-]*")


def socket_directory(home_run: Path) -> Path:
    """`run/pg` of the home, or a short directory named after it where that path cannot serve."""
    inside = home_run / "pg"
    fits = len(os.fsencode(inside / f"{SOCKET_NAME}.lock")) <= PATH_LIMIT_BYTES
    if fits and _PLAIN_PATH.fullmatch(str(inside)):
        return inside
    digest = hashlib.sha256(os.fsencode(home_run)).hexdigest()[:20]
    return SHORT_ROOT / f"yuexin-{digest}"


def prepare_socket_directory(*, directory: Path, uid: int, gid: int) -> None:
    """Make the directory for the server's user, or verify the one that is there.

    Refuses a link, a foreign owner and an open mode: in /tmp anyone may have been there first.
    """
    with contextlib.suppress(FileExistsError):
        directory.mkdir(mode=0o700)
    status = directory.lstat()
    private = stat.S_ISDIR(status.st_mode) and not status.st_mode & 0o077
    if private and status.st_uid == os.geteuid():
        os.chown(directory, uid, gid, follow_symlinks=False)
    elif not private or status.st_uid != uid:
        raise Refusal(
            code="database.socket-directory-unsafe",
            what=Text(
                zh="套接字目录不是本程序独占的目录，已拒绝使用。",
                en="The socket directory is not private to this program, so it is not used.",
            ),
            where=str(directory),
            remedy=Text(
                zh="请查明何人创建并删除它，或将 YUEXIN_HOME 指向较短的路径。",
                en="Find out who made it and remove it, or set YUEXIN_HOME to a shorter path.",
            ),
        )


def remove_short_directory(directory: Path) -> None:
    """Leave nothing in the system's temporary folder once the server has stopped."""
    if directory.parent == SHORT_ROOT:
        with contextlib.suppress(OSError):
            directory.rmdir()


def remove_stale_sockets(directory: Path) -> None:
    """Remove what a killed server left. Only for a caller who knows that none is alive."""
    for name in (SOCKET_NAME, f"{SOCKET_NAME}.lock"):
        (directory / name).unlink(missing_ok=True)
