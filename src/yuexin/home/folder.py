"""The data folder: everything one installation keeps, readable by one user of the machine only."""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from yuexin.base.errors import Refusal
from yuexin.base.text import Text

PRIVATE_MODE = 0o700
SECRET_SIZE_BYTES = 32
DEPOSITED_SIZE_BYTES = 1 << 16
_SECRET_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


@dataclass(frozen=True)
class Home:
    """The data folder of one installation.

    `Home.at` and `Home.from_environment` create and check the folder; `Home(path)` only names it.
    """

    path: Path

    @classmethod
    def from_environment(cls) -> Home:
        """The folder named by YUEXIN_HOME, else `yuexin` in the user's data directory."""
        named = os.environ.get("YUEXIN_HOME", "")
        try:
            path = Path(named).expanduser() if named else _default_path()
        except RuntimeError as error:
            raise _not_writable(Path(named or "~"), OSError(2, "no such user")) from error
        return cls.at(path=path)

    @classmethod
    def at(cls, *, path: Path) -> Home:
        """Create the folder if missing, check that it is ours alone, and make its subfolders.

        Refuses when it cannot be created or written, or belongs to another user.
        """
        # Resolved once: the path names locks and sockets, on which all commands must agree.
        home = cls(path.absolute().resolve())
        try:
            home.path.mkdir(parents=True, exist_ok=True, mode=PRIVATE_MODE)
            _require_own(home.path)
            for folder in home._folders():
                folder.mkdir(exist_ok=True, mode=PRIVATE_MODE)
        except OSError as error:
            raise _not_writable(home.path, error) from error
        return home

    @property
    def scratch(self) -> Path:
        """Unpacked and transcoded copies while they are read; safe to delete when nothing runs."""
        return self.path / "scratch"

    @property
    def deliveries(self) -> Path:
        """Deliveries as received."""
        return self.path / "deliveries"

    @property
    def papers(self) -> Path:
        """Documents handed in with cases, by their digest."""
        return self.path / "papers"

    @property
    def lake(self) -> Path:
        """Parquet files of the pool."""
        return self.path / "lake"

    @property
    def database(self) -> Path:
        """The embedded database's own files. Absent until the database is complete."""
        return self.path / "database"

    @property
    def run(self) -> Path:
        """Locks and sockets: of no worth when nothing runs."""
        return self.path / "run"

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def spool(self) -> Path:
        """Messages for channels that no gateway is set for, as they would have gone out."""
        return self.path / "spool"

    @property
    def secrets(self) -> Path:
        return self.path / "secrets"

    @property
    def demonstration(self) -> Path:
        """There only where `yuexin account cast` made this home a demonstration."""
        return self.path / "demonstration.json"

    def secret(self, name: str) -> bytes:
        """32 random bytes, the same at every call for one name, made at the first."""
        if not _SECRET_NAME.fullmatch(name):
            raise ValueError(f"not a name for a secret: {name!r}")
        file = self.secrets / name
        try:
            with _held(self.secrets):
                if not file.exists():
                    write_durably(file=file, content=secrets.token_bytes(SECRET_SIZE_BYTES))
        except OSError as error:
            raise _not_writable(file, error) from error
        return _read_secret(file)

    def deposited(self, name: str) -> bytes | None:
        """What an operator put among the secrets under this name, none where he put nothing."""
        file = self.secrets / name
        if not file.exists():
            return None
        content, exposed = _read_private(file, at_most=DEPOSITED_SIZE_BYTES)
        if exposed:
            raise _unsafe(file)
        return content

    def _folders(self) -> tuple[Path, ...]:
        return (
            self.deliveries, self.papers, self.scratch, self.lake, self.run, self.logs, self.spool,
            self.secrets,
        )  # fmt: skip


def write_durably(*, file: Path, content: bytes) -> None:
    """Replace a file (mode 0600) so that after a power cut it is the old one or the new one."""
    temporary = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        with open(os.open(temporary, flags, 0o600), "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.rename(file)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(file.parent)


def sync_folder(folder: Path) -> None:
    """Make renames and new names inside a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _default_path() -> Path:
    configured = Path(os.environ.get("XDG_DATA_HOME", ""))
    # The XDG specification: a relative path is invalid and ignored.
    base = configured if configured.is_absolute() else Path("~/.local/share").expanduser()
    return base / "yuexin"


def _require_own(path: Path) -> None:
    status = path.stat()
    if not stat.S_ISDIR(status.st_mode):
        raise NotADirectoryError(20, "Not a directory", str(path))
    # Root is no exception: whoever owns a folder can lead a writer elsewhere through links.
    if status.st_uid != os.geteuid():
        raise Refusal(
            code="home.foreign",
            what=Text(
                zh=f"数据目录属于其他用户（用户号 {status.st_uid}）。",
                en=f"The data folder belongs to another user (id {status.st_uid}).",
            ),
            where=str(path),
            remedy=Text(
                zh="请以该用户运行，或将 YUEXIN_HOME 指向自己的目录。",
                en="Run as that user, or set YUEXIN_HOME to a folder of your own.",
            ),
        )
    if not os.access(path, os.W_OK | os.X_OK):
        raise PermissionError(13, "Permission denied", str(path))
    if status.st_mode & 0o066:
        path.chmod(PRIVATE_MODE)


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Let one process at a time work in a folder, by a lock on the folder itself."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
        os.close(descriptor)


def _read_secret(file: Path) -> bytes:
    content, exposed = _read_private(file, at_most=SECRET_SIZE_BYTES + 1)
    if exposed or len(content) != SECRET_SIZE_BYTES:
        raise _unsafe(file)
    return content


def _read_private(file: Path, *, at_most: int) -> tuple[bytes, bool]:
    """What a file holds, and whether others could read it."""
    with open(os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb") as stream:
        status = os.fstat(stream.fileno())
        exposed = bool(status.st_mode & 0o077) or status.st_uid != os.geteuid()
        return stream.read(at_most), exposed


def _unsafe(file: Path) -> Refusal:
    return Refusal(
        code="home.secret-unsafe",
        what=Text(
            zh="密钥文件已损坏，或其他用户可以读取。",
            en="The secret file is damaged, or other users can read it.",
        ),
        where=str(file),
        remedy=Text(
            zh="请从备份恢复；若可能已泄露，请移走该文件，系统将生成新的密钥。",
            en="Restore it from a backup; if it may have leaked, move it away for a new one.",
        ),
    )


def _not_writable(path: Path, error: OSError) -> Refusal:
    reason = error.strerror or str(error)
    return Refusal(
        code="home.not-writable",
        what=Text(
            zh=f"数据目录无法创建或写入：{reason}。",
            en=f"The data folder cannot be created or written: {reason}.",
        ),
        where=str(path),
        remedy=Text(
            zh="请检查权限和磁盘空间，或将 YUEXIN_HOME 指向可写的目录。",
            en="Check permissions and disk space, or set YUEXIN_HOME to a folder you can write.",
        ),
    )
