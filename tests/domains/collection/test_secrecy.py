"""State secrets never enter (Opinions V.4): of a marked delivery nothing is kept but its coming."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cast import COMPANY, entity
from tests.domains.collection.workbooks import workbook
from tests.intake import Intake, Row, table
from tests.state import all_rows, value

from yuexin.base.errors import Refusal

pytestmark = pytest.mark.usefixtures("undone")

SECRET = "机密★10年"
TOLD = "只有机密才会这样写"


def marked(mark: str = SECRET) -> list[Row]:
    """A register whose last row bears a mark, and a text to look for afterwards."""
    rows = [entity(n).registration() for n in range(3)]
    return [*rows, COMPANY.registration(密级=mark, 经营范围=TOLD)]


def files(deliver: Intake) -> set[Path]:
    return {path for path in deliver.home.path.rglob("*") if path.is_file()}


def refused(
    deliver: Intake, data: bytes, *, resource: str = "registration", **said: str
) -> Refusal:
    """The refusal, after everything was looked through for what may not be there."""
    before = files(deliver)
    with pytest.raises(Refusal) as caught:
        deliver.bytes(resource, data, **said)
    assert caught.value.code == "SECRET"
    assert TOLD not in caught.value.sentence("zh")
    assert files(deliver) == before
    assert value("SELECT count(*) FROM delivery") == 0
    assert value("SELECT count(*) FROM quarantined") == 0
    entries = all_rows("SELECT stream, actor, action, thing, detail::text FROM journal_entry")
    noted = '{"code": "SECRET"}'
    assert set(entries) == {("change", "operator", "delivery.refused", resource, noted)}
    return caught.value


def csv(deliver: Intake, rows: list[Row], resource: str = "registration") -> bytes:
    return table(deliver.headers(resource), rows).encode()


@pytest.mark.parametrize("mark", ["秘密", "机密", "绝密★长期", " 内部 ", "SECRET", "是"])
def test_a_mark_in_the_options_is_refused(deliver: Intake, mark: str) -> None:
    refused(deliver, csv(deliver, [COMPANY.registration()]), secrecy=mark)


@pytest.mark.parametrize(
    "name",
    ["机密-登记.csv", "登记（秘密）.csv", "登记[秘密].csv", "秘密★十年 登记.csv", "绝密.csv"],
)
def test_a_mark_in_the_file_name_is_refused(deliver: Intake, name: str) -> None:
    refused(deliver, csv(deliver, [COMPANY.registration()]), name=name)


SHAPES: dict[str, Callable[[Intake], bytes]] = {
    "a text": lambda d: csv(d, marked()),
    "a text in GB 18030": lambda d: csv(d, marked()).decode().encode("gb18030"),
    "an archive": lambda d: gzip.compress(csv(d, marked())),
    "a workbook": lambda d: workbook(d.headers("registration"), marked()),
    "any word": lambda d: csv(d, marked("待定")),
    "behind a batch": lambda d: csv(d, [*[{"名称": "x"}] * 100_001, *marked()]),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_mark_in_one_row_refuses_the_whole_file(deliver: Intake, shape: str) -> None:
    assert ":" in refused(deliver, SHAPES[shape](deliver)).where


@pytest.mark.parametrize("mark", ["", "无", "非密", "公开", "不涉密", " 无 "])
def test_a_row_that_says_it_is_not_secret_is_taken(deliver: Intake, mark: str) -> None:
    assert deliver("registration", marked(mark))["rows_new"] == 4


UNREADABLE: dict[str, Callable[[Intake], bytes]] = {
    "a column nobody declared": lambda d: table(
        [*d.headers("registration"), "备用"], marked()
    ).encode(),
    "a missing column": lambda d: table(
        [h for h in d.headers("registration") if h != "登记机关"],
        [{k: v for k, v in row.items() if k != "登记机关"} for row in marked()],
    ).encode(),
    "a row of another length": lambda d: csv(d, marked()).replace(
        TOLD.encode(), f"{TOLD},x".encode()
    ),
    "a cut archive": lambda d: gzip.compress(csv(d, marked()))[:-4],
}  # fmt: skip


@pytest.mark.parametrize("fault", UNREADABLE)
def test_a_mark_is_seen_in_a_file_that_is_refused_for_another_fault(
    deliver: Intake, fault: str
) -> None:
    """What cannot be folded is kept to be looked at: a second fault must not keep a secret."""
    refused(deliver, UNREADABLE[fault](deliver))


def test_a_mark_is_seen_in_a_layout_that_has_no_column_for_it(deliver: Intake) -> None:
    headers = [*deliver.headers("register_extract"), "密级"]
    data = table(headers, [COMPANY.extract(密级=SECRET, 经营范围=TOLD)]).encode()
    refused(deliver, data, resource="register_extract")
