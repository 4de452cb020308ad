"""Delivering twice changes nothing; in how many pieces or in what order does not matter (law 4)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.intake import Intake, Row
from tests.laws.events import (
    ENTITIES,
    HISTORIES,
    LISTS,
    Sent,
    facts,
    live,
    of,
    registrations,
    worlds,
)
from tests.state import State, current_facts, state, undone, value

from yuexin.domains.collection.rebuild import DERIVED

pytestmark = pytest.mark.usefixtures("database")

# Each delivery has its own quarantine: a bad row sent twice was received twice.
FACTS = tuple(
    table for table in DERIVED if table != "quarantined" and not table.startswith("delivery_")
)
RESOURCES = ("registration", "licences_2018", "penalties_2018", "annual_reports", *LISTS)
IN_ORDER = tuple(range(len(RESOURCES)))


@worlds(6)
@given(history=HISTORIES, data=st.data())
def test_delivering_again_changes_nothing(
    deliver: Intake, history: list[Sent], data: st.DataObject
) -> None:
    """The last state of every agency again, in other batches: a correction is not taken back."""
    with undone():
        live(deliver, history)
        last = history[-1]
        rows = data.draw(st.permutations(_settled(last)), label="rows")
        before = state(*FACTS)
        for batch in data.draw(batches(rows), label="batches"):
            receipt = deliver(last.resource, batch, agency=last.agency)
            assert (receipt["rows_new"], receipt["rows_changed"]) == (0, 0)
        assert state(*FACTS) == before


@worlds(6)
@given(
    rows=st.lists(
        registrations(once=True), min_size=2, max_size=6, unique_by=lambda row: row["名称"]
    ),
    data=st.data(),
)
def test_one_delivery_of_many_rows_is_many_deliveries_of_one(
    deliver: Intake, rows: list[Row], data: st.DataObject
) -> None:
    with undone():
        deliver("registration", rows)
        together = current_facts()
    with undone():
        for batch in data.draw(batches(data.draw(st.permutations(rows)))):
            deliver("registration", batch)
        assert current_facts() == together


@worlds(6)
@given(resource=st.sampled_from(RESOURCES[1:]), data=st.data())
def test_the_same_holds_of_what_happened_to_them(
    deliver: Intake, resource: str, data: st.DataObject
) -> None:
    rows = data.draw(
        st.lists(facts(resource), min_size=2, max_size=8, unique_by=lambda row: _key(resource, row))
    )
    with undone():
        deliver("registration", [one.registration() for one in ENTITIES[:3]])
        with undone():
            deliver(resource, rows)
            together = current_facts()
        for batch in data.draw(batches(data.draw(st.permutations(rows)))):
            deliver(resource, batch)
        assert current_facts() == together


@pytest.fixture(scope="module")
def in_order() -> dict[str, State]:
    """What the usual order leaves, once it was tried."""
    return {}


@pytest.mark.parametrize(
    "order", [IN_ORDER[::-1], (5, 2, 0, 7, 3, 1, 4, 6), (1, 4, 2, 6, 0, 3, 7, 5)]
)
def test_the_order_in_which_agencies_deliver_does_not_matter(
    deliver: Intake, in_order: dict[str, State], order: tuple[int, ...]
) -> None:
    """A penalty that comes before its registration waits for it, and then stands as if after it."""
    rows = [of(one, number) for number, one in enumerate(ENTITIES, start=1)]

    def after(sequence: tuple[int, ...]) -> State:
        with undone():
            for resource in (RESOURCES[place] for place in sequence):
                deliver(resource, [row[resource] for row in rows])
            assert value("SELECT count(*) FROM waiting") == 0
            return current_facts()

    expected = in_order.setdefault("facts", in_order.get("facts") or after(IN_ORDER))
    assert after(order) == expected


def test_a_number_that_two_claim_is_contested_in_one_delivery_as_in_two(deliver: Intake) -> None:
    first, second = ENTITIES[0], ENTITIES[1]
    rows = [first.registration(), second.registration(注册号=first.reg_no)]
    with undone():
        deliver("registration", rows)
        together = current_facts()
    with undone():
        for row in rows:
            deliver("registration", [row])
        assert current_facts() == together


def batches(rows: Sequence[Row]) -> st.SearchStrategy[list[list[Row]]]:
    """These rows, in order, cut at one or two places; now and then a piece twice."""
    cuts = st.lists(st.integers(0, len(rows)), max_size=2).map(sorted)

    def cut(places: list[int]) -> list[list[Row]]:
        edges = [0, *places, len(rows)]
        pieces = [list(rows[a:b]) for a, b in pairwise(edges)]
        return [piece for piece in pieces if piece]

    return cuts.map(cut)


def _settled(sent: Sent) -> list[Row]:
    """The first row about each fact: what else the delivery says of it waits for a person."""
    first: dict[tuple[str, ...], Row] = {}
    for row in sent.rows:
        if row:
            first.setdefault(_key(sent.resource, row), row)
    return list(first.values())


def _key(resource: str, row: Row) -> tuple[str, ...]:
    names = {
        "licences_2018": ("XK_XDR_SHXYM", "XK_WSH"),
        "penalties_2018": ("CF_XDR_SHXYM", "CF_WSH"),
        "annual_reports": ("统一社会信用代码", "报告年度"),
        "registration_changes": ("统一社会信用代码", "变更日期"),
    }
    return tuple(row[name] for name in names.get(resource, ("统一社会信用代码",)))
