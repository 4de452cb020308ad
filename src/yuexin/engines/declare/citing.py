"""How a reader cites a law: by its title and the number of the article."""

from __future__ import annotations

import re
from typing import Final

from yuexin.base.text import Text
from yuexin.engines.declare.law import Law

DIGITS: Final = "零一二三四五六七八九"
UNITS: Final = ("", "十", "百", "千")


def citation(law: Law, article: str) -> Text:
    """A law, or one article of it where that is named."""
    if not article:
        return Text(f"《{law.zh}》", law.en)
    zh = f"第{_numeral(int(article))}条" if article.isdecimal() else article
    return Text(f"《{law.zh}》{zh}", f"{law.en}, Art. {article}")


def _numeral(number: int) -> str:
    """A whole number below 10,000 as laws number their articles: 一百零三."""
    digits = [int(digit) for digit in str(number)]
    said = "".join(
        DIGITS[digit] + UNITS[len(digits) - 1 - place] if digit else DIGITS[0]
        for place, digit in enumerate(digits)
    )
    said = re.sub("零+", "零", said).rstrip("零") or DIGITS[0]
    return said.removeprefix("一") if said.startswith("一十") else said
