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


def test_stock_and_corrections_are_not_called_late(client: Client, connected: Intake) -> None:
    told(connected, "late", "2026-11-12")
    told(connected, "late", "2026-11-12", CF_NR_FK="5")
    assert "逾期公开" not in page(client, "stock")
    assert "逾期公开" not in page(client, "late")
