"""Documents handed in: told by content, bounded before they are unpacked, kept by their digest.

What is handed in is hostile. Nothing of it is shown inside a page; it is given out as a file.
"""

from __future__ import annotations

import io
import os
import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from PIL import Image, UnidentifiedImageError

from yuexin.base.digest import sha256_hex
from yuexin.base.errors import Refusal, printable
from yuexin.base.text import Text
from yuexin.engines.cases.refusals import refusal
from yuexin.engines.cases.scanning import scanned
from yuexin.engines.cases.types import KeptPaper
from yuexin.engines.cases.within import refuse_active
from yuexin.home.folder import Home, write_durably

MOST_BYTES: Final = int(os.environ.get("YUEXIN_PAPER_BYTES", str(10 << 20)))
MOST_PIXELS: Final = 64_000_000
LONGEST_NAME: Final = 120
SUFFIXES: Final = {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg"}
IMAGES: Final = {"PNG": "image/png", "JPEG": "image/jpeg"}
DAMAGED: Final = (OSError, SyntaxError, ValueError, EOFError, struct.error)
# A reader takes a PDF whose header stands anywhere in its first kilobyte.
HEAD_BYTES: Final = 1024
ZIP_END: Final = b"PK\x05\x06"
ZIP_END_BYTES: Final = 22
LONGEST_COMMENT: Final = 0xFFFF
MARKUP: Final = re.compile(rb"<(?:html|script|svg|!doctype)", re.IGNORECASE)
WANTED: Final = Text("请上传 PDF、PNG 或 JPEG", "hand in a PDF, PNG or JPEG")


def keep_paper(*, home: Home, stream: BinaryIO, slot: str, name: str) -> KeptPaper:
    """Keep a document durably under its digest. Keeping it twice keeps one file.

    Raises a `Refusal` for one that is too large, of a kind that is not taken, of two kinds at
    once, damaged, or infected.
    """
    data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        size = MOST_BYTES >> 20
        raise refusal(
            "PAPER_LARGE", f"文件超过 {size} MB", f"the file is larger than {size} MB", where=slot
        )
    media_type = _kind_of(data, slot)
    found = scanned(data=data, slot=slot)
    digest = sha256_hex(data)
    path = path_of(home=home, sha256=digest)
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_durably(file=path, content=data)
    return KeptPaper(
        slot=slot, name=_name(name, media_type), sha256=digest, size_bytes=len(data),
        media_type=media_type, scan=found,
    )  # fmt: skip


def path_of(*, home: Home, sha256: str) -> Path:
    """Where a document lies."""
    return home.papers / sha256[:2] / sha256


def _kind_of(data: bytes, slot: str) -> str:
    if data.startswith(b"%PDF-"):
        _refuse_pdf(data, slot)
        media_type = "application/pdf"
    else:
        media_type = _image_type(data, slot)
        if b"%PDF-" in data[:HEAD_BYTES] or MARKUP.search(data[:HEAD_BYTES]):
            raise _two_kinds(slot)
    if any(_ends_as_archive(data)):
        raise _two_kinds(slot)
    return media_type


def _refuse_pdf(data: bytes, slot: str) -> None:
    if b"%%EOF" not in data[-2048:]:
        raise refusal("PAPER_DAMAGED", "PDF 不完整", "the PDF is not whole", where=slot)
    refuse_active(data=data, slot=slot)


def _image_type(data: bytes, slot: str) -> str:
    try:
        image = Image.open(io.BytesIO(data), formats=tuple(IMAGES))
        if image.width * image.height > MOST_PIXELS:
            raise _too_many_pixels(slot)
        kind = IMAGES.get(image.format or "", "")
        image.verify()
    except Image.DecompressionBombError as error:
        raise _too_many_pixels(slot) from error
    except UnidentifiedImageError as error:
        raise refusal(
            "PAPER_KIND", "不支持这种文件", "this kind of file is not taken", where=slot,
            remedy=WANTED,
        ) from error  # fmt: skip
    except DAMAGED as error:
        raise refusal(
            "PAPER_DAMAGED", "图片已损坏", "the picture is damaged", where=slot, remedy=WANTED
        ) from error
    return kind


def _ends_as_archive(data: bytes) -> Iterator[bool]:
    """Whether the file ends as a zip does, so that an unpacker would take it for one."""
    tail = data[-(ZIP_END_BYTES + LONGEST_COMMENT) :]
    at = tail.find(ZIP_END)
    while at >= 0:
        comment = tail[at + 20 : at + ZIP_END_BYTES]
        whole = len(tail) - at - ZIP_END_BYTES
        yield len(comment) == 2 and struct.unpack("<H", comment)[0] == whole
        at = tail.find(ZIP_END, at + 1)


def _name(name: str, media_type: str) -> str:
    """A name that can be shown and saved anywhere: without folders, and of the kind it is."""
    bare = printable(name.replace("\\", "/").rpartition("/")[2]).strip(" .")
    stem = re.sub(r'[<>:"|?*%]', "_", bare.rpartition(".")[0] or bare)[:LONGEST_NAME].strip(" .")
    return (stem or "paper") + SUFFIXES[media_type]


def _too_many_pixels(slot: str) -> Refusal:
    return refusal(
        "PAPER_PIXELS", "图片的像素过多", "the picture has too many pixels", where=slot,
        remedy=Text("请调低分辨率后上传", "lower its resolution"),
    )  # fmt: skip


def _two_kinds(slot: str) -> Refusal:
    return refusal(
        "PAPER_TWO_KINDS", "文件同时是另一种文件", "the file is of another kind as well",
        where=slot, remedy=WANTED,
    )  # fmt: skip
