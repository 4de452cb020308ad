"""From where checks come due, as it is declared: what the statement of `due_sql` takes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from yuexin.base.dates import today
from yuexin.base.text import Text
from yuexin.domains.hall.filing.commitments import promising_of
from yuexin.domains.hall.filing.models import DrawResult
from yuexin.engines.declare.queries import bodies_of_cities, heirs
from yuexin.engines.declare.types import (
    CheckPeriod,
    Declarations,
    FollowUp,
    Process,
    Regime,
    version_on,
)

Source = Literal["commitments", "draws", "lists"]
SOURCES: Final[dict[Source, Text]] = {
    "draws": Text("随机抽查", "drawn at random"),
    "commitments": Text("信用承诺", "commitments"),
    "lists": Text("名单跟踪", "follow-up of lists"),
}


@dataclass(frozen=True, kw_only=True)
class _Drawn:
    """A draw whose members are checked: how, and since when."""

    number: int
    on: dt.date
    kind: str
    field: str
    period: str
    check: CheckPeriod


def asked_of(*, declarations: Declarations, on: dt.date) -> dict[str, Any]:
    """What the statement of everything that is to be checked takes, on a day."""
    coded = [(one.uscc, one.id) for one in declarations.agencies.values() if one.uscc]
    below = list(bodies_of_cities(declarations=declarations))
    ended = list(heirs(declarations=declarations))
    return {
        "on": on,
        "codes": [code for code, _ in coded], "bodies": [name for _, name in coded],
        "above": [one[0] for one in below], "cities": [one[1] for one in below],
        "below": [one[2] for one in below],
        "ended": [one for one, _ in ended], "heirs": [one for _, one in ended],
        **_promised(declarations), **_drawn(declarations), **_listed(declarations, on),
    }  # fmt: skip


def drawn_checks(*, declarations: Declarations) -> Iterator[_Drawn]:
    """The draws whose members are checked by a process."""
    rows = DrawResult.objects.select_related("draw").defer("population", "drawn")
    for row in rows.order_by("draw"):
        filing = declarations.filings.get(row.draw.filing)
        share = filing and version_on(filing.shares, today(row.draw.announced_at))
        if filing and share and share.check:
            resource = declarations.resources[filing.resource]
            yield _Drawn(
                number=row.draw.number, on=today(row.drawn_at), kind=resource.kind,
                field=resource.by_header[filing.period].field, period=str(row.draw.period),
                check=share.check,
            )  # fmt: skip


def regimes_followed(
    *, declarations: Declarations, on: dt.date
) -> Iterator[tuple[Regime, FollowUp]]:
    """The lists whose members are checked, and how, by what is in force on a day."""
    for regime in declarations.regimes.values():
        follow_up = version_on(regime.follow_ups, on)
        if follow_up:
            yield regime, follow_up


def _promised(d: Declarations) -> dict[str, Any]:
    how = promising_of(d)
    kind = d.kinds[d.resources[how.resource].kind]
    texts = [
        (one.type, text.valid_from, text.valid_to, text.check_months)
        for one in d.commitments.values()
        for text in one.versions
        if text.check_months
    ]
    office, decided = _office(d.processes[how.check], d, kind.id)
    return {
        "types": [one[0] for one in texts], "first": [one[1] for one in texts],
        "last": [one[2] for one in texts], "months": [one[3] for one in texts],
        "kind": kind.id, "of_type": how.type, "matter": how.matter, "checked": how.checked,
        "made": kind.event_date, "state": how.running.field, "running": ["", *how.running.codes],
        "check": how.check, "check_office": office, "check_decided": decided,
    }  # fmt: skip


def _drawn(d: Declarations) -> dict[str, Any]:
    found = list(drawn_checks(declarations=d))
    offices = [_office(d.processes[one.check.process], d, one.kind) for one in found]
    return {
        "draw": [one.number for one in found], "draw_on": [one.on for one in found],
        "draw_kind": [one.kind for one in found], "draw_field": [one.field for one in found],
        "draw_period": [one.period for one in found],
        "draw_months": [one.check.months for one in found],
        "draw_process": [one.check.process for one in found],
        "draw_office": [one for one, _ in offices], "draw_decided": [one for _, one in offices],
    }  # fmt: skip


def _listed(d: Declarations, on: dt.date) -> dict[str, Any]:
    found = list(regimes_followed(declarations=d, on=on))
    said = [(one, way, value) for one, way in found for value in one.listed]
    offices = [_office(d.processes[way.process], d, one.kind) for one, way, _ in said]
    ends = [
        (one.id, end.rule, value)
        for one, _ in found
        for end in one.ended_by
        for value in end.outcomes
    ]
    return {
        "list": [one.id for one, _, _ in said], "list_rule": [one.rule for one, _, _ in said],
        "list_value": [value for _, _, value in said],
        "list_kind": [one.kind for one, _, _ in said],
        "list_first": [way.valid_from for _, way, _ in said],
        "list_months": [way.months for _, way, _ in said],
        "list_process": [way.process for _, way, _ in said],
        "list_office": [one for one, _ in offices], "list_decided": [one for _, one in offices],
        "end_list": [one for one, _, _ in ends], "end_rule": [one for _, one, _ in ends],
        "end_value": [one for _, _, one in ends],
    }  # fmt: skip


def _office(process: Process, d: Declarations, kind: str) -> tuple[str, str]:
    """Which body does it, and the field of the record that names it."""
    return process.office, d.kinds[kind].decided_by
