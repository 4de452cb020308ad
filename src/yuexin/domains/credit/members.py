"""The lists of the law as pages: how many stand in each today, and who, as far as an entry is
shown. Whoever stands in a list by its rule is named by the rows of the public projection alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from yuexin.base.regions import cities, name_of
from yuexin.base.text import Text
from yuexin.domains.credit.files import Reader
from yuexin.domains.credit.listings import TONES, law_of, not_confirmed, ways_off
from yuexin.domains.credit.publicity import DEEPEST_PAGE, PAGE_SIZE, listed_row
from yuexin.domains.credit.rows import COLUMNS
from yuexin.domains.credit.statements import SHOWN
from yuexin.domains.credit.types import PublicityRow, WayOff
from yuexin.domains.subjects.verdicts import stored_on
from yuexin.engines.access.queries import told_of_list
from yuexin.engines.declare.types import Regime, Trigger, version_on
from yuexin.engines.deliveries.queries import remembered
from yuexin.engines.rules.queries import exclusions
from yuexin.engines.rules.types import Exclusion

MOST_TAKEN: Final = 5_000
_ONE_DAY: Final = dt.timedelta(days=1)
# Who stands in a list by its rule, shown by one of the records that made it so, but for whom it
# ends or does not count.
STANDS: Final = f"""
FROM public_row p JOIN subject s ON s.id = p.subject
JOIN {stored_on(on="%(today)s", where="w.rule = %(rule)s AND w.value = ANY(%(listed)s)")} v
    ON v.subject = coalesce(s.joined_to, s.id)
WHERE p.kind = %(kind)s AND p.agency = ANY(%(agencies)s) AND {SHOWN}
    AND (%(city)s = '' OR s.city = %(city)s)
    AND (%(since)s::date IS NULL OR p.event_date >= %(since)s)
    AND (%(until)s::date IS NULL OR p.event_date <= %(until)s)
    AND EXISTS (SELECT FROM jsonb_array_elements(v.reasons) reason
        WHERE reason -> 'truth' = 'true' AND reason -> 'records' ? p.record::text)
    AND NOT EXISTS (SELECT FROM {stored_on(on="%(today)s")} e
        JOIN unnest(%(out_nth)s::int[], %(out_rule)s::text[], %(out_value)s::text[])
            AS out(nth, rule, value) ON out.rule = e.rule AND out.value = e.value
        WHERE e.subject = v.subject
        AND NOT EXISTS (SELECT FROM {stored_on(on="%(today)s")} u
            JOIN unnest(%(but_nth)s::int[], %(but_rule)s::text[], %(but_value)s::text[])
                AS but(nth, rule, value) ON but.rule = u.rule AND but.value = u.value
            WHERE but.nth = out.nth AND u.subject = v.subject))
