"""Every judgement can be taken back, and a rebuild replays it (laws 2 and 5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cast import COMPANY
from tests.intake import Intake, Row
from tests.judging import held_row, judge, last_number
from tests.laws.events import ENTITIES, Sent, deliveries, live, worlds
from tests.state import current_facts, execute, state, undone, value

from yuexin.domains.collection.models import LedRow, Waiting
from yuexin.domains.collection.rebuild import rebuild
from yuexin.domains.collection.waiting_sql import LINKABLE
from yuexin.domains.subjects.judgements import Verdict

pytestmark = pytest.mark.usefixtures("database")

VERDICTS: tuple[Verdict, ...] = ("same", "same", "different", "unsure", "taken_back")


@dataclass(frozen=True, kw_only=True)
class Saying:
    """What somebody says between deliveries: of the row at a place, and an entity."""

    verdict: Verdict
    place: int
    code: str


@st.composite
def doubtful(draw: st.DrawFn) -> Sent:
    """Rows that no number leads to anybody, or whose name is nobody's."""
    one = draw(st.sampled_from(ENTITIES))
    number = str(draw(st.integers(1, 3)))
    without = {"CF_XDR_SHXYM": ""} if draw(st.booleans()) else {}
    rows: list[Row] = [one.penalty(number, CF_XDR_MC=f"{one.name[:-2]}他名", **without)]
    return Sent(resource="penalties_2018", rows=rows, agency="environment")


SAYINGS = st.builds(
    Saying,
    verdict=st.sampled_from(VERDICTS),
    place=st.integers(0, 3),
    code=st.sampled_from([one.uscc for one in ENTITIES]),
)
HISTORIES = st.lists(st.one_of(deliveries(), doubtful(), doubtful(), SAYINGS), max_size=9)
FOUNDED = Sent(resource="registration", rows=[one.registration() for one in ENTITIES])


def say(deliver: Intake, saying: Saying, now: dt.datetime) -> None:
    """Say it of a row that may be judged, where there is one."""
    rows: list[Waiting | LedRow] = [
        *Waiting.objects.filter(reason__in=LINKABLE).order_by("delivery", "row"),
        *LedRow.objects.order_by("delivery", "row"),
    ]
    if rows:
        row = rows[saying.place % len(rows)]
        judge(
            deliver, row, saying.verdict, saying.code, now=now, seen=last_number(), reason="试一试"
        )


def lived(deliver: Intake, history: Sequence[Sent | Saying]) -> None:
    for place, event in enumerate([FOUNDED, *history]):
        now = deliver.now - dt.timedelta(weeks=len(history) - place)
        if isinstance(event, Saying):
            say(deliver, event, now)
        else:
            deliver(event.resource, event.rows, agency=event.agency, now=now)


@worlds(8)
@given(history=HISTORIES)
def test_rebuilding_replays_what_was_judged(deliver: Intake, history: list[Sent | Saying]) -> None:
    with undone():
        lived(deliver, history)
        before = state()
        found = rebuild(
            home=deliver.home, declarations=deliver.declarations, check=True, now=deliver.now
        )
        assert found.differences == ()
        assert state() == before


@worlds(6)
@given(doubts=st.lists(doubtful(), min_size=1, max_size=3), sayings=st.lists(SAYINGS, max_size=4))
def test_taking_everything_back_leaves_what_stood_before(
    deliver: Intake, doubts: list[Sent], sayings: list[Saying]
) -> None:
    with undone():
        live(deliver, [FOUNDED, *doubts])
        before = current_facts()
        for saying in sayings:
            say(deliver, saying, deliver.now)
        while led := LedRow.objects.first():
            code = value("SELECT code FROM subject WHERE id = %s", led.subject)
            judge(deliver, led, "taken_back", code, seen=last_number(), reason="全部撤回")
        assert current_facts() == before


def test_what_was_judged_cannot_be_changed(deliver: Intake) -> None:
    with undone():
        deliver("registration", [COMPANY.registration()])
        deliver("penalties_2018", [COMPANY.penalty(CF_XDR_SHXYM="")])
        judge(deliver, held_row(), "same", COMPANY.uscc)
        with pytest.raises(Exception, match="judgement"):
            execute("UPDATE judgement SET verdict = 'different'")
