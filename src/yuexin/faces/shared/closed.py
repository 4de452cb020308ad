"""What a reader of a file is not shown, and why: the same for an officer and for the subject."""

from __future__ import annotations

from yuexin.base.text import Text
from yuexin.domains.credit.types import CreditFile
from yuexin.engines.access.queries import disclose
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations


def closed_fields(
    *, declarations: Declarations, actor: Actor, about: str, file: CreditFile
) -> dict[str, tuple[tuple[Text, Text], ...]]:
    """By kind of record in the file: each field that this reader is not shown, and why, of what was
    told under the code `about`."""
    kinds = {entry.kind for entry in file.timeline}
    closed = {}
    for kind in (declarations.kinds[name] for name in kinds):
        seen = disclose(declarations=declarations, actor=actor, kind=kind, about=about)
        hidden = (field for field in seen.fields if field.treatment == "hide")
        closed[kind.id] = tuple((kind.by_field[one.field].label, one.reason) for one in hidden)
    return closed
