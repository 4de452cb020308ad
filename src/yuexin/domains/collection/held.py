"""Why rows wait, and why rows went back: counts with their reasons, never the rows themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from yuexin.base.text import Text
from yuexin.domains.collection.layout import Layout
from yuexin.domains.collection.queries import REASONS
from yuexin.engines.declare.types import Declarations
from yuexin.engines.deliveries.queries import remembered

WAITING: Final = """
SELECT agency, resource, reason, count(*) FROM waiting GROUP BY agency, resource, reason
"""
# By the receipts, so all that ever went back: what was mended since is not subtracted.
RETURNED: Final = """
SELECT d.agency, d.resource, f->>'column', f->>'rule', sum((f->>'rows')::bigint)::bigint
FROM receipt r JOIN delivery d ON d.number = r.delivery
CROSS JOIN LATERAL jsonb_array_elements(r.findings) f
WHERE r.state = 'folded' AND f->>'severity' = 'reject'
GROUP BY d.agency, d.resource, f->>'column', f->>'rule'
"""


@dataclass(frozen=True, kw_only=True)
class Why:
    """One reason, and how many rows of one agency's resource it holds."""

    agency: str
    agency_label: Text
    resource: str
    resource_label: Text
    column: Text
    rule: str
    sentence: Text
    rows: int


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One reason, how many rows it holds in all, and of which resources."""

    column: Text
    sentence: Text
    rows: int
    of: tuple[Why, ...]


def why_waiting(*, declarations: Declarations) -> tuple[Reason, ...]:
    """Why rows wait now, the most frequent reason first."""
    found = [
        _why(declarations, agency, resource, Text("", ""), reason, REASONS[reason], rows)
        for agency, resource, reason, rows in _counted(WAITING)
    ]
    return _by_reason(found)


def why_returned(*, declarations: Declarations) -> tuple[Reason, ...]:
    """Why rows of all deliveries went back, the most frequent reason first."""
    found = []
    for agency, resource, column, rule, rows in _counted(RETURNED):
        layout = Layout.of(declarations=declarations, resource=resource)
        label, said = layout.label(column), layout.sentence(rule, header=column)
        found.append(_why(declarations, agency, resource, label, rule, said, rows))
    return _by_reason(found)


def _by_reason(found: Iterable[Why]) -> tuple[Reason, ...]:
    # Layouts word the same column in one Chinese and in several English ways.
    grouped: dict[tuple[str, str], list[Why]] = {}
    for item in sorted(found, key=_frequent_first):
        grouped.setdefault((item.column.zh, item.sentence.zh), []).append(item)
    reasons = [
        Reason(
            column=of[0].column,
            sentence=of[0].sentence,
            rows=sum(one.rows for one in of),
            of=tuple(of),
        )
        for of in grouped.values()
    ]
    return tuple(sorted(reasons, key=lambda reason: -reason.rows))


def _counted(statement: str) -> list[tuple[Any, ...]]:
    def count() -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return list(cursor.fetchall())

    return remembered(key=("held", statement), count=count)


def _why(
    declarations: Declarations,
    agency: str,
    resource: str,
    column: Text,
    rule: str,
    said: Text,
    rows: int,
) -> Why:
    return Why(
        agency=agency,
        agency_label=declarations.agencies[agency].label,
        resource=resource,
        resource_label=declarations.resources[resource].label,
        column=column,
        rule=rule,
        sentence=said,
        rows=rows,
    )


def _frequent_first(item: Why) -> tuple[int, str, str, Text, str]:
    return (-item.rows, item.agency, item.resource, item.column, item.rule)
