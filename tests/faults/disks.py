"""Disks that fill up: a small file system of its own, or a limit on the files of a process.

The first is a real full disk, database and all. It needs mounts: as root a namespace for them, as
anybody else a user namespace beside it. The second works everywhere, and fills up one process.
"""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tests.faults.programs import Commands, Platform, Program, ended, made_once, served_platform
from tests.stories.site import folder

# What an arriving file must leave free is 256 MB, and a database takes about 80.
SIZE_MB = 450
DISK, FILES = "a small disk", "small files"
MOUNT = 'mount -t tmpfs -o "size=$2,mode=0711" tmpfs "$1" && echo mounted && exec cat'


class Disk(Protocol):
    """A platform whose disk can run out."""

    @property
    def platform(self) -> Platform: ...

    def runs_out(self, program: Program) -> None:
        """From now on the program cannot write a byte."""

    def runs_out_for_the_database(self, *, leaving: int) -> None:
        """From now on the database can write so much, and no more."""

    def is_freed(self) -> None:
        """There is room again."""


@dataclass(frozen=True, kw_only=True)
class SmallDisk:
    """A data folder on a file system of its own, which anything may fill."""

    platform: Platform

    @property
    def _filler(self) -> Path:
        return self.platform.home.with_name("filler")

    def runs_out(self, program: Program) -> None:
        del program
        self.fills_up(leaving=0)

    def runs_out_for_the_database(self, *, leaving: int) -> None:
        self.fills_up(leaving=leaving)

    def fills_up(self, *, leaving: int) -> None:
        with self._filler.open("wb") as filler:
            room = os.statvfs(filler.fileno())
            size = room.f_bavail * room.f_frsize - leaving
            os.posix_fallocate(filler.fileno(), 0, size)

    def is_freed(self) -> None:
        self._filler.unlink(missing_ok=True)


@dataclass(frozen=True, kw_only=True)
class SmallFiles:
    """A data folder like any other, and a program that may not make files grow."""

    platform: Platform

    def runs_out(self, program: Program) -> None:
        _limit([program.process.pid], 0)

    def runs_out_for_the_database(self, *, leaving: int) -> None:
        _limit(self.platform.backends, leaving)

    def is_freed(self) -> None:
        """Also the next program has no such limit."""
        _limit(self.platform.backends, resource.RLIM_INFINITY)


def _limit(pids: Iterable[int], size_bytes: int) -> None:
    """Bound how large a file these processes may make."""
    for pid in pids:
        # A database's processes come and go.
        with suppress(ProcessLookupError):
            _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (size_bytes, hard))


@contextmanager
def small_disk() -> Iterator[SmallDisk]:
    """A served platform on a file system that exists for its commands only."""
    with folder() as path, _mounted(path) as keeper:
        seen = Path(f"/proc/{keeper}/root{path}")
        commands = Commands(home=seen / "home", inside=path / "home", through=_enter(keeper))
        with ended(Platform(console=commands, log=path / "serve.log")) as platform:
            platform.takes_over(made_once())
            platform.start_server()
            yield SmallDisk(platform=platform)


@contextmanager
def small_files() -> Iterator[SmallFiles]:
    """A platform like any other."""
    with served_platform() as platform:
        yield SmallFiles(platform=platform)


def disks() -> dict[str, Callable[[], AbstractContextManager[Disk]]]:
    """The ways to a full disk that this machine has: one always, both where mounts are allowed."""
    files: dict[str, Callable[[], AbstractContextManager[Disk]]] = {FILES: small_files}
    return {DISK: small_disk, **files} if _can_mount() else files


def _can_mount() -> bool:
    try:
        with folder() as path, _mounted(path):
            return True
    except (OSError, RuntimeError):
        return False


@contextmanager
def _mounted(path: Path) -> Iterator[int]:
    """A process for which a small file system is mounted there; its number."""
    own = () if os.geteuid() == 0 else ("--user", "--map-root-user")
    keeper = subprocess.Popen(
        ["unshare", *own, "--mount", "sh", "-c", MOUNT, "sh", path, f"{SIZE_MB}m"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert keeper.stdout is not None
    try:
        if keeper.stdout.readline() != "mounted\n":
            raise RuntimeError("no file system can be mounted here")
        yield keeper.pid
    finally:
        # Its end is the end of the file system.
        keeper.communicate()


def _enter(keeper: int) -> tuple[str, ...]:
    own = () if os.geteuid() == 0 else ("--user", "--preserve-credentials")
    return ("nsenter", "--target", str(keeper), *own, "--mount", "--")
