"""What the platform has of an entity already, offered where it would be asked again."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from django.db import connection

from yuexin.base.dates import today
from yuexin.base.text import Text
from yuexin.engines.access.queries import disclose
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations, Field, Filing, FilingItem

MONEY: Final = ("money_wan", "money_text")
TEN_THOUSAND: Final = 10_000
RECORDS: Final = """
SELECT r.kind, r.body, d.agency, r.known_at
FROM record r JOIN delivery d ON d.number = r.delivery
WHERE r.subject = %(subject)s AND r.kind = ANY(%(kinds)s) AND r.superseded_at IS NULL
    AND NOT EXISTS (SELECT FROM echo WHERE echo.record = r.id)
ORDER BY coalesce(r.valid_from, r.event_date) DESC NULLS LAST, r.known_at DESC
"""


@dataclass(frozen=True, kw_only=True)
class Known:
    """A value that the platform has, as it would be typed, and who told it on which day."""

    value: str
    source: Text
    told_on: dt.date


@dataclass(frozen=True, kw_only=True)
class KnownLines:
    """Repeated lines that the platform has, and who told them."""

    lines: tuple[Mapping[str, str], ...]
    source: Text
    told_on: dt.date


@dataclass(frozen=True, kw_only=True)
class Held:
    """The current records of an entity that its filing draws on, newest first, with those of
    their fields that the actor may see."""

    declarations: Declarations
    rows: tuple[tuple[str, Mapping[str, Any], str, dt.datetime], ...]

    def of(self, item: FilingItem) -> Known | None:
        """What is offered for a column; none where nothing is known of it."""
        for named in item.known:
            kind, _, field = named.partition(".")
            for of_kind, body, agency, at in self.rows:
                if of_kind == kind and body.get(field) is not None:
                    declared = self.declarations.kinds[kind].by_field[field]
                    return Known(
                        value=self._typed(declared, body[field]),
                        source=self._source(kind, body, agency),
                        told_on=today(at),
                    )
        return None

    def lines_of(self, item: FilingItem) -> KnownLines | None:
        """The lines offered for a repeated column: one for each record of its kind."""
        told = [row for row in self.rows if row[0] == item.lines_of]
        if not told:
            return None
        fields = self.declarations.kinds[item.lines_of].by_field
        lines = []
        for _, body, _, _ in told[: item.most]:
            cells = {p.zh: body.get(p.known) for p in item.parts if p.known}
            known = {p.zh: fields[p.known] for p in item.parts if p.known}
            lines.append({
                name: self._typed(known[name], value)
                for name, value in cells.items() if value is not None
            })  # fmt: skip
        kind, body, agency, at = told[0]
        return KnownLines(
            lines=tuple(lines), source=self._source(kind, body, agency), told_on=today(at)
        )

    def switched(self, item: FilingItem) -> bool:
        """Whether the entity made this figure public the last time."""
        for kind, _, field in (named.partition(".") for named in item.known):
            flag = self.declarations.kinds[kind].by_field[field].public_when
            for of_kind, body, _, _ in self.rows:
                if flag and of_kind == kind and field in body:
                    return body.get(flag) is True
        return False

    @cached_property
    def _years(self) -> Mapping[str, str]:
        """The field of the year, of each kind by which an entity tells of a year."""
        declared = self.declarations
        told = ((declared.resources[one.resource], one.period) for one in declared.filings.values())
        return {of.kind: of.by_header[period].field for of, period in told if period}

    def _source(self, kind: str, body: Mapping[str, Any], agency: str) -> Text:
        label = self.declarations.kinds[kind].label
        year = body.get(self._years.get(kind, ""))
        told = Text(f"{year} {label.zh}", f"{label.en}, {year}") if year else label
        named = self.declarations.agencies.get(agency)
        return Text(f"{told.zh}（{named.zh}）", f"{told.en} ({named.en})") if named else told

    def _typed(self, field: Field, value: Any) -> str:
        """A stored value as somebody would type it."""
        if isinstance(value, list):
            return "、".join(self._typed(field, one) for one in value)
        if isinstance(value, bool):
            return "是" if value else "否"
        if field.type in MONEY:
            return f"{(Decimal(str(value)) / TEN_THOUSAND).normalize():f}"
        if field.codes in self.declarations.codes:
            code = self.declarations.codes[field.codes].by_code.get(str(value))
            return code.zh if code else str(value)
        return str(value)


def held_of(
    *, declarations: Declarations, actor: Actor, filing: Filing, code: str, subject: UUID
) -> Held:
    """What is known that this filing asks for, as far as the actor may see it."""
    kinds = _kinds(filing)
    seen = {
        kind: {
            one.field
            for one in disclose(
                declarations=declarations, actor=actor, kind=declarations.kinds[kind], about=code
            ).visible
        }
        for kind in kinds
    }
    with connection.cursor() as cursor:
        cursor.execute(RECORDS, {"subject": subject, "kinds": sorted(kinds)})
        rows = cursor.fetchall()
    return Held(
        declarations=declarations,
        rows=tuple(
            (kind, {k: v for k, v in _body(body).items() if k in seen[kind]}, agency, at)
            for kind, body, agency, at in rows
        ),
    )


def _kinds(filing: Filing) -> Collection[str]:
    named = {known.partition(".")[0] for item in filing.items for known in item.known}
    return named | {item.lines_of for item in filing.items if item.lines_of}


def _body(body: Any) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(body) if isinstance(body, str) else body
    return found
