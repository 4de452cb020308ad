"""Who acts, and what a decision about a field looks like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from yuexin.base.text import Text

Treatment = Literal["show", "mask", "hide"]


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who asks. `purpose` is why an officer looks; the public has none and needs none."""

    id: str
    role: str
    agency: str = ""
    purpose: str = ""
    subject_code: str = ""


@dataclass(frozen=True, kw_only=True)
class FieldDecision:
    """What this reader gets of one field, and why; only where the flag `when` is set, if any."""

    field: str
    treatment: Treatment
    mask: str
    reason: Text
    when: str = ""


@dataclass(frozen=True, kw_only=True)
class Disclosure:
    """The decision for one kind of record: which release, which fields, how."""

    release: str
    allowed: bool
    reason: Text
    fields: tuple[FieldDecision, ...] = ()

    @property
    def visible(self) -> tuple[FieldDecision, ...]:
        return tuple(item for item in self.fields if item.treatment != "hide")


PUBLIC = Actor(id="public", role="public")
OPERATOR = Actor(id="operator", role="operator")