"""
COUNT: Final = f"SELECT count(DISTINCT v.subject), count(*) {STANDS}"
PAGE: Final = f"""
SELECT s.city, s.code, s.name, s.sole_trader, s.named_after_person,
    {", ".join(f"p.{name}" for name in COLUMNS)}
{STANDS}
ORDER BY p.event_date DESC NULLS LAST, p.record LIMIT %(size)s OFFSET %(skip)s
"""


@dataclass(frozen=True, kw_only=True)
class ListSummary:
    """A list by its statutory name: by which law, who decides, how one gets off, how many stand in
    it today. `subjects` is none where its entries are not shown to the reader."""

    regime: str
    label: Text
    tone: str
    group: str
    field: str
    keepers: Text
    subjects: int | None
    term_months: int
    by_case: bool
    basis: tuple[Text, ...]
    provisional: Text | None
    follow_up: Text
    ways: tuple[WayOff, ...]


@dataclass(frozen=True, kw_only=True)
class Member:
    """An entry in a list, and the last day on it by time alone where publicity tells one."""

    row: PublicityRow
    city: Text
    last_day: dt.date | None


@dataclass(frozen=True, kw_only=True)
class Narrowed:
    """What a list is narrowed by: a city, and days of entry."""

    city: str = ""
    since: dt.date | None = None
    until: dt.date | None = None


@dataclass(frozen=True, kw_only=True)
class MembersPage:
    """A page of who stands in a list."""

    summary: ListSummary
    asked: Narrowed
    cities: tuple[tuple[str, Text], ...]
    subjects: int
    entries: int
    page: int
    pages: int
    rows: tuple[Member, ...]


def lists(*, reader: Reader) -> tuple[ListSummary, ...]:
    """All lists, with how many stand in each today."""
    return tuple(_summary(reader, one) for one in reader.declarations.regimes.values())


def members(
    *, reader: Reader, regime: str, asked: Narrowed, page: int = 1, size: int = PAGE_SIZE
) -> MembersPage | None:
    """Who stands in a list, the latest entry first; none for a list that is not declared or whose
    entries are not shown to the reader."""
    declared = reader.declarations.regimes.get(regime)
    if declared is None or not _is_open(reader, declared):
        return None
    values = _values(reader, declared, asked)
    subjects, entries = _counted(reader, declared, asked)
    pages = min(-(-entries // size), DEEPEST_PAGE)
    page = max(1, page)
    values |= {"size": size, "skip": (page - 1) * size}
    return MembersPage(
        summary=_summary(reader, declared),
        asked=asked,
        cities=tuple((city.code, city.name) for city in cities()),
        subjects=subjects,
        entries=entries,
        page=page,
        pages=pages,
        rows=_rows(reader, values) if page <= max(pages, 1) else (),
    )


def _is_open(reader: Reader, regime: Regime) -> bool:
    return told_of_list(
        declarations=reader.declarations,
        actor=reader.actor,
        regime=regime,
        sees_entry=reader.opens(regime.kind),
    )


def _summary(reader: Reader, regime: Regime) -> ListSummary:
    declarations = reader.declarations
    version = version_on(regime.versions, reader.today)
    names = [declarations.agencies[one].label for one in regime.keepers]
    keepers = Text("、".join(n.zh for n in names), "; ".join(n.en for n in names))
    return ListSummary(
        regime=regime.id,
        label=regime.label,
        tone=TONES[regime.tone],
        group=regime.tone,
        field=regime.field,
        keepers=Text(regime.keepers_zh or keepers.zh, regime.keepers_en or keepers.en),
        subjects=_counted(reader, regime, Narrowed())[0] if _is_open(reader, regime) else None,
        term_months=version.term_months if version else 0,
        by_case=regime.terms_by_case,
        basis=law_of(declarations=declarations, version=version, on=reader.today),
        provisional=not_confirmed(version),
        follow_up=Text(regime.follow_up_zh, regime.follow_up_en),
        ways=ways_off(declarations=declarations, regime=regime, on=reader.today),
    )


def _counted(reader: Reader, regime: Regime, asked: Narrowed) -> tuple[int, int]:
    """How many subjects, and how many of their entries are shown."""
    key = ("listed", reader.declarations.digest, reader.today, regime.id, asked)
    return remembered(key=key, count=lambda: _count(_values(reader, regime, asked)))


def _count(values: Mapping[str, Any]) -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(COUNT, values)
        subjects, entries = cursor.fetchone()
        return int(subjects), int(entries)


def _rows(reader: Reader, values: Mapping[str, Any]) -> tuple[Member, ...]:
    with connection.cursor() as cursor:
        cursor.execute(PAGE, values)
        return tuple(_member(reader, found) for found in cursor.fetchall())


def _member(reader: Reader, found: Any) -> Member:
    city, *rest = found
    row = listed_row(reader, rest)
    end = row.entry.shown_until
    return Member(
        row=row,
        city=name_of(city) or Text(city, city),
        last_day=end - _ONE_DAY if end else None,
    )


def _values(reader: Reader, regime: Regime, asked: Narrowed) -> dict[str, Any]:
    out = exclusions(declarations=reader.declarations, regime=regime)
    return {
        "today": reader.today,
        "kind": regime.kind,
        "rule": regime.rule,
        "listed": list(regime.listed),
        "agencies": _providers(reader, regime.kind),
        "city": asked.city,
        "since": asked.since,
        "until": asked.until,
        **_columns("out", [[one] for one in out]),
        **_columns("but", [one.unless for one in out]),
    }


def _columns(name: str, said: Sequence[Sequence[Trigger | Exclusion]]) -> dict[str, list[Any]]:
    """What rules say, as columns: each outcome beside the place of the exclusion it belongs to."""
    rows = [
        (nth, one.rule, value)
        for nth, some in enumerate(said)
        for one in some
        for value in one.outcomes
    ]
    return {
        f"{name}_nth": [nth for nth, _, _ in rows],
        f"{name}_rule": [rule for _, rule, _ in rows],
        f"{name}_value": [value for _, _, value in rows],
    }


def _providers(reader: Reader, kind: str) -> list[str]:
    """Who delivers records of a kind: the index of the projection begins with the agency."""
    resources = (one for one in reader.declarations.resources.values() if one.kind == kind)
    return sorted({agency for one in resources for agency in one.providers})
