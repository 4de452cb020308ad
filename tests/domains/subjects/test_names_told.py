"""Names and numbers follow the records: what no current one says leads nowhere, and is shown
nowhere."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from tests.cast import COMPANY, PUBLIC, TRADER, entity
from tests.intake import Intake, Row
from tests.laws.events import ENTITIES, Sent, live, worlds
from tests.state import all_rows, execute, state, undone, value

from yuexin.domains.collection.rebuild import rebuild
from yuexin.domains.credit.finding.types import Query
from yuexin.domains.credit.queries import search
from yuexin.domains.subjects.learning import retell

pytestmark = pytest.mark.usefixtures("database")

FIRST, SECOND = entity(1), entity(3)
FORMER, MISSPELT = "顺德示例木器厂", "佛山岭奥示例家具有限公司"
OPERATOR = "欧阳示例"
RENAMED = {
    "变更事项": "名称变更",
    "变更前": FORMER,
    "变更后": COMPANY.name,
    "变更日期": "2014-08-01",
}


@pytest.fixture(autouse=True)
def _taken_back(undone: None) -> None:
    del undone


def found(deliver: Intake, text: str) -> list[str]:
    page = search(actor=PUBLIC, query=Query(text=text), now=deliver.now)
    return [hit.name for hit in page.hits]


def names() -> list[tuple[str, str | None, str | None]]:
    return all_rows(
        "SELECT name, valid_from::text, valid_until::text FROM subject_name "
        "ORDER BY valid_until NULLS LAST, name"
    )


def numbers() -> list[tuple[str, str | None, str | None]]:
    return all_rows(
        "SELECT value, valid_from::text, valid_until::text FROM alias "
        "ORDER BY valid_until NULLS LAST, value"
    )


def waiting() -> list[str]:
    return [reason for (reason,) in all_rows("SELECT reason FROM waiting")]


def by_number(number: str, name: str) -> Row:
    return FIRST.licence(XK_XDR_SHXYM="", XK_XDR_GSZC=number, XK_XDR_MC=name, XK_FRDB="")


# --- numbers ---


def test_a_corrected_number_leads_nowhere(deliver: Intake) -> None:
    deliver("registration", [FIRST.registration(注册号=SECOND.reg_no)])
    deliver("registration", [FIRST.registration()])
    assert numbers() == [(FIRST.reg_no, "2021-05-18", None)]
    deliver("licences_2018", [by_number(SECOND.reg_no, FIRST.name)])
    assert waiting() == ["NUMBER_UNKNOWN"]
    assert deliver("licences_2018", [by_number(FIRST.reg_no, FIRST.name)])["rows_new"] == 1


def test_a_number_that_two_claim_leads_nowhere_until_one_of_them_is_corrected(
    deliver: Intake,
) -> None:
    deliver("registration", [FIRST.registration(), SECOND.registration(注册号=FIRST.reg_no)])
    deliver("licences_2018", [by_number(FIRST.reg_no, "广州别家示例商行")])
    assert waiting() == ["NUMBER_UNKNOWN"]
    assert value("SELECT count(*) FROM alias") == 2
    assert found(deliver, FIRST.reg_no) == []
    deliver("registration", [SECOND.registration()])
    assert found(deliver, FIRST.reg_no) == [FIRST.name]
    assert waiting() == ["NAME_DISAGREES"], "the number leads to one again, whose name it is not"
    assert deliver("licences_2018", [by_number(FIRST.reg_no, FIRST.name)])["rows_new"] == 1


def test_a_number_is_dated_by_the_states_that_bear_it(deliver: Intake) -> None:
    deliver("registration", [FIRST.registration(注册号=SECOND.reg_no, 核准日期="2012-03-04")])
    deliver("registration", [FIRST.registration()])
    deliver("registration", [FIRST.registration(注册号="", 核准日期="2024-01-02")])
    assert numbers() == [
        (SECOND.reg_no, "2012-03-04", "2021-05-18"),
        (FIRST.reg_no, "2021-05-18", "2024-01-02"),
    ]
    assert found(deliver, SECOND.reg_no) == [FIRST.name]


# --- names ---


def test_a_misspelt_name_that_was_corrected_was_never_a_name(deliver: Intake) -> None:
    deliver("registration", [COMPANY.registration(名称=MISSPELT)])
    deliver("registration", [COMPANY.registration()])
    assert names() == [(COMPANY.name, "2021-05-18", None)]
    assert found(deliver, MISSPELT) == [COMPANY.name], "one character off, and no name of its own"
    deliver("penalties_2018", [COMPANY.penalty(CF_XDR_MC=MISSPELT)])
    assert value("SELECT reason FROM led_row") == "NAME_DISAGREES"


def test_a_list_of_former_names_that_was_corrected_is_forgotten(deliver: Intake) -> None:
    deliver("registration", [COMPANY.registration(曾用名=f"{FORMER}；示例旧二厂")])
    deliver("registration", [COMPANY.registration(曾用名=FORMER)])
    assert names() == [(FORMER, None, "2021-05-18"), (COMPANY.name, "2021-05-18", None)]


def test_states_that_come_out_of_order_are_dated_as_they_follow(deliver: Intake) -> None:
    for day, name in (
        ("2010-01-01", "示例甲厂"),
        ("2015-01-01", "示例乙厂"),
        ("2012-01-01", "示例丙厂"),
    ):
        deliver("registration", [COMPANY.registration(名称=name, 核准日期=day)])
    assert names() == [
        ("示例甲厂", "2010-01-01", "2012-01-01"),
        ("示例丙厂", "2012-01-01", "2015-01-01"),
        ("示例乙厂", "2015-01-01", None),
    ]
    assert value("SELECT name FROM subject") == "示例乙厂"


def test_a_change_of_name_teaches_both(deliver: Intake) -> None:
    deliver("registration", [COMPANY.registration()])
    deliver("registration_changes", [COMPANY.change(**RENAMED)])
    assert names() == [(FORMER, None, "2014-08-01"), (COMPANY.name, "2014-08-01", None)]
    assert found(deliver, FORMER) == [COMPANY.name]
    penalty = deliver("penalties_2018", [COMPANY.penalty(CF_XDR_MC=FORMER)])
    assert penalty["rows_new"] == 1


def test_a_change_of_name_releases_the_rows_that_waited_for_it(deliver: Intake) -> None:
    deliver("registration", [COMPANY.registration()])
    deliver("penalties_2018", [COMPANY.penalty(CF_XDR_MC=FORMER)])
    assert waiting() == ["NAME_DISAGREES"]
    deliver("registration_changes", [COMPANY.change(**RENAMED)])
    assert waiting() == []
    assert value("SELECT count(*) FROM public_row WHERE kind = 'penalty'") == 1


def test_a_change_that_waited_teaches_what_waited_beside_it(deliver: Intake) -> None:
    deliver("penalties_2018", [COMPANY.penalty(CF_XDR_MC=FORMER)])
    deliver("registration_changes", [COMPANY.change(**RENAMED)])
    deliver("registration", [COMPANY.registration()])
    assert waiting() == []


def test_a_change_of_an_address_teaches_no_name(deliver: Intake) -> None:
    deliver("registration", [COMPANY.registration()])
    deliver("registration_changes", [COMPANY.change()])
    assert names() == [(COMPANY.name, "2021-05-18", None)]


def test_a_name_that_a_change_gave_ends_with_the_next(deliver: Intake) -> None:
    deliver("registration", [COMPANY.registration()])
    first = RENAMED | {"变更前": "示例甲厂", "变更后": FORMER, "变更日期": "2012-05-06"}
    deliver("registration_changes", [COMPANY.change(**one) for one in (RENAMED, first)])
    assert names() == [
        ("示例甲厂", None, "2012-05-06"),
        (FORMER, "2012-05-06", "2014-08-01"),
        (COMPANY.name, "2014-08-01", None),
    ]


def test_a_change_ends_a_name_that_another_agency_still_tells(deliver: Intake) -> None:
    deliver("register_extract", [COMPANY.extract(企业名称=FORMER)])
    deliver("registration", [COMPANY.registration()])
    assert names() == [(COMPANY.name, "2021-05-18", None), (FORMER, "2009-03-02", None)]
    deliver("registration_changes", [COMPANY.change(**RENAMED)])
    assert names() == [(FORMER, "2009-03-02", "2014-08-01"), (COMPANY.name, "2014-08-01", None)]


def test_a_name_that_came_back_is_in_force(deliver: Intake) -> None:
    for day, name in (("2010-01-01", COMPANY.name), ("2015-01-01", FORMER)):
        deliver("registration", [COMPANY.registration(名称=name, 核准日期=day)])
    deliver("registration", [COMPANY.registration(曾用名=FORMER)])
    assert names() == [(FORMER, "2015-01-01", "2021-05-18"), (COMPANY.name, "2010-01-01", None)]


def test_a_change_that_was_corrected_teaches_what_it_says_now(deliver: Intake) -> None:
    deliver("registration", [COMPANY.registration()])
    deliver("registration_changes", [COMPANY.change(**RENAMED | {"变更前": MISSPELT})])
    deliver("registration_changes", [COMPANY.change(**RENAMED)])
    assert names() == [(FORMER, None, "2014-08-01"), (COMPANY.name, "2014-08-01", None)]


def test_what_was_taken_back_is_forgotten(deliver: Intake) -> None:
    deliver("registration", [COMPANY.registration(核准日期="2012-03-04")])
    newer = COMPANY.registration(名称=MISSPELT, 登记状态="4")
    deliver("registration", [newer])
    assert value("SELECT name FROM subject") == MISSPELT
    deliver("registration", [newer], intent="withdraw")
    assert names() == [(COMPANY.name, "2012-03-04", None)]
    assert all_rows("SELECT name, state_from::text FROM subject") == [(COMPANY.name, "2012-03-04")]


def test_a_subject_whose_last_registration_was_taken_back_keeps_its_name(deliver: Intake) -> None:
    named = TRADER.registration(名称=OPERATOR, 法定代表人=OPERATOR)
    deliver("registration", [named])
    deliver("registration", [named], intent="withdraw")
    assert names() == []
    assert all_rows("SELECT code, name, named_after_person FROM subject") == [
        (TRADER.uscc, OPERATOR, True)
    ]


def test_a_name_that_became_an_operators_own_is_no_search_term_any_more(deliver: Intake) -> None:
    deliver("registration", [TRADER.registration(名称=OPERATOR, 核准日期="2012-03-04")])
    assert found(deliver, OPERATOR) == [OPERATOR]
    deliver("registration", [TRADER.registration(名称=OPERATOR, 法定代表人=OPERATOR)])
    assert found(deliver, OPERATOR) == []
    deliver("registration_changes", [TRADER.change(**RENAMED | {"变更前": OPERATOR})])
    assert found(deliver, OPERATOR) == []


# --- for good ---


def test_a_name_told_again_by_a_later_version_is_known_since_the_first(deliver: Intake) -> None:
    then = deliver.now - dt.timedelta(days=30)
    deliver("registration", [COMPANY.registration()], now=then)
    deliver("registration", [COMPANY.registration(曾用名=FORMER)])
    known = all_rows("SELECT name, known_at FROM subject_name ORDER BY known_at")
    assert known == [(COMPANY.name, then), (FORMER, deliver.now)]


def test_the_same_rows_again_touch_no_name_and_no_number(deliver: Intake) -> None:
    rows = [FIRST.registration(曾用名=FORMER), SECOND.registration(注册号=FIRST.reg_no)]
    renamed = [FIRST.change(**RENAMED)]
    deliver("registration", rows)
    deliver("registration_changes", renamed)
    before = _places()
    deliver("registration", rows)
    deliver("registration_changes", renamed)
    deliver("registration", [row | {"登记状态": "7", "核准日期": "2024-01-02"} for row in rows])
    assert _places() == before, "another state under the same names and numbers"


def _places() -> list[tuple[str, str]]:
    """Where each row stands; a row that is written again stands elsewhere."""
    return all_rows(
        "SELECT ctid::text, xmin::text FROM subject_name "
        "UNION ALL SELECT ctid::text, xmin::text FROM alias ORDER BY 1"
    )


@st.composite
def registers(draw: st.DrawFn) -> Sent:
    """Rows that name and number a few entities, and take names back."""
    one = draw(st.sampled_from(ENTITIES[:3]))
    called = st.sampled_from((one.name, "示例甲店", "示例乙店", OPERATOR))
    day = st.sampled_from(("2010-01-01", "2014-08-01", "2021-05-18"))
    if draw(st.booleans()):
        change = one.change(
            变更事项="名称变更", 变更前=draw(called), 变更后=draw(called), 变更日期=draw(day)
        )
        return Sent(resource="registration_changes", rows=[change])
    row = one.registration(
        名称=draw(called),
        曾用名=draw(st.sampled_from(("", "示例甲店", "示例乙店；示例丙店"))),
        法定代表人=draw(st.sampled_from(("陈示例", OPERATOR))),
        注册号=draw(st.sampled_from(("", *(entity.reg_no for entity in ENTITIES[:3])))),
        核准日期=draw(day),
        登记状态=draw(st.sampled_from(("1", "2"))),
    )
    extract = one.extract(企业名称=draw(called))
    return draw(
        st.sampled_from(
            (
                Sent(resource="registration", rows=[row]),
                Sent(resource="registration", rows=[row]),
                Sent(resource="register_extract", rows=[extract]),
            )
        )
    )


@worlds(25)
@given(history=st.lists(registers(), min_size=2, max_size=8))
def test_names_are_what_the_records_say_however_they_came(
    deliver: Intake, history: list[Sent]
) -> None:
    with undone():
        live(deliver, history)
        living = state("alias", "subject_name", "subject")
        execute("INSERT INTO retold SELECT id FROM subject ON CONFLICT DO NOTHING")
        with connection.cursor() as cursor:
            retell(cursor=cursor, declarations=deliver.declarations)
        assert state("alias", "subject_name", "subject") == living


def test_a_rebuild_tells_the_same(deliver: Intake) -> None:
    rows = [FIRST.registration(曾用名=FORMER), SECOND.registration(注册号=FIRST.reg_no)]
    deliver("registration", [row | {"名称": MISSPELT} for row in rows])
    deliver("registration", rows)
    deliver("penalties_2018", [FIRST.penalty(CF_XDR_MC="示例丙店")])
    deliver("registration_changes", [FIRST.change(**RENAMED | {"变更前": "示例丙店"})])
    deliver("registration", [SECOND.registration(核准日期="2012-01-01")])
    deliver("registration", [SECOND.registration(核准日期="2012-01-01")], intent="withdraw")
    again = rebuild(
        home=deliver.home, declarations=deliver.declarations, check=True, now=deliver.now
    )
    assert again.differences == ()
