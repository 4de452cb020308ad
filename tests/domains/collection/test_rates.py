"""Late, concealed, malformed: so many of so many, by agency and the month in which it came."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from django.test import Client
from tests.cast import AUDITOR, CLERK, COMPANY, OPERATOR, PUBLIC, TRADER
from tests.intake import Intake
from tests.state import value

from yuexin.base.errors import Refusal
from yuexin.domains.collection.operations import accept
from yuexin.domains.collection.rates import RateRows, rate_rows, rates
from yuexin.domains.collection.rooms.layouts import one_row
from yuexin.domains.collection.types import Offer

pytestmark = pytest.mark.usefixtures("undone")

MARKET = "11440000MBYX000102"
OCTOBER, NOVEMBER = "2026-10", "2026-11"


def at(day: str) -> dt.datetime:
    return dt.datetime.combine(dt.date.fromisoformat(day), dt.time(3), dt.UTC)


@pytest.fixture
def connected(deliver: Intake) -> Intake:
    """Two agencies whose stock came in summer."""
    deliver("registration", [COMPANY.registration()], now=at("2026-06-01"))
    for agency in ("environment", "market_regulation"):
        told(deliver, f"stock-{agency}", "2026-05-06", agency=agency, now=at("2026-06-02"))
    return deliver


def told(deliver: Intake, number: str, decided: str, **said: object) -> None:
    row = COMPANY.penalty(number, CF_JDRQ=decided)
    deliver("penalties_2018", [row], **{"agency": "environment", **said})  # type: ignore[arg-type]


def shares(deliver: Intake, month: str, agency: str = "environment") -> dict[str, tuple[int, int]]:
    found = rates(declarations=deliver.declarations, actor=PUBLIC, month=month, now=deliver.now)
    one = {item.agency.id: item for item in found.agencies}.get(agency)
    if one is None:
        return {}
    return {share.measure.id: (share.numerator, share.denominator) for share in one.shares}


def rows(deliver: Intake, month: str, agency: str = "environment") -> RateRows:
    found = rate_rows(
        declarations=deliver.declarations,
        actor=AUDITOR,
        agency=agency,
        month=month,
        now=deliver.now,
    )
    assert found
    return found


def listed(deliver: Intake, document: str, listed_on: str, *, now: dt.datetime) -> None:
    """An entry of the list of serious dishonesty, which names the penalty that led to it."""
    example = deliver.declarations.resources["serious_dishonesty"].examples[0].row
    by_field = {
        c.field: c.header for c in deliver.declarations.resources["serious_dishonesty"].columns
    }
    row = {
        **example,
        by_field["penalty_doc_no"]: document,
        by_field["list_date"]: listed_on,
        by_field["authority_code"]: MARKET,
    }
    deliver("serious_dishonesty", [row], now=now)


def test_a_row_counts_in_the_month_it_came_whatever_its_decision(connected: Intake) -> None:
    told(connected, "october", "2026-10-13", now=at("2026-10-15"))
    before = shares(connected, OCTOBER)
    assert (before["timely"], before["late"]) == ((1, 1), (0, 1))
    told(connected, "old", "2026-10-09", now=at("2026-11-20"))
    told(connected, "new", "2026-11-19", now=at("2026-11-20"))
    assert shares(connected, OCTOBER) == before
    assert shares(connected, NOVEMBER)["late"] == (1, 2)
    assert shares(connected, NOVEMBER)["timely"] == (1, 2)
    (late,) = rows(connected, NOVEMBER).late
    assert late.number == COMPANY.penalty("old")["CF_WSH"]
    assert (late.due.isoformat(), late.came.isoformat()) == (
        "2026-10-19",
        "2026-11-20",
    )  # 10 October was worked


def test_rows_behind_the_rate_are_as_many_as_the_rate_says(connected: Intake) -> None:
    for number, decided in (("1", "2026-10-09"), ("2", "2026-11-09"), ("3", "2026-11-12")):
        told(connected, number, decided, now=at("2026-11-20"))
    found = rows(connected, NOVEMBER)
    assert len(found.late) == shares(connected, NOVEMBER)["late"][0] == 2


def test_stock_is_not_late_and_what_is_malformed_counts_as_received(connected: Intake) -> None:
    june = shares(connected, "2026-06")
    assert "late" not in june
    assert june["sound"] == (1, 1)
    faulty = COMPANY.penalty("5", CF_NR_FK="")
    sound = COMPANY.penalty("6", CF_JDRQ="2026-11-19")
    connected("penalties_2018", [faulty, sound], agency="environment", now=at("2026-11-20"))
    assert shares(connected, NOVEMBER)["sound"] == (1, 2)


def test_a_penalty_that_a_list_names_and_nobody_delivered_is_concealed(connected: Intake) -> None:
    listed(connected, "粤市示例罚〔2026〕77号", "2026-10-13", now=at("2026-10-15"))
    # Found in time, it is concealed from the day after its seventh working day.
    (one,) = rows(connected, OCTOBER, "market_regulation").concealed
    assert (one.found.due.isoformat(), one.found.since.isoformat()) == ("2026-10-22", "2026-10-23")
    assert shares(connected, OCTOBER, "market_regulation")["concealed"] == (1, 1)
    assert shares(connected, NOVEMBER, "market_regulation") == {}
    # Delivered in November it is late there; October stays as it was, and says when it came.
    row = COMPANY.penalty("77", CF_WSH="粤市示例罚[2026]77号", CF_JDRQ="2026-10-13")
    connected("penalties_2018", [row], agency="market_regulation", now=at("2026-11-20"))
    assert shares(connected, NOVEMBER, "market_regulation")["late"] == (1, 1)
    (one,) = rows(connected, OCTOBER, "market_regulation").concealed
    assert one.found.reported_on == dt.date(2026, 11, 20)


def test_what_was_delivered_by_then_or_waits_or_went_back_is_not_concealed(
    connected: Intake,
) -> None:
    names = {"CF_CFJGDM": MARKET, "CF_JDRQ": "2026-10-13"}
    connected(
        "penalties_2018",
        [
            COMPANY.penalty("1", CF_WSH="粤市示例罚〔2026〕1号", **names),
            COMPANY.penalty("2", CF_WSH="粤市示例罚〔2026〕2号", **{**names, "CF_NR_FK": ""}),
            COMPANY.penalty("3", CF_WSH="粤市示例罚〔2026〕3号", CF_XDR_MC="别的公司", **names),
        ],
        agency="market_regulation",
        now=at("2026-10-14"),
    )  # fmt: skip
    for number in "123":
        listed(connected, f"粤市示例罚〔2026〕{number}号", "2026-10-13", now=at("2026-10-15"))
    assert rows(connected, OCTOBER, "market_regulation").concealed == ()


def test_the_same_number_of_another_agency_about_another_is_another_decision(
    connected: Intake,
) -> None:
    connected("registration", [TRADER.registration()], now=at("2026-06-03"))
    other = TRADER.penalty("7", CF_WSH="罚〔2026〕7号", CF_JDRQ="2026-10-13")
    connected("penalties_2018", [other], agency="environment", now=at("2026-10-14"))
    listed(connected, "罚〔2026〕7号", "2026-10-13", now=at("2026-10-15"))
    (one,) = rows(connected, OCTOBER, "market_regulation").concealed
    assert one.found.number == "罚〔2026〕7号"


def decided_here(deliver: Intake, row: dict[str, str], *, now: dt.datetime) -> None:
    """What a case decided, delivered as its outcomes are."""
    headers = deliver.headers("penalties_2018")
    text = one_row(headers=headers, values=row)
    offer = Offer(
        resource="penalties_2018", agency="environment", channel="case", file_name="case.csv",
        idempotency_key=f"case/{row['CF_WSH']}",
    )  # fmt: skip
    accept(
        home=deliver.home, stream=io.BytesIO(text.encode()), offer=offer,
        declarations=deliver.declarations, actor=OPERATOR, now=now,
    )  # fmt: skip
    deliver.settle(now=now)


def test_what_a_case_decided_here_is_in_no_rate(connected: Intake) -> None:
    told(connected, "1", "2026-11-19", now=at("2026-11-20"))
    before = shares(connected, NOVEMBER)
    assert before["sound"] == (1, 1)
    decided_here(connected, COMPANY.penalty("2", CF_JDRQ="2026-11-20"), now=at("2026-11-20"))
    decided_here(connected, COMPANY.penalty("3", CF_JDRQ="2026-10-09"), now=at("2026-11-20"))
    assert value("SELECT count(*) FROM delivery WHERE channel = 'case'") == 2
    assert shares(connected, NOVEMBER) == before
    assert rows(connected, NOVEMBER).late == ()


def test_whoever_had_nothing_under_a_clock_stands_apart_without_a_place(
    client: Client, connected: Intake
) -> None:
    told(connected, "old", "2026-10-09", now=at("2026-11-20"))
    stock = COMPANY.penalty("9", CF_JDRQ="2026-05-06")
    connected("penalties_2018", [stock], agency="housing", now=at("2026-11-20"))
    found = rates(
        declarations=connected.declarations, actor=PUBLIC, month=NOVEMBER, now=connected.now
    )
    assert [(one.agency.id, one.place) for one in found.ranked] == [("environment", 1)]
    assert [(one.agency.id, one.place) for one in found.apart] == [("housing", None)]
    page = client.get(f"/rates?month={NOVEMBER}").content.decode()
    assert page.index("广东省生态环境厅") < page.index("没有有时限的事项")
    assert page.index("没有有时限的事项") < page.index("广东省住房和城乡建设厅")
    table = client.get(f"/rates.csv?month={NOVEMBER}").content.decode("utf-8-sig")
    lines = {one["部门 agency"]: one for one in csv.DictReader(io.StringIO(table))}
    apart = lines["广东省住房和城乡建设厅"]
    assert (apart["名次 place"], apart["得分 score"]) == ("", "")
    assert apart["合规率 Rows by the standard 分母 denominator"] == "1"


def test_rows_are_for_who_sees_the_deliveries_and_counts_for_all(connected: Intake) -> None:
    who = {"declarations": connected.declarations, "month": NOVEMBER, "now": connected.now}
    told(connected, "new", "2026-11-19", now=at("2026-11-20"))
    assert rate_rows(actor=CLERK, agency="environment", **who)  # type: ignore[arg-type]
    assert rate_rows(actor=CLERK, agency="housing", **who) is None  # type: ignore[arg-type]
    assert rate_rows(actor=AUDITOR, agency="housing", **who)  # type: ignore[arg-type]
    with pytest.raises(Refusal):
        rate_rows(actor=PUBLIC, agency="environment", **who)  # type: ignore[arg-type]


def test_the_page_and_its_table_say_the_same(client: Client, connected: Intake) -> None:
    told(connected, "old", "2026-10-09", now=at("2026-11-20"))
    page = client.get(f"/rates?month={NOVEMBER}").content.decode()
    assert "广东省生态环境厅" in page
    assert "1 / 1" in page
    answer = client.get(f"/rates.csv?month={NOVEMBER}")
    assert answer["Content-Type"].startswith("text/csv")
    (line,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert (line["名次 place"], line["迟报率 Published late 分子 numerator"]) == ("1", "1")
    assert client.get("/rates?month=2026-13").status_code == 400
    assert client.get("/rates?month=2031-01").status_code == 200
