"""What stands is decided once: the mark on a licence and the rule over its file agree."""

from __future__ import annotations

import datetime as dt
from itertools import product

import pytest
from tests.cast import CLERK, PUBLIC, Entity, entity
from tests.intake import Intake
from tests.state import all_rows

from yuexin.domains.credit.queries import credit_file
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.queries import current

pytestmark = pytest.mark.usefixtures("database")

STATES = ("", *(code.zh for code in current().codes["licence_states"].values))
DAYS = (-40, -1, 0, 1, 40)
IN_FORCE = {"in_force", "ending"}
VALUES = """
SELECT s.code, v.value FROM verdict v JOIN subject s ON s.id = v.subject
WHERE v.rule = 'licence_in_force' AND v.valid_from <= %s
    AND coalesce(v.valid_until, 'infinity') > %s
"""


def test_a_declared_standing_names_a_field_and_its_codes() -> None:
    found = [(kind, kind.standing) for kind in current().kinds.values() if kind.standing]
    assert found
    for kind, standing in found:
        codes = current().codes[kind.by_field[standing.field].codes]
        assert set(standing.codes) <= set(codes.by_code)
        assert kind.valid_until, "a state without an end is marked by nobody"


def test_the_mark_says_in_force_exactly_when_the_rule_does(deliver: Intake) -> None:
    """Every state, with every first, last and deciding day around the day that is asked for."""
    rows = dict(_licences(deliver.now.date()))
    deliver("registration", [holder.registration() for holder in rows])
    receipt = deliver("licences_2018", list(rows.values()), agency="environment")
    assert receipt["rows_new"] > len(rows) / 3
    today = deliver.now.date()
    ruled = dict(all_rows(VALUES, today, today))
    marked = {holder.uscc: _marks(deliver, holder, CLERK) for holder in rows}
    for holder, row in rows.items():
        says = bool(marked[holder.uscc] & IN_FORCE)
        assert says == (ruled.get(holder.uscc) == "in_force"), row
        shown = _marks(deliver, holder, PUBLIC)
        assert shown in (set(), marked[holder.uscc]), row
    everything = {mark for marks in marked.values() for mark in marks}
    assert everything == {"in_force", "ending", "not_yet", "lapsed", "stopped"}


def _licences(today: dt.date) -> list[tuple[Entity, dict[str, str]]]:
    """One licence for each holder, in every combination."""
    days = [(today + dt.timedelta(days=days)).isoformat() for days in DAYS]
    past = [day for day in days if day <= today.isoformat()]
    starts, ends = ["", *days], ["", *days, "2099-12-31"]
    return [
        (
            holder := entity(8000 + number),
            holder.licence(XK_ZT=state, XK_JDRQ=decided, XK_YXQZ=start, XK_YXQZI=end),
        )
        for number, (state, decided, start, end) in enumerate(
            product(STATES, past[::2], starts, ends)
        )
    ]


def _marks(deliver: Intake, holder: Entity, actor: Actor) -> set[str]:
    file = credit_file(actor=actor, code=holder.uscc, on=None, now=deliver.now)
    assert file is not None
    return {mark.id for entry in file.timeline for mark in entry.marks if entry.kind == "licence"}
