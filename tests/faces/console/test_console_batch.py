"""`yuexin batch`: the same answers as on the page of lists, as a file or for machines."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from python_calamine import CalamineWorkbook
from tests.cast import COMPANY
from tests.intake import Intake

from yuexin.faces.console.main import main
from yuexin.faces.console.session import REFUSED

pytestmark = pytest.mark.usefixtures("database", "home")
ROWS = f"企业名称,备注\n{COMPANY.name},=1+1\n440106199003071231,\n"


def batch(*words: str | Path, typed: bytes = b"") -> Result:
    return CliRunner().invoke(main, ["batch", *map(str, words)], input=typed)


def test_a_list_is_printed_with_its_answers(deliver: Intake) -> None:
    deliver("registration", [COMPANY.registration()])
    said = batch("-", typed=ROWS.encode("gb18030"))
    rows = list(csv.reader(io.StringIO(said.stdout)))
    assert said.exit_code == 0
    assert rows[1][:4] == ["2", COMPANY.name, "'=1+1", "找到"]
    assert rows[1][5:8] == [COMPANY.uscc, COMPANY.name, "存续"]
    assert rows[2][:2] == ["3", "440106********1231"]


def test_it_writes_the_file_that_its_name_asks_for(deliver: Intake, tmp_path: Path) -> None:
    deliver("registration", [COMPANY.registration()])
    given = tmp_path / "list.csv"
    given.write_text(ROWS, "utf-8-sig")
    for name in ("out.xlsx", "out.csv"):
        assert batch(given, "--out", tmp_path / name, "--language", "en").exit_code == 0
    sheet = CalamineWorkbook.from_path(str(tmp_path / "out.xlsx")).get_sheet_by_index(0)
    assert sheet.to_python()[1][3] == "found"
    assert "By" not in (tmp_path / "out.csv").read_text("utf-8-sig").splitlines()[0]


def test_machines_get_a_line_for_each_line(deliver: Intake) -> None:
    deliver("registration", [COMPANY.registration()])
    said = batch("-", "--json", typed=ROWS.encode())
    first, second = map(json.loads, said.stdout.splitlines())
    assert (first["row"], first["match"]["by"], first["brief"]["code"]) == (2, "name", COMPANY.uscc)
    assert (second["line"], second["match"]["state"]) == ("440106********1231", "closed")


def test_what_is_no_list_is_refused_in_a_sentence() -> None:
    assert batch("-", typed=b"\n").exit_code == REFUSED
    assert batch("-", typed="示例\n".encode() * 10_002).exit_code == REFUSED
