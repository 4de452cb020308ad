"""What the two-dimensional codes in a photo say. The photo is looked at in memory and let go.

What was sent is hostile: its kind is told by its content, its size before it is unpacked.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import Final

import zxingcpp
from PIL import Image, ImageOps, UnidentifiedImageError

from yuexin.base.errors import Refusal
from yuexin.base.text import Text

MOST_BYTES: Final = 12 << 20
MOST_PIXELS: Final = 64_000_000
LONGEST_SIDE: Final = 3_000
SMALL_SIDE: Final = 1_000
FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
# ISO base media files name their brand behind `ftyp`: photos of phones, and films.
BRAND: Final = slice(4, 8)
HIGH_EFFICIENCY: Final = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif")
DAMAGED: Final = (OSError, SyntaxError, ValueError, EOFError, struct.error)

CODES: Final = zxingcpp.barcode_formats_from_str("QRCode,DataMatrix,Aztec,PDF417")

AGAIN: Final = Text(
    "请对准二维码、靠近一些、避开反光，重新拍一张；也可以直接输入执照上的代码",
    "come closer to the code, avoid glare and take another photo; or type the code on the licence",
)


def texts_in(data: bytes) -> tuple[str, ...]:
    """What each code in the photo says, each once. Raises a `Refusal` where there is none."""
    image = _opened(data)
    for attempt in _attempts(image):
        read = zxingcpp.read_barcodes(attempt, CODES)
        texts = tuple(dict.fromkeys(one.text for one in read if one.valid and one.text))
        if texts:
            return texts
    raise Refusal(
        code="NO_CODE",
        what=Text("照片里没有认出二维码", "no code was recognised in the photo"),
        remedy=AGAIN,
    )


def too_large() -> Refusal:
    size = MOST_BYTES >> 20
    return Refusal(
        code="TOO_LARGE",
        what=Text(f"照片超过 {size} MB", f"the photo is larger than {size} MB"),
        remedy=Text(
            "请裁剪到只剩二维码，或调低分辨率", "crop it to the code, or lower its resolution"
        ),
    )


def _opened(data: bytes) -> Image.Image:
    """The photo upright, in grey, and no larger than its codes need."""
    if len(data) > MOST_BYTES:
        raise too_large()
    if data[BRAND] == b"ftyp" and any(brand in data[8:64] for brand in HIGH_EFFICIENCY):
        raise _high_efficiency()
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
        if image.width * image.height > MOST_PIXELS:
            raise _too_many_pixels()
        image.draft("L", (LONGEST_SIDE, LONGEST_SIDE))
        image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        return _on_white(ImageOps.exif_transpose(image))
    except Image.DecompressionBombError as error:
        raise _too_many_pixels() from error
    except UnidentifiedImageError as error:
        raise _not_a_photo() from error
    except DAMAGED as error:
        raise _refusal("照片不完整或已损坏", "the photo is cut off or damaged") from error


def _on_white(image: Image.Image) -> Image.Image:
    """In grey; what is transparent lies on paper."""
    if not image.has_transparency_data:
        return image.convert("L")
    paper = Image.new("RGBA", image.size, "white")
    paper.alpha_composite(image.convert("RGBA"))
    return paper.convert("L")


def _attempts(image: Image.Image) -> Iterator[Image.Image]:
    """The photo as it is, then with more contrast, then a small one enlarged."""
    yield image
    stronger = ImageOps.autocontrast(image, cutoff=2)
    yield stronger
    if max(image.size) < SMALL_SIDE:
        yield ImageOps.expand(stronger.resize((image.width * 3, image.height * 3)), 30, 255)


def _refusal(zh: str, en: str) -> Refusal:
    return Refusal(code="PHOTO", what=Text(zh, en), remedy=AGAIN)


def _not_a_photo() -> Refusal:
    return Refusal(
        code="PHOTO",
        what=Text("这不是能识别的照片", "this is no photo that can be read"),
        remedy=Text(
            "请选择 JPEG、PNG、WebP、GIF 或 BMP 照片",
            "choose a JPEG, PNG, WebP, GIF or BMP picture",
        ),
    )


def _high_efficiency() -> Refusal:
    return Refusal(
        code="PHOTO",
        what=Text("暂不支持 HEIC、AVIF 格式的照片", "photos in HEIC or AVIF are not supported"),
        remedy=Text(
            "请在相机设置里选“兼容性最佳”（JPEG）后重拍，或截屏后上传截图",
            "set the camera to “most compatible” (JPEG) and take it again, or send a screenshot",
        ),
    )


def _too_many_pixels() -> Refusal:
    most = MOST_PIXELS // 1_000_000
    return Refusal(
        code="PHOTO",
        what=Text(f"照片超过 {most} 百万像素", f"the photo has more than {most} megapixels"),
        remedy=Text(
            "请裁剪到只剩二维码，或调低分辨率", "crop it to the code, or lower its resolution"
        ),
    )
