"""Unified social credit codes inside other text: an address, a sentence, what a QR code holds."""

from __future__ import annotations

import re
from typing import Final

from yuexin.base.codes.identify import identify
from yuexin.base.codes.uscc import USCC_LENGTH
from yuexin.base.codes.verdict import Verdict

LONGEST_TEXT: Final = 8_192
# Added and abolished from year to year; the check characters are what tells a code from a number.
DATED: Final = frozenset({"CATEGORY", "DIVISION"})
# Full-width forms of ASCII, so that ９１… reads as 91….
_NARROW: Final = {0xFF01 + place: 0x21 + place for place in range(94)}
_RUN: Final = re.compile(f"(?<![0-9A-Z])[0-9A-Z]{{{USCC_LENGTH}}}(?![0-9A-Z])")


def codes_within(text: str) -> tuple[str, ...]:
    """The codes that stand by themselves in the first `LONGEST_TEXT` characters and pass both
    checks, each once, in their order. A number that may be a person's is none."""
    runs = dict.fromkeys(_RUN.findall(text[:LONGEST_TEXT].translate(_NARROW).upper()))
    return tuple(verdict.code for verdict in map(identify, runs) if _is_code(verdict))


def _is_code(verdict: Verdict) -> bool:
    return verdict.scheme == "uscc" and all(one.code in DATED for one in verdict.problems)
