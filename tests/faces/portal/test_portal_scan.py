"""The code of a licence by a photo: it leads to a file here, and never to anybody else's site."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable

import pytest
import segno
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client, override_settings
from PIL import Image, ImageFilter, ImageOps
from tests.cast import COMPANY, TRADER
from tests.faces.portal.markup import Markup

from yuexin.faces.portal.picture import MOST_BYTES, texts_in
from yuexin.faces.shared.headers import HEADERS
from yuexin.home.folder import Home

GSXT = f"http://www.gsxt.gov.cn/%7B/index?uniscid={COMPANY.uscc}&x=1"


def code(text: str, *, scale: int = 6) -> Image.Image:
    out = io.BytesIO()
    segno.make(text, micro=False).save(out, kind="png", scale=scale, border=4)
    return Image.open(out).convert("L")


def photo(image: Image.Image, kind: str = "PNG", **more: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def on_a_table(image: Image.Image) -> Image.Image:
    """A small code in a corner of a large grey photo."""
    table = Image.new("L", (2400, 1800), 120)
    table.paste(image, (1700, 1200))
    return table


def turned_by_exif() -> bytes:
    image = code(GSXT).rotate(90, expand=True)
    exif = Image.Exif()
    exif[0x0112] = 6
    return photo(image, "JPEG", exif=exif)


def transparent() -> bytes:
    image = Image.new("RGBA", code(GSXT).size, (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), mask=ImageOps.invert(code(GSXT)))
    return photo(image)


PHOTOS: dict[str, Callable[[], bytes]] = {
    "plain": lambda: photo(code(GSXT)),
    "jpeg": lambda: photo(code(GSXT), "JPEG", quality=30),
    "webp": lambda: photo(code(GSXT), "WEBP"),
    "gif": lambda: photo(code(GSXT), "GIF"),
    "bmp": lambda: photo(code(GSXT), "BMP"),
    "rotated": lambda: photo(code(GSXT).rotate(33, expand=True, fillcolor=255)),
    "upside down": lambda: photo(code(GSXT).rotate(180)),
    "small": lambda: photo(code(GSXT, scale=2)),
    "in a corner": lambda: photo(on_a_table(code(GSXT)), "JPEG"),
    "low contrast": lambda: photo(code(GSXT).point(lambda grey: 118 + grey // 24)),
    "inverted": lambda: photo(ImageOps.invert(code(GSXT))),
    "blurred": lambda: photo(code(GSXT, scale=8).filter(ImageFilter.GaussianBlur(3))),
    "turned by EXIF": turned_by_exif,
    "transparent": transparent,
    "coloured": lambda: photo(ImageOps.colorize(code(GSXT), "navy", "bisque"), "JPEG"),
}


@pytest.mark.parametrize("form", PHOTOS)
def test_a_code_is_read_however_it_was_photographed(form: str) -> None:
    assert texts_in(PHOTOS[form]()) == (GSXT,)


@pytest.fixture(autouse=True)
def unhurried(database: str, home: Home) -> object:
    del database
    cache.clear()
    with override_settings(HOME=home, FILE_UPLOAD_TEMP_DIR=home.scratch):
        yield
    assert list(home.scratch.iterdir()) == []


def sent(data: bytes | None = None, text: str = "", lang: str = "zh") -> HttpResponse:
    said: dict[str, object] = {"text": text}
    if data is not None:
        said["photo"] = SimpleUploadedFile("IMG_0001", data)
    response = Client().post(f"/scan?lang={lang}", said)
    assert isinstance(response, HttpResponse)
    return response


@pytest.mark.parametrize(
    "text",
    [
        GSXT,
        COMPANY.uscc,
        COMPANY.uscc.lower(),
        f"https://elsewhere.example/check?next=%2Fs%3Fcode%3D{COMPANY.uscc}",
        f"统一社会信用代码：{COMPANY.uscc};名称:{COMPANY.name};日期:20090302",
        f'{{"uscc":"{COMPANY.uscc}","no":"440106199003071231"}}',
        f"//elsewhere.example/{COMPANY.uscc}",
    ],
)
def test_a_text_with_one_code_leads_to_its_file_here(text: str) -> None:
    for response in (sent(photo(code(text))), sent(text=text)):
        assert response.status_code == 302
        assert response["Location"] == f"/s/{COMPANY.uscc}"


@pytest.mark.parametrize(
    ("text", "leads_to"),
    [
        ("http://testserver/s/91440606684400012K", "/s/91440606684400012K"),
        ("https://testserver/verify?number=1&code=AB#x", "/verify?number=1&code=AB"),
        ("http://testserver", "/"),
    ],
)
def test_an_address_of_ours_is_followed(text: str, leads_to: str) -> None:
    assert sent(text=text)["Location"] == leads_to


@pytest.mark.parametrize(
    "text",
    [
        "https://elsewhere.example/s/1",
        "http://testserver//elsewhere.example/",
        "http://testserver/\\elsewhere.example",
        "http://testserver@elsewhere.example/",
        "http://testserver:81/s/x",
        "javascript:alert(1)//testserver",
        "http://[",
        "weixin://dl/business",
        "<script>alert(1)</script>",
        "WIFI:S:示例;;",
        "440106199003071231",
        "\0\x1b[31m",
        "x" * 3_000,
    ],
)
def test_whatever_else_it_says_is_repeated_and_not_followed(text: str) -> None:
    response = sent(text=text)
    assert response.status_code == 200
    page = Markup(response)
    assert "二维码里没有统一社会信用代码" in page.text
    assert not [link for link in page.links() if "elsewhere" in link or link.startswith("java")]
    assert "<script>alert" not in response.content.decode()
    assert "440106199003071231" not in page.text
    assert "x" * 201 not in page.text
    assert response["Cache-Control"] == "no-store"


def test_of_several_codes_one_is_chosen() -> None:
    page = Markup(sent(photo(code(f"{COMPANY.uscc} {TRADER.uscc}"))))
    assert "请选一个" in page.text
    assert {f"/s/{COMPANY.uscc}", f"/s/{TRADER.uscc}"} <= set(page.links())


def huge() -> bytes:
    """A PNG that says it is 60,000 pixels wide and high."""
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    chunk = b"IHDR" + header
    body = struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return b"\x89PNG\r\n\x1a\n" + body + b"\0\0\0\0IDAT" + struct.pack(">I", zlib.crc32(b"IDAT"))


@pytest.mark.parametrize(
    ("data", "status", "said"),
    [
        (None, 400, "还没有拍或选照片"),
        (b"", 400, "还没有拍或选照片"),
        (b"not a photo", 400, "这不是能识别的照片"),
        (b"%PDF-1.7", 400, "这不是能识别的照片"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 400, "这不是能识别的照片"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", 400, "HEIC"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0avifmif1", 400, "HEIC、AVIF"),
        (photo(code(GSXT))[:150], 400, "损坏"),
        (photo(Image.new("L", (300, 300), 200)), 400, "没有认出二维码"),
        (huge(), 400, "百万像素"),
        (photo(Image.new("L", (9_000, 9_000))), 400, "百万像素"),
        (b"x" * (MOST_BYTES + (1 << 20)), 413, "照片超过 12 MB"),
    ],
    ids=range(12),
)
def test_what_cannot_be_read_is_said_with_what_to_do(
    data: bytes | None, status: int, said: str
) -> None:
    response = sent(data)
    page = Markup(response)
    assert (response.status_code, said in page.text) == (status, True), page.text
    assert page.all("input")


def test_the_one_page_with_a_camera_opens_nothing_else() -> None:
    response = Client().get("/scan")
    assert response["Content-Security-Policy"].count("script-src 'self';") == 1
    assert "camera=(self), geolocation=()" in response["Permissions-Policy"]
    assert Client().get("/batch")["Permissions-Policy"] == HEADERS["Permissions-Policy"]
    assert not response.cookies


def test_who_scans_too_often_is_told_to_wait() -> None:
    for _ in range(30):
        sent(text="x")
    response = sent(text="x", lang="en")
    assert response.status_code == 429
    assert "Too many requests" in Markup(response).text
