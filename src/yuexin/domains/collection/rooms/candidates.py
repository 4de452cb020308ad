"""The subjects a person would look at for a row that waits. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models.functions import Substr

from yuexin.base.text import Text, bigrams
from yuexin.domains.collection.models import Waiting
from yuexin.domains.subjects.models import Alias, Subject, SubjectName

MOST: Final = 20
SAME_CODE: Final = Text("统一社会信用代码相同", "the same unified code")
SAME_ORG: Final = Text("组织机构代码相同", "the same organisation code")
SAME_NUMBER: Final = Text("登记在册的旧号码相同", "the same older number")
SAME_NAME: Final = Text("名称相同", "the same name")


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A subject that shares a number or a name with the row."""

    code: str
    name: str
    why: tuple[Text, ...]


def candidates(*, row: Waiting) -> tuple[Candidate, ...]:
    """Subjects with the row's number or name, each with all that speaks for it; 20 at the most."""
    found: dict[UUID, list[Text]] = {}
    for subject, why in _found(row):
        found.setdefault(subject, []).append(why)
    subjects = Subject.objects.in_bulk(list(found)[:MOST])
    return tuple(
        Candidate(code=subject.code, name=subject.name, why=tuple(found[anchor]))
        for anchor, subject in subjects.items()
    )


def _found(row: Waiting) -> Iterator[tuple[UUID, Text]]:
    if row.uscc:
        for subject in Subject.objects.filter(code=row.uscc):
            yield subject.id, SAME_CODE
    org_code = row.org_code or (row.uscc or "")[8:17]
    if org_code:
        alike = Subject.objects.annotate(org=Substr("code", 9, 9)).filter(org=org_code)
        for subject in alike[:MOST]:
            yield subject.id, SAME_ORG
    numbers = {"org_code": org_code, "reg_no": row.reg_no}
    for scheme, value in numbers.items():
        if value:
            for alias in Alias.objects.filter(scheme=scheme, value=value)[:MOST]:
                yield alias.subject, SAME_NUMBER
    if row.name_key:
        grams = list(bigrams(row.name_key))  # found by their index
        same = SubjectName.objects.filter(grams__contains=grams, key=row.name_key)
        for name in same[:MOST]:
            yield name.subject, SAME_NAME
