"""What is handed in is hostile: told by content, bounded, kept once, and looked through."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from tests.scanner import listening

from yuexin.base.digest import file_sha256
from yuexin.base.errors import Refusal
from yuexin.engines.cases.operations import keep_paper
from yuexin.engines.cases.queries import path_of
from yuexin.engines.cases.types import KeptPaper
from yuexin.home.folder import Home

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def picture(form: str = "PNG", *, size: tuple[int, int] = (40, 30)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, form)
    return out.getvalue()


def bomb(side: int = 30_000) -> bytes:
    """A PNG whose header says that it is enormous; its data are a few hundred bytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\0" * 10_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def document(said: bytes, *, head: bytes = b"") -> bytes:
    """A PDF whose first object is this."""
    return PDF.replace(b"<<>>endobj", b"<<" + head + b">>" + said + b"endobj")


def packed(said: bytes, *, kind: bytes = b"/Type/ObjStm/N 1/First 4", cut: int = 0) -> bytes:
    """A PDF that holds this in a compressed stream."""
    data = zlib.compress(said)
    data = data[: len(data) - cut]
    length = b"/Length %d" % len(data)
    stream = b"stream\r\n" + data + b"\nendstream "
    return document(stream, head=kind + b"/Filter/FlateDecode" + length)


SCRIPT = b"1 0 <</S/JavaScript/JS(app.alert\\(1\\))>>"


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as zipped:
        zipped.writestr("run.exe", b"MZ")
    return out.getvalue()


def keep(home: Home, data: bytes, name: str = "证明.pdf") -> KeptPaper:
    return keep_paper(home=home, stream=io.BytesIO(data), slot="proof", name=name)


@pytest.mark.parametrize(
    ("data", "name", "kept", "media_type"),
    [
        (PDF, "证明.pdf", "证明.pdf", "application/pdf"),
        (picture(), "scan.exe", "scan.png", "image/png"),
        (picture("JPEG"), "../../etc/passwd", "passwd.jpg", "image/jpeg"),
        (picture("JPEG"), "C:\\temp\\a.html", "a.jpg", "image/jpeg"),
        (PDF, "", "paper.pdf", "application/pdf"),
    ],
)
def test_a_paper_is_what_its_content_says_and_named_so(
    home: Home, data: bytes, name: str, kept: str, media_type: str
) -> None:
    found = keep(home, data, name)
    assert (found.name, found.media_type) == (kept, media_type)
    path = path_of(home=home, sha256=found.sha256)
    assert file_sha256(path) == found.sha256
    assert keep(home, data, name).sha256 == found.sha256


def test_an_enormous_name_and_one_that_turns_letters_around_are_made_harmless(home: Home) -> None:
    assert len(keep(home, PDF, "长" * 4000 + ".pdf").name) < 200
    assert "\u202e" not in keep(home, PDF, "fdp.\u202eexe.pdf").name
    assert '"' not in keep(home, PDF, 'a".pdf').name


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "PAPER_KIND"),
        (b"<html><script>alert(1)</script>", "PAPER_KIND"),
        (b"MZ" + b"\0" * 200, "PAPER_KIND"),
        (archive(), "PAPER_KIND"),
        (picture("GIF"), "PAPER_KIND"),
        (bomb(), "PAPER_PIXELS"),
        (picture()[:60], "PAPER_DAMAGED"),
        (PDF[:-7], "PAPER_DAMAGED"),
        (PDF + archive(), "PAPER_TWO_KINDS"),
        (picture() + archive(), "PAPER_TWO_KINDS"),
        (document(b"", head=b"/OpenAction<</S/JavaScript>>"), "PAPER_ACTIVE"),
        (document(b"", head=b"/OpenAction<</S/J#61va#53cript>>"), "PAPER_ACTIVE"),
        (document(b"", head=b"/Names<</EmbeddedFiles<</Names[]>>>>"), "PAPER_ACTIVE"),
        (document(b"", head=b"/A<</S/SubmitForm/F(https://evil.invalid)>>"), "PAPER_ACTIVE"),
        (packed(SCRIPT), "PAPER_ACTIVE"),
        (packed(SCRIPT, kind=b"/Type /Obj#53tm /N 1 /First 4"), "PAPER_ACTIVE"),
        (packed(SCRIPT, cut=4), "PAPER_ACTIVE"),
        (packed(b" " * (70 << 20)), "PAPER_DAMAGED"),
        (document(b"", head=b"/Encrypt 9 0 R"), "PAPER_LOCKED"),
    ],
    ids=[
        "empty", "page", "program", "archive", "gif", "bomb", "cut picture", "cut pdf",
        "pdf and archive", "picture and archive", "script", "script by another spelling",
        "a file inside", "a form that is sent", "packed script", "packed by another spelling",
        "packed and cut", "too much inside", "locked",
    ],
)  # fmt: skip
def test_what_is_no_plain_document_is_refused_and_not_kept(
    home: Home, data: bytes, code: str
) -> None:
    before = sorted(home.papers.rglob("*"))
    with pytest.raises(Refusal) as caught:
        keep(home, data)
    assert caught.value.code == code
    assert sorted(home.papers.rglob("*")) == before


def test_a_plain_document_may_hold_compressed_objects(home: Home) -> None:
    data = packed(b"1 0 <</Type/Page/JSX 1/AAA 2>>")
    assert keep(home, data).media_type == "application/pdf"
    huge = packed(b"\0" * (70 << 20), kind=b"/Subtype/Image")
    assert keep(home, huge).media_type == "application/pdf"


def test_a_picture_that_is_a_page_or_a_pdf_as_well_is_refused(home: Home) -> None:
    out = io.BytesIO()
    comment = b"<script>alert(1)</script>"
    Image.new("RGB", (40, 30)).save(out, "JPEG", comment=comment)
    with pytest.raises(Refusal) as caught:
        keep(home, out.getvalue())
    assert caught.value.code == "PAPER_TWO_KINDS"


def test_too_much_is_refused_without_being_read_whole(home: Home) -> None:
    with pytest.raises(Refusal) as caught:
        keep(home, PDF + b"\0" * (11 << 20))
    assert caught.value.code == "PAPER_LARGE"


@pytest.fixture
def clamd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bytes]]:
    """A scanner at the wire."""
    place = tmp_path / "clamd.sock"
    monkeypatch.setenv("YUEXIN_CLAMD", str(place))
    with listening(place) as seen:
        yield seen


def test_a_scanner_looks_through_what_is_handed_in(home: Home, clamd: list[bytes]) -> None:
    data = PDF.replace(b"trailer", b"CLEAN trailer")
    assert keep(home, data).scan == "clean"
    assert clamd == [data]
    infected = PDF.replace(b"trailer", b"EICAR trailer")
    with pytest.raises(Refusal) as caught:
        keep(home, infected)
    assert caught.value.code == "PAPER_INFECTED"


def test_nothing_is_taken_in_while_the_scanner_is_silent(
    home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("YUEXIN_CLAMD", str(tmp_path / "nobody.sock"))
    with pytest.raises(Refusal) as caught:
        keep(home, PDF)
    assert caught.value.code == "PAPER_SCANNER"


def test_without_a_scanner_a_paper_says_that_it_was_not_looked_through(home: Home) -> None:
    assert keep(home, PDF).scan == "unscanned"
