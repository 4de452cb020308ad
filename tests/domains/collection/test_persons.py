"""What a row tells of a person and nobody may read: numbers in prose, homes, names, ages."""

from __future__ import annotations

import dataclasses

import pytest
from tests.cast import COMPANY, PUBLIC, TRADER
from tests.intake import Intake, table
from tests.state import all_rows, value

from yuexin.base.codes import id_check
from yuexin.domains.credit.finding.types import Query
from yuexin.domains.credit.queries import search
from yuexin.engines.declare.queries import load

pytestmark = pytest.mark.usefixtures("undone")

PERSON, MOBILE = "440106199003071231", "13800138000"
FACTS = f"当事人王示例，身份证号{PERSON}，电话{MOBILE}，超标排放"


def test_a_persons_number_in_prose_is_readable_nowhere(deliver: Intake) -> None:
    deliver("registration", [COMPANY.registration()])
    deliver("penalties_2018", [COMPANY.penalty(CF_SY=FACTS)])
    told = value("SELECT body->>'facts' FROM record WHERE kind = 'penalty'")
    shown = value("SELECT body->>'facts' FROM public_row WHERE kind = 'penalty'")
    assert told == f"当事人王示例，身份证号440106********1231，电话{MOBILE}，超标排放"
    assert shown == "当事人王示例，身份证号440106********1231，电话138****00，超标排放"


@pytest.mark.parametrize(
    "written",
    [PERSON, "４４０１０６１９９００３０７１２３１", "440106 19900307 1231", "440106-19900307-1231",
     "44010619900307\u00ad1231", "4401 0619 9003 0712 31", "440106900307123", PERSON * 2,
     "44010620210307123" + id_check("44010620210307123"), PERSON + MOBILE, MOBILE,
     "１３８００１３８０００", "138-0013-8000", "+8613800138000"],
)  # fmt: skip
def test_a_persons_number_is_known_however_it_is_written(deliver: Intake, written: str) -> None:
    deliver("registration", [COMPANY.registration(经营范围=f"联系{written}办理")])
    shown = value("SELECT body->>'scope_text' FROM public_row")
    assert written not in shown
    assert PERSON not in shown
    assert MOBILE not in shown
    assert "****" in shown


@pytest.mark.parametrize(
    "number",
    ["粤环示例罚〔2026〕0000043100号", "440106202603070001", COMPANY.uscc, "440306600000347"],
)
def test_a_number_of_a_document_or_a_firm_stays_whole(deliver: Intake, number: str) -> None:
    deliver("registration", [COMPANY.registration()])
    deliver("penalties_2018", [COMPANY.penalty(CF_SY=f"依据{number}查处")])
    shown = value("SELECT body->>'facts' FROM public_row WHERE kind = 'penalty'")
    assert shown == f"依据{number}查处"


def test_a_sole_traders_tax_number_is_a_persons(deliver: Intake) -> None:
    deliver("registration", [TRADER.registration()])
    deliver("penalties_2018", [TRADER.penalty(CF_XDR_SWDJ=PERSON)])
    held = all_rows("SELECT body FROM record WHERE kind = 'penalty'")
    held += all_rows("SELECT raw FROM quarantined") + all_rows("SELECT findings FROM quarantined")
    assert held
    assert PERSON not in str(held)


def test_a_row_set_aside_keeps_no_persons_number(deliver: Intake) -> None:
    deliver("penalties_2018", [COMPANY.penalty(CF_SY=FACTS, CF_JDRQ="去年")])
    raw = str(all_rows("SELECT raw, findings FROM quarantined"))
    assert "440106********1231" in raw
    assert PERSON not in raw


@pytest.mark.parametrize("written", [PERSON, "440106 19900307 1231", "440106900307123"])
def test_a_row_of_no_columns_keeps_no_persons_number(deliver: Intake, written: str) -> None:
    whole = table(deliver.headers("penalties_2018"), [COMPANY.penalty()])
    deliver.bytes("penalties_2018", f"{whole}王示例{written},罚款\r\n".encode())
    (raw,) = all_rows("SELECT raw FROM quarantined")
    assert "王示例44" in str(raw)
    assert written not in str(raw)


