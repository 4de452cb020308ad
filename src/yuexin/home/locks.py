"""Locks that the kernel drops when their holder is gone, kill -9 included, and waiting for them.

Locks are `flock`s: they belong to the opened file, which a forked child shares. So a worker that
outlives a killed parent keeps the parent's lock, while `release` ends it for both. Files are
opened close-on-exec: a program started by us never holds a lock by accident.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

POLL_SECONDS = 0.02


class FileLock:
    """One opened lock file, unlocked at first. It is never removed: two files are two locks."""

    def __init__(self, path: Path) -> None:
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        self.descriptor = os.open(path, flags, 0o600)

    def share(self) -> None:
        fcntl.flock(self.descriptor, fcntl.LOCK_SH)

    def take(self) -> bool:
        """Hold the lock alone, if nobody else holds it now."""
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def release(self) -> None:
        fcntl.flock(self.descriptor, fcntl.LOCK_UN)

    def close(self) -> None:
        """Forget the file. A process that inherited it keeps the lock."""
        os.close(self.descriptor)


def is_held(path: Path) -> bool:
    """Whether anybody holds the lock, shared or alone, through another opening of the file."""
    probe = FileLock(path)
    try:
        free = probe.take()
        # Released, not only closed: a fork in this very moment must not carry the lock away.
        probe.release()
    finally:
        probe.close()
    return not free


@contextmanager
def alone(path: Path, *, seconds: float) -> Iterator[bool]:
    """Hold the lock alone during the body; yields False when it was not to be had in time."""
    lock = FileLock(path)
    try:
        yield wait_until(lock.take, seconds=seconds)
    finally:
        lock.release()
        lock.close()


def wait_until(condition: Callable[[], bool], *, seconds: float) -> bool:
    """Ask until the condition holds or the time is over; the last answer."""
    deadline = time.monotonic() + seconds
    while not (answer := condition()) and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
    return answer
