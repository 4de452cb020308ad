"""Subjects by a number, whole or in part, and by whom they are represented by."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, Final

from django.db import connection

from yuexin.base.codes import check_tax_no, check_uscc, identify
from yuexin.base.text import Text
from yuexin.domains.credit.finding.names import Narrowing
from yuexin.domains.credit.finding.typed import as_number
from yuexin.domains.credit.finding.types import TOTAL_CAP, Candidate, Candidates, Grade
from yuexin.domains.subjects.persons import represented
from yuexin.engines.access.operations import note
from yuexin.engines.access.queries import finds_by_person
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations

SHORTEST_NUMBER: Final = 8
SHORTEST_PART: Final = 4
FEWEST_DIGITS: Final = 6
TAX_DIVISION: Final = 6
LONGEST_PERSON: Final = 40
# Organisation codes since the unified code came begin with MA, MB or MC, and may hold few digits.
NEW_ORG_CODE: Final = re.compile("M[A-C][0-9A-Z]{6}[0-9X]")

WHOLE = """
SELECT subject FROM (
    SELECT s.id AS subject, s.code FROM subject s WHERE s.code = ANY(%(numbers)s)
    UNION SELECT s.id, s.code FROM subject s WHERE substring(s.code, 9, 9) = ANY(%(numbers)s)
    UNION SELECT s.id, s.code FROM subject s JOIN (
        SELECT min(m.id::text)::uuid AS subject FROM alias JOIN subject m ON m.id = alias.subject
        WHERE value = ANY(%(numbers)s) GROUP BY scheme, value
        HAVING count(DISTINCT coalesce(m.joined_to, m.id)) = 1
    ) alone ON alone.subject = s.id
) w {narrowing} ORDER BY w.code LIMIT %(most)s
"""
# The beginning of a code or of the organisation code in it: no letter or digit comes after `~`.
# Who is called by his own name is not found by a part of a code.
PART = """
SELECT subject FROM (
    (SELECT s.id AS subject, s.code FROM subject s
     WHERE NOT s.named_after_person AND s.code >= %(begins)s AND s.code < %(begins)s || '~'
     ORDER BY s.code LIMIT %(most)s)
    UNION (SELECT s.id, s.code FROM subject s
     WHERE NOT s.named_after_person AND substring(s.code, 9, 9) >= %(begins)s
        AND substring(s.code, 9, 9) < %(begins)s || '~'
     ORDER BY substring(s.code, 9, 9) LIMIT %(most)s)
) w {narrowing} ORDER BY w.code
"""
REPRESENTED = """
SELECT subject FROM (SELECT DISTINCT subject FROM ({told}) t) w {{narrowing}}
ORDER BY subject LIMIT %(most)s
"""


def may_be_number(number: str) -> bool:
    """Whether a text has the form of a code or an old number; a name in Latin letters has too."""
    return number.isascii() and number.isalnum() and len(number) >= SHORTEST_NUMBER


def numbers_in(number: str) -> tuple[str, ...]:
    """The numbers to look for: a tax number ends in its organisation code (GB 11714)."""
    return (number, number[TAX_DIVISION:]) if check_tax_no(number).valid else (number,)


def by_number(*, number: str, narrowing: Narrowing) -> Candidates:
    """Whose number this is: one that is typed with letters that no code has, if there is none."""
    if not may_be_number(number):
        return Candidates()
    for one in dict.fromkeys((number, as_number(number))):
        found = _found(WHOLE, {"numbers": list(numbers_in(one))}, narrowing)
        if found.found:
            return found
    return Candidates()


def by_part(*, number: str, narrowing: Narrowing) -> Candidates:
    """Whose code, or organisation code, begins so."""
    long = SHORTEST_PART <= len(number) < len("91440300192203821X")
    if not (long and number.isascii() and number.isalnum() and any(map(str.isdigit, number))):
        return Candidates()
    for one in dict.fromkeys((number, as_number(number))):
        found = _found(PART, {"begins": one}, narrowing)
        if found.found:
            return found
    return Candidates()


def by_person(
    *, declarations: Declarations, actor: Actor, name: str, narrowing: Narrowing, now: dt.datetime
) -> Candidates:
    """Whom a person represents by any register, for those who may look that up; what they find is
    journaled."""
    if not 1 < len(name) <= LONGEST_PERSON or name.isascii():
        return Candidates()
    if not finds_by_person(declarations=declarations, actor=actor):
        return Candidates()
    statement = REPRESENTED.format(told=represented(declarations))
    found = _found(statement, {"person": name}, narrowing, Grade.PERSON)
    if found.found:
        note(stream="look", actor=actor, action="person.search", thing="search", now=now)
    return found


def looks_like_code(number: str) -> bool:
    """Whether nobody would take it for a name: what is wrong with it is worth saying."""
    if NEW_ORG_CODE.fullmatch(number):
        return True
    digits = sum(character.isdigit() for character in number)
    return number.isascii() and len(number) >= SHORTEST_NUMBER and digits >= FEWEST_DIGITS


def explained(number: str) -> tuple[Text | None, str]:
    """What is wrong with a number that found nothing."""
    verdict = check_uscc(number) if len(number) == 18 else identify(number)
    suggestion = verdict.suggestion or ""
    errors = [problem.text for problem in verdict.problems if problem.severity == "error"]
    if errors:
        return errors[0], suggestion
    return Text(
        "代码格式正确，但已交付的数据中没有这个主体。",
        "The code is well formed, but no such entity is in the data delivered.",
    ), suggestion


def _found(
    statement: str, values: Mapping[str, Any], narrowing: Narrowing, grade: Grade = Grade.NUMBER
) -> Candidates:
    most = TOTAL_CAP + 1
    with connection.cursor() as cursor:
        statement = statement.format(narrowing=narrowing.sql)
        cursor.execute(statement, {**values, **narrowing.values, "most": most})
        rows = cursor.fetchall()
    found = tuple(Candidate(subject=subject, key="", grade=grade) for (subject,) in rows)
    return Candidates(found=found, complete=len(rows) < most)
