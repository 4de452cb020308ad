"""The first five minutes: from the front page along the tour, by real pages and forms."""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.stories.pages import Node
from tests.stories.report_texts import reports_of
from tests.stories.site import PATIENCE_SECONDS, Site, own_console, serving
from tests.stories.visitor import Visitor, file_report, link, main_form, take_step

from yuexin.engines.declare.queries import current

SUBJECTS = 400
DIGITS = re.compile(r"\d+")
THREE_MINUTES = 180.0
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
ON_TOUR = re.compile(r"导览 \d")


@pytest.fixture(scope="module")
def demonstration() -> Iterator[Site]:
    """What `make run` makes: a small province, the cast, the server and its worker."""
    with own_console() as console:
        sample: Path = console.home / "sample"
        console("sample", "--subjects", SUBJECTS, "--out", sample)
        console("deliver", sample)
        console("account", "cast")
        with serving(console, workers=1, work=True) as site:
            yield site


@pytest.fixture
def visitor(demonstration: Site) -> Visitor:
    return Visitor(demonstration)


def test_the_front_page_says_what_it_is_and_every_number_opens_its_rows(visitor: Visitor) -> None:
    front = visitor.open("/")
    assert "全属虚构" in front.text
    live = front.one("dl", cls="live")
    for address in live.links:
        assert visitor.open(address).one("h1").text
    published, late = DIGITS.findall(live.text)[:2]
    assert f"首次公开 {published} 条，其中 {late} 条逾期" in visitor.open("/today").text


def test_each_example_leads_to_the_same_company(visitor: Visitor) -> None:
    fragment, code, mistyped = visitor.open("/").one("ul", cls="examples").links
    wanted = code.partition("q=")[2]
    assert f"/s/{wanted}" in visitor.open(fragment).links
    assert f"/s/{wanted}" in visitor.open(code).links
    corrected = visitor.open(mistyped)
    assert wanted in corrected.text
    assert any(wanted in one for one in corrected.links)


def test_the_tour_goes_from_a_late_penalty_to_a_mended_row_that_is_public(
    visitor: Visitor,
) -> None:
    tour = visitor.open("/tour")
    assert "导览 1/13" not in tour.text
    late = visitor.open(link(tour, "/tour/1"))
    assert visitor.at == "/today"
    assert "导览 1/13" in late.text
    record = visitor.open(link(late, "/tour/2"))
    assert "来源" in record.text
    assert "逾期公开" in record.text
    tour = visitor.open(link(record, "/tour/3"))
    assert visitor.at == "/tour"
    raw = visitor.submit(one_click(tour))
    assert "存档文件里的原样" in raw.text
    assert "已入库，成为一条记录" in raw.text
    receipt = visitor.open(link(raw, "/desk/deliveries/"))
    assert "链值" in receipt.text or "摘要" in receipt.text
    assert "导览 3/13" in receipt.text
    rejected = visitor.open(link(receipt, "/tour/4"))
    assert "退回" in rejected.text
    assert "做完之后" in visitor.open(link(rejected, "/tour/5")).text
    assert "还没有更正" in visitor.open("/tour").text
    unmended = mended(visitor, "/tour/5", wrong=True)
    assert "已退回" in visitor.until(f"/desk/deliveries/{unmended}?kept=1", "已退回").text
    assert "已更正" not in visitor.open("/tour/4").text
    assert "导览 6/13" not in visitor.open("/tour/6").text, "it is not mended yet"
    assert mended(visitor, "/tour/5") > unmended
    shown = visitor.until("/tour/6", "看公开的记录")
    assert "导览 6/13" in shown.text
    public = visitor.open(link(shown, "/s/"))
    assert "更正的是第" in public.text
    assert "下一站：企业：填报年度报告" in visitor.open(link(public, "/tour/7")).text
    assert visitor.open("/tour").text.count("看过") == 7
    assert "看它怎样更正的" in visitor.open("/tour").text
    assert not [f for f in visitor.open("/tour/5").all("form") if is_mending(f)], "it is mended"
    assert mended(visitor, "/tour/5", again=True) > 1, "who comes second finds the way as well"
    assert "看公开的记录" in visitor.open("/tour/6").text
    ended = visitor.open("/tour/end")
    assert "导览到此结束" in ended.text
    assert not ON_TOUR.search(visitor.open("/about").text)
    assert visitor.open("/tour").text.count("看过") == 7, "what was seen is not forgotten"
    visitor.open(link(visitor.open("/tour"), "/tour/1"))
    assert visitor.open("/tour").text.count("看过") == 1, "it begins anew"


