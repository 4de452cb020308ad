"""A search by scraps: as written, as it sounds, one character off, in pieces; narrowed."""

from __future__ import annotations

import dataclasses

import pytest
from tests.cast import COMPANY, INSTITUTION, PUBLIC, TRADER, Entity
from tests.intake import Intake
from tests.state import all_rows, execute

from yuexin.domains.credit.files import Reader
from yuexin.domains.credit.finding.types import Query, SearchPage
from yuexin.domains.credit.queries import export, search, suggest
from yuexin.domains.credit.search import search as search_as
from yuexin.domains.subjects.persons import registers, represented
from yuexin.engines.access.types import Actor
from yuexin.sample.codes import org_code, uscc

pytestmark = pytest.mark.usefixtures("undone")

BRAND = Entity(
    uscc=uscc(kind="91", division="440300", org="MAY3TMH67"), name="深圳市重行示例计算机有限公司"
)
CITY = Entity(uscc=uscc(kind="91", division="440300", org="MAY3TMH75"), name="深圳市")
PERSON = "王示例"
CLERK = Actor(id="clerk", role="clerk", agency="market", purpose="inspection")


@pytest.fixture
def register(deliver: Intake) -> Intake:
    rows = [each.registration() for each in (CITY, TRADER, COMPANY)]
    deliver("registration", [*rows, BRAND.registration(法定代表人=PERSON)])
    return deliver


def found(register: Intake, text: str, actor: Actor = PUBLIC, **filters: str) -> SearchPage:
    query = dataclasses.replace(Query(text=text), **filters)  # type: ignore[arg-type]
    return search(actor=actor, query=query, now=register.now)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("深圳市重行示例计算机有限公司", "名称相同"),
        ("深圳市重行", "名称以此开头"),
        ("重行", "名称含有"),
        ("计算机 重行", "名称含有"),
        ("重行示例計算機", "名称含有"),
        ("chongxing", "读音相同"),
        ("zhonghang", "读音相同"),
        ("chxshl", "读音相同"),
        ("shenzhenchongxing", "读音相同"),
        ("cxsl", "读音相同"),
        ("崇行示例计算机", "读音相同"),
        ("重行示倒计算机", "相差一个字"),
        ("重行示例算机", "相差一个字"),
        ("重行示例新计算机", "相差一个字"),
        ("深圳重行计算机", "依次含有各段字"),
        ("91440300MAY3", "代码或旧号码"),
        ("MAY3TMH67", "代码或旧号码"),
    ],
)
def test_a_scrap_leads_to_the_company_and_says_why(register: Intake, typed: str, why: str) -> None:
    hit = found(register, typed).hits[0]
    assert (hit.code, hit.why.zh) == (BRAND.uscc, why)


def test_letters_that_no_code_has_are_read_as_the_digits_they_look_like(register: Intake) -> None:
    typed = BRAND.uscc.replace("0", "O").replace("1", "I")
    assert [hit.code for hit in found(register, typed).hits] == [BRAND.uscc]


def test_a_company_called_like_a_city_comes_before_those_of_the_city(register: Intake) -> None:
    assert found(register, "深圳市").hits[0].code == CITY.uscc


def test_a_person_is_found_by_officers_for_a_purpose_alone(register: Intake) -> None:
    assert found(register, PERSON).hits == ()
    assert found(register, PERSON, dataclasses.replace(CLERK, purpose="")).hits == ()
    assert found(register, PERSON).hint is None
    assert all_rows("SELECT action FROM journal_entry WHERE action = 'person.search'") == []
    hits = found(register, PERSON, CLERK).hits
    assert [(hit.code, hit.why.zh) for hit in hits] == [(BRAND.uscc, "法定代表人或负责人")]
    assert len(all_rows("SELECT action FROM journal_entry WHERE action = 'person.search'")) == 1


INSTITUTE = {
    "统一社会信用代码": INSTITUTION.uscc, "名称": INSTITUTION.name, "类型": "事业单位",
    "法定代表人": PERSON, "设立登记日期": "2003-05-12", "核准日期": "2024-04-01",
    "登记管理机关": "广东省事业单位登记管理局", "登记状态": "正常", "所在城市": "广州",
}  # fmt: skip


def test_a_person_is_found_by_every_register_that_names_one(register: Intake) -> None:
    register("institutions", [INSTITUTE])
    hits = found(register, PERSON, CLERK).hits
    assert {hit.code for hit in hits} == {BRAND.uscc, INSTITUTION.uscc}
    # Whom he represented before is not whom he represents.
    later = {"核准日期": "2025-04-01", "法定代表人": "李示例"}
    register("institutions", [{**INSTITUTE, **later}], name="later.csv")
    assert [hit.code for hit in found(register, PERSON, CLERK).hits] == [BRAND.uscc]


