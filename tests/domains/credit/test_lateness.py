"""The page of a record says when it was made public too late, and never of an agency's stock."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.cast import COMPANY
from tests.intake import Intake
from tests.state import value

pytestmark = pytest.mark.usefixtures("undone")

RECORD = "SELECT id FROM record WHERE body->>'doc_no' = %s AND superseded_at IS NULL"


@pytest.fixture
def connected(deliver: Intake) -> Intake:
    """An agency whose stock came long ago."""
    deliver("registration", [COMPANY.registration()])
    told(deliver, "stock", "2026-09-03")
    return deliver


def told(deliver: Intake, number: str, decided: str, **changes: str) -> None:
    row = COMPANY.penalty(number, CF_JDRQ=decided, **changes)
    deliver("penalties_2018", [row], agency="environment")


def page(client: Client, number: str) -> str:
    record = value(RECORD, COMPANY.penalty(number)["CF_WSH"])
    return client.get(f"/s/{COMPANY.uscc}/records/{record}").content.decode()


def test_the_eighth_working_day_is_too_late_and_the_seventh_is_not(
    client: Client, connected: Intake
) -> None:
    told(connected, "late", "2026-11-12")
    told(connected, "timely", "2026-11-13")
    assert "第 8 个工作日才首次公开，规定是 7 个工作日内" in page(client, "late")
    assert "逾期公开" in page(client, "late")
    assert "逾期公开" not in page(client, "timely")


def test_a_day_before_shows_what_was_late_then(client: Client, connected: Intake) -> None:
    told(connected, "late", "2026-11-12")
    then = connected.now.date().isoformat()
    page = client.get(f"/today?on={then}&late=1").content.decode()
    assert "2026年11月24日公开的许可和处罚" in page
    assert COMPANY.penalty("late")["CF_WSH"] in page
    assert f"on={then}&amp;agency=environment&amp;late=1#rows" in page
    assert "这一天没有新公开" in client.get("/today?on=2026-11-20").content.decode()
    assert client.get("/today?on=2999-01-01").status_code == 400


def test_stock_and_corrections_are_not_called_late(client: Client, connected: Intake) -> None:
    told(connected, "late", "2026-11-12")
    told(connected, "late", "2026-11-12", CF_NR_FK="5")
    assert "逾期公开" not in page(client, "stock")
    assert "逾期公开" not in page(client, "late")