def test_the_owner_files_a_report_and_sees_a_penalty_repaired_everywhere(
    visitor: Visitor, demonstration: Site
) -> None:
    begun = time.monotonic()
    filings = go(visitor, 8)
    assert visitor.at == "/counter/filings"
    assert "导览 8/13" in filings.text
    page = visitor.open(next(one for one in filings.links if "/annual_report/" in one))
    assert "已收到" in file_report(visitor, page).text
    assert time.monotonic() - begun < THREE_MINUTES
    credit = go(visitor, 9)
    application = next(one for one in credit.links if "/apply/penalty_repair/" in one)
    code = re.search(r"9[0-9A-Z]{17}", credit.text)
    assert code
    number = re.search(r"粤环罚〔\d+〕\d+号", credit.text)
    assert number
    assert number[0] in visitor.open(f"/s/{code[0]}").text
    assert number[0] in report(demonstration, code[0])
    form = main_form(visitor.open(application))
    case = visitor.submit(
        form,
        {"p-proof": ("proof.png", PICTURE, "image/png")},
        **{"f-performed_on": "2026-08-03", "f-correction": "已缴清罚款", "f-commitment": "true",
           "f-contact": "李示例", "f-phone": "13800000000"},
    )  # fmt: skip
    assert "待受理" in case.text
    assert "已受理" in step(visitor, go(visitor, 10), "accept").text
    assert "已修复" in step(visitor, go(visitor, 11), "grant").text
    gone = go(visitor, 12)
    assert visitor.at == f"/s/{code[0]}"
    answer = next(one for one in visitor.open("/tour").links if one.startswith("/api/"))
    deadline = time.monotonic() + PATIENCE_SECONDS
    while number[0] in gone.text:
        assert time.monotonic() < deadline, "it is never gone from the page"
        gone = visitor.open(f"/s/{code[0]}")
    told = visitor.client.get(answer)
    assert told.status_code == 200
    assert number[0] not in told.text
    assert number[0] not in report(demonstration, code[0])


def test_the_chief_tries_another_threshold_of_repair_and_sees_who_would_enter_and_leave(
    visitor: Visitor,
) -> None:
    left = tried(visitor, "6")
    assert "现行 3" in left.text
    assert "可以申请 → 不可以申请" in left.text
    assert any(one.startswith("/desk/subjects/9") for one in left.links)
    assert "不可以申请 → 可以申请" in tried(visitor, "1").text


def tried(visitor: Visitor, months: str) -> Node:
    """What follows if a penalty of the general class may be repaired after so many months."""
    page = go(visitor, 13)
    assert visitor.at == "/desk/trials"
    (law,) = (one for one in page.all("details") if "open" in one.attributes)
    assert "行政处罚信用修复的最短公示期" in law.text
    field = f"{law.attributes['id']}.general"
    assert field in [one.attributes.get("name") for one in law.all("input")]
    visitor.submit(law.one("form"), **{field: months})
    return visitor.until(visitor.at, "下载名单")


def go(visitor: Visitor, number: int) -> Node:
    """To a stop from the page of the tour, as the one of the cast who goes there."""
    tour = visitor.open("/tour")
    stop = next(one for one in tour.all("li") if one.attributes.get("id") == f"stop-{number}")
    forms = stop.all("form")
    return visitor.submit(forms[0]) if forms else visitor.open(link(stop, "/tour/"))


def report(demonstration: Site, code: str) -> str:
    """What is typeset in the report that is downloaded from a public file."""
    found = reports_of(demonstration.console)
    return "".join(one["text"] for one in found if one["code"] == code)


