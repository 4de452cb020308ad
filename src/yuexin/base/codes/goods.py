"""Trade item numbers (GB 12904), the bar codes of goods."""

from __future__ import annotations

from typing import Final

from yuexin.base.codes.checksums import gtin_check
from yuexin.base.codes.verdict import (
    DIGITS,
    Problem,
    Verdict,
    check_problem,
    normalise_code,
    shape_problems,
)
from yuexin.base.text import Text

GTIN: Final = Text("商品条码", "a trade item number")
GTIN_LENGTHS: Final = (8, 13, 14)


def check_gtin(text: str) -> Verdict:
    """Check a GTIN-8, GTIN-13 or GTIN-14 (GB 12904)."""
    code = normalise_code(text)
    shape = shape_problems(GTIN, code, lengths=GTIN_LENGTHS, alphabet=DIGITS)
    return Verdict("gtin", text, code, shape or _check_problems(code))


def _check_problems(code: str) -> tuple[Problem, ...]:
    return () if gtin_check(code[:-1]) == code[-1] else (check_problem(GTIN),)
