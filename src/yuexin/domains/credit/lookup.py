"""Which subjects the lines of a list name: by code, old number, or a whole name they bear or bore.

Every line is answered by itself and alike wherever it is asked: on pages, by commands, by machines.
Nothing is looked up that was not typed: what may have been meant is only said.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from django.db import connection

from yuexin.base.codes import codes_within, identify, normalise_code
from yuexin.base.errors import Refusal
from yuexin.base.hanzi import simplified
from yuexin.base.text import Text, normalise_name
from yuexin.domains.credit import answers
from yuexin.domains.credit.finding.numbers import looks_like_code, may_be_number, numbers_in
from yuexin.domains.credit.lists import Match, MatchedBy
from yuexin.engines.declare.types import Declarations

MOST_LINES: Final = 10_000
LONGEST_LINE: Final = 200
SHORTEST_NAME: Final = 2
ORG_LENGTH: Final = 9
USCC_LENGTH: Final = 18
ID_LENGTHS: Final = frozenset({15, 18})
# As `mask_id_number` writes a number of a person.
MASKED: Final = re.compile(r"\d{6}\*{6,9}[\dX]{3,4}")
# A name of a person, and hardly one of a firm: not that somebody bears it.
LIKE_A_PERSON: Final = re.compile(
    "[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{1,10}·[\u4e00-\u9fff]{1,10}"
)

# Whoever goes on under another code is found under that.
BY_NUMBER: Final = """
SELECT asked, s.code, 'code', NULL, NULL::date, NULL::date
FROM unnest(%(numbers)s::text[]) asked JOIN subject m ON m.code = asked
JOIN subject s ON s.id = coalesce(m.joined_to, m.id)
UNION ALL
SELECT asked, s.code, 'org_code', NULL, NULL, NULL
FROM unnest(%(orgs)s::text[]) asked JOIN subject m ON substring(m.code, 9, 9) = asked
JOIN subject s ON s.id = coalesce(m.joined_to, m.id)
UNION ALL
SELECT asked, s.code, 'number', NULL, a.valid_from, a.valid_until
FROM unnest(%(numbers)s::text[]) asked
JOIN alias a ON a.scheme = ANY(%(schemes)s::text[]) AND a.value = asked
JOIN subject m ON m.id = a.subject JOIN subject s ON s.id = coalesce(m.joined_to, m.id)
"""

# A name that is a person's own is not searchable. Whoever bears a name now comes first.
BY_NAME: Final = """
SELECT asked, s.code, CASE WHEN n.name = s.name THEN 'name' ELSE 'former_name' END,
    n.name, n.valid_from, n.valid_until
