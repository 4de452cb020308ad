"""Candidates out of the database: the same for one mention and for many, and found by any trace."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import polars as pl
import pytest
from django.db import connection
from tests.cast import COMPANY, TRADER, entity
from tests.intake import Intake
from tests.state import all_rows, execute, value

from yuexin.base.text import normalise_name
from yuexin.domains.collection.rebuild import rebuild
from yuexin.domains.subjects.linkage.decision import decide
from yuexin.domains.subjects.linkage.model import Model
from yuexin.domains.subjects.linkage.parts import cores
from yuexin.domains.subjects.linkage.queries import MENTION, candidates
from yuexin.engines.declare.queries import current

pytestmark = pytest.mark.usefixtures("database")

MODEL = Model.of(current())
RENAMED, FORMER = entity(5), "佛山市旧名示例木器厂"
COLUMNS = ("uscc", "org_code", "reg_no", "name", "person", "address", "city", "agency_city")


@pytest.fixture
def registered(deliver: Intake, undone: None) -> Intake:
    del undone
    deliver(
        "registration",
        [
            COMPANY.registration(),
            TRADER.registration(),
            RENAMED.registration(曾用名=FORMER),
        ],
    )
    return deliver


def found(*mentions: dict[str, Any]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Candidates and decisions, by the number of the mention, of rows in a table made anew."""
    execute("DROP TABLE IF EXISTS mention")
    execute(MENTION)
    for number, said in enumerate(mentions, start=1):
        row = [said.get(column) for column in COLUMNS]
        key = normalise_name(said.get("name", ""))
        execute(
            f"INSERT INTO mention (mention, name_key, not_subjects, {', '.join(COLUMNS)}) "
            f"VALUES (%s, %s, %s, {', '.join(['%s'] * len(COLUMNS))})",
            UUID(int=number), key, said.get("not_subjects"), *row,
        )  # fmt: skip
    with connection.cursor() as cursor:
        listed = candidates(cursor=cursor, model=MODEL)
    return listed, decide(candidates=listed, model=MODEL)


def best(**said: Any) -> tuple[str, str]:
    """The verdict on one mention, and the code of the subject it names."""
    _, decided = found(said)
    if decided.is_empty():
        return "none", ""
    row = decided.row(0, named=True)
    codes = all_rows("SELECT code FROM subject WHERE id = %s", row["subject"])
    return row["verdict"], codes[0][0] if codes else ""


def slip(code: str) -> str:
    """The code with its twelfth character mistyped."""
    return code[:11] + ("3" if code[11] != "3" else "4") + code[12:]


def test_a_mistyped_code_finds_its_subject(registered: Intake) -> None:
    assert best(uscc=slip(COMPANY.uscc), name=COMPANY.name) == ("link", COMPANY.uscc)


def test_an_organisation_code_finds_its_subject(registered: Intake) -> None:
    assert best(org_code=COMPANY.uscc[8:17], name=COMPANY.name) == ("link", COMPANY.uscc)


def test_a_former_name_finds_its_subject(registered: Intake) -> None:
    assert best(name=FORMER, city="440100") == ("link", RENAMED.uscc)


def test_a_misspelt_name_finds_its_subject_for_a_person(registered: Intake) -> None:
    wrong = COMPANY.name.replace("岭粤", "岭奥")
    assert wrong != COMPANY.name
    assert best(name=wrong, agency_city="440100") == ("ask", COMPANY.uscc)


def test_a_subject_judged_different_is_no_candidate(registered: Intake) -> None:
    other = value("SELECT id FROM subject WHERE code = %s", COMPANY.uscc)
    said = {"name": COMPANY.name, "city": "440100", "not_subjects": [other]}
    listed, _ = found(said)
    assert str(other) not in listed["subject"].to_list()


def test_one_mention_alone_gives_what_it_gives_among_others(registered: Intake) -> None:
    said: list[dict[str, Any]] = [
        {"name": COMPANY.name, "city": "440100"},
        {"uscc": slip(TRADER.uscc), "name": TRADER.name},
        {"name": FORMER},
        {"name": "😀"},
        {},
    ]
    together, _ = found(*said)
    for number, one in enumerate(said, start=1):
        alone, _ = found(one)
        among = together.filter(pl.col("mention") == str(UUID(int=number)))
        assert alone.drop("mention").rows() == among.drop("mention").rows()


def test_each_decision_shows_its_parts(registered: Intake) -> None:
    listed, _ = found({"name": COMPANY.name, "city": "440100"})
    first = listed.row(0, named=True)
    assert first["levels"]["name"] == "whole"
    assert first["levels"]["place"] == "city"
    assert first["levels"]["phone"] == "none"
    assert first["weights"]["phone"] == 0
    assert set(first["levels"]) == set(MODEL.declared.by_field)


def test_no_mention_gives_no_candidate(registered: Intake) -> None:
    listed, decided = found()
    assert (listed.height, decided.height) == (0, 0)


def test_cores_are_what_the_names_say_on_either_road_and_after_a_rebuild(
    registered: Intake,
) -> None:
    # A second state of the registration is told again in Python; the first was taught in SQL.
    again = RENAMED.registration(名称="佛山市新名示例木器厂", 核准日期="2026-11-01")
    registered("registration", [again])
    rows = all_rows("SELECT key, core, sound FROM subject_name ORDER BY key")
    expected = cores(pl.Series("key", [key for key, *_ in rows])).rows()
    assert [(core, sound) for _, core, sound in rows] == expected
    rebuilt = rebuild(
        home=registered.home,
        declarations=registered.declarations,
        check=True,
        now=registered.now,
    )
    assert rebuilt.differences == ()