def step(visitor: Visitor, cases: Node, name: str) -> Node:
    """Take a step in the repair that stands among the cases of an office."""
    return take_step(visitor, visitor.open(link(cases, "/desk/cases/XF2")), name)


def one_click(page: Node) -> Node:
    """The form of a page that signs in at once."""
    return next(f for f in page.all("form") if "demonstration" in f.attributes["action"])


def is_mending(form: Node) -> bool:
    """Whether a form is that of a row's columns."""
    return form.attributes.get("class") == "form"


def mended(visitor: Visitor, address: str, *, wrong: bool = False, again: bool = False) -> int:
    """The number of the delivery that mends the row whose form this is, or fails to."""
    page = visitor.open(address)
    if again:
        page = visitor.open(next(one for one in page.links if one.endswith("?again=1")))
    form = next(filter(is_mending, page.all("form")))
    address = visitor.at
    number = int(address.split("/")[3])
    delivered = visitor.open(f"/desk/deliveries/{number}").text
    visitor.at = address
    kept = visitor.submit(form, **({} if wrong else sound_values(form, delivered)))
    new = max(int(found) for found in re.findall(r"/desk/deliveries/(\d+)", " ".join(kept.links)))
    assert new > number
    return new


def test_a_stop_that_is_not_there_yet_leads_back_to_the_list(visitor: Visitor) -> None:
    visitor.open("/tour/5")
    assert visitor.at == "/tour"
    for number in (0, 14, 10**20):
        assert visitor.client.get(f"/tour/{number}").status_code == 404
    assert not ON_TOUR.search(visitor.open("/about").text), "it was not opened"
    for strange in ("99", "x", "", "-1", '"\\331\\243"'):
        visitor.client.cookies.set("yuexin_tour", strange)
        assert "下一站：" not in visitor.open("/about").text


def sound_values(form: Node, delivered: str) -> dict[str, str]:
    """What an officer would type into the faulty fields: values like those of a sound example."""
    resource = next(r for r in current().resources.values() if r.zh in delivered)
    sound = resource.examples[0].row
    faulty = [p for p in form.all("p") if "faulty" in p.attributes.get("class", "")]
    headers = [
        field.attributes["name"].removeprefix("c.")
        for paragraph in faulty
        for field in (*paragraph.all("input"), *paragraph.all("textarea"))
    ]
    assert headers
    filled = " ".join([form.text, *(one.attributes.get("value", "") for one in form.all("input"))])
    told = re.search(r"罚款([0-9.]+)万元", filled)
    amounts = {"CF_NR_FK": told[1]} if told else {}
    return {f"c.{header}": amounts.get(header) or sound.get(header, "") for header in headers}


def test_nothing_was_tampered_with_and_a_rebuild_gives_the_same(visitor: Visitor) -> None:
    visitor.submit(one_click(visitor.open("/tour")))
    page = visitor.open("/integrity")
    visitor.submit(next(f for f in page.all("form") if "/integrity/" in f.attributes["action"]))
    done = visitor.until("/integrity?wait=1", "与现状一致")
    assert "完好" in done.text


@pytest.mark.parametrize(("login", "place"), [("demo.chief", "/desk/"), ("demo.owner", "/account")])
def test_whoever_signs_in_begins_where_he_has_something_to_do(
    visitor: Visitor, login: str, place: str
) -> None:
    visitor.submit(one_click(visitor.open("/tour")), login=login, next="")
    assert visitor.at == place


@pytest.mark.parametrize("login", ["demo.citizen", "demo.owner", "demo.auditor", "demo.clerk"])
def test_who_may_not_see_the_rows_is_offered_to_be_somebody_who_may(
    visitor: Visitor, login: str
) -> None:
    visitor.submit(one_click(visitor.open("/tour")), login=login, next="/about")
    tour = visitor.open("/tour/3")
    assert visitor.at == "/tour"
    assert "存档文件里的原样" in visitor.submit(one_click(tour)).text


def test_outside_the_demonstration_there_is_no_tour(office: Site) -> None:
    assert {office.answer(path).status_code for path in ("/tour", "/tour/1", "/tour/end")} == {404}
    assert "虚构" not in office.page("/").text
