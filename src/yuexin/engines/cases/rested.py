"""On what of the subject's file a case rests: the records that may be chosen, the one that was, and
what may be chosen from in the forms of a case."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import polars as pl
from django.db import connection

from yuexin.base.text import Text
from yuexin.engines.cases.about import file_frames, frame_of, parsed
from yuexin.engines.cases.choices import with_fields
from yuexin.engines.cases.grounds import (
    FileRecord,
    choices_on,
    cited_of,
    grounded,
    refuse_unmet,
    said_in,
)
from yuexin.engines.cases.refusals import refusal
from yuexin.engines.cases.types import About, Act
from yuexin.engines.declare.types import CodeList, Declarations, Grounds, Process

# The first version of a record stands for all that replace it.
RESTED_ON: Final = """
SELECT (SELECT o.id FROM record o
        WHERE o.subject = r.subject AND o.kind = r.kind AND o.source_key = r.source_key
        ORDER BY o.version LIMIT 1)::text,
    r.kind, r.body, d.agency
FROM record r JOIN delivery d ON d.number = r.delivery
WHERE (r.subject = %(subject)s
        OR r.subject IN (SELECT id FROM subject WHERE joined_to = %(subject)s))
    AND r.kind = ANY(%(kinds)s) AND r.superseded_at IS NULL
    AND NOT EXISTS (SELECT FROM echo WHERE echo.record = r.id)
ORDER BY r.event_date DESC NULLS LAST, r.id
"""


def choices_of(
    *, declarations: Declarations, process: Process, about: About
) -> Mapping[str, CodeList]:
    """The code lists of the forms of a case: with the fields of its record among them, the grounds
    of its process and the records of the file on which one may rest."""
    plain = with_fields(declarations=declarations, kind=declarations.kinds.get(about.kind))
    if process.grounds is None:
        return plain
    records = _records(declarations, process.grounds, about.subject)
    return {
        **plain,
        **choices_on(declarations=declarations, grounds=process.grounds, records=records),
    }


def refuse_ungrounded(
    *, declarations: Declarations, process: Process, about: About, acts: Sequence[Act], act: Act
) -> None:
    """Raise a `Refusal` where an act is judged by the grounds of its process and the one that the
    case names is not met on its day."""
    if process.grounds is None or act.step not in process.grounds.judged:
        return

    def files(kinds: Collection[str]) -> Mapping[str, pl.DataFrame]:
        return file_frames(declarations=declarations, subject=about.subject, kinds=kinds, on=act.on)

    refuse_unmet(
        declarations=declarations, process=process, step=act.step, on=act.on,
        form=said_in(acts=(*acts, act)),
        records=_records(declarations, process.grounds, about.subject), files=files,
    )  # fmt: skip


def rested_words(
    *, declarations: Declarations, process: Process, about: About, form: Mapping[str, str]
) -> dict[str, str]:
    """What an outcome may name of the ground of a case and of the record that it rests on; nothing
    without grounds. Raises a `Refusal` where that record stands no more."""
    grounds = process.grounds
    if grounds is None:
        return {}
    found = _records(declarations, grounds, about.subject)
    record = next((one for one in found if one.code == form.get(grounds.record)), None)
    if record is None:
        raise refusal(
            "OUTCOME_GONE", "所依据的记录已被撤回，没有可写入的内容",
            "the record that it rests on was withdrawn meanwhile",
            remedy=Text("请核对后结案", "look into it, then close the case"),
        )  # fmt: skip
    ground = grounded(declarations=declarations, grounds=grounds, form=form, record=record)
    none = {
        f"{kind}.{name}": "" for kind in grounds.kinds for name in declarations.kinds[kind].by_field
    }
    told = {f"{record.kind}.{name}": str(value) for name, value in record.body.items()}
    return {
        "ground.label": ground.zh,
        "ground.basis": cited_of(declarations=declarations, ground=ground).zh,
        **{f"file.{name}": value for name, value in (none | told).items()},
    }


def _records(declarations: Declarations, grounds: Grounds, subject: UUID) -> tuple[FileRecord, ...]:
    """The records that stand in a subject's file and on which a ground may rest."""
    with connection.cursor() as cursor:
        cursor.execute(RESTED_ON, {"subject": subject, "kinds": list(grounds.kinds)})
        rows = cursor.fetchall()
    said = ((code, kind, parsed(body), told_by) for code, kind, body, told_by in rows)
    return tuple(
        FileRecord(
            code=code, kind=kind, body=body,
            frame=frame_of(kind=declarations.kinds[kind], bodies=[body]),
        )
        for code, kind, body, told_by in said
        if _decided_among(declarations, grounds, kind, body, told_by)
    )  # fmt: skip


def _decided_among(
    declarations: Declarations, grounds: Grounds, kind: str, body: Mapping[str, Any], told_by: str
) -> bool:
    """Whether one of the bodies that count decided what a record tells: the one that it names, else
    the one that told it."""
    if not grounds.bodies:
        return True
    named = body.get(declarations.kinds[kind].decided_by)
    if named:
        return any(declarations.agencies[one].uscc == named for one in grounds.bodies)
    return told_by in grounds.bodies
