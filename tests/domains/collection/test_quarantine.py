"""Every row of a delivery is a record, waits, or is set aside with its number, text and reasons."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.cast import COMPANY, COOPERATIVE, INSTITUTION, SOCIETY, TRADER, entity
from tests.domains.collection import workbooks
from tests.intake import Intake, table
from tests.state import all_rows, value

pytestmark = pytest.mark.usefixtures("undone")

BAD = COMPANY.uscc[:-1] + "A"
PERSON = "440106199003071231"
MEGABYTE = 1 << 20


def adds_up(receipt: dict[str, Any]) -> bool:
    """Whether every row received is in exactly one place."""
    number = receipt["batch_id"]
    ok = receipt["rows_new"] + receipt["rows_changed"] + receipt["rows_unchanged"]
    places = [
        row
        for table in ("record", "waiting", "quarantined")
        for (row,) in all_rows(f"SELECT row FROM {table} WHERE delivery = %s", number)
    ]
    return bool(
        receipt["rows_ok"] == ok
        and receipt["rows_received"] == ok + receipt["rows_waiting"] + receipt["rows_rejected"]
        and len(places) == len(set(places)) <= receipt["rows_received"]
        and set(places) <= set(range(1, receipt["rows_received"] + 1))
    )


def quarantined(receipt: dict[str, Any]) -> dict[int, tuple[dict[str, str], list[dict[str, str]]]]:
    """The rows set aside, by number: as delivered, and what was found."""
    found = all_rows(
        "SELECT row, raw, findings FROM quarantined WHERE delivery = %s", receipt["batch_id"]
    )
    return {row: (json.loads(raw), json.loads(findings)) for row, raw, findings in found}


def waiting(receipt: dict[str, Any]) -> dict[int, str]:
    found = all_rows("SELECT row, reason FROM waiting WHERE delivery = %s", receipt["batch_id"])
    return dict(found)


def test_each_bad_row_is_kept_with_its_number_field_rule_and_sentence(deliver: Intake) -> None:
    receipt = deliver(
        "registration",
        [
            COMPANY.registration(),
            TRADER.registration(登记状态="休眠", 成立日期="2009-02-30"),
            COOPERATIVE.registration(名称="", 成立日期="9999-12-31"),
            SOCIETY.registration(统一社会信用代码=BAD),
            {},
            INSTITUTION.registration(成立日期="0001-01-01"),
            entity(1).registration(成立日期="2026-11-25", 核准日期=""),
        ],
    )
    assert adds_up(receipt)
    assert (receipt["rows_received"], receipt["rows_new"]) == (7, 1)
    assert (receipt["rows_waiting"], receipt["rows_rejected"]) == (1, 5)
    assert waiting(receipt) == {4: "CODE_CHECK"}
    rules = {
        row: {f"{item['column']}:{item['rule']}" for item in findings}
        for row, (_, findings) in quarantined(receipt).items()
    }
    assert rules[2] == {"登记状态:CODE_LIST", "成立日期:TYPE"}
    assert rules[3] == {"名称:REQUIRED", "成立日期:TYPE"}
    assert len(rules[5]) == 5
    assert rules[6] == {"成立日期:TYPE"}
    assert rules[7] == {"成立日期:established-by-now"}
    raw, findings = quarantined(receipt)[2]
    assert raw["登记状态"] == "休眠"
    assert {item["value"] for item in findings} == {"休眠", "2009-02-30"}
    for item in receipt["findings"]:
        assert item["of"] == 7
        why = receipt["sentences"][item["rule"]]
        assert why["zh"]
        assert why["en"] != item["rule"]
    assert sum(item["rows"] for item in receipt["findings"]) == sum(map(len, rules.values())) + 1


def test_ragged_rows_are_counted_beside_the_others(deliver: Intake) -> None:
    lines = table(deliver.headers("registration"), [COMPANY.registration()]).splitlines()
    receipt = deliver.bytes("registration", "\n".join([*lines, "a,b", *lines[1:], '"x']).encode())
    assert adds_up(receipt)
    assert (receipt["rows_received"], receipt["rows_rejected"]) == (4, 2)
    assert (receipt["rows_new"], receipt["rows_unchanged"]) == (1, 1)
    assert {row: raw for row, (raw, _) in quarantined(receipt).items()}[2] == {"": "a,b"}
    shape = next(item for item in receipt["findings"] if item["rule"] == "SHAPE")
    assert shape["rows"] == 2
    assert receipt["sentences"]["SHAPE"]["zh"] == "列数与表头不符"


def test_a_field_of_five_megabytes_is_set_aside_whole(deliver: Intake) -> None:
    scope = "业" * (5 * MEGABYTE // 3)
    receipt = deliver(
        "registration", [COMPANY.registration(), SOCIETY.registration(经营范围=scope)]
    )
    assert adds_up(receipt)
    raw, findings = quarantined(receipt)[2]
    assert raw["经营范围"] == scope
    assert [(item["column"], item["rule"]) for item in findings] == [("经营范围", "LENGTH")]


TEXTS = [
    "=1+1", '=HYPERLINK("http://x","y")', "@SUM(A1)", "+86", "\\N", "\\.", "a\n\\.\nb", "'; DROP x",
    "<script>alert(1)</script>", "{{ x }}", "%(agency)s", "a\tb", '"quoted"', "𠮷䶮",
]  # fmt: skip


def test_any_text_is_kept_as_it_is(deliver: Intake) -> None:
    rows = [entity(n).registration(经营范围=text) for n, text in enumerate(TEXTS)]
    assert deliver("registration", rows)["rows_new"] == len(TEXTS)
    for table_ in ("record", "public_row"):
        kept = all_rows(f"SELECT body->>'scope_text' FROM {table_} ORDER BY row")
        assert [text for (text,) in kept] == TEXTS


def test_the_same_text_survives_quarantine_and_waiting(deliver: Intake) -> None:
    text = '\\N\n\\.\n"x",\u2028。'
    receipt = deliver(
        "registration",
        [
            COMPANY.registration(经营范围=text, 登记状态="休眠"),
            SOCIETY.registration(经营范围=text, 统一社会信用代码=BAD),
        ],
    )
    assert quarantined(receipt)[1][0]["经营范围"] == text
    staged = value("SELECT staged->>'body' FROM waiting")
    assert json.loads(staged)["scope_text"] == text


def test_two_rows_of_one_delivery_that_contradict_wait_for_a_person(deliver: Intake) -> None:
    receipt = deliver(
        "registration",
        [
            COMPANY.registration(),
            COMPANY.registration(名称="佛山另一示例有限公司"),
            COMPANY.registration(),
            SOCIETY.registration(),
        ],
    )
    assert adds_up(receipt)
    assert (receipt["rows_new"], receipt["rows_unchanged"], receipt["rows_waiting"]) == (2, 1, 1)
    assert receipt["waiting"] == {"SAME_KEY": 1}
    assert waiting(receipt) == {2: "SAME_KEY"}
    doubtful = all_rows("SELECT code FROM subject WHERE doubtful")
    assert doubtful == [(COMPANY.uscc,)]
    assert value("SELECT count(*) FROM record") == 2


@pytest.mark.parametrize(
    "order", [("registration", "register_extract"), ("register_extract", "registration")]
)
def test_the_registrar_prevails_over_the_extract_in_either_order(
    deliver: Intake, order: tuple[str, str]
) -> None:
    rows = {
        "registration": COMPANY.registration(),
        "register_extract": COMPANY.extract(企业名称="佛山旧名示例有限公司", 注册日期="2009-03-01"),
    }
    for resource in order:
        assert adds_up(deliver(resource, [rows[resource]]))
    assert value("SELECT name FROM subject") == COMPANY.name
    assert value("SELECT count(*) FROM record WHERE superseded_at IS NULL") == 2
    names = all_rows("SELECT name FROM subject_name ORDER BY 1")
    assert names == [("佛山岭粤示例家具有限公司",), ("佛山旧名示例有限公司",)]


WAITS = {
    "UNREGISTERED": SOCIETY.penalty(),
    "NAME_DISAGREES": COMPANY.penalty(CF_XDR_MC="佛山同名示例有限公司"),
    "CODE_CHECK": COMPANY.penalty(CF_XDR_SHXYM=BAD, CF_XDR_MC="广州别家示例商行", CF_FRDB=""),
    "NO_CODE": COMPANY.penalty(CF_XDR_SHXYM="", CF_FRDB=""),
    "NUMBER_UNKNOWN": COMPANY.penalty(CF_XDR_SHXYM="", CF_XDR_ZZJG=SOCIETY.org_code),
    "NATURAL_PERSON": COMPANY.penalty(
        CF_XDR_LB="自然人", CF_XDR_MC="李示例", CF_XDR_ZJLX="身份证", CF_XDR_ZJHM=PERSON,
    ),
}  # fmt: skip


def test_what_leads_to_nobody_for_certain_waits_with_its_reason(deliver: Intake) -> None:
    deliver("registration", [COMPANY.registration()])
    rows = [row | {"CF_WSH": f"粤罚{n}号"} for n, row in enumerate(WAITS.values())]
    receipt = deliver("penalties_2018", rows)
    assert adds_up(receipt)
    assert receipt["rows_waiting"] == len(WAITS)
    assert receipt["waiting"] == dict.fromkeys(WAITS, 1)
    assert value("SELECT count(*) FROM record WHERE kind = 'penalty'") == 0
    assert value("SELECT count(*) FROM public_row WHERE kind = 'penalty'") == 0
    assert PERSON[6:14] not in str(all_rows("SELECT staged FROM waiting")), "a number of a person"


@pytest.mark.parametrize("together", [True, False])
def test_a_number_that_two_claim_leads_to_nobody(deliver: Intake, *, together: bool) -> None:
    shared = entity(1).reg_no
    claims = [entity(1).registration(), entity(2).registration(注册号=shared)]
    for rows in [claims] if together else [claims[:1], claims[1:]]:
        deliver("registration", rows)
    by_number = entity(1).licence(
        XK_XDR_SHXYM="", XK_XDR_GSZC=shared, XK_XDR_MC="广州别家示例商行", XK_FRDB=""
    )
    receipt = deliver("licences_2018", [by_number])
    assert receipt["waiting"] == {"NUMBER_UNKNOWN": 1}


def test_an_organisation_code_or_an_old_number_leads_to_its_subject(deliver: Intake) -> None:
    deliver("registration", [entity(1).registration(), entity(2).registration()])
    receipt = deliver(
        "licences_2018",
        [
            entity(1).licence(XK_XDR_SHXYM="", XK_XDR_ZZJG=entity(1).org_code),
            entity(2).licence(XK_XDR_SHXYM="", XK_XDR_GSZC=entity(2).reg_no),
        ],
    )
    assert receipt["rows_new"] == 2
    found = all_rows(
        "SELECT code FROM record JOIN subject s ON s.id = subject WHERE kind = 'licence' ORDER BY 1"
    )
    assert found == [(code,) for code in sorted([entity(1).uscc, entity(2).uscc])]


def test_rows_that_waited_are_placed_when_the_register_knows_them(deliver: Intake) -> None:
    early = deliver("penalties_2018", [SOCIETY.penalty(), SOCIETY.penalty("2")])
    assert early["waiting"] == {"UNREGISTERED": 2}
    deliver("registration", [SOCIETY.registration()])
    assert value("SELECT count(*) FROM waiting") == 0
    placed = all_rows(
        "SELECT delivery, row, folded_in FROM record WHERE kind = 'penalty' ORDER BY row"
    )
    number = early["batch_id"]
    assert placed == [(number, 1, number + 1), (number, 2, number + 1)]
    assert value("SELECT count(*) FROM public_row WHERE kind = 'penalty'") == 2


def test_a_former_name_releases_the_penalty_that_gave_it(deliver: Intake) -> None:
    deliver("registration", [COMPANY.registration()])
    deliver("penalties_2018", [COMPANY.penalty(CF_XDR_MC="顺德示例木器厂")])
    assert value("SELECT reason FROM waiting") == "NAME_DISAGREES"
    deliver(
        "registration",
        [COMPANY.registration(曾用名="顺德示例木器厂；旧二厂", 核准日期="2022-01-01")],
    )
    assert value("SELECT count(*) FROM waiting") == 0
    assert value("SELECT count(*) FROM record WHERE kind = 'penalty'") == 1


def test_a_nul_in_a_workbook_stops_nobody(deliver: Intake) -> None:
    headers = deliver.headers("registration")
    row = COMPANY.registration(经营范围="家具_x0000_制造")
    cells = "".join(workbooks.text_cell(row.get(header, "")) for header in headers)
    sheet = workbooks.sheet_xml(workbooks.header_cells(headers), cells)
    data = workbooks.packed(workbooks.parts(sheet))
    receipt = deliver.bytes("registration", data, name="register.xlsx")
    assert receipt["rows_new"] == 1
    assert "\0" not in str(value("SELECT body->>'scope_text' FROM record"))
