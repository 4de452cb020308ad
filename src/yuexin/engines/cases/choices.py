"""What may be chosen from in the forms of a case: the code lists, and the fields of its record."""

from __future__ import annotations

from collections.abc import Mapping

from yuexin.engines.cases.asked import RECORD_FIELDS
from yuexin.engines.declare.types import Code, CodeList, RecordKind


def with_fields(
    *, codes: Mapping[str, CodeList], kind: RecordKind | None
) -> Mapping[str, CodeList]:
    """The code lists, and among them the fields of a kind that are no secret of a person."""
    if kind is None:
        return codes
    fields = tuple(
        Code(code=one.id, zh=one.zh, en=one.en) for one in kind.fields if one.scope != "closed"
    )
    listed = CodeList(
        id=RECORD_FIELDS, zh=kind.zh, en=kind.en, source=f"records/{kind.id}", values=fields
    )
    return {**codes, RECORD_FIELDS: listed}
