"""Single cells as senders write them: read as what they mean, or found and named."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from yuexin.domains.collection.checks.program import Checked, CheckProgram
from yuexin.domains.collection.reading.batches import ROW
from yuexin.engines.declare.queries import current

RECEIVED_ON = dt.date(2026, 11, 24)
ENDLESS = dt.date(9999, 12, 31)


def checked(resource: str, *rows: Mapping[str, str]) -> Checked:
    """The first worked example of the resource, once for each set of changed cells."""
    declared = current().resources[resource]
    headers = [column.header for column in declared.columns]
    example = declared.examples[0].row
    frame = pl.DataFrame(
        [
            {ROW: number, **{header: (example | dict(row)).get(header) for header in headers}}
            for number, row in enumerate(rows, start=1)
        ],
        schema={ROW: pl.Int64, **dict.fromkeys(headers, pl.String)},
    )
    program = CheckProgram.of(resource=declared, declarations=current())
    return program.run(frame=frame, received_on=pl.lit(RECEIVED_ON))


def findings(given: Checked) -> list[str]:
    return sorted(f"{column}:{rule}" for _, column, rule, _ in given.findings.iter_rows())


def cell(resource: str, column: str, text: str) -> tuple[Any, list[str]]:
    """The value a cell is read as, and what is found in its column."""
    given = checked(resource, {column: text})
    found = [item for item in findings(given) if item.startswith(f"{column}:")]
    return given.typed[f"={column}"][0], [item.partition(":")[2] for item in found]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2009-03-02", dt.date(2009, 3, 2)),
        ("2009/3/2", dt.date(2009, 3, 2)),
        ("20090302", dt.date(2009, 3, 2)),
        ("2009年3月2日", dt.date(2009, 3, 2)),
        ("2009-03-02 00:00:00", dt.date(2009, 3, 2)),
        (" 2009-03-02　", dt.date(2009, 3, 2)),
        ("2008-02-29", dt.date(2008, 2, 29)),
        ("1900-01-01", dt.date(1900, 1, 1)),
    ],
)
def test_a_date_is_read_in_every_form_the_agencies_write(text: str, date: dt.date) -> None:
    assert cell("registration", "成立日期", text) == (date, [])


@pytest.mark.parametrize(
    "text",
    ["9999-12-31", "9999-09-09", "2099-12-31", "0001-01-01", "0000-00-00", "1899-12-31",
     "2009-02-29", "2009-13-01", "2009-00-10", "10000-01-01", "-2009-03-02", "39874", "20090231",
     "03/02/2009", "2009-03", "2009", "昨天", "２００９年", "2009-03-02T00:00:00Z", "1e8",
     "2009-03-02 25:00:00", "99999999999999999999"],
)  # fmt: skip
def test_what_is_no_date_of_a_file_is_found(text: str) -> None:
    assert cell("registration", "成立日期", text) == (None, ["TYPE"])


@pytest.mark.parametrize(
    "text", ["9999-09-09", "9999-12-31", "2099-12-31", "2099/1/1", "长期", "永久"]
)
def test_a_term_without_end_is_one_date(text: str) -> None:
    assert cell("registration", "经营期限至", text) == (ENDLESS, [])


@pytest.mark.parametrize("text", ["0001-01-01", "1899-12-31", "10000-01-01", "不定", "2009-02-30"])
def test_what_is_no_end_of_a_term_is_found(text: str) -> None:
    assert cell("registration", "经营期限至", text) == (None, ["TYPE"])


def test_dates_are_compared_with_the_day_of_the_receipt() -> None:
    days = ("2026-11-24", "2026-11-25")
    given = checked("registration", *({"成立日期": day, "核准日期": ""} for day in days))
    assert findings(given) == ["成立日期:established-by-now"]
    assert given.rejected.to_list() == [False, True]


def test_a_warning_rejects_nothing() -> None:
    given = checked("registration", {"核准日期": "2000-01-01"})
    assert findings(given) == ["成立日期:established-first"]
    assert given.rejected.to_list() == [False]


@pytest.mark.parametrize(
    ("text", "yuan"),
    [("12", "120000"), ("0.000001", "0.01"), ("1,234.5", "12345000"), ("-3.2", "-32000"),
     ("0", "0"), ("99999999", "999999990000"), ("12.3456780", "123456.78")],
)  # fmt: skip
def test_an_amount_in_ten_thousands_is_exact_yuan(text: str, yuan: str) -> None:
    value, found = cell("annual_reports", "净利润", text)
    assert (value, found) == (Decimal(yuan), [])


@pytest.mark.parametrize(
    "text",
    ["十二", "12元", "1.2.3", "NaN", "inf", "-inf", "1e400", "0x10", "12万", "--3", "1 2",
     "99999999999999999999999", "=1+1"],
)  # fmt: skip
def test_what_is_no_amount_is_not_read_as_one(text: str) -> None:
    given = checked("registration", {"注册资本（万元）": text})
    assert given.rejected.to_list() == [True]
    assert set(given.findings["rule"]) <= {"TYPE", "RANGE"}