# A decision on the eighteenth birthday is still about a minor: full years end with that day.
AGES = {
    "the birthday": ("440106200809031234", True),
    "the day after": ("440106200809021234", False),
    "born on 29 February, on 28 February": ("440106200402291234", True),
    "the old form of fifteen digits": ("440106500307123", False),
    "no such day of birth": ("440106201002301234", True),
    "a passport": ("E12345678", None),
}


@pytest.mark.parametrize("case", AGES)
def test_who_is_or_may_be_a_minor(deliver: Intake, case: str) -> None:
    number, minor = AGES[case]
    day = "2022-02-28" if "February" in case else "2026-09-03"
    deliver("registration", [TRADER.registration()])
    deliver("penalties_2018", [TRADER.penalty(CF_XDR_ZJHM=number, CF_JDRQ=day)])
    (told,) = all_rows("SELECT body->>'party_minor' FROM record WHERE kind = 'penalty'")
    assert told == ({True: "true", False: "false", None: None}[minor],)


# The law of the day on which it was decided counts, not that of today.
LATER_LAW = """\
ages:
  - id: majority
    zh: 成年年龄
    en: Age of majority
    versions:
      - {years: 18, valid_from: 1987-01-01, valid_to: 2026-09-03, basis: "civil-code:17"}
      - {years: 21, valid_from: 2026-09-03, basis: "civil-code:17"}
"""


@pytest.mark.parametrize(("day", "minor"), [("2026-09-02", "false"), ("2026-09-03", "true")])
def test_who_is_of_age_is_said_by_the_law_declared_for_the_day(
    deliver: Intake, day: str, minor: str
) -> None:
    files = {**deliver.declarations.files, "ages.yaml": LATER_LAW.encode()}
    changed = dataclasses.replace(deliver, declarations=load(files))
    changed("registration", [TRADER.registration()])
    changed("penalties_2018", [TRADER.penalty(CF_XDR_ZJHM="440106200601011234", CF_JDRQ=day)])
    assert value("SELECT body->>'party_minor' FROM record WHERE kind = 'penalty'") == minor


@pytest.mark.parametrize(("flag", "shown"), [("1", "42"), ("2", None), ("", None)])
def test_an_item_of_a_report_is_public_where_the_entity_says_so(
    deliver: Intake, flag: str, shown: str | None
) -> None:
    deliver("registration", [COMPANY.registration()])
    deliver("annual_reports", [COMPANY.report(从业人数="42", 从业人数是否公示=flag)])
    found = value("SELECT body->>'employees' FROM public_row WHERE kind = 'annual_report'")
    assert found == shown
    assert value("SELECT body->>'employees' FROM record WHERE kind = 'annual_report'") == "42"


def test_a_sole_trader_reports_from_home(deliver: Intake) -> None:
    told = {"联系电话": "13800138000", "邮政编码": "518101", "电子邮箱": "li@example.org"}
    for who in (TRADER, COMPANY):
        deliver("registration", [who.registration()])
        deliver("annual_reports", [who.report() | told])
    shown = dict(
        all_rows(
            "SELECT s.code, p.body ?| ARRAY['phone', 'postcode', 'email'] FROM public_row p "
            "JOIN subject s ON s.id = p.subject WHERE kind = 'annual_report'"
        )
    )
    assert shown == {TRADER.uscc: False, COMPANY.uscc: True}


def test_a_name_once_known_as_a_persons_stays_closed(deliver: Intake) -> None:
    own = "欧阳示例"
    unknown = TRADER.registration(名称=own, 法定代表人="", 核准日期="2020-01-01")
    deliver("registration", [unknown])
    deliver("registration", [TRADER.registration(名称=own, 法定代表人=own)])
    deliver("registration", [TRADER.registration(名称=own, 法定代表人="", 核准日期="2023-01-01")])
    assert search(actor=PUBLIC, query=Query(text=own), now=deliver.now).hits == ()
    assert value("SELECT named_after_person FROM subject")
