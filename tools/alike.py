"""Write which Chinese characters look alike: those of GB 2312, and the sample's own, are drawn and
blurred, and the nearest ones are kept. `python -m tools.alike`
"""

from __future__ import annotations

from pathlib import Path

import mplfonts
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from yuexin.sample import words

TARGET = Path(__file__).resolve().parents[1] / "src/yuexin/base/hanzi_alike.py"
FONT = Path(mplfonts.__file__).parent / "fonts" / "NotoSansCJKsc-Regular.otf"
SIDE, POINTS, BLUR, SEEN = 48, 40, 1.6, 24
NEAREST, LEAST = 6, 0.86
A_LINE = 20  # full-width, seven a word: wider than code, and nobody reads it

HEAD = '''"""Characters that look alike in Noto Sans CJK SC; made by `python -m tools.alike`.

Data only; `hanzi` reads it. Each word is a character and those it may be mistaken for, the nearest
first.
"""

from typing import Final

ALIKE: Final = """
'''


def characters() -> list[str]:
    """The Chinese characters of GB 2312, and those of the sample's brands."""
    pairs = (bytes((row, cell)) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF))
    listed = (pair.decode("gb2312", "ignore") for pair in pairs)
    return sorted({*(one for one in listed if one), *words.RARE, *words.PLAIN})


def drawn(character: str, font: ImageFont.FreeTypeFont) -> npt.NDArray[np.float32]:
    image = Image.new("L", (SIDE, SIDE))
    ImageDraw.Draw(image).text((4, -6), character, font=font, fill=255)
    small = image.filter(ImageFilter.GaussianBlur(BLUR)).resize((SEEN, SEEN))
    values = np.asarray(small, dtype=np.float32).ravel()
    centred = values - values.mean()
    return np.asarray(centred / np.linalg.norm(centred), dtype=np.float32)


def main() -> None:
    listed = characters()
    font = ImageFont.truetype(str(FONT), POINTS)
    shapes = np.stack([drawn(one, font) for one in listed])
    found = []
    for place, likeness in enumerate(shapes @ shapes.T):
        likeness[place] = -1
        near = [at for at in np.argsort(-likeness)[:NEAREST] if likeness[at] >= LEAST]
        if near:
            found.append(listed[place] + "".join(listed[at] for at in near))
    lines = (" ".join(found[at : at + A_LINE]) for at in range(0, len(found), A_LINE))
    TARGET.write_text(HEAD + "\n".join(lines) + '\n"""\n', encoding="utf-8")


if __name__ == "__main__":
    main()
