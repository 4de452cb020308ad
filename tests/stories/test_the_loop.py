"""Agencies deliver a province; a visitor finds an entity and reads its file."""

from __future__ import annotations

import unicodedata
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
from tests.sample.reading import Province
from tests.stories.pages import Entry, Hit, entries, facts, hits, sections
from tests.stories.province import (
    NAMED_AFTER_OPERATOR,
    NOT_YET,
    OPERATOR_NAME,
    Truth,
    ago,
    registered,
    rows_of,
)
from tests.stories.site import Site

from yuexin.engines.declare.queries import current


@pytest.fixture(scope="module")
def known(site: Site, province: Province) -> list[Truth]:
    """The subjects whose registration arrived soundly, as they truly are."""
    del site
    return registered(province)


@pytest.fixture(scope="module")
def one_of_each(known: list[Truth]) -> list[Truth]:
    """A subject of each kind, and of each state of registration."""
    found = {(subject["kind"], subject["status"]): subject for subject in known}
    return list(found.values())


# --- finding ---


def test_two_characters_of_a_name_find_the_entity(site: Site, known: list[Truth]) -> None:
    for subject in known[::40]:
        fragment = _rarest_pair(subject["name"], known)
        found = _found(site, fragment)
        assert subject["code"] in [hit.code for hit in found], fragment
        assert all(fragment in hit.text for hit in found)


def test_several_fragments_narrow_what_is_found(site: Site, known: list[Truth]) -> None:
    company = next(s for s in known if s["name"].startswith("广州市") and s["kind"] == "company")
    brand = _rarest_pair(company["name"], known)
    found = _found(site, f"广州 {brand} 有限")
    assert company["code"] in [hit.code for hit in found]
    assert all("广州" in hit.text and brand in hit.text for hit in found)
    assert len(found) <= len(_found(site, brand))


def test_a_code_is_found_however_it_is_typed(site: Site, known: list[Truth]) -> None:
    code, name = known[0]["code"], known[0]["name"]
    for typed in (code, code.lower(), _wide(code), f" {code[:8]} {code[8:]} "):
        assert [(hit.code, hit.name) for hit in _found(site, typed)] == [(code, name)], typed
        if " " not in typed:
            assert site.client.get(f"/s/{typed}", follow_redirects=True).url.path == f"/s/{code}"


def test_a_letter_that_no_code_holds_brings_a_suggestion(site: Site, known: list[Truth]) -> None:
    code = next(subject["code"] for subject in known if "0" in subject["code"][8:])
    typed = code[:8] + code[8:].replace("0", "O")
    assert [hit.code for hit in _found(site, typed)] == [code], "read as the digit it looks like"
    assert f"/s/{code}" in site.page(f"/s/{typed}", status=404).links


def test_old_numbers_lead_to_the_same_entity(site: Site, known: list[Truth]) -> None:
    subject = next(s for s in known if s["reg_no"] and s["kind"] == "company")
    code, org = subject["code"], subject["code"][8:17]
    for typed in (subject["reg_no"], org, f"{org[:8]}-{org[8]}", org.lower()):
        assert [hit.code for hit in _found(site, typed)] == [code], typed


def test_a_former_name_finds_the_entity_and_says_so(site: Site, known: list[Truth]) -> None:
    for subject in (s for s in known if s["former_names"]):
        former = subject["former_names"].split("|")[0]
        hit = next(hit for hit in _found(site, former) if hit.code == subject["code"])
        assert hit.name == subject["name"]
        assert former in hit.text
        assert former in site.file(subject["code"]).one("header", cls="subject").text


def test_the_exact_name_comes_first_and_no_hit_twice(site: Site, known: list[Truth]) -> None:
    company = next(s for s in known if s["kind"] == "company")
    assert _found(site, company["name"])[0].code == company["code"]
    pages = list(site.listing("/search?q=有限公司"))
    codes = [hit.code for page in pages for hit in hits(page)]
    assert len(pages) > 2
    assert len(codes) == len(set(codes))
    assert f"共 {len(codes)} 个主体" in pages[0].text


def test_a_person_is_nothing_to_search_for(site: Site, province: Province) -> None:
    rows = province.files["deliveries/001-registration-market_regulation.csv"]
    operator = rows[0].index("法定代表人")
    for row in rows[1:60]:
        assert all(row[operator] in hit.text for hit in _found(site, row[operator]))
    assert _found(site, OPERATOR_NAME) == []
    assert _found(site, OPERATOR_NAME[:2]) == []
    assert site.file(NAMED_AFTER_OPERATOR.uscc).one("h1").text == OPERATOR_NAME


# --- reading ---


def test_a_file_has_every_section_of_the_standard(site: Site, one_of_each: list[Truth]) -> None:
    for subject in one_of_each:
        page = site.file(subject["code"])
        found = sections(page)
        assert list(found) == list(current().sections)
        assert page.one("h1").text == subject["name"]
        for section in found.values():
            assert bool(section.entries) != bool(section.state)


