"""What is public today of many subjects, in brief: what their files say, counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Final
from uuid import UUID

from yuexin.base.text import Text
from yuexin.domains.credit.files import Reader, current_of
from yuexin.domains.credit.lists import Brief
from yuexin.domains.credit.marks import marks
from yuexin.domains.credit.rows import Row, public_rows_of
from yuexin.domains.credit.verdicts import UNKNOWN, verdict
from yuexin.domains.subjects.models import Subject
from yuexin.domains.subjects.verdicts import holding
from yuexin.engines.declare.types import SubjectRule, Tone
from yuexin.engines.rules.models import VerdictRow

LICENCE: Final = "licence"
IN_FORCE: Final = frozenset({"in_force", "ending"})
LAPSED: Final = frozenset({"lapsed", "stopped"})


def briefs_of(*, reader: Reader, codes: Collection[str]) -> Mapping[str, Brief]:
    """The subjects under these codes, by code, as far as they are open to this reader.

    Always from the public projection: whoever may see more looks at one file, for a purpose.
    """
    subjects = Subject.objects.filter(code__in=codes)
    found = {
        one[0]: one for one in subjects.values_list("id", "code", "name", "named_after_person")
    }
    kinds = reader.declarations.kinds.values()
    counted = [k.id for k in kinds if (k.adverse or k.id == LICENCE) and reader.opens(k.id)]
    rows = public_rows_of(subjects=found, kinds=counted, today=reader.today, states=reader.states)
    status = _statuses(reader, found)
    return {
        code: _brief(reader, code, "" if personal else name, status[subject], rows.get(subject, []))
        for subject, code, name, personal in found.values()
    }


def _brief(
    reader: Reader, code: str, name: str, status: tuple[Text, Tone], rows: list[Row]
) -> Brief:
    current = current_of(reader, rows)
    kinds = reader.declarations.kinds
    held = [(row, _standing(reader, row)) for row in rows if row.kind == LICENCE]
    in_force = [row for row, mark in held if mark in IN_FORCE]
    return Brief(
        code=code,
        name=name,
        status=status[0],
        tone=status[1],
        adverse=sum(kinds[r.kind].is_adverse(r.body) for r in rows if r.record in current),
        licences=len(in_force),
        lapsed=sum(mark in LAPSED for _, mark in held),
        until=_first_end(in_force),
    )


def _standing(reader: Reader, row: Row) -> str:
    """Whether a licence stands, as the mark beside it says; '' where the reader is not told."""
    said = marks(
        declarations=reader.declarations,
        kind=reader.declarations.kinds[LICENCE],
        disclosure=reader.disclosures[LICENCE],
        row=row,
        on=reader.on,
        today=reader.today,
        disputed=False,
    )
    return next((mark.id for mark in said if mark.id in IN_FORCE | LAPSED), "")


def _first_end(rows: Iterable[Row]) -> dt.date | None:
    """The last day of the first that ends; none where none does."""
    ends = [row.valid_until for row in rows if row.valid_until]
    return min(ends) - dt.timedelta(days=1) if ends else None


def _statuses(reader: Reader, subjects: Collection[UUID]) -> Mapping[UUID, tuple[Text, Tone]]:
    """Whether each subject exists, in the words of its file."""
    rule = next((one for one in reader.rules if one.id == reader.declarations.status_rule), None)
    if rule is None:
        return dict.fromkeys(subjects, (UNKNOWN, "plain"))
    found = holding(
        declarations=reader.declarations, subjects=subjects, rules=[rule.id], on=reader.today
    )
    values = {subject: row.value for (subject, _), row in found.items()}
    said = {value: _words(reader, rule, VerdictRow(value=value, reasons=[]))
            for value in {*values.values()}}  # fmt: skip
    not_judged = _words(reader, rule, None)
    return {one: said[values[one]] if one in values else not_judged for one in subjects}


def _words(reader: Reader, rule: SubjectRule, row: VerdictRow | None) -> tuple[Text, Tone]:
    told = verdict(declarations=reader.declarations, rule=rule, row=row, on=reader.today)
    return told.outcome_label, told.tone
