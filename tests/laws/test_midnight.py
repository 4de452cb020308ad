"""What ends by time is gone at midnight in Shanghai, on every outlet, without a job."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from tests.cast import CLERK, COMPANY, PUBLIC
from tests.intake import Intake
from tests.state import value

from yuexin.base.dates import SHANGHAI, today
from yuexin.domains.credit import queries
from yuexin.domains.credit.paper import facts_of

pytestmark = pytest.mark.usefixtures("undone")

LAST = dt.datetime(2026, 11, 24, 23, 59, 59, 999_999, SHANGHAI).astimezone(dt.UTC)
MIDNIGHT = dt.datetime(2026, 11, 25, tzinfo=SHANGHAI).astimezone(dt.UTC)
RECORD = "SELECT id FROM record WHERE body->>'doc_no' = %s AND superseded_at IS NULL"
DOCUMENT = COMPANY.penalty("ends")["CF_WSH"]


@pytest.fixture
def ending(deliver: Intake) -> Intake:
    """A penalty whose last public day is 24 November, beside an agency's stock."""
    deliver("registration", [COMPANY.registration()])
    for number, end in (("stock", "2027-06-01"), ("ends", "2026-11-24")):
        row = COMPANY.penalty(number, CF_JDRQ="2026-11-20", CF_GSJZQ=end)
        deliver("penalties_2018", [row], agency="environment")
    return deliver


def _file(now: dt.datetime) -> str:
    return str(queries.credit_file(actor=PUBLIC, code=COMPANY.uscc, on=None, now=now))


def _report(now: dt.datetime) -> str:
    file = queries.credit_file(actor=PUBLIC, code=COMPANY.uscc, on=None, now=now)
    assert file
    return str(facts_of(file))


def _batch(now: dt.datetime) -> str:
    return str(
        queries.documents(actor=PUBLIC, codes=[COMPANY.uscc], now=now)[COMPANY.uscc].decode()
    )


def _of_a_machine(now: dt.datetime) -> str:
    return (queries.document(actor=PUBLIC, code=COMPANY.uscc, now=now) or b"").decode()


def _record(now: dt.datetime) -> str:
    return str(queries.entry(actor=PUBLIC, record=value(RECORD, DOCUMENT), now=now))


def _agency(now: dt.datetime) -> str:
    return str(
        queries.publicity(actor=PUBLIC, agency="environment", kind="penalty", page=1, now=now)
    )


def _of_the_day(now: dt.datetime) -> str:
    return str(queries.published_on(actor=PUBLIC, on=dt.date(2026, 11, 24), now=now))


@pytest.mark.parametrize(
    "outlet", [_file, _report, _batch, _of_a_machine, _record, _agency, _of_the_day]
)
def test_it_is_shown_in_the_last_microsecond_of_its_day_and_not_after(
    ending: Intake, outlet: Callable[[dt.datetime], str]
) -> None:
    assert DOCUMENT in outlet(LAST)
    assert DOCUMENT not in outlet(MIDNIGHT)
    assert DOCUMENT in outlet(LAST), "what is remembered of one day is not said of another"


def test_counts_that_are_remembered_are_those_of_the_day(ending: Intake) -> None:
    del ending
    before = queries.totals(actor=PUBLIC, now=LAST).records
    assert queries.totals(actor=PUBLIC, now=MIDNIGHT).records == before - 1


def test_public_bodies_see_it_on_and_are_told_that_it_is_archived(ending: Intake) -> None:
    del ending
    for now, state in ((LAST, "published"), (MIDNIGHT, "archived")):
        file = queries.credit_file(actor=CLERK, code=COMPANY.uscc, on=None, now=now)
        assert file
        assert DOCUMENT in str(file)
        found = queries.courses(actor=CLERK, file=file, now=now)
        assert found[value(RECORD, DOCUMENT)].stands.state == state


ADDRESSES = (
    "/s/{code}",
    "/s/{code}/timeline",
    "/s/{code}.json",
    "/s/{code}/records/{record}",
    "/agencies/environment/penalty",
    "/today?on={yesterday}",
    "/api/v1/subjects/{code}",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_over_http_what_ended_at_this_midnight_is_nowhere(
    client: Client, deliver: Intake, address: str
) -> None:
    """By the clock of the machine: one that ended with yesterday beside one that ends with today.

    No answer may be kept by a cache past the midnight that ends something: each is asked for again.
    """
    now = dt.datetime.now(dt.UTC)
    yesterday = today(now) - dt.timedelta(days=1)
    then = dt.datetime.combine(yesterday, dt.time(12), SHANGHAI).astimezone(dt.UTC)
    decided = (yesterday - dt.timedelta(days=3)).isoformat()
    deliver("registration", [COMPANY.registration()], now=then)
    for number, end in (("stock", None), ("over", yesterday), ("on", today(now))):
        row = COMPANY.penalty(number, CF_JDRQ=decided, CF_GSJZQ=str(end or "2027-06-01"))
        deliver("penalties_2018", [row], agency="environment", now=then)
    for number, shown in (("over", False), ("on", True)):
        document = COMPANY.penalty(number)["CF_WSH"]
        asked = address.format(
            code=COMPANY.uscc, record=value(RECORD, document), yesterday=yesterday
        )
        answer = client.get(asked)
        assert (document in answer.content.decode()) == shown, asked
        assert answer.status_code == (200 if shown or "records" not in asked else 404)
        kept = answer["Cache-Control"]
        assert "no-store" in kept or ("max-age=0" in kept and "must-revalidate" in kept), kept


def test_a_kept_answer_is_not_confirmed_once_something_left_it(
    client: Client, ending: Intake
) -> None:
    page = f"/s/{COMPANY.uscc}"
    stock = COMPANY.penalty("stock", CF_JDRQ="2026-11-20", CF_GSJZQ="2027-06-01")
    first = client.get(page)
    assert client.get(page, headers={"if-none-match": first["ETag"]}).status_code == 304
    ending("penalties_2018", [{**stock, "CF_ZT": "已修复"}], agency="environment")
    again = client.get(page, headers={"if-none-match": first["ETag"]})
    assert again.status_code == 200
    assert stock["CF_WSH"] not in again.content.decode()
