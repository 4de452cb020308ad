"""Where a row ends that comes late, out of order, undated, or under an unsound number."""

from __future__ import annotations

import pytest
from tests.cast import COMPANY, SOCIETY, TRADER, entity
from tests.intake import Intake
from tests.state import all_rows, value

pytestmark = pytest.mark.usefixtures("undone")


def standing() -> list[tuple[str | None, ...]]:
    """The states of registration as text, first to last."""
    return all_rows(
        "SELECT body->>'state', valid_from::text, valid_until::text FROM record "
        "WHERE kind = 'registration' AND superseded_at IS NULL ORDER BY valid_from"
    )


# --- rows that waited ---


def test_what_several_deliveries_said_meanwhile_is_placed_as_it_came(deliver: Intake) -> None:
    deliver("penalties_2018", [SOCIETY.penalty(CF_NR_FK="12")])
    deliver("penalties_2018", [SOCIETY.penalty(CF_NR_FK="3")])
    deliver("penalties_2018", [SOCIETY.penalty(CF_NR_FK="3", CF_ZT="已修复")])
    deliver("registration", [SOCIETY.registration()])
    assert value("SELECT count(*) FROM waiting") == 0
    assert value("SELECT max(version) FROM record WHERE kind = 'penalty'") == 3
    assert value("SELECT count(*) FROM public_row WHERE kind = 'penalty'") == 0, "repaired"


def test_a_row_that_waited_does_not_undo_a_later_correction(deliver: Intake) -> None:
    deliver("registration", [COMPANY.registration()])
    deliver("penalties_2018", [COMPANY.penalty(CF_XDR_MC="顺德示例木器厂", CF_NR_FK="12")])
    deliver("penalties_2018", [COMPANY.penalty(CF_NR_FK="3")])
    renamed = COMPANY.registration(曾用名="顺德示例木器厂", 核准日期="2022-01-01")
    deliver("registration", [renamed])
    assert value("SELECT reason FROM waiting") == "OUTDATED"
    assert (
        value("SELECT body->>'fine_amount' FROM public_row WHERE kind = 'penalty'") == "30000.0000"
    )


# --- states without a day ---


def test_a_state_without_a_day_holds_from_when_it_was_known(deliver: Intake) -> None:
    deliver("registration", [COMPANY.registration(核准日期="2021-05-18")])
    deliver("registration", [COMPANY.registration(核准日期="", 登记状态="4")])
    today = deliver.now.date().isoformat()
    assert standing() == [("1", "2021-05-18", today), ("4", today, None)]


def test_the_same_state_without_a_day_again_is_no_change(deliver: Intake) -> None:
    undated = COMPANY.registration(核准日期="")
    first = deliver("registration", [undated])
    again = deliver("registration", [undated])
    assert (first["rows_new"], again["rows_unchanged"]) == (1, 1)
    assert standing() == [("1", "2009-03-02", None)], "the first holds from the establishment"
    deliver("registration", [COMPANY.registration(核准日期="", 登记状态="2")])
    repeated = deliver("registration", [COMPANY.registration(核准日期="", 登记状态="2")])
    assert repeated["rows_unchanged"] == 1
    assert [state for state, *_ in standing()] == ["1", "2"]


def test_an_approval_to_come_names_nobody_yet(deliver: Intake) -> None:
    deliver("registration", [COMPANY.registration()])
    wrong = COMPANY.registration(名称="佛山明日示例有限公司", 核准日期="2062-05-18")
    receipt = deliver("registration", [wrong])
    assert receipt["findings"][0]["rule"] == "approved-by-now"
    assert value("SELECT name FROM subject") == COMPANY.name
    later = COMPANY.registration(名称="佛山后来示例有限公司", 核准日期="2022-05-18")
    deliver("registration", [later])
    assert value("SELECT name FROM subject") == "佛山后来示例有限公司"


# --- numbers ---


@pytest.mark.parametrize("number", ["4403011234567", COMPANY.uscc, "440306600000348"])
def test_an_unsound_second_number_does_not_hold_a_row_back(deliver: Intake, number: str) -> None:
    deliver("registration", [COMPANY.registration()])
    receipt = deliver("licences_2018", [COMPANY.licence(XK_XDR_GSZC=number)])
    assert receipt["rows_new"] == 1


def test_a_number_from_before_2007_leads_to_its_entity(deliver: Intake) -> None:
    deliver("registration", [COMPANY.registration(注册号="4403011234567")])
    by_number = COMPANY.licence(XK_XDR_SHXYM="", XK_XDR_GSZC="4403011234567")
    assert deliver("licences_2018", [by_number])["rows_new"] == 1


def test_a_number_that_fails_its_check_is_not_learned(deliver: Intake) -> None:
    receipt = deliver("registration", [COMPANY.registration(注册号="440306600000348")])
    assert receipt["rows_new"] == 1
    assert receipt["findings"][0]["rule"] == "CODE_CHECK"
    assert value("SELECT count(*) FROM alias") == 0
    assert value("SELECT count(*) FROM public_row WHERE body ? 'reg_no'") == 0


# --- whose home it is ---


def test_a_company_known_by_its_old_number_hides_nothing(deliver: Intake) -> None:
    firm = entity(1)
    deliver("registration", [firm.registration()])
    moved = firm.change(统一社会信用代码="", 注册号=firm.reg_no)
    deliver("registration_changes", [moved])
    shown = value("SELECT body FROM public_row WHERE kind = 'registration_change'")
    assert "示例路2号" in shown


def test_a_sole_trader_known_by_its_old_number_keeps_its_home(deliver: Intake) -> None:
    deliver("registration", [TRADER.registration()])
    moved = TRADER.change(统一社会信用代码="", 注册号=TRADER.reg_no)
    deliver("registration_changes", [moved])
    shown = value("SELECT body FROM public_row WHERE kind = 'registration_change'")
    assert "示例路" not in shown


# --- agencies that are gone ---


def test_the_successor_of_an_agency_goes_on_with_its_facts(deliver: Intake) -> None:
    deliver("registration", [COMPANY.registration()])
    old = {
        "XK_XDR": COMPANY.name, "XK_XDR_SHXYM": COMPANY.uscc, "XK_WSH": "粤食药许〔2016〕1号",
        "XK_XMMC": "食品经营许可", "XK_SPLB": "普通", "XK_NR": "食品销售", "XK_JDRQ": "2016-08-02",
        "XK_JZQ": "2099-12-31", "XK_XZJG": "广东省食品药品监督管理局", "XK_ZT": "0",
    }  # fmt: skip
    assert deliver("licences_2016", [old], agency="food_drug")["rows_new"] == 1
    assert value(
        "SELECT split_part(source_key, E'\\x1f', 1) FROM record WHERE kind = 'licence'"
    ) == ("market_regulation")
