"""Link, ask or nothing: what must never be linked by itself, and what may."""

from __future__ import annotations

import pytest

from yuexin.domains.subjects.linkage.check import found
from yuexin.domains.subjects.linkage.model import Model
from yuexin.engines.declare.queries import current
from yuexin.engines.declare.types import LinkageExample

MODEL = Model.of(current())
A, B, TRADER = "91440606684400012K", "93441900MA4W00011U", "92440300MA5ABCD19R"
FOSHAN, SHENZHEN = "440600", "440300"
NAME = "佛山市岭粤家具有限公司"


def firm(code: str = A, names: str = NAME, city: str = FOSHAN, **said: str) -> dict[str, str]:
    return {"code": code, "names": names, "city": city, **said}


def finding(*subjects: dict[str, str], **mention: str) -> tuple[str, str]:
    return found(LinkageExample(name="", mention=mention, subjects=subjects, finding="none"), MODEL)


@pytest.mark.parametrize(
    "name",
    [
        "佛山市岭粤家具有限公司", "佛山市嶺粵傢具有限公司", "佛山市岭粤家具 有限公司",
        "佛山市岭粤家俱有限公司", "岭粤家具有限公司", "佛山市岭粤家具公司",
        "佛山市岭粤家具有限公司*", "佛山市岭越家具有限公司", "佛山岭粤家具有限责任公司",
        "岭粤家具(佛山)有限公司",
    ],
)  # fmt: skip
def test_a_valid_code_links_under_a_name_that_is_the_same_but_for_its_spelling(name: str) -> None:
    assert finding(firm(), uscc=A, name=name) == ("link", A)


@pytest.mark.parametrize("name", ["深圳市云帆贸易有限公司", "佛山市岭粤家具有限公司顺德分公司"])
def test_a_valid_code_with_a_clearly_different_name_is_for_a_person(name: str) -> None:
    assert finding(firm(), uscc=A, name=name) == ("ask", A)


def test_a_valid_code_without_any_name_is_one_piece_of_evidence() -> None:
    assert finding(firm(), uscc=A) == ("ask", A)
    assert finding(firm(person="张三"), uscc=A, person="张三") == ("link", A)


def test_a_name_alone_never_links_however_rare() -> None:
    assert finding(firm(), name=NAME) == ("ask", A)


def test_the_offices_city_carries_a_whole_name_and_no_other() -> None:
    assert finding(firm(), name=NAME, agency_city=FOSHAN) == ("link", A)
    assert finding(firm(), name="岭粤家具有限公司", agency_city=FOSHAN)[0] == "ask"
    assert finding(firm(), name="佛山市岭粤家俱有限公司", agency_city=FOSHAN)[0] == "ask"


def test_a_name_that_only_sounds_alike_needs_more_than_the_place() -> None:
    like = firm(names="佛山市岭月家具有限公司", person="张三", address="佛山市禅城区一路1号")
    assert finding(like, name=NAME, city=FOSHAN)[0] != "link"
    assert finding(like, name=NAME, city=FOSHAN, person="张三")[0] != "link"
    assert finding(
        like, name=NAME, city=FOSHAN, person="张三", address="佛山市禅城区一路1号"
    ) == ("link", A)  # fmt: skip


def test_a_region_before_the_brand_and_one_in_brackets_make_two_names() -> None:
    turned = firm(names="岭粤家具(佛山)有限公司", address="佛山市禅城区一路1号")
    said = {"name": NAME, "city": FOSHAN, "address": "佛山市禅城区一路1号"}
    assert finding(turned, **said)[0] == "ask"
    assert finding(turned | {"established": "2009-03-02"}, **said, established="2009-03-02") == (
        "link",
        A,
    )


def test_numbered_firms_are_never_taken_for_each_other() -> None:
    first = firm(names="佛山市第一建筑工程公司")
    assert finding(first, name="佛山市第二建筑工程公司", city=FOSHAN)[0] == "none"


