"""What may be chosen from in the forms of a case: the code lists, and the fields of its record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from yuexin.engines.cases.amending import unit_of
from yuexin.engines.declare.types import (
    RECORD_FIELDS,
    Code,
    CodeList,
    Declarations,
    RecordKind,
)


def with_fields(*, declarations: Declarations, kind: RecordKind | None) -> Mapping[str, CodeList]:
    """The code lists, and among them the fields of a kind that can be corrected and are no secret
    of a person."""
    if kind is None:
        return declarations.codes
    fixed = frozenset(_identifying(declarations, kind))
    fields = tuple(
        Code(code=one.id, zh=one.zh + unit_of(one).zh, en=one.en + unit_of(one).en)
        for one in kind.fields
        if one.scope != "closed" and one.id not in fixed
    )
    listed = CodeList(
        id=RECORD_FIELDS, zh=kind.zh, en=kind.en, source=f"records/{kind.id}", values=fields
    )
    return {**declarations.codes, RECORD_FIELDS: listed}


def _identifying(declarations: Declarations, kind: RecordKind) -> Iterator[str]:
    """The fields by which a record is known as the same one, of the same subject: told with another
    value it is one more record, and the wrong one stands beside it."""
    yield from kind.key
    if kind.temporal == "state":
        yield kind.valid_from or kind.event_date
    for resource in declarations.resources.values():
        if resource.kind == kind.id:
            yield from (resource.by_header[one.column].field for one in resource.identifiers)
