"""Whom the lines of a check mean: by code, or by a number of the same certainty, never by name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from yuexin.base.codes import identify, mask_id_number, normalise_code, without_id_numbers
from yuexin.base.text import Text
from yuexin.domains.credit.handling import words
from yuexin.domains.credit.handling.book import Book
from yuexin.domains.credit.handling.reading import Found, found_by, found_with_state
from yuexin.domains.credit.handling.types import State
from yuexin.domains.credit.lists import Match, MatchedBy
from yuexin.domains.credit.lookup import matches
from yuexin.engines.declare.types import Declarations

CERTAIN: Final[frozenset[MatchedBy]] = frozenset({"code", "org_code", "number"})
USCC_LENGTH: Final = 18
FEWEST_DIGITS: Final = 14


@dataclass(frozen=True, kw_only=True)
class Meant:
    """What one line asks for: the subject, where it is certain, else why none, and the codes that
    may have been meant."""

    asked: str
    state: State
    said: Text
    found: Found | None = None
    candidates: tuple[str, ...] = ()


def meant(
    *,
    declarations: Declarations,
    lines: Sequence[str],
    book: Book,
    on: dt.date,
) -> tuple[tuple[Meant, ...], str]:
    """Of each line, in their order, whom it means, with what matters of his verdicts; and how
    deliveries and verdicts stand."""
    codes = {line: normalise_code(line) for line in dict.fromkeys(lines)}
    known = {code for code in codes.values() if len(code) == USCC_LENGTH}
    certain, state = found_with_state(codes=known, book=book, on=on)
    found = dict(certain)
    rest = [line for line, code in codes.items() if code not in found]
    matched = matches(declarations=declarations, lines=rest) if rest else ()
    others = dict(zip(rest, matched, strict=True))
    moved = {match.codes[0] for match in others.values() if _is_certain(match)} - found.keys()
    if moved:
        found |= found_by(codes=moved, book=book, on=on)
    told = {line: _meant(line, code, found, others.get(line)) for line, code in codes.items()}
    return tuple(told[line] for line in lines), state


def _meant(line: str, code: str, found: Mapping[str, Found], match: Match | None) -> Meant:
    if match is None:
        # A code under which a subject is known is nobody's number but its own.
        one = found[code]
        if one.code == code:
            return Meant(asked=code, state="found", said=words.FOUND, found=one)
        said = words.filled(words.JOINED, one.code)
        return Meant(asked=code, state="joined", said=said, found=one)
    asked = _repeatable(line)
    if _is_certain(match):
        one = found[match.codes[0]]
        said = words.filled(words.MOVED, one.code)
        return Meant(asked=asked, state="moved", said=said, found=one)
    return _nobody(asked, match)


def _nobody(asked: str, match: Match) -> Meant:
    if match.state in ("matched", "several"):
        said = words.filled(words.BY_NAME, words.codes(match.codes))
        return Meant(asked=asked, state="unresolved", said=said, candidates=match.codes)
    if identify(asked).valid:
        return Meant(asked=asked, state="unknown", said=words.UNKNOWN)
    reason, meant = match.reason, tuple(filter(None, [match.suggestion]))
    if meant:
        reason = Text(
            f"{reason.zh}；是否为 {match.suggestion}？",
            f"{reason.en}; was {match.suggestion} meant?",
        )
    return Meant(asked=asked, state="invalid", said=reason, candidates=meant)


def _is_certain(match: Match) -> bool:
    return match.state == "matched" and match.by in CERTAIN


def _repeatable(line: str) -> str:
    """A line as it may be kept: a number that may be a person's is masked."""
    plain = line.strip().encode("utf-8", "replace").decode()[:200]
    if sum(map(str.isdigit, plain)) < FEWEST_DIGITS:
        return plain
    alone = identify(plain).scheme == "id_number"
    return mask_id_number(plain) if alone else without_id_numbers(plain)
