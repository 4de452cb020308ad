"""Who acts for whom: what may be handed on, where claims are proved. `types` is the door."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from yuexin.engines.declare.law import Labelled


@dataclass(frozen=True, kw_only=True)
class Right(Labelled):
    """Something that may be done for a subject. `help_*` says what it opens."""

    help_zh: str
    help_en: str


@dataclass(frozen=True, kw_only=True)
class Contact:
    """The field of a kind that holds a telephone of the subject, told by itself or its register."""

    kind: str
    phone: str


@dataclass(frozen=True, kw_only=True)
class Acting:
    """`rights` may be handed to a delegate, for `longest_days` at most. `contacts` are where a code
    is sent that proves a claim, the first that is on file. `windows` are the agencies whose
    officers confirm who somebody is, and for whom he acts."""

    rights: tuple[Right, ...] = ()
    longest_days: int = 0
    contacts: tuple[Contact, ...] = ()
    windows: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    confirmed: bool = True

    @cached_property
    def by_right(self) -> dict[str, Right]:
        return {right.id: right for right in self.rights}
