"""Code lists: the values a coded column may hold, and since when. `types` is the door."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from yuexin.base.text import Text
from yuexin.engines.declare.law import Labelled


@dataclass(frozen=True, kw_only=True)
class Code:
    """One value, in use from `valid_from` to before `valid_to`; outside it a row gets a warning."""

    code: str
    zh: str
    en: str
    aliases: tuple[str, ...] = ()
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None

    @property
    def label(self) -> Text:
        return Text(self.zh, self.en)


@dataclass(frozen=True, kw_only=True)
class InCodes:
    """A coded field, and those of its codes of which something holds."""

    field: str
    codes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CodeList(Labelled):
    """A list of codes. `open: true` keeps a value outside the list as it was delivered.

    `other` names the code of an open list that needs a text behind it (其他-…). Whatever is then
    neither a code nor such a text, the bare code too, is kept and gets a warning.
    """

    source: str
    confirmed: bool = True
    open: bool = False
    other: str = ""
    values: tuple[Code, ...]

    @cached_property
    def by_code(self) -> dict[str, Code]:
        return {value.code: value for value in self.values}

    @cached_property
    def dated(self) -> tuple[Code, ...]:
        """The codes that were not always in use, or are so no longer."""
        return tuple(value for value in self.values if value.valid_from or value.valid_to)
