"""What a firm is called to somebody who is told of it."""

from __future__ import annotations

from yuexin.base.text import Text
from yuexin.domains.subjects.models import Subject
from yuexin.domains.subjects.names import UNNAMED


def firm_called(code: str) -> Text:
    """Its name, but for a sole trader whose name may be a person's own; its code where no subject
    has it."""
    found = Subject.objects.filter(code=code).first()
    if found is None or not found.name:
        return Text(code, code)
    return UNNAMED if found.named_after_person else Text(found.name, found.name)
