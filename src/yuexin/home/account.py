"""As whom the server runs.

PostgreSQL refuses root, so for root there are two ways: a user namespace, where root's files are
still its own but it is not root; else an existing unprivileged user.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.home.binaries import clean_environment, program
from yuexin.home.folder import Home

_PROBE_SECONDS = 30
_CANDIDATES = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """A user for the server: who owns its files, and how its programs are started."""

    uid: int
    gid: int
    prefix: tuple[str, ...] = ()

    @property
    def is_other(self) -> bool:
        return self.uid != os.geteuid()

    def own(self, path: Path) -> None:
        """Give a path that we made to the server's user."""
        if self.is_other:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def popen(
        self,
        command: Sequence[str | Path],
        *,
        stdin: int = subprocess.DEVNULL,
        stdout: int = subprocess.PIPE,
        stderr: int = subprocess.STDOUT,
        pass_fds: tuple[int, ...] = (),
    ) -> subprocess.Popen[str]:
        """Start a program as this user, in a session of its own: Ctrl-C at our terminal is ours."""
        return subprocess.Popen(
            [*self.prefix, *command],
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            pass_fds=pass_fds,
            cwd="/",
            text=True,
            errors="replace",
            env=clean_environment(),
            start_new_session=True,
            user=self.uid if self.is_other else None,
            group=self.gid if self.is_other else None,
            extra_groups=() if self.is_other else None,
        )


def choose_account(home: Home) -> Account:
    """The user for this home's server. Files that exist decide: they stay with their owner."""
    uid = os.geteuid()
    if uid != 0:
        return Account(uid=uid, gid=os.getegid())
    owner = _database_owner(home)
    if owner is not None and owner.uid != 0:
        return _opened_for(home, owner)
    namespace = Account(uid=0, gid=os.getegid(), prefix=("unshare", "-U"))
    if shutil.which("unshare") and _runs(namespace, "id -u"):
        return namespace
    if owner is None:
        for name in _CANDIDATES:
            if (other := _named(name)) is not None:
                return _opened_for(home, other)
    raise _root_refused(home)


def _database_owner(home: Home) -> Account | None:
    try:
        status = home.database.stat()
    except FileNotFoundError:
        return None
    return Account(uid=status.st_uid, gid=status.st_gid)


def _named(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(uid=entry.pw_uid, gid=entry.pw_gid)


def _opened_for(home: Home, account: Account) -> Account:
    """Let the server's user pass through our folders, which it still can neither list nor read."""
    for folder in (home.path, home.run):
        folder.chmod(0o711)
    if not _runs(account, 'cd "$1" && "$2" --version', home.run, program("postgres")):
        raise _root_refused(home)
    return account


def _runs(account: Account, script: str, *arguments: Path) -> bool:
    process = account.popen(["/bin/sh", "-c", script, "sh", *arguments])
    try:
        printed, _ = process.communicate(timeout=_PROBE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return False
    # A program that reports success as root has not left root.
    return process.returncode == 0 and printed.strip() != "0"


def _root_refused(home: Home) -> Refusal:
    return Refusal(
        code="database.root",
        what=Text(
            zh="PostgreSQL 不能以 root 运行，本机又没有可用的用户命名空间，"
            "也没有能够进入数据目录的普通用户。",
            en="PostgreSQL does not run as root, and this machine offers neither user namespaces "
            "nor an ordinary user who can reach the data folder and the programs.",
        ),
        where=str(home.database),
        remedy=Text(
            zh="请以普通用户运行；或将 YUEXIN_HOME 设在 /var/lib 之下并使 database 归该用户所有；"
            "或用 YUEXIN_DATABASE_URL 指向现有的 PostgreSQL。",
            en="Run as an ordinary user; or set YUEXIN_HOME below /var/lib and give its `database` "
            "to such a user; or point YUEXIN_DATABASE_URL at a PostgreSQL server.",
        ),
    )
