"""Rebuilding equals living, and every row that came is somewhere (laws 1 and 2)."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.cast import COMPANY, SOCIETY
from tests.intake import Intake
from tests.laws.events import HISTORIES, Sent, live, worlds
from tests.state import all_rows, state, undone, value

from yuexin.domains.collection.rebuild import rebuild

pytestmark = pytest.mark.usefixtures("database")

HISTORY = [
    Sent(resource="penalties_2018", rows=[COMPANY.penalty(), SOCIETY.penalty()]),
    Sent(
        resource="registration", rows=[COMPANY.registration(), COMPANY.registration(登记状态="2")]
    ),
    Sent(resource="registration", rows=[COMPANY.registration(登记状态="4", 核准日期="2026-01-05")]),
    Sent(resource="penalties_2018", rows=[COMPANY.penalty(CF_NR_FK="9"), {}]),
    Sent(resource="register_extract", rows=[SOCIETY.extract(), COMPANY.extract()]),
]


@worlds(8)
@given(history=HISTORIES)
def test_rebuilding_equals_living(deliver: Intake, history: list[Sent]) -> None:
    with undone():
        live(deliver, history)
        before = state()
        rebuilt = rebuild(home=deliver.home, check=True)
        assert rebuilt.differences == ()
        assert rebuilt.deliveries == len(history)
        assert state() == before


@worlds(8)
@given(history=HISTORIES)
def test_every_row_received_is_in_exactly_one_place(deliver: Intake, history: list[Sent]) -> None:
    with undone():
        for receipt in live(deliver, history):
            parts = [receipt[f"rows_{part}"] for part in ("new", "changed", "unchanged")]
            assert receipt["rows_ok"] == sum(map(int, map(str, parts)))
            held = all_rows(
                "SELECT row FROM waiting WHERE delivery = %(n)s UNION ALL "
                "SELECT row FROM quarantined WHERE delivery = %(n)s UNION ALL "
                "SELECT row FROM record WHERE delivery = %(n)s".replace(
                    "%(n)s", str(receipt["number"])
                )
            )
            assert len(held) == len(set(held))
        received, placed = all_rows(
            "SELECT sum(rows_received), sum(rows_new + rows_changed + rows_unchanged + rows_waiting "
            "+ rows_rejected) FROM receipt"
        )[0]
        assert received == placed == sum(len(sent.rows) for sent in history)


def test_a_rebuild_replaces_what_was_lost_or_spoiled(deliver: Intake) -> None:
    with undone():
        live(deliver, HISTORY)
        before = state()
        all_rows("WITH d AS (DELETE FROM verdict RETURNING 1) SELECT * FROM d")
        all_rows("WITH d AS (UPDATE subject SET name = '他人' RETURNING 1) SELECT * FROM d")
        all_rows("WITH d AS (UPDATE record SET body = '{}' RETURNING 1) SELECT * FROM d")
        all_rows("WITH d AS (DELETE FROM waiting RETURNING 1) SELECT * FROM d")
        found = rebuild(home=deliver.home, check=True).differences
        assert {one.table for one in found} == {"verdict", "subject", "record", "waiting"}
        assert state() != before
        rebuild(home=deliver.home, check=False)
        assert state() == before
        assert rebuild(home=deliver.home, check=True).differences == ()


def test_the_history_of_this_file_is_worth_rebuilding(deliver: Intake) -> None:
    with undone():
        live(deliver, HISTORY)
        assert all(rows for table, rows in state().items() if table != "alias")
        assert value("SELECT count(*) FROM record WHERE superseded_at IS NOT NULL") == 1
        assert value("SELECT count(*) FROM record WHERE folded_in > delivery") == 1