def test_every_entry_names_its_source(
    site: Site, province: Province, one_of_each: list[Truth]
) -> None:
    files = dict(site.console.rows(_FILES))
    agencies = {one.file.split("/")[1]: one.agency for one in province.manifest.deliveries}
    for subject in one_of_each:
        truth = [(r["file"].split("/")[1], r["row"]) for r in province.rows
                 if r["code"] == subject["code"]]  # fmt: skip
        for entry in entries(site.file(subject["code"])):
            delivery, row = entry.place
            assert (files[delivery], str(row)) in truth
            assert current().agencies[agencies[files[delivery]]].zh in entry.source


def test_each_record_stands_at_its_permanent_address(site: Site, one_of_each: list[Truth]) -> None:
    subject = one_of_each[0]
    for entry in entries(site.file(subject["code"])):
        page = site.page(entry.address)
        alone = Entry(page.one("article"))
        assert (alone.headline, alone.source) == (entry.headline, entry.source)
        # What the head of the file says is not repeated beside every record of it.
        repeated = {k: v for k, v in alone.facts.items() if k not in entry.facts}
        assert alone.facts == entry.facts | repeated
        assert set(repeated.values()) <= {subject["code"], subject["name"]}
        (canonical,) = [n for n in page.all("link") if n.attributes["rel"] == "canonical"]
        assert canonical.attributes["href"] == site.url + entry.address


def test_the_timeline_tells_all_of_it_newest_first(site: Site, one_of_each: list[Truth]) -> None:
    for subject in one_of_each:
        page = site.page(f"/s/{subject['code']}/timeline")
        told = page.one("div", cls="sections")
        days = [node.attributes["datetime"] for node in told.all("time")]
        assert days == sorted(days, reverse=True)
        records = site.document(subject["code"])["records"]
        addresses = {f"/s/{subject['code']}/records/{record['record']}" for record in records}
        assert set(told.links) == addresses


def test_the_file_for_machines_says_what_the_pages_say(site: Site, known: list[Truth]) -> None:
    for subject in known[::25]:
        code = subject["code"]
        document = site.document(code)
        assert (document["code"], document["name"]) == (code, subject["name"])
        assert document["established"] == subject["established"]
        said = facts(site.file(code).one("header", cls="subject"))
        for rule in document["verdicts"]:
            assert current().rules[rule].zh in said
        for record in document["records"]:
            entry = Entry(site.page(f"/s/{code}/records/{record['record']}").one("article"))
            assert entry.place == (record["delivery"], record["row"])
            assert entry.facts.keys() == _labels(record).keys()
            for label, value in _labels(record).items():
                assert entry.facts[label].startswith(value), label


def test_a_licence_that_begins_later_is_announced_the_same_everywhere(site: Site) -> None:
    records = site.document(NOT_YET.uscc)["records"]
    (licence,) = [record["record"] for record in records if record["kind"] == "licence"]
    address = f"/s/{NOT_YET.uscc}/records/{licence}"
    assert address in site.page("/agencies/housing/licence").links
    page = site.page(address)
    assert "尚未生效" in page.text
    assert address in [entry.address for entry in entries(site.file(NOT_YET.uscc))]


def test_an_empty_section_says_which_kind_of_empty(site: Site, known: list[Truth]) -> None:
    """Reports came 45 days ago and are due daily; what is not late is told in `test_delivering`."""
    silent = next(s["code"] for s in known if not sections(site.file(s["code"]))["other"].entries)
    found = sections(site.file(silent))
    assert found["other"].state == "late"
    assert "未按期交付" in found["other"].node.text
    filled = {kind.section for kind in current().kinds.values()}
    for section in current().sections.values():
        if section.id not in filled:
            assert found[section.id].state == "not_collected"
            assert "尚未归集" in found[section.id].node.text


def test_the_agencies_pages_list_all_they_publish(site: Site) -> None:
    overview = site.page("/agencies")
    for agency in current().agencies:
        path = f"/agencies/{agency}"
        if path not in overview.links:
            continue
        tabs = site.page(path).one("nav", cls="tabs").links
        assert tabs
        shown = sum(len(_listed(site, tab)) for tab in tabs)
        (said,) = [node.text for node in overview.all("a") if node.attributes["href"] == path]
        assert said == f"现公开 {shown:,} 条，去看记录"


