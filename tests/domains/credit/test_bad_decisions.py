"""Decisions that come wrong: never a wrong public statement, over HTTP and PostgreSQL."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from django.test import Client
from tests.cast import COMPANY, OWNER, TRADER
from tests.intake import Intake
from tests.state import all_rows, value

from yuexin.domains.credit import queries

pytestmark = pytest.mark.usefixtures("undone")

RECORD = "SELECT id FROM record WHERE body->>'doc_no' = %s AND superseded_at IS NULL"


@pytest.fixture
def connected(deliver: Intake) -> Intake:
    deliver("registration", [COMPANY.registration(), TRADER.registration()])
    deliver("penalties_2018", [COMPANY.penalty("stock")], agency="environment")
    return deliver


def page(client: Client, code: str = COMPANY.uscc) -> str:
    return client.get(f"/s/{code}").content.decode()


def states(deliver: Intake, document: str) -> list[str]:
    file = queries.credit_file(actor=OWNER, code=COMPANY.uscc, on=None, now=deliver.now)
    assert file
    found = queries.courses(actor=OWNER, file=file, now=deliver.now)
    return [one.state for one in found[value(RECORD, document)].stages]


def test_a_decision_of_tomorrow_goes_back(client: Client, connected: Intake) -> None:
    row = COMPANY.penalty("1", CF_JDRQ="2026-11-25")
    receipt = connected("penalties_2018", [row], agency="environment")
    assert receipt["rows_rejected"] == 1
    assert row["CF_WSH"] not in page(client)


def test_a_backdated_decision_is_late_and_ends_as_its_own_day_says(
    client: Client, connected: Intake
) -> None:
    row = COMPANY.penalty("1", CF_JDRQ="2026-05-06")
    connected("penalties_2018", [row], agency="environment")
    shown = "SELECT shown_from, shown_until FROM public_row WHERE record = %s"
    ((since, until),) = all_rows(shown, value(RECORD, row["CF_WSH"]))
    assert (since, until) == (dt.date(2026, 11, 24), dt.date(2027, 5, 7))
    record = value(RECORD, row["CF_WSH"])
    assert "逾期公开" in client.get(f"/s/{COMPANY.uscc}/records/{record}").content.decode()


def test_one_backdated_behind_its_whole_term_is_shown_on_no_day(
    client: Client, connected: Intake
) -> None:
    row = COMPANY.penalty("1", CF_JDRQ="2024-02-29", CF_CFLB="罚款")
    connected("penalties_2018", [row], agency="environment")
    assert row["CF_WSH"] not in page(client)
    assert states(connected, row["CF_WSH"]) == ["draft", "validated", "expired", "archived"]


def test_a_decision_of_29_february_that_is_no_day_goes_back(connected: Intake) -> None:
    rows = [COMPANY.penalty("1", CF_JDRQ="2025-02-29"), COMPANY.penalty("2", CF_JDRQ="2024-02-29")]
    receipt = connected("penalties_2018", rows, agency="environment")
    assert (receipt["rows_rejected"], receipt["rows_new"]) == (1, 1)


def test_a_penalty_that_was_revoked_is_gone_and_its_course_says_so(
    client: Client, connected: Intake
) -> None:
    row = COMPANY.penalty("1", CF_JDRQ="2026-11-20")
    connected("penalties_2018", [row], agency="environment")
    assert row["CF_WSH"] in page(client)
    connected("penalties_2018", [{**row, "CF_ZT": "撤销"}], agency="environment")
    assert row["CF_WSH"] not in page(client)
    assert states(connected, row["CF_WSH"])[-2:] == ["revoked", "archived"]


def test_what_is_amended_after_its_repair_stays_repaired(client: Client, connected: Intake) -> None:
    row = COMPANY.penalty("1", CF_JDRQ="2026-11-20")
    for changed in ({}, {"CF_ZT": "已修复"}, {"CF_ZT": "已修复", "CF_NR_FK": "10"}):
        connected("penalties_2018", [{**row, **changed}], agency="environment")
        shown = row["CF_WSH"] in page(client)
        assert shown == (changed == {})
    assert states(connected, row["CF_WSH"])[-4:] == [
        "repaired", "archived", "amended", "archived",
    ]  # fmt: skip


def test_two_agencies_with_one_number_have_two_decisions(client: Client, connected: Intake) -> None:
    first = COMPANY.penalty("1", CF_WSH="罚〔2026〕1号", CF_JDRQ="2026-11-20", CF_SY="夜间噪声超标")
    housing = {"CF_CFJG": "广东省住房和城乡建设厅", "CF_CFJGDM": "11440000MBYX00029Y"}
    second = {**first, **housing, "CF_SY": "未取得施工许可证擅自施工"}
    connected("penalties_2018", [first], agency="environment")
    connected("penalties_2018", [second], agency="housing")
    assert page(client).count("罚〔2026〕1号") >= 2
    after = dataclasses.replace(connected, now=connected.now + dt.timedelta(hours=1))
    after("penalties_2018", [{**first, "CF_ZT": "已修复"}], agency="environment")
    left = page(client)
    assert "未取得施工许可证擅自施工" in left
    assert first["CF_SY"] not in left
