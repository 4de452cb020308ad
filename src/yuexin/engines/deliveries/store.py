"""The delivery store: files by their digest, durable before anyone is told they arrived."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from yuexin.base.errors import Refusal
from yuexin.base.text import Text

CHUNK_BYTES = 1 << 20
MAX_DELIVERY_BYTES = 16 << 30
SPARE_BYTES = 256 << 20
LOOK_BYTES = 64 << 20  # free space is looked at this often while a file arrives
ABANDONED_SECONDS = 86_400
COPY = ".redacted"


@dataclass(frozen=True, kw_only=True)
class Arrived:
    """A file that came in and is not yet kept: checked here, then kept or dropped."""

    path: Path
    sha256: str
    size_bytes: int


@contextmanager
def arriving(*, store: Path, stream: BinaryIO) -> Iterator[Arrived]:
    """Take a stream into a private file. Leaving the block drops it unless it was kept."""
    store.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=".arriving-", dir=store)
    path = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as out:
            digest, size = _copy(stream, out, store)
            out.flush()
            os.fsync(out.fileno())
        yield Arrived(path=path, sha256=digest, size_bytes=size)
    finally:
        path.unlink(missing_ok=True)


def keep(*, store: Path, arrived: Arrived) -> Path:
    """Give the file its place by digest, durably. Keeping the same bytes twice keeps one
    and heals a spoiled copy."""
    return _placed(store, arrived, place_of(store=store, sha256=arrived.sha256))


def keep_copy(*, store: Path, arrived: Arrived) -> Path:
    """Give a redacted copy its place, durably; it counts once an erasure names it."""
    return _placed(store, arrived, place_of_copy(store=store, sha256=arrived.sha256))


def _placed(store: Path, arrived: Arrived, place: Path) -> Path:
    place.parent.mkdir(mode=0o700, exist_ok=True)
    os.chmod(arrived.path, 0o400)
    os.replace(arrived.path, place)
    for folder in (place.parent, store):
        _fsync_folder(folder)
    return place


def place_of(*, store: Path, sha256: str) -> Path:
    return store / sha256[:2] / sha256


def place_of_copy(*, store: Path, sha256: str) -> Path:
    """Where the redacted copy of this digest lies."""
    return store / sha256[:2] / f"{sha256}{COPY}"


def unnamed_copies(*, store: Path, named: frozenset[str]) -> tuple[Path, ...]:
    """Redacted copies of no digest among these."""
    return tuple(
        path for path in store.glob(f"??/*{COPY}") if path.name.removesuffix(COPY) not in named
    )


def discard(*, paths: Iterable[Path]) -> int:
    """Drop files for good: when this returns, no crash brings them back. Returns the count."""
    folders = set()
    count = 0
    for path in paths:
        path.unlink(missing_ok=True)
        folders.add(path.parent)
        count += 1
    for folder in folders:
        _fsync_folder(folder)
    return count


def sweep(*, store: Path, now: dt.datetime) -> int:
    """Drop what arrived a day ago or more and was never kept. Returns the count."""
    oldest = now.timestamp() - ABANDONED_SECONDS
    arriving = [path for path in store.glob(".arriving-*") if path.is_file()]
    abandoned = [path for path in arriving if path.stat().st_mtime < oldest]
    for path in abandoned:
        path.unlink(missing_ok=True)
    return len(abandoned)


def _copy(stream: BinaryIO, out: BinaryIO, store: Path) -> tuple[str, int]:
    digest = hashlib.sha256()
    size = 0
    while chunk := stream.read(CHUNK_BYTES):
        size += len(chunk)
        if size > MAX_DELIVERY_BYTES:
            raise Refusal(
                code="TOO_LARGE",
                what=Text("文件超过单次交付上限", "the file is larger than one delivery may be"),
                rule=f"<= {MAX_DELIVERY_BYTES} bytes",
                remedy=Text("请分批交付", "deliver it in parts"),
            )
        digest.update(chunk)
        try:
            out.write(chunk)
        except OSError as error:
            raise disk_full(store=store) from error
        if size // LOOK_BYTES > (size - len(chunk)) // LOOK_BYTES:
            _require_space(store)
    _require_space(store)
    return digest.hexdigest(), size


def _require_space(store: Path) -> None:
    if shutil.disk_usage(store).free < SPARE_BYTES:
        raise disk_full(store=store)


def disk_full(*, store: Path) -> Refusal:
    """The refusal of a file that there is no room for."""
    return Refusal(
        code="DISK_FULL",
        what=Text("磁盘空间不足，文件未接收", "the disk is full; the file was not taken"),
        where=str(store),
        rule="DESIGN law 1",
        remedy=Text("腾出空间后重新交付", "free some space and deliver again"),
    )


def _fsync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