def test_publicity_is_paged_newest_first(site: Site) -> None:
    path = "/agencies/market_regulation/registration"
    listed = _listed(site, path)
    assert len(listed) > 300
    assert len({address for address, _ in listed}) == len(listed)
    days = [day for _, day in listed]
    assert days == sorted(days, reverse=True)
    last = -(-len(listed) // 30)
    site.page(f"{path}?page={last}")
    site.page(f"{path}?page={last + 1}", status=404)


# --- what holds for every page ---


def test_every_page_speaks_chinese_and_english(site: Site, known: list[Truth]) -> None:
    code = known[0]["code"]
    paths = ("/", "/about", "/agencies", "/agencies/environment", "/search?q=有限", f"/s/{code}",
             f"/s/{code}/timeline", f"/s/{code}?on={ago(5)}")  # fmt: skip
    for path in paths:
        chinese, english = site.page(path), site.page(path, accept_language="en")
        assert chinese.one("html").attributes["lang"] == "zh-hans"
        assert english.one("html").attributes["lang"] == "en"
        for page, other in ((chinese, "English"), (english, "简体中文")):
            (link,) = [node for node in page.all("a") if node.text == other]
            answer = site.answer(path.split("?")[0] + link.attributes["href"])
            assert answer.headers["Content-Language"] == link.attributes["hreflang"]


def test_what_stays_chinese_on_an_english_page_says_so(site: Site, known: list[Truth]) -> None:
    for path in ("/", "/agencies", f"/s/{known[0]['code']}"):
        page = site.page(path, accept_language="en")
        for node in page.one("body"):
            loose = "".join(child for child in node.children if isinstance(child, str))
            if any("\u4e00" <= character <= "\u9fff" for character in loose):
                assert node.attributes.get("lang", "").startswith("zh"), loose


def test_a_refusal_says_what_is_wrong_and_what_to_do(site: Site, known: list[Truth]) -> None:
    code = known[0]["code"]
    for path, status, words in (
        ("/nowhere", 404, "这个地址下没有页面"),
        ("/s/91440101MA5ABCDE0X", 404, "不是有效的统一社会信用代码"),
        (f"/s/{'9' * 70}", 404, "这个地址下没有页面"),
        (f"/s/{code}?on={ago(-1)}", 400, "查看日期"),
        (f"/s/{code}?on=yesterday", 400, "查看日期"),
        ("/search?q=有限公司&page=0", 400, "页码"),
        ("/search?q=有限公司&page=99", 404, "没有第99页"),
        (f"/search?q={'长' * 101}", 400, "最多100个"),
        ("/agencies/nobody", 404, "没有这个部门"),
        ("/agencies/environment/nothing", 404, "没有这个部门"),
        (f"/s/{code}/records/00000000-0000-0000-0000-000000000000", 404, "没有公开的记录"),
    ):
        page = site.page(path, status=status)
        assert words in page.one("h1").text, path
        assert page.one("main").links


def test_search_engines_are_given_no_sole_trader(site: Site, known: list[Truth]) -> None:
    robots = site.answer("/robots.txt").text
    assert f"Sitemap: {site.url}/sitemap.xml" in robots
    assert "Disallow: /search" in robots
    listed = [
        node.text.removeprefix(f"{site.url}/s/") for node in site.page("/sitemap.xml").all("loc")
    ]
    assert len(listed) == len(set(listed))
    assert [code for code in listed if code.startswith("92")] == []
    assert {s["code"] for s in known if s["kind"] != "sole_trader"} <= set(listed)


def test_a_sole_traders_pages_ask_not_to_be_found(site: Site, known: list[Truth]) -> None:
    trader = next(s["code"] for s in known if s["kind"] == "sole_trader")
    company = next(s["code"] for s in known if s["kind"] == "company")
    record = entries(site.file(trader))[0].address
    for path in (f"/s/{trader}", f"/s/{trader}/timeline", record, f"/s/{trader}.json"):
        assert site.answer(path).headers["X-Robots-Tag"] == "noindex"
    assert "X-Robots-Tag" not in site.answer(f"/s/{company}").headers


def test_a_sole_traders_home_is_cut_to_the_district(site: Site, province: Province) -> None:
    for row in rows_of(province, "natural_person_home"):
        told = province.delivered(row)
        whole = told.get("住所") or told["通信地址"]
        label = "住所" if "住所" in told else "通信地址"
        (shown,) = {e.facts[label] for e in entries(site.file(row["code"])) if label in e.facts}
        cut = shown.removesuffix("（依法隐去一部分）").strip()
        assert whole.startswith(cut)
        assert cut.endswith(("区", "县", "市", "镇"))
        assert cut != shown


_FILES = "SELECT number, file_name FROM delivery"


def _found(site: Site, query: str) -> list[Hit]:
    return hits(site.page("/search", q=query))


def _rarest_pair(name: str, known: list[Truth]) -> str:
    """The two neighbouring characters of a name that fewest names hold."""
    pairs = Counter(pair for s in known for pair in {a + b for a, b in pairwise(s["name"])})
    return min((a + b for a, b in pairwise(name)), key=lambda pair: (pairs[pair], pair))


def _wide(text: str) -> str:
    wide = "".join(chr(ord(character) + 0xFEE0) for character in text)
    assert unicodedata.normalize("NFKC", wide) == text
    return wide


def _labels(record: dict[str, Any]) -> dict[str, str]:
    """The facts of a machine's record by their labels; only what is plain text with its value."""
    fields = current().kinds[record["kind"]].by_field
    return {
        fields[name].zh: str(value) if fields[name].type == "text" else ""
        for name, value in record["facts"].items()
    }


def _listed(site: Site, path: str) -> list[tuple[str, str]]:
    """Every row of an agency's listing: the record's address and its day, where it has one."""
    return [
        (row.all("td")[1].links[0], "".join(n.attributes["datetime"] for n in row.all("time")[:1]))
        for page in site.listing(path)
        for row in page.one("tbody").all("tr")
    ]
