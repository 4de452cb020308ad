"""What a delivery is packed in: nothing, gzip, or a zip of one file."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from yuexin.base.errors import Refusal, printable
from yuexin.base.text import Text
from yuexin.domains.collection.reading.limits import CHUNK_BYTES

ZIP = b"PK\x03\x04"
GZIP = b"\x1f\x8b"
BOOK = "xl/workbook.xml"
# What any document of the new Office holds; the reader of workbooks says which it is not.
OFFICE = frozenset({BOOK, "[content_types].xml"})
MAX_UNPACKED_BYTES = 16 << 30
MAX_RATIO = 400
RATIO_FREE_BYTES = 64 << 20
NAMED = 5
# What file managers add by themselves.
LITTER = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
LITTER_FOLDER = "__macosx"
DAMAGED = (
    EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, NotImplementedError, RuntimeError,
    ValueError,
)  # fmt: skip


def unwrapped(*, path: Path, folder: Path) -> Path:
    """The delivered data without its packing: the file itself where it has none.

    Raises a `Refusal` for what is damaged, locked, far too much, or more than one file.
    """
    with _understood(), _inside(path) as stream:
        if stream is None:
            return path
        target = folder / "unpacked"
        _copy(stream, target, path.stat().st_size)
    return target


def head_of(path: Path, size: int) -> bytes:
    """The first bytes of the data in a delivery, as far as they can be unpacked.

    Of a zip that is no workbook and holds not one file, those of the zip itself.
    """
    try:
        with _inside(path) as stream:
            if stream is not None:
                return stream.read(size)
    except (*DAMAGED, Refusal):
        pass
    with path.open("rb") as stream:
        head = stream.read(size)
    return b"" if head.startswith(GZIP) else head


@contextmanager
def _inside(path: Path) -> Iterator[IO[bytes] | None]:
    with path.open("rb") as stream:
        head = stream.read(len(ZIP))
    if head.startswith(GZIP):
        with gzip.open(path) as unpacked:
            yield unpacked  # type: ignore[misc]
    elif head == ZIP and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            member = _only_member(archive.infolist())
            if member is None:
                yield None
            else:
                with archive.open(member) as unpacked:
                    yield unpacked
    else:
        yield None


def _only_member(members: list[zipfile.ZipInfo]) -> zipfile.ZipInfo | None:
    """The one file of a zip; none where the zip is itself an Office document."""
    if any(info.filename.lower() in OFFICE for info in members):
        return None
    files = [info for info in members if not info.is_dir() and not _is_litter(info.filename)]
    if len(files) == 1:
        return files[0]
    names = [printable(info.filename[:40]) for info in files[:NAMED]]
    raise _refusal(
        f"压缩包内有 {len(files)} 个文件：{'、'.join(names)}",
        f"the archive holds {len(files)} files: {', '.join(names)}",
        Text("每个压缩包只放一个数据文件", "pack one data file by itself"),
    )


def _is_litter(name: str) -> bool:
    place = PurePosixPath(name.lower())
    return place.parts[:1] == (LITTER_FOLDER,) or place.name in LITTER


def _copy(stream: IO[bytes], target: Path, packed: int) -> None:
    limit = min(MAX_UNPACKED_BYTES, max(RATIO_FREE_BYTES, packed * MAX_RATIO))
    size = 0
    with target.open("wb") as out:
        while chunk := stream.read(CHUNK_BYTES):
            size += len(chunk)
            if size > limit:
                raise _refusal("解压后过大，疑似压缩炸弹", "it unpacks to far too much")
            out.write(chunk)


@contextmanager
def _understood() -> Iterator[None]:
    try:
        yield
    except DAMAGED as error:
        raise _refusal("压缩文件不完整或已损坏", "the archive is truncated or damaged") from error


def _refusal(zh: str, en: str, remedy: Text | None = None) -> Refusal:
    again = Text("重新打包后交付", "pack it again and deliver it again")
    return Refusal(code="ARCHIVE", what=Text(zh, en), rule="RFC 1952", remedy=remedy or again)
