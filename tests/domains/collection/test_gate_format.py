"""What the first bytes tell, before a file is copied."""

from __future__ import annotations

import bz2
import lzma
from pathlib import Path

import pytest

from yuexin.base.errors import Refusal
from yuexin.domains.collection.gate import sniff_format

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LOCKED = "EncryptedPackage".encode("utf-16-le")


def refused(folder: Path, data: bytes) -> Refusal:
    path = folder / "given.xlsx"
    path.write_bytes(data)
    with pytest.raises(Refusal) as caught:
        sniff_format(path)
    assert caught.value.code == "FORMAT"
    return caught.value


@pytest.mark.parametrize("place", [512, (1 << 20) - 20, 5 << 20])
def test_a_workbook_with_a_password_is_told_to_be_one(tmp_path: Path, place: int) -> None:
    """A spreadsheet program locks a workbook into a container of the old Office."""
    said = refused(tmp_path, OLE + b"\0" * place + LOCKED + b"\0" * 900).sentence("zh")
    assert "密码" in said
    assert "取消打开密码" in said


def test_an_old_workbook_is_told_to_be_one(tmp_path: Path) -> None:
    data = OLE + b"\0" * 512 + "Workbook".encode("utf-16-le")
    assert "密码" not in refused(tmp_path, data).sentence("zh")


@pytest.mark.parametrize(
    "data",
    [b"%PDF-1.7", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", bz2.compress(b"x"), lzma.compress(b"x"),
     b"\x28\xb5\x2f\xfd\x04"],
)  # fmt: skip
def test_what_nobody_here_unpacks_is_refused(tmp_path: Path, data: bytes) -> None:
    refused(tmp_path, data)
