"""Every judgement can be taken back, and a rebuild replays it (laws 2 and 5)."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cast import COMPANY, OPERATOR
from tests.intake import Intake, Row
from tests.judging import held_row, judge, last_number
from tests.laws.events import ENTITIES, Sent, deliveries, live, worlds
from tests.state import State, all_rows, current_facts, execute, state, undone, value

from yuexin.base.errors import Refusal
from yuexin.domains.collection.models import LedRow, Waiting
from yuexin.domains.collection.pairing import PairOpinion, judge_pair
from yuexin.domains.collection.rebuild import rebuild
from yuexin.domains.collection.relink import Relinked, relink
from yuexin.domains.collection.waiting_sql import LINKABLE
from yuexin.domains.subjects.judgements import Verdict
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.queries import load

pytestmark = pytest.mark.usefixtures("database")

MODEL = "linkage/subjects.yaml"
VERDICTS: tuple[Verdict, ...] = ("same", "same", "different", "unsure", "taken_back")


@dataclass(frozen=True, kw_only=True)
class Saying:
    """What somebody says between deliveries: of the row at a place, and an entity."""

    verdict: Verdict
    place: int
    code: str


@dataclass(frozen=True, kw_only=True)
class Joining:
    """What somebody says of two entities."""

    verdict: Verdict
    one: str
    other: str
    author: str


def doubted() -> Sent:
    """A row under a name that is nobody's, without a code."""
    rows: list[Row] = [ENTITIES[0].penalty("7", CF_XDR_MC="他名有限公司", CF_XDR_SHXYM="")]
    return Sent(resource="penalties_2018", rows=rows, agency="environment")


@st.composite
def doubtful(draw: st.DrawFn) -> Sent:
    """Rows that no number leads to anybody, or whose name is nobody's."""
    one = draw(st.sampled_from(ENTITIES))
    number = str(draw(st.integers(1, 3)))
    without = {"CF_XDR_SHXYM": ""} if draw(st.booleans()) else {}
    told = {"CF_XDR_MC": f"{one.name[:-2]}他名", "CF_NR_FK": draw(st.sampled_from(("1", "2")))}
    rows: list[Row] = [one.penalty(number, **told, **without)]
    return Sent(resource="penalties_2018", rows=rows, agency="environment")


@dataclass(frozen=True, kw_only=True)
class Relinking:
    """The matcher compares again what waits, with other bounds."""

    link_at: int


SAYINGS = st.builds(
    Saying,
    verdict=st.sampled_from(VERDICTS),
    place=st.integers(0, 3),
    code=st.sampled_from([one.uscc for one in ENTITIES]),
)
Event = Sent | Saying | Joining | Relinking
CODES = st.sampled_from([one.uscc for one in ENTITIES])
JOININGS = st.builds(
    Joining,
    verdict=st.sampled_from(VERDICTS),
    one=CODES,
    other=CODES,
    author=st.sampled_from(("chief-wu", "chief-he")),
)
RELINKINGS = st.builds(Relinking, link_at=st.sampled_from((3, 6, 40)))
HISTORIES = st.lists(
    st.one_of(deliveries(), doubtful(), doubtful(), SAYINGS, JOININGS, RELINKINGS), max_size=9
)
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


def take_all_back(deliver: Intake) -> None:
    """Whatever was judged to be somebody's, by the matcher or by people."""
    while led := LedRow.objects.first():
        code = value("SELECT code FROM subject WHERE id = %s", led.subject)
        judge(deliver, led, "taken_back", code, reason="全部撤回")


def join(deliver: Intake, joining: Joining, now: dt.datetime) -> None:
    """Say it of these two; what cannot be is refused, and changes nothing."""
    with contextlib.suppress(Refusal):
        judge_pair(
            declarations=deliver.declarations,
            actor=Actor(id=joining.author, role="chief", agency="data_bureau"),
            code=joining.one,
            other=joining.other,
            opinion=PairOpinion(verdict=joining.verdict, reason="试一试", seen=last_number()),
            now=now,
        )


def compare_again(deliver: Intake, relinking: Relinking, now: dt.datetime) -> Relinked:
    """Compare what waits again; where a bound was another one, that is declared then."""
    files = dict(deliver.declarations.files)
    text = files[MODEL].decode().replace("link_at: 6", f"link_at: {relinking.link_at}")
    declared = load({**files, MODEL: text.encode()})
    return relink(declarations=declared, actor=OPERATOR, clock=lambda: now)


def lived(deliver: Intake, history: Sequence[Event]) -> None:
    for place, event in enumerate([FOUNDED, *history]):
        now = deliver.now - dt.timedelta(weeks=len(history) - place)
        if isinstance(event, Saying):
            say(deliver, event, now)
        elif isinstance(event, Joining):
            join(deliver, event, now)
        elif isinstance(event, Relinking):
            compare_again(deliver, event, now)
        else:
            deliver(event.resource, event.rows, agency=event.agency, now=now)


