"""A person judges whose a row is, and whether two codes are one, and takes it back."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from tests.cast import COMPANY, TRADER, entity
from tests.faces.desk.world import World
from tests.state import all_rows, value

pytestmark = pytest.mark.usefixtures("undone")

INPUT = re.compile("<input[^>]*>")
NAMELESS = COMPANY.penalty("31", CF_XDR_SHXYM="", CF_FRDB="", CF_XDR_MC=COMPANY.name)


def waiting_row(world: World) -> str:
    """The address of a row that names somebody, and nothing more."""
    world.intake("penalties_2018", [NAMELESS])
    ((agency, resource, content),) = all_rows(
        "SELECT agency, resource, content FROM waiting WHERE delivery = "
        "(SELECT max(delivery) FROM waiting)"
    )
    return f"/desk/judging/{agency}/{resource}/{content}"


def addresses_of_doubts(listed: Any) -> list[str]:
    """The links of the list, as they stand there."""
    found = re.findall(r'href="(/desk/judging/[^"]+)"', listed.content.decode())
    return [html.unescape(address) for address in found]


def told(page: Any, label: str) -> list[str]:
    """What stands in the line of a comparison: the row's, the file's, how far they agree."""
    line = page.content.decode().partition(f'<th scope="row">{label}</th>')[2].partition("</tr>")[0]
    cells = re.findall(r"<td[^>]*>(.*?)</td>", line, re.DOTALL)
    return [re.sub("<[^>]*>", " ", cell).strip() for cell in cells]


def seen(page: str) -> str:
    return page.partition('name="seen" value="')[2].partition('"')[0]


def test_a_row_is_judged_and_taken_back(world: World) -> None:
    chief, address = world.sit_down("chief"), waiting_row(world)
    listed = chief.get("/desk/judging").content.decode()
    assert address in listed
    page = chief.get(address).content.decode()
    assert COMPANY.uscc in page
    assert "字号和行业" in page, "each field is compared in words"
    said = {"verdict": "same", "code": COMPANY.uscc, "seen": seen(page)}
    assert chief.post(address, said).status_code == 302
    assert value(
        "SELECT count(*) FROM led_row WHERE judgement = (SELECT max(number) FROM judgement)"
    )
    led = chief.get(address).content.decode()
    assert "已认定为" in led
    refused = chief.post(
        address, {"verdict": "taken_back", "code": COMPANY.uscc, "seen": seen(led)}
    )
    assert refused.status_code == 400
    assert "须写明理由" in refused.content.decode()
    again = {"verdict": "taken_back", "code": COMPANY.uscc, "seen": seen(led), "reason": "弄错了"}
    assert chief.post(address, again).status_code == 302
    assert "可能是哪个主体" in chief.get(address).content.decode()


def test_who_judges_late_sees_what_was_judged(world: World) -> None:
    chief, address = world.sit_down("chief"), waiting_row(world)
    first = chief.get(address).content.decode()
    said = {"verdict": "unsure", "code": COMPANY.uscc, "seen": seen(first)}
    assert chief.post(address, said).status_code == 302
    late = chief.post(address, said | {"verdict": "same"})
    assert late.status_code == 400
    assert "刚刚已认定" in late.content.decode()
    again = chief.post(address, said | {"verdict": "same", "reason": "同一块招牌"})
    assert "同一块招牌" in again.content.decode(), "what was typed is not lost"


def test_whoever_is_not_certain_is_led_to_another_row(world: World) -> None:
    """In a circle, and always within the rows that he asked for."""
    chief = world.sit_down("chief")
    rows = [NAMELESS, NAMELESS | {"CF_XDR_MC": TRADER.name, "CF_WSH": "粤环示例罚〔2026〕32号"}]
    world.intake("penalties_2018", rows, agency="environment")
    one, other = addresses_of_doubts(chief.get("/desk/judging?agency=environment"))
    for address, onward in ((one, other), (other, one)):
        page = chief.get(address).content.decode()
        code = page.partition('name="code" value="')[2].partition('"')[0]
        said = {"verdict": "unsure", "code": code, "seen": seen(page)}
        answer = chief.post(address, said)
        assert answer.headers["Location"].startswith(f"{onward}&judged=")
    assert "有人看过，不能确定" in chief.get("/desk/judging").content.decode()


def test_the_file_stands_beside_the_row_as_far_as_one_may_see(world: World) -> None:
    chief = world.sit_down("chief")
    world.intake("penalties_2018", [NAMELESS | {"CF_FRDB": "陈示例"}])
    ((agency, resource, content),) = all_rows("SELECT agency, resource, content FROM led_row")
    address = f"/desk/judging/{agency}/{resource}/{content}"
    line = "法定代表人（负责人、经营者）"
    assert told(chief.get(address), line)[:2] == ["****", "陈示例"], "no law opens it in the row"
    stated = world.sit_down("chief", purpose="data_quality")
    assert told(stated.get(address), line)[:2] == ["陈示例", "陈示例"]
    looks = "SELECT count(*) FROM journal_entry WHERE action = 'row.read'"
    assert value(f"{looks} AND detail->>'purpose' = 'data_quality'") == 1


def test_one_sees_who_else_bears_the_name(world: World) -> None:
    near = entity(71).registration(名称="广州岭粤示例家具有限公司", 住所="广州市天河区示例路9号")
    world.intake("registration", [near])
    chief, address = world.sit_down("chief"), waiting_row(world)
    page = chief.get(address).content.decode()
    assert "其他 1 家同字号“岭粤示例”" in page
    beside = chief.get(address, {"other": near["统一社会信用代码"]}).content.decode()
    assert "您填的代码" in beside
    pair = chief.get(f"/desk/pairs/{TRADER.uscc}/{COMPANY.uscc}").content.decode()
    assert "其他 1 家同字号“岭粤示例”" in pair
    own = chief.get(f"/desk/pairs/{near['统一社会信用代码']}/{COMPANY.uscc}").content.decode()
    assert "其他 1 家同字号" not in own, "both are before his eyes"


def test_a_name_that_is_a_persons_own_is_nobodys_neighbour(world: World) -> None:
    person, firm, near = entity(72, trader=True), entity(73), entity(74)
    rows = [
        person.registration(名称="欧阳示例", 法定代表人="欧阳示例"),
        firm.registration(名称="佛山欧阳示例家具有限公司", 注册号=""),
        near.registration(名称="广州欧阳示例灯饰有限公司", 注册号=""),
    ]
    world.intake("registration", rows)
    page = world.sit_down("chief").get(f"/desk/pairs/{firm.uscc}/{COMPANY.uscc}").content.decode()
    assert "其他 1 家同字号“欧阳示例”" in page
    assert person.uscc not in page


def test_nonsense_is_refused_in_words(world: World) -> None:
    chief, address = world.sit_down("chief"), waiting_row(world)
    for said in ({}, {"verdict": "same"}, {"verdict": "x", "code": COMPANY.uscc}):
        assert "请选定" in chief.post(address, said).content.decode()
    for seen_last in ("9" * 30, "9" * 5000, "٣", "-1"):
        unknown = {"verdict": "same", "code": "91440606MA4W00011X", "seen": seen_last}
        assert chief.post(address, unknown).status_code == 400
        pair = {"verdict": "same", "keeps": COMPANY.uscc, "reason": "个转企", "seen": seen_last}
        nobody = f"/desk/pairs/{TRADER.uscc}/91440606MA4W00011X"
        assert chief.post(nobody, pair).status_code in (400, 404)
    for judged_last in ("9" * 30, "9" * 5000):
        typed = chief.get(address, {"other": "91440606MA4W00011X", "judged": judged_last})
        assert typed.status_code == 400
    assert "没有代码为" in typed.content.decode()


def test_two_codes_become_one_file_and_part_again(world: World) -> None:
    chief = world.sit_down("chief")
    address = f"/desk/pairs/{TRADER.uscc}/{COMPANY.uscc}"
    page = chief.get(address).content.decode()
    assert TRADER.uscc in page
    said = {"verdict": "same", "keeps": COMPANY.uscc, "reason": "个转企", "seen": seen(page)}
    assert chief.post(address, said).status_code == 302
    page = chief.get(address).content.decode()
    assert "个转企" in page
    back = {"verdict": "taken_back", "reason": "不是一家", "seen": seen(page)}
    assert chief.post(address, back).status_code == 302
    assert value("SELECT count(*) FROM joined_pair") == 0


def test_the_second_person_finds_the_pair_and_the_code_that_was_chosen(world: World) -> None:
    trader = TRADER.penalty("92", CF_JDRQ="2026-11-20")
    world.intake("penalties_2018", [trader])
    chief, steward = world.sit_down("chief"), world.sit_down("steward")
    address = f"/desk/pairs/{TRADER.uscc}/{COMPANY.uscc}"
    said = {"verdict": "same", "keeps": TRADER.uscc, "reason": "个转企", "seen": "0"}
    assert chief.post(address, said).status_code == 302
    own, his = (
        chief.get("/desk/pairs").content.decode(),
        steward.get("/desk/pairs").content.decode(),
    )
    assert "您自己，须由另一人复核" in own
    assert "待您复核" in his
    assert 'value="same"' not in chief.get(address).content.decode()
    page = steward.get(address).content.decode()
    chosen = [r for r in INPUT.findall(page) if 'name="keeps"' in r and " checked" in r]
    assert [TRADER.uscc in one for one in chosen] == [True]
    second = {"verdict": "same", "keeps": TRADER.uscc, "reason": "复核", "seen": seen(page)}
    assert steward.post(address, second).status_code == 302
    assert value("SELECT count(*) FROM joined_pair") == 1
    assert "待复核" not in steward.get("/desk/pairs").content.decode()


def test_two_codes_that_are_typed_lead_to_their_page(world: World) -> None:
    chief = world.sit_down("chief")
    answer = chief.get("/desk/pairs", {"code": TRADER.uscc, "other": COMPANY.uscc})
    assert answer.headers["Location"] == f"/desk/pairs/{TRADER.uscc}/{COMPANY.uscc}"
    assert chief.get(f"/desk/pairs/{TRADER.uscc}/91440606MA4W00011X").status_code == 404
