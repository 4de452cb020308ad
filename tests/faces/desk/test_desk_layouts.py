"""What a file looks like is told, and a table to fill is given."""

from __future__ import annotations

import csv
import io

import pytest
from tests.faces.desk.world import World

from yuexin.engines.declare.queries import current

pytestmark = pytest.mark.usefixtures("undone")

LAYOUT = "/desk/layouts/penalties_2018"


def test_every_column_of_a_layout_is_told(world: World) -> None:
    clerk = world.sit_down("clerk")
    assert f'href="{LAYOUT}"' in clerk.get("/desk/layouts").content.decode()
    page = clerk.get(LAYOUT).content.decode()
    columns = current().resources["penalties_2018"].columns
    assert page.count('<th scope="row">') == len(columns)
    assert all(column.header in page for column in columns)
    assert "单位万元" in page


def test_a_unit_is_told_in_english_too(world: World) -> None:
    page = world.sit_down("clerk").get(LAYOUT, headers={"accept-language": "en"}).content.decode()
    assert "Fine (10,000 yuan)" in page


def test_in_english_headers_and_codes_stay_as_a_file_holds_them(world: World) -> None:
    chief, english = world.sit_down("chief"), {"accept-language": "en"}
    page = chief.get("/desk/layouts/registration", headers=english).content.decode()
    declared = current()
    for column in declared.resources["registration"].columns:
        assert f'lang="zh-Hans">{column.header}</span>' in page
    assert declared.codes["registration_states"].values[0].zh in page


def test_the_table_to_fill_is_a_file_that_is_taken(world: World) -> None:
    clerk = world.sit_down("clerk")
    answer = clerk.get(f"{LAYOUT}.csv")
    assert "attachment" in answer.headers["Content-Disposition"]
    text = answer.content.decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    declared = current().resources["penalties_2018"]
    assert list(row) == [column.header for column in declared.columns]
    assert {name: said for name, said in row.items() if said} == declared.examples[0].row
    receipt = world.intake.bytes("penalties_2018", answer.content, agency="environment")
    assert (receipt["rows_received"], receipt["rows_rejected"]) == (1, 0)


def test_a_layout_of_others_is_not_there(world: World) -> None:
    clerk = world.sit_down("clerk")
    assert clerk.get("/desk/layouts/registration").status_code == 404
    assert clerk.get("/desk/layouts/registration.csv").status_code == 404
    assert clerk.get("/desk/layouts/nowhere").status_code == 404