def facts(deliver: Intake) -> State:
    """What stands and holds today, however often it was judged again."""
    holding = all_rows(
        "SELECT subject::text, rule, value FROM verdict "
        "WHERE daterange(valid_from, valid_until) @> %s::date ORDER BY 1, 2",
        deliver.now.date(),
    )
    told = tuple(" ".join(map(str, one)) for one in holding)
    return {**current_facts(), "verdict": told}


@worlds(8)
@given(history=HISTORIES)
def test_rebuilding_replays_what_was_judged(deliver: Intake, history: list[Event]) -> None:
    with undone():
        lived(deliver, history)
        before = state()
        found = rebuild(
            home=deliver.home, declarations=deliver.declarations, check=True, now=deliver.now
        )
        assert found.differences == ()
        assert state() == before


@worlds(6)
@given(history=HISTORIES, relinking=RELINKINGS)
def test_comparing_again_twice_changes_nothing_and_no_person_is_overridden(
    deliver: Intake, history: list[Event], relinking: Relinking
) -> None:
    held = "SELECT p.* FROM judged_pair p JOIN judgement j ON j.number = p.judgement"
    by_people = f"{held} WHERE j.model = '' ORDER BY 1, 2"
    with undone():
        lived(deliver, [*history, doubted()])
        before = all_rows(by_people)
        compare_again(deliver, relinking, deliver.now)
        assert all_rows(by_people) == before
        once = (state(), last_number())
        assert compare_again(deliver, relinking, deliver.now).is_nothing
        assert (state(), last_number()) == once


@worlds(6)
@given(doubts=st.lists(doubtful(), min_size=1, max_size=3), sayings=st.lists(SAYINGS, max_size=4))
def test_taking_everything_back_leaves_what_stood_before(
    deliver: Intake, doubts: list[Sent], sayings: list[Saying]
) -> None:
    with undone():
        live(deliver, [FOUNDED, *doubts])
        take_all_back(deliver)
        before = facts(deliver)
        for saying in sayings:
            say(deliver, saying, deliver.now)
        take_all_back(deliver)
        assert facts(deliver) == before


@worlds(6)
@given(
    history=st.lists(deliveries(), max_size=3),
    joinings=st.lists(JOININGS, min_size=1, max_size=4),
    later=st.lists(deliveries(), max_size=2),
)
def test_files_that_are_split_again_are_as_if_never_joined(
    deliver: Intake, history: list[Sent], joinings: list[Joining], later: list[Sent]
) -> None:
    with undone():
        lived(deliver, [*history, *(replace(one, verdict="unsure") for one in joinings), *later])
        never = facts(deliver)
    with undone():
        lived(deliver, [*history, *joinings, *later])
        while pairs := all_rows(
            "SELECT a.code, b.code FROM joined_pair p JOIN subject a ON a.id = p.subject "
            "JOIN subject b ON b.id = p.goes_on_as"
        ):
            one, other = pairs[0]
            back = Joining(verdict="taken_back", one=one, other=other, author="chief-wu")
            join(deliver, back, deliver.now)
        assert facts(deliver) == never


def test_what_is_judged_is_replayed_in_its_order_whatever_the_clocks_said(deliver: Intake) -> None:
    with undone():
        deliver("registration", [COMPANY.registration()])
        told = {"CF_XDR_SHXYM": "", "CF_XDR_MC": "他名有限公司"}
        for fine, person in (("1", "甲"), ("2", "乙")):
            said = COMPANY.penalty(CF_NR_FK=fine, CF_FRDB=person, **told)
            deliver("penalties_2018", [said], agency="environment")
        hour = dt.timedelta(hours=1)
        for row, now in zip(
            Waiting.objects.order_by("delivery"), (deliver.now + hour, deliver.now), strict=True
        ):
            judge(deliver, row, "same", COMPANY.uscc, now=now)
        assert value("SELECT count(*) FROM record WHERE kind = 'penalty'") == 2
        found = rebuild(
            home=deliver.home, declarations=deliver.declarations, check=True, now=deliver.now
        )
        assert found.differences == ()


def test_what_was_judged_cannot_be_changed(deliver: Intake) -> None:
    with undone():
        deliver("registration", [COMPANY.registration()])
        deliver("penalties_2018", [COMPANY.penalty(CF_XDR_SHXYM="")])
        judge(deliver, held_row(), "same", COMPANY.uscc)
        with pytest.raises(Exception, match="judgement"):
            execute("UPDATE judgement SET verdict = 'different'")
