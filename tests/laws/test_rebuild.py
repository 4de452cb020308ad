"""Rebuilding equals living, and every row that came is somewhere (laws 1 and 2)."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.cast import COMPANY, SOCIETY
from tests.intake import Intake
from tests.laws.events import HISTORIES, Sent, live, worlds
from tests.state import all_rows, execute, state, undone, value

from yuexin.domains.collection.rebuild import Rebuilt, rebuild

pytestmark = pytest.mark.usefixtures("database")

HISTORY = [
    Sent(resource="penalties_2018", rows=[COMPANY.penalty(), SOCIETY.penalty()]),
    Sent(
        resource="registration", rows=[COMPANY.registration(), COMPANY.registration(登记状态="2")]
    ),
    Sent(resource="registration", rows=[COMPANY.registration(登记状态="4", 核准日期="2026-01-05")]),
    Sent(resource="penalties_2018", rows=[COMPANY.penalty(CF_NR_FK="9"), COMPANY.penalty("2"), {}]),
    Sent(resource="register_extract", rows=[SOCIETY.extract(), COMPANY.extract()]),
]


@worlds(6)
@given(history=HISTORIES)
def test_rebuilding_equals_living(deliver: Intake, history: list[Sent]) -> None:
    with undone():
        live(deliver, history)
        before = state()
        rebuilt = again(deliver, check=True)
        assert rebuilt.differences == ()
        assert rebuilt.deliveries == len(history)
        assert state() == before


@worlds(6)
@given(history=HISTORIES)
def test_every_row_received_is_in_exactly_one_place(deliver: Intake, history: list[Sent]) -> None:
    with undone():
        for receipt in live(deliver, history):
            held = all_rows(
                "SELECT row FROM waiting WHERE delivery = %s UNION ALL "
                "SELECT row FROM quarantined WHERE delivery = %s UNION ALL "
                "SELECT row FROM record WHERE delivery = %s",
                *[receipt["batch_id"]] * 3,
            )
            assert len(held) == len(set(held))
        received, placed = all_rows(
            "SELECT sum(rows_received), "
            "sum(rows_new + rows_changed + rows_unchanged + rows_waiting + rows_rejected) "
            "FROM receipt"
        )[0]
        assert received == placed == sum(len(sent.rows) for sent in history)


def test_a_rebuild_replaces_what_was_lost_or_spoiled(deliver: Intake) -> None:
    with undone():
        live(deliver, HISTORY)
        before = state()
        execute("DELETE FROM verdict")
        execute("DELETE FROM waiting")
        execute("UPDATE subject SET name = '他人'")
        execute("UPDATE record SET body = '{}'")
        found = again(deliver, check=True).differences
        assert {one.table for one in found} == {"verdict", "subject", "record", "waiting"}
        assert state() != before
        again(deliver, check=False)
        assert state() == before
        assert again(deliver, check=True).differences == ()


def test_the_history_of_this_file_is_worth_rebuilding(deliver: Intake) -> None:
    with undone():
        live(deliver, HISTORY)
        # Of what is judged: test_judgements. Of what is taken down: test_recalls_delivered.
        elsewhere = {"alias", "led_row", "judged_pair", "joined_pair", "echo", "taken_down"}
        assert all(rows for table, rows in state().items() if table not in elsewhere)
        assert value("SELECT count(*) FROM record WHERE superseded_at IS NOT NULL") == 1
        assert value("SELECT count(*) FROM record WHERE folded_in > delivery") == 2


def again(deliver: Intake, *, check: bool) -> Rebuilt:
    return rebuild(
        home=deliver.home, declarations=deliver.declarations, check=check, now=deliver.now
    )