FROM unnest(%(keys)s::text[]) asked
JOIN subject_name n ON n.key = asked AND n.searchable
JOIN subject m ON m.id = n.subject JOIN subject s ON s.id = coalesce(m.joined_to, m.id)
ORDER BY n.name = s.name DESC, n.valid_until DESC NULLS FIRST, s.code
"""


class Hit(NamedTuple):
    """A subject that has what was asked for: as a number, or as a `name` so spelled."""

    code: str
    by: MatchedBy
    name: str | None
    valid_from: dt.date | None
    valid_until: dt.date | None


@dataclass(frozen=True, kw_only=True)
class Line:
    """What one line asks for: `numbers` in their canonical form, `keys` in the order they count."""

    text: str
    number: str
    persons: bool = False
    numbers: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()


def matches(*, declarations: Declarations, lines: Collection[str]) -> tuple[Match, ...]:
    """Of each line, in their order, which subject it names. Repeated lines are asked for once."""
    read = {text: _read(text) for text in dict.fromkeys(lines)}
    by_number = _by_number(declarations, read.values())
    by_name = _by_name(read.values())
    answered = {text: _match(line, by_number, by_name) for text, line in read.items()}
    return tuple(answered[text] for text in lines)


def refuse_too_many(count: int) -> None:
    """Refuse a list of more lines than are answered at once, saying into how many it parts."""
    parts = -(-count // MOST_LINES)
    if count > MOST_LINES:
        raise Refusal(
            code="TOO_MANY_LINES",
            what=Text(
                f"清单有 {count:,} 行，一次最多查 {MOST_LINES:,} 行",
                f"the list has {count:,} lines; at most {MOST_LINES:,} are looked up at once",
            ),
            remedy=Text(
                f"请分成 {parts} 份，每份不超过 {MOST_LINES:,} 行，逐份查询",
                f"split it into {parts} lists of at most {MOST_LINES:,} lines, and ask for each",
            ),
        )


def _read(text: str) -> Line:
    # JSON and a terminal can say half a character, which no database takes.
    text = text.strip().encode("utf-8", "replace").decode()
    number = normalise_code(text)
    if len(text) > LONGEST_LINE:
        return Line(text=text, number=number)
    if _is_persons(number):
        return Line(text=text, number=number, persons=True)
    key = normalise_name(text)
    keys = (key, normalise_name(simplified(key))) if len(key) >= SHORTEST_NAME else ()
    within = codes_within(text) if len(number) > USCC_LENGTH else ()
    numbers = (*(numbers_in(number) if may_be_number(number) else ()), *within)
    return Line(
        text=text,
        number=number,
        numbers=tuple(dict.fromkeys(numbers)),
        keys=tuple(dict.fromkeys(keys)),
    )


def _is_persons(number: str) -> bool:
    if len(number) not in ID_LENGTHS or not number[:6].isdigit():
        return False
    return bool(MASKED.fullmatch(number)) or identify(number).scheme == "id_number"


def _by_number(declarations: Declarations, lines: Iterable[Line]) -> Mapping[str, list[Hit]]:
    numbers = {number for line in lines for number in line.numbers}
    schemes = {
        scheme
        for kind in declarations.kinds.values()
        if kind.names
        for scheme in kind.names.numbers
    }
    orgs = [number for number in numbers if len(number) == ORG_LENGTH]
    return _found(BY_NUMBER, numbers=[*numbers], orgs=orgs, schemes=[*schemes])


def _by_name(lines: Iterable[Line]) -> Mapping[str, list[Hit]]:
    return _found(BY_NAME, keys=[*{key for line in lines for key in line.keys}])


def _found(statement: str, **values: list[str]) -> Mapping[str, list[Hit]]:
    found: dict[str, list[Hit]] = defaultdict(list)
    if any(values.values()):
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            for asked, *hit in cursor.fetchall():
                found[asked].append(Hit(*hit))
    return found


def _match(
    line: Line, by_number: Mapping[str, list[Hit]], by_name: Mapping[str, list[Hit]]
) -> Match:
    """What may be a number is answered as one first, then as a name."""
    hits = [hit for number in line.numbers for hit in by_number.get(number, ())]
    if hits:
        return _told(line, hits)
    for key in line.keys:
        if hits := by_name.get(key, []):
            return _told(line, hits)
    return _nothing(line)


def _told(line: Line, hits: list[Hit]) -> Match:
    codes = tuple(dict.fromkeys(hit.code for hit in hits))
    if len(codes) > 1:
        return answers.several(codes)
    hit = hits[0]
    return answers.matched(
        code=hit.code,
        by="spelling" if hit.by == "name" and hit.name != line.text else hit.by,
        within=hit.code != line.number,
        valid_from=hit.valid_from,
        valid_until=hit.valid_until,
    )


def _nothing(line: Line) -> Match:
    if line.persons:
        return answers.PERSONS_NUMBER
    if len(line.text) > LONGEST_LINE:
        return answers.TOO_LONG
    if not line.keys:
        return answers.TOO_SHORT
    if may_be_number(line.number) and looks_like_code(line.number):
        return answers.wrong_number(line.number)
    return answers.PERSONS_NAME if LIKE_A_PERSON.fullmatch(line.keys[0]) else answers.NO_SUCH_NAME
