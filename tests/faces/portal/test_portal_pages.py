"""Every page from made-up values: what it says, what it never does. No database."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import translation
from tests.faces.portal import samples, samples_of_lists
from tests.faces.portal.listed import listed
from tests.faces.portal.markup import Markup

from yuexin.base.codes import check_uscc
from yuexin.base.text import Text
from yuexin.domains.credit.types import CreditFile, Example, FormerName, Head, SectionState
from yuexin.faces.portal import answers, pages, refusals

PERSON = "440101199001011234"
Page = Callable[[HttpRequest], HttpResponse]


def _front(request: HttpRequest, examples: Sequence[Example] = samples.EXAMPLES) -> HttpResponse:
    return pages.front(
        request, totals=samples.totals(), published=samples.published(), examples=examples
    )


def _file(request: HttpRequest, file: CreditFile | None = None) -> HttpResponse:
    return pages.credit_file(request, file=file or samples.credit_file(), today=samples.TODAY)


def _timeline(request: HttpRequest) -> HttpResponse:
    return pages.timeline(request, file=samples.credit_file(), today=samples.TODAY)


PAGES: dict[str, Page] = {
    "front": lambda r: _front(r),
    "today": lambda r: pages.today_published(r, found=samples.published()),
    "nothing today": lambda r: pages.today_published(r, found=samples.published(rows=0)),
    "held": lambda r: pages.held(
        r, totals=samples.totals(), waiting=(samples.why(),), returned=(samples.why(),)
    ),
    "nothing held": lambda r: pages.held(r, totals=samples.totals(), waiting=(), returned=()),
    "lists": lambda r: pages.lists(r, found=samples_of_lists.lists()),
    "members": lambda r: pages.members(r, found=samples_of_lists.members(), paging="city=440100"),
    "nobody listed": lambda r: pages.members(r, found=samples_of_lists.members(rows=0), paging=""),
    "measures": lambda r: pages.measures(r, found=samples_of_lists.measures()),
    "listed file": lambda r: pages.credit_file(
        r,
        file=dataclasses.replace(samples.credit_file(), lists=samples_of_lists.listings()),
        today=samples.TODAY,
    ),
    "integrity": lambda r: pages.integrity(r, last=samples.verified(), asked=False, may_ask=True),
    "tampered": lambda r: pages.integrity(
        r,
        last=samples.verified(problems=["delivery 3: the file changed"]),
        asked=True,
        may_ask=False,
    ),
    "never verified": lambda r: pages.integrity(r, last=None, asked=False, may_ask=False),
    "search": lambda r: pages.search(r, found=samples.search_page()),
    "no search": lambda r: pages.search(r, found=None),
    "no hits": lambda r: pages.search(r, found=samples.search_page(hits=0)),
    "file": _file,
    "past": lambda r: _file(r, samples.credit_file(past=True)),
    "many": lambda r: _file(r, samples.credit_file(licences=40)),
    "timeline": _timeline,
    "record": lambda r: pages.record(r, head=samples.head(), entry=samples.entry("penalty")),
    "agencies": lambda r: pages.agencies(r, found=(samples.agency(),)),
    "no agencies": lambda r: pages.agencies(r, found=()),
    "publicity": lambda r: pages.publicity(r, found=samples.publicity_page()),
    "no publicity": lambda r: pages.publicity(r, found=samples.publicity_page(rows=0)),
    "about": lambda r: pages.about(r, remedies=samples.REMEDIES),
    "refused": lambda r: pages.refused(r, refusals.unknown_agency()),
    "invalid code": lambda r: pages.unknown_code(r, verdict=check_uscc("9144O606684400012K")),
    "broken": pages.broken,
    "list": answers.batch,
    "list answered": lambda r: answers.batch(r, given=listed()[0], checked=listed()[1]),
    "list refused": lambda r: answers.batch(r, refusal=refusals.not_understood()),
    "scan": answers.scan,
    "scan of several": lambda r: answers.scan(r, codes=[(samples.CODE, "x")], texts=("x",)),
}
OWN_SCRIPTS = {"/static/portal/suggest.js"}
# A camera is read by a script; without it the page does the same by a form.
SCRIPTS = {"scan": ["/static/portal/scan.js"], "scan of several": ["/static/portal/scan.js"]}


def get(address: str = "/") -> HttpRequest:
    return RequestFactory().get(address)


@pytest.fixture(params=["zh-hans", "en"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    with translation.override(request.param):
        yield request.param


@pytest.fixture
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_a_document_that_anyone_can_find_their_way_in(name: str, language: str) -> None:
    page = Markup(PAGES[name](get()))
    assert page.all("html")[0]["lang"] == ("zh-hans" if name == "broken" else language)
    assert page.headings()[0] == 1
    assert page.headings().count(1) == 1
    steps = zip(page.headings(), page.headings()[1:], strict=False)
    assert all(after - before <= 1 for before, after in steps)
    assert len(page.all("main")) == 1
    identities = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(identities) == len(set(identities))
    labelled = {attributes["for"] for attributes in page.all("label")}
    fields = [given for given in page.all("input") if given.get("type") != "hidden"]
    assert all(attributes["id"] in labelled for attributes in fields)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_runs_nothing_and_loads_nothing_foreign(name: str) -> None:
    page = Markup(PAGES[name](get()))
    assert not page.all("style", "iframe", "object", "embed", "base")
    scripts = [given.get("src", "") for given in page.all("script")]
    assert set(scripts) <= {*OWN_SCRIPTS, *SCRIPTS.get(name, [])}
    attributes = [name for _, given in page.tags for name in given]
    assert not [a for a in attributes if a == "style" or a.startswith("on")]
    # Named, not loaded: the address of the page itself, and its feed.
    named = {"canonical", "alternate"}
    loaded = [given.get("href", "") for given in page.all("link") if given["rel"] not in named]
    loaded += [given.get("src", "") for given in page.all("img", "source")]
    assert all(address.startswith("/static/") for address in loaded)


def test_an_english_page_leaves_no_chinese_of_its_own(english: None) -> None:
    for name in ("front", "no search", "no agencies", "no publicity", "refused"):
        page = Markup(PAGES[name](get()))
        own = page.text.replace("餐饮", "").replace("简体中文", "")
        assert own.isascii() or not [c for c in own if "\u4e00" <= c <= "\u9fff"], name


def test_chinese_on_an_english_page_says_that_it_is_chinese(english: None) -> None:
    page = pages.record(get(), head=samples.head(), entry=samples.entry("penalty"))
    assert f'<span lang="zh-Hans">{samples.HEADLINES["penalty"]}</span>' in page.content.decode()


def test_of_joined_texts_only_the_chinese_one_says_that_it_is_chinese(english: None) -> None:
    joined = Text("粤环罚〔2026〕22号 · 罚款", "粤环罚〔2026〕22号 · Fine")
    entry = dataclasses.replace(samples.entry("penalty"), headline=joined)
    page = pages.record(get(), head=samples.head(), entry=entry).content.decode()
    number = '<span class="part"><span lang="zh-Hans">粤环罚〔2026〕22号</span></span>'
    fine = '<span class="part"><span class="joint">·</span> Fine</span>'
    assert f"{number} {fine}</span></h1>" in page


def test_an_english_refusal_begins_like_a_sentence() -> None:
    given: dict[str, Any] = {
        "code": "x", "length": 101, "longest": 100, "last": 9, "page": 2, "order": "1/2026",
        "name": "city",
    }  # fmt: skip
    makers = [maker for _, maker in inspect.getmembers(refusals, inspect.isfunction)]
    assert len(makers) > 5
    for maker in makers:
        wanted = inspect.signature(maker).parameters
        refusal = maker(**{name: given[name] for name in wanted})
        for said in (refusal.what, refusal.remedy):
            assert said is None or not said.en[0].islower(), said.en


def test_the_front_page_gives_its_figures_their_date() -> None:
    page = Markup(PAGES["front"](get()))
    assert "105,487 个主体" in page.text
    assert "最近一次交付接收于2026年11月24日 00:05" in page.text


def test_measures_of_which_no_text_is_known_are_folded_away() -> None:
    page = PAGES["measures"](get()).content.decode()
    folded = page.partition("正文待主管部门确认</summary>")[2].partition("</details>")[0]
    assert "惩戒清单第54项" in folded
    assert page.count("惩戒清单第54项") == 1
    assert "不适用告知承诺制" not in folded


def test_an_empty_platform_says_so() -> None:
    none = dataclasses.replace(samples.totals(), subjects=0, last_received_at=None)
    published = samples.published(rows=0)
    page = Markup(pages.front(get(), totals=none, published=published, examples=()))
    assert "还没有收到任何交付" in page.text


def test_a_fact_stands_with_its_source() -> None:
    page = Markup(_file(get()))
    assert "住所 广东省佛山市顺德区大良街道凤翔工业园展业路12号之三 （依法隐去一部分）" in page.text
    source = "广东省生态环境厅，行政许可（2018年标准），第 12 次交付第 1742 行"
    assert f"来源：{source}，2026年11月24日 00:05 接收" in page.text


def test_a_status_gives_its_reason_its_clause_and_its_end() -> None:
    page = Markup(_file(get()))
    assert "主体状态 存续 登记状态为“存续”（登记注册，2008-12-19）" in page.text
    evidence = samples.head().verdicts[0].evidence[0].record
    assert f"/s/{samples.CODE}/records/{evidence}" in page.links()
    assert "登记注册 · 存续（在营、开业、在册）" in page.text
    assert "依据 2 项规定 市场主体登记管理条例、企业信息公示暂行条例" in page.text
    assert "一项即将到期 固定污染源排污许可决定书，有效期至 2026-12-06" in page.text
    assert "若无新记录，2026年12月7日起可能变化" in page.text


def test_an_empty_section_says_which_kind_of_empty() -> None:
    page = Markup(_file(get()))
    assert "未归集 本平台尚未归集此类信息。" in page.text
    assert "没有记录 不在严重失信主体名单上（截至 2026-11-24 交付的数据）" in page.text
    assert (
        "来源未按期交付 此处可能不完整 是哪些来源 数据来源自 2026-11-20 起未按期交付，" in page.text
    )
    assert "不公开 此类信息不向社会公开。" in page.text


def test_every_record_links_to_its_permanent_address() -> None:
    file = samples.credit_file(licences=40)
    page = Markup(_file(get(), file))
    records = [entry.record for section in file.sections for entry in section.entries]
    assert len(records) == 42
    for record in records:
        assert f"/s/{samples.CODE}/records/{record}" in page.links()


def test_a_long_section_shows_the_first_in_full_and_lists_the_rest_with_their_source() -> None:
    page = Markup(_file(get(), samples.credit_file(licences=40)))
    assert len(page.all("article")) == 1 + pages.FULL_ENTRIES
    assert "其余 36 条" in page.text
    assert page.text.count("来源：") == 42


def test_doubt_is_said_beside_the_head() -> None:
    about = dataclasses.replace(samples.head(), doubt=Text("正在核实。", "Being verified."))
    page = Markup(_file(get(), samples.credit_file(about=about)))
    assert "待核实 正在核实。" in page.text


def test_a_company_is_indexed_under_one_address() -> None:
    response = _file(get(f"/s/{samples.CODE}?lang=en"))
    page = Markup(response)
    assert "X-Robots-Tag" not in response.headers
    assert not [given for given in page.all("meta") if given.get("name") == "robots"]
    canonical = [given["href"] for given in page.all("link") if given["rel"] == "canonical"]
    assert canonical == [f"http://testserver/s/{samples.CODE}"]


def _pages_about(head: Head) -> list[HttpResponse]:
    file = samples.credit_file(about=head)
    return [
        _file(get(), file),
        pages.timeline(get(), file=file, today=samples.TODAY),
        pages.record(get(), head=head, entry=samples.entry()),
    ]


def test_no_page_about_a_sole_trader_is_indexed() -> None:
    for response in _pages_about(samples.head(sole_trader=True)):
        assert response.headers["X-Robots-Tag"] == "noindex"
        assert {"name": "robots", "content": "noindex"} in Markup(response).all("meta")


def test_a_past_day_says_by_which_law_it_is_shown_and_is_never_kept() -> None:
    response = _file(get("/?on=2024-03-05"), samples.credit_file(past=True))
    page = Markup(response)
    assert "这是 2024年3月5日 的档案，按今天的法律展示。" in page.text
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert f"/s/{samples.CODE}/timeline?on=2024-03-05#view" in page.links()
    assert "这里没有的不等于当时没有" in page.text
    assert "上面的名称、类型和所在地是今天的；那一天的主体状态没有保存" in page.text
    assert "状态是今天的" not in page.text


def test_the_head_counts_what_is_adverse_and_leads_there() -> None:
    file = samples.credit_file()
    page = Markup(_file(get(), file))
    assert "不利信息 现公开 1 条 行政处罚 · 超过许可排放浓度排放水污染物" in page.text
    harmless = tuple(s for s in file.sections if not any(e.adverse for e in s.entries))
    page = Markup(_file(get(), dataclasses.replace(file, sections=harmless)))
    assert "不利信息 现无公开的 指公开的处罚、失信、异常名录等记录" in page.text
    assert "未归集、尚未收到或未按期交付的见各节" in page.text
    past = dataclasses.replace(file, sections=harmless, past=True)
    assert "不利信息 这一天的档案中没有现在仍公开的" in Markup(_file(get(), past)).text


def test_a_file_does_not_repeat_its_own_name_and_code_beside_every_record() -> None:
    page = Markup(_file(get()))
    assert page.text.count(samples.CODE) == 2, "in the head, and in the address on paper"
    alone = Markup(pages.record(get(), head=samples.head(), entry=samples.entry("registration")))
    assert f"统一社会信用代码 {samples.CODE}" in alone.text


@pytest.mark.parametrize(("state", "word"), [("not_yet", "尚未收到"), ("past", "无从确认")])
def test_each_kind_of_empty_has_its_own_word(state: SectionState, word: str) -> None:
    section = samples.section("judicial", Text("司法", "Courts"), state=state, note="说明。")
    file = dataclasses.replace(samples.credit_file(), sections=(section,))
    assert f"司法 {word} 说明。" in Markup(_file(get(), file)).text
    assert word in Markup(PAGES["about"](get())).text


def test_a_filled_section_names_the_sources_that_are_not_in() -> None:
    gap = Text("某部门的行政处罚尚未交付过，此处可能不完整。", "Not delivered yet.")
    filled = samples.section("administration", Text("行政管理", "Administration"), samples.entry())
    file = dataclasses.replace(
        samples.credit_file(), sections=(dataclasses.replace(filled, note=gap),)
    )
    assert gap.zh in Markup(_file(get(), file)).text


def test_the_timeline_goes_by_years() -> None:
    page = Markup(_timeline(get()))
    assert "2026 年" in page.text
    assert "2025 年" in page.text
    assert "2026年5月8日 行政处罚 超过许可排放浓度排放水污染物 不利信息" in page.text


def test_a_record_without_any_date_still_has_its_place() -> None:
    undated = dataclasses.replace(samples.entry(), event_date=None, valid_from=None)
    file = dataclasses.replace(samples.credit_file(), timeline=(undated,))
    page = Markup(pages.timeline(get(), file=file, today=samples.TODAY))
    assert "日期不详" in page.text


def test_a_penalty_says_how_to_contest_it() -> None:
    penalty = Markup(PAGES["record"](get())).text
    assert "六十日内申请行政复议" in penalty
    licence = Markup(pages.record(get(), head=samples.head(), entry=samples.entry())).text
    assert "行政复议" not in licence


def test_a_hit_says_what_matched_only_where_it_is_not_the_name() -> None:
    page = Markup(pages.search(get(), found=samples.search_page(hits=3)))
    assert page.text.count("名称含有") == 1
    assert "名称含有：顺德市悦信五金厂" in page.text


def test_search_results_are_paged_and_not_indexed() -> None:
    response = pages.search(get(), found=samples.search_page(query="悦信 & 五金"))
    page = Markup(response)
    assert response.headers["X-Robots-Tag"] == "noindex"
    query = "?q=%E6%82%A6%E4%BF%A1%20%26%20%E4%BA%94%E9%87%91&page="
    assert {f"{query}1", f"{query}3"} <= set(page.links())


def test_nothing_found_says_what_to_do() -> None:
    page = Markup(PAGES["no hits"](get()))
    assert "已交付的数据中没有符合的主体。" in page.text
    assert "可以这样再查" in page.text


def test_a_mistyped_code_is_explained_with_the_code_meant() -> None:
    hint = Text("统一社会信用代码含有不允许的字符：O", "no O")
    found = samples.search_page(
        hits=0, query="9144O606684400012K", hint=hint, suggestion=samples.CODE
    )
    page = Markup(pages.search(get(), found=found))
    assert hint.zh in page.text
    assert f"/s/{samples.CODE}" in page.links()


def test_an_invalid_code_is_answered_with_its_problems_and_the_code_meant() -> None:
    response = PAGES["invalid code"](get())
    page = Markup(response)
    assert response.status_code == 404
    assert "“9144O606684400012K”不是有效的统一社会信用代码" in page.text
    assert "统一社会信用代码含有不允许的字符：O" in page.text
    assert "依据 GB 32100-2015" in page.text
    assert f"/s/{samples.CODE}" in page.links()


def test_a_valid_code_without_a_file_is_merely_not_delivered() -> None:
    response = pages.unknown_code(get(), verdict=check_uscc(samples.CODE))
    assert response.status_code == 404
    assert "格式正确，但已交付的数据中没有这个主体" in Markup(response).text


def test_a_number_that_may_be_a_persons_is_not_repeated() -> None:
    by_code = pages.unknown_code(get(f"/s/{PERSON}"), verdict=check_uscc(PERSON))
    found = samples.search_page(hits=0, query=PERSON)
    by_search = pages.search(get(f"/search?q={PERSON}"), found=found)
    for response in (by_code, by_search):
        assert PERSON not in response.content.decode()
        assert "440101********1234" in response.content.decode()


def test_nothing_that_was_typed_or_delivered_is_markup() -> None:
    hostile = samples.HOSTILE
    text = Text(hostile, hostile)
    entry = dataclasses.replace(
        samples.entry("penalty", headline=hostile),
        facts=(dataclasses.replace(samples.facts("penalty")[0], value=text, label=text),),
    )
    head = dataclasses.replace(
        samples.head(name=hostile), former_names=(FormerName(hostile),), city=text
    )
    section = samples.section("basic", text, entry)
    file = dataclasses.replace(samples.credit_file(about=head), sections=(section,))
    found = dataclasses.replace(
        samples.search_page(query=hostile, hint=text), hits=(samples.hit(name=hostile),)
    )
    for language in ("zh-hans", "en"):
        with translation.override(language):
            answers = [
                _file(get(), file),
                pages.timeline(get(), file=file, today=samples.TODAY),
                pages.record(get(), head=head, entry=entry),
                pages.search(get("/search?" + "q=<script>&x=<script>"), found=found),
                pages.unknown_code(get(), verdict=check_uscc(hostile)),
                _front(get(), (Example(query=hostile, why=text),)),
            ]
        for response in answers:
            page = Markup(response)
            assert {one.get("src") for one in page.all("script")} <= OWN_SCRIPTS
            assert not [a for _, given in page.tags for a in given if a.startswith("on")]


def test_front_page_and_file_together_weigh_less_than_100_kb() -> None:
    assets = [finders.find("portal/yuexin.css"), finders.find("portal/icon.svg")]
    weight = sum(Path(str(asset)).stat().st_size for asset in assets)
    weight += len(PAGES["front"](get()).content)
    weight += len(PAGES["many"](get()).content)
    assert weight <= 100_000


def test_robots_may_read_files_but_not_searches() -> None:
    robots = pages.robots(get()).content.decode()
    assert "Disallow: /search" in robots
    assert "Disallow: /s/" not in robots
    assert "Sitemap: http://testserver/sitemap.xml" in robots


def test_the_sitemap_holds_the_given_codes_and_nothing_else() -> None:
    sitemap = pages.sitemap(get(), codes=(samples.CODE,)).content.decode()
    assert sitemap.count("<loc>") == 1
    assert f"<loc>http://testserver/s/{samples.CODE}</loc>" in sitemap
    assert "<loc>" not in pages.sitemap(get(), codes=()).content.decode()


def test_a_long_sitemap_is_an_index_of_its_parts() -> None:
    index = pages.sitemap_index(get("/sitemap.xml"), count=3).content.decode()
    assert "<urlset" not in index
    assert [part for part in index.split() if part.startswith("<sitemap><loc>")] == [
        f"<sitemap><loc>http://testserver/sitemap.xml?page={page}</loc></sitemap>"
        for page in (1, 2, 3)
    ]


def test_a_day_that_is_late_only_provisionally_says_so() -> None:
    sure = samples.agency()
    late = dataclasses.replace(sure.resources[0], provisional=True)
    unsure = dataclasses.replace(sure, resources=(late, *sure.resources[1:]))
    words = "自2026年11月20日起（该年节假日安排尚未公布，暂按周一至周五计）"
    assert words in Markup(pages.agencies(get(), found=(unsure,))).text
    assert words not in Markup(pages.agencies(get(), found=(sure,))).text


def test_the_page_for_our_own_faults_speaks_both_languages() -> None:
    page = Markup(pages.broken(get()))
    assert "这一页出错了" in page.text
    assert "Something went wrong" in page.text


def test_the_language_link_keeps_what_was_asked() -> None:
    page = Markup(pages.timeline(get("/?on=2024-03-05"), file=samples.credit_file(past=True),
                                 today=samples.TODAY))  # fmt: skip
    assert "?on=2024-03-05&lang=en" in page.links()