def test_each_register_that_names_a_person_has_an_index_of_its_own(register: Intake) -> None:
    orgs = [org_code(index=index, seed=7) for index in range(300)]
    firms = [
        Entity(uscc=uscc(kind="91", division="440300", org=org), name=f"深圳市示例{org}有限公司")
        for org in orgs
    ]
    schools = [uscc(kind="12", division="440000", org=org) for org in orgs]
    register("registration", [firm.registration() for firm in firms], name="firms.csv")
    register(
        "institutions",
        [
            {
                **INSTITUTE,
                "统一社会信用代码": code,
                "法定代表人": "陈示例",
                "名称": f"示例学校{code}",
            }
            for code in schools
        ],
    )
    # Few rows, or statistics of another test's, would leave the choice of an index to chance.
    execute("ANALYZE record")
    execute("SET LOCAL enable_seqscan = off")
    asked = represented(register.declarations).replace("%(person)s", "%s")
    plan = "\n".join(
        line for (line,) in all_rows(f"EXPLAIN {asked}", *[PERSON] * asked.count("%s"))
    )
    for kind in ("registration", "institution_registration"):
        assert f"record_{kind}_legal_rep" in plan


def test_a_register_is_a_declaration(register: Intake) -> None:
    kinds = dict(register.declarations.kinds)
    assert set(registers(register.declarations)) == {
        "registration", "institution_registration", "social_organisation_registration",
    }  # fmt: skip
    penalty = kinds["penalty"]
    assert penalty.evidence["person"]
    kinds["register_of_sheds"] = dataclasses.replace(
        kinds["registration"], id="register_of_sheds", evidence={"person": "keeper"}
    )
    more = dataclasses.replace(register.declarations, kinds=kinds)
    assert registers(more)["register_of_sheds"] == "keeper"
    assert "'register_of_sheds'" in represented(more)
    without = {name: dataclasses.replace(kind, names=None) for name, kind in kinds.items()}
    asked = represented(dataclasses.replace(more, kinds=without))
    assert all_rows(asked) == []


def test_filters_narrow_and_are_counted(register: Intake) -> None:
    page = found(register, "示例")
    counts = {one.value: one.count for facet in page.facets for one in facet.choices}
    cities = next(facet for facet in page.facets if facet.field == "city")
    assert sum(choice.count for choice in cities.choices) == page.total
    city = cities.choices[0].value
    assert found(register, "示例", city=city).total == counts[city]
    assert found(register, "示例", city="445300").total == 0


def test_an_industry_narrows_nothing_for_those_who_may_not_see_it(register: Intake) -> None:
    assert "industry" not in {facet.field for facet in found(register, "示例").facets}
    assert found(register, "示例", industry="C").total == 0


def test_an_officer_narrows_by_the_industry_that_a_declared_kind_tells(register: Intake) -> None:
    rows = [COMPANY.registration(行业代码="C21"), TRADER.registration(行业代码="H62")]
    register("registration", rows, name="later.csv")
    (facet,) = [one for one in found(register, "示例", CLERK).facets if one.field == "industry"]
    assert {one.value: one.count for one in facet.choices} == {"21": 1, "62": 1}
    hits = found(register, "示例", CLERK, industry="21").hits
    assert [hit.code for hit in hits] == [COMPANY.uscc]

    kinds = {
        name: dataclasses.replace(kind, facets={})
        for name, kind in register.declarations.kinds.items()
    }
    reader = Reader(
        declarations=dataclasses.replace(register.declarations, kinds=kinds), actor=CLERK,
        now=register.now, on=register.now.date(),
    )  # fmt: skip
    page = search_as(reader=reader, query=Query(text="示例"))
    assert page.total
    assert "industry" not in {one.field for one in page.facets}
    assert not search_as(reader=reader, query=Query(text="示例", industry="21")).hits


@pytest.mark.parametrize(
    "typed",
    ["深", "😀", "😀😀", "'; DROP TABLE subject", "<script>", "%%", "__", "\\\\", "，。！",
     "长" * 200, "a" * 200, "%有限", "(((((", "[a-z]", "重行\\", "  "],
)  # fmt: skip
def test_bad_input_finds_nothing_and_breaks_nothing(register: Intake, typed: str) -> None:
    page = found(register, typed)
    assert page.hits == ()
    assert suggest(actor=PUBLIC, text=typed, now=register.now) == ()


def test_an_export_holds_the_hits_of_all_pages(register: Intake) -> None:
    query = Query(text="示例", page=3)
    everything = export(actor=PUBLIC, query=query, now=register.now)
    assert {hit.code for hit in everything.hits} >= {BRAND.uscc}
    assert everything.total == found(register, "示例").total


def test_suggestions_name_whom_they_lead_to(register: Intake) -> None:
    said = suggest(actor=PUBLIC, text="重行", now=register.now)
    assert [(one.code, one.name) for one in said] == [(BRAND.uscc, BRAND.name)]
