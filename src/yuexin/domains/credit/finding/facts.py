"""What narrows the hits, and how many have what: by the fields that the reader may see."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import connection

from yuexin.base.regions import name_of
from yuexin.base.text import Text
from yuexin.domains.credit.files import Reader
from yuexin.domains.credit.finding.names import Narrowing
from yuexin.domains.credit.finding.types import Choice, Facet, Query
from yuexin.domains.credit.types import Verdict
from yuexin.domains.credit.verdicts import verdict
from yuexin.domains.subjects.rulebook import rulebook
from yuexin.domains.subjects.verdicts import said_of_one
from yuexin.engines.declare.types import CodeList
from yuexin.engines.rules.models import VerdictRow

MOST_CHOICES: Final = 12
UNKNOWN: Final = Text("未知", "unknown")

# By every kind that declares it, as far as it is open to the reader.
INDUSTRY = """(SELECT min(r.body->>told.field)
    FROM unnest(%(kinds)s::text[], %(fields)s::text[]) told(kind, field)
    JOIN record r ON r.subject = s.id AND r.kind = told.kind AND r.superseded_at IS NULL
        AND r.valid_until IS NULL)"""
# Whoever goes on under another code is shown as that.
IN_FILE = "subject q JOIN subject s ON s.id = coalesce(q.joined_to, q.id)"
STATUS = said_of_one(subject="s.id", rule="%(rule)s", nobody="%(nobody)s", on="%(today)s")
FACTS = f"""
SELECT q.id, s.code, CASE WHEN s.named_after_person THEN '' ELSE s.name END, s.entity_type, s.city,
    s.est_date, {STATUS}, {INDUSTRY}
FROM {IN_FILE}
WHERE q.id = ANY(%(subjects)s)
"""
WHERE = {
    "city": "s.city = %(city)s",
    "entity_type": "s.entity_type = %(entity_type)s",
    "since": "s.est_date >= %(since)s",
    "until": "s.est_date <= %(until)s",
    "status": f"%(status)s = {STATUS}",
    "industry": f"starts_with({INDUSTRY}, %(industry)s)",
}


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a hit shows of a subject. The status is none where nothing was found yet."""

    subject: UUID
    code: str
    name: str
    entity_type: str
    city: str
    est_date: dt.date | None
    status: str | None
    industry: str


def narrowing_of(*, reader: Reader, query: Query) -> Narrowing:
    """A query's filters in SQL. One by a field that the reader may not see lets nothing through."""
    asked = {name: getattr(query, name) for name in WHERE if getattr(query, name)}
    if not asked:
        return Narrowing()
    told = _told(reader, "industry")
    if "industry" in asked and not told["kinds"]:
        return Narrowing(sql="WHERE false")
    conditions = " AND ".join(WHERE[name] for name in asked)
    return Narrowing(
        sql=f"JOIN ({IN_FILE}) ON q.id = w.subject WHERE {conditions}",
        values={**asked, **told, **_status_asked(reader)},
    )


def _status_asked(reader: Reader) -> dict[str, Any]:
    """The rule of status, the day, and what it says of whoever has no record that it reads."""
    status = reader.declarations.status_rule
    said = rulebook(declarations=reader.declarations, on=reader.today).nobody
    return {"rule": status, "today": reader.today, "nobody": said[status] or ""}


def sees_industry(reader: Reader) -> bool:
    """Whether the law opens the industry to the reader; to the public none does."""
    return bool(_told(reader, "industry")["kinds"])


def _told(reader: Reader, facet: str) -> Mapping[str, list[str]]:
    """The kinds that declare a facet, and the field of each, as far as the reader may see it."""
    declared = {
        kind.id: kind.facets[facet]
        for kind in reader.declarations.kinds.values()
        if facet in kind.facets
    }
    seen = {
        kind: field
        for kind, field in declared.items()
        if any(one.field == field for one in reader.disclosed_of(kind).visible)
    }
    return {"kinds": list(seen), "fields": list(seen.values())}


def facts_of(*, reader: Reader, subjects: Sequence[UUID]) -> dict[UUID, Facts]:
    """What hits show of these subjects."""
    values: dict[str, Any] = {
        **_told(reader, "industry"),
        **_status_asked(reader),
        "subjects": list(subjects),
    }
    with connection.cursor() as cursor:
        cursor.execute(FACTS, values)
        rows = cursor.fetchall()
    return {
        row[0]: Facts(
            subject=row[0], code=row[1], name=row[2], entity_type=row[3], city=row[4],
            est_date=row[5], status=row[6], industry=row[7] or "",
        )
        for row in rows
    }  # fmt: skip


def status_of(*, reader: Reader, value: str | None) -> Verdict:
    """What the rule of status says where it found `value`, in words."""
    rule = reader.declarations.rules[reader.declarations.status_rule]
    row = None
    if value is not None:
        row = VerdictRow(rule=rule.id, value=value or None, reasons=[])
    return verdict(declarations=reader.declarations, rule=rule, row=row, on=reader.today)


def type_label(*, reader: Reader, code: str) -> Text:
    return _coded(reader.declarations.codes.get("entity_types"), code)


def city_label(*, reader: Reader, code: str) -> Text:
    del reader
    return name_of(code) or Text(code, code)


def _industry_label(*, reader: Reader, code: str) -> Text:
    return _coded(reader.declarations.codes.get("industries"), code)


def _status_label(*, reader: Reader, code: str) -> Text:
    return status_of(reader=reader, value=code).outcome_label


def _coded(listed: CodeList | None, code: str) -> Text:
    found = listed.by_code.get(code) if listed else None
    return found.label if found else Text(code, code) if code else UNKNOWN


FIELDS: Final[Mapping[str, tuple[Text, Callable[..., Text]]]] = {
    "city": (Text("城市", "City"), city_label),
    "status": (Text("状态", "Status"), _status_label),
    "entity_type": (Text("类型", "Type"), type_label),
    "industry": (Text("行业", "Industry"), _industry_label),
}


def facets_of(*, reader: Reader, query: Query, facts: Iterable[Facts]) -> tuple[Facet, ...]:
    """How many of the hits have which value, the most frequent first."""
    held = list(facts)
    shown = [name for name in FIELDS if name != "industry" or sees_industry(reader)]
    return tuple(_facet(reader, name, getattr(query, name), held) for name in shown)


def _facet(reader: Reader, name: str, chosen: str, facts: Sequence[Facts]) -> Facet:
    label, labelled = FIELDS[name]
    counted: Counter[str] = Counter(value for one in facts if (value := _value(one, name)))
    choices = tuple(
        Choice(value=value, label=labelled(reader=reader, code=value), count=count)
        for value, count in counted.most_common(MOST_CHOICES)
    )
    return Facet(field=name, label=label, chosen=chosen, choices=choices)


def _value(one: Facts, name: str) -> str:
    value: str = getattr(one, name) or ""
    return value[:2] if name == "industry" else value