def test_two_namesakes_that_fit_alike_are_for_a_person() -> None:
    pair = firm(A, "岭粤便利店"), firm(TRADER, "岭粤便利店")
    assert finding(*pair, name="岭粤便利店", city=FOSHAN)[0] == "ask"


def test_namesakes_are_told_apart_by_the_person() -> None:
    one, other = firm(A, "岭粤便利店", person="张三"), firm(TRADER, "岭粤便利店", person="李四")
    found = finding(one, other, name="岭粤便利店", city=FOSHAN, person="李四")
    assert found == ("link", TRADER)


def test_the_code_of_another_subject_speaks_against_any_name() -> None:
    other = firm(TRADER, "深圳市远帆餐饮店", SHENZHEN)
    assert finding(firm(), other, uscc=TRADER, name=NAME, city=FOSHAN)[0] == "ask"


def test_a_valid_code_that_nobody_has_yet_is_a_firm_that_nobody_knows_yet() -> None:
    assert finding(firm(), uscc=B, name=NAME, city=FOSHAN) == ("none", "")


def test_another_person_in_another_city_is_another_firm() -> None:
    mine = firm(person="张三")
    assert finding(mine, name=NAME, city=SHENZHEN, person="李四")[0] != "link"


def test_another_day_of_establishment_speaks_against_the_pair() -> None:
    mine = firm(established="2009-03-02")
    assert finding(mine, name=NAME, city=FOSHAN, established="2015-06-01")[0] != "link"
    assert finding(mine, name=NAME, city=FOSHAN, established="2009-03-02") == ("link", A)


# --- names that changed hands ---

OLD, NEW = "佛山市岭粤家具有限公司", "佛山市云帆家具有限公司"


def test_two_firms_that_swapped_names_are_told_apart_by_a_person() -> None:
    one = firm(A, f"{OLD}|2010-01-01|2020-01-01;{NEW}|2020-01-01")
    other = firm(B, f"{NEW}|2010-01-01|2020-01-01;{OLD}|2020-01-01")
    for day in ("2015-05-05", "2024-05-05", ""):
        assert finding(one, other, name=OLD, city=FOSHAN, on_date=day)[0] == "ask"


def test_the_name_of_a_dead_firm_that_another_bears_now_never_leads_to_the_dead() -> None:
    dead, living = firm(A, f"{OLD}|2005-01-01|2015-01-01"), firm(B, f"{OLD}|2018-01-01")
    verdict, subject = finding(dead, living, name=OLD, city=FOSHAN, on_date="2024-05-05")
    assert (verdict, subject) in {("ask", B), ("link", B)}


def test_a_name_told_on_a_day_after_it_was_given_up_needs_more_than_the_place() -> None:
    dead = firm(A, f"{OLD}|2005-01-01|2015-01-01", person="张三")
    assert finding(dead, name=OLD, city=FOSHAN, on_date="2024-05-05")[0] == "ask"
    assert finding(dead, name=OLD, city=FOSHAN, on_date="2010-05-05") == ("link", A)


def test_a_code_used_again_by_another_firm_is_for_a_person() -> None:
    assert finding(firm(A, OLD), uscc=A, name="珠海市海天物流有限公司")[0] == "ask"


def test_a_number_that_leads_to_two_links_to_neither() -> None:
    one, other = firm(A, OLD, reg_no="440"), firm(TRADER, NEW, reg_no="440")
    assert finding(one, other, reg_no="440", name="佛山市海天家具有限公司")[0] != "link"


@pytest.mark.parametrize(
    "name", ["", "华", "😀", "<script>", "'; DROP TABLE subject; --", "长" * 200]
)
def test_hostile_names_find_nobody(name: str) -> None:
    assert finding(firm(), name=name, city=FOSHAN) == ("none", "")


def test_firms_named_like_cities_are_not_each_other() -> None:
    assert finding(firm(A, "广州有限公司"), name="深圳市公司", city=FOSHAN)[0] == "none"
