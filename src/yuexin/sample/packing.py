"""Packs a file as it is written: gzip, or a zip of one file. The same rows give the same bytes."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path
from typing import IO, Final

_PACKED_AT: Final = (2016, 6, 24, 9, 0, 0)


def packed(path: Path, packing: str) -> IO[bytes]:
    """The stream of a file to write, packed by `gzip`, by `zip`, or not at all."""
    match packing:
        case "gzip":
            return _Gzip(path)  # type: ignore[return-value]
        case "zip":
            return _Zip(path)  # type: ignore[return-value]
        case _:
            return path.open("wb")


class _Gzip(gzip.GzipFile):
    """A gzip that neither says when it was made nor what the file was called."""

    def __init__(self, path: Path) -> None:
        self._below = path.open("wb")
        super().__init__(filename="", mode="wb", fileobj=self._below, mtime=0)

    def close(self) -> None:
        super().close()
        self._below.close()


class _Zip(io.BufferedIOBase):
    """The one member of a zip."""

    def __init__(self, path: Path) -> None:
        self._archive = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED)
        member = zipfile.ZipInfo(path.stem, date_time=_PACKED_AT)
        member.compress_type = zipfile.ZIP_DEFLATED
        self._member = self._archive.open(member, "w", force_zip64=True)

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        return self._member.write(data)

    def close(self) -> None:
        if not self.closed:
            super().close()
            self._member.close()
            self._archive.close()
