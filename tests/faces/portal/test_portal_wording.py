"""What the pages say so that nobody stumbles: kinds, sums, caveats, one word per idea."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from django.http import HttpRequest, HttpResponse
from tests.faces.portal import samples
from tests.faces.portal.markup import Markup
from tests.faces.portal.test_portal_pages import PAGES, get

from yuexin.base.text import Text
from yuexin.domains.credit.types import CreditFile, SectionState
from yuexin.faces.portal import pages


def credit_file(request: HttpRequest, file: CreditFile | None = None) -> HttpResponse:
    return pages.credit_file(request, file=file or samples.credit_file(), today=samples.TODAY)


def test_what_is_adverse_stands_right_after_the_status() -> None:
    text = Markup(credit_file(get())).text
    places = [text.index(word) for word in ("主体状态", "不利信息", "一项即将到期", "所在地")]
    assert places == sorted(places)


def test_what_is_long_is_folded_and_its_caveat_is_not() -> None:
    gap = Text("某部门的经营异常名录尚未交付过。", "Not delivered yet.")
    about = samples.head()
    standing = dataclasses.replace(
        about.verdicts[0], reasons=(*about.verdicts[0].reasons, gap), missing=gap
    )
    about = dataclasses.replace(about, verdicts=(standing,))
    body = credit_file(get(), samples.credit_file(about=about)).content.decode()
    said = "<summary>有来源未交付或未按期交付，可能不完整</summary>"
    assert f'{said}\n<span class="line why">{gap.zh}</span></details>' in body
    assert body.count(gap.zh) == 1


def test_the_kind_of_a_record_stands_before_its_headline() -> None:
    kind = '<h3><span class="kind">行政处罚</span> 超过许可排放浓度排放水污染物</h3>'
    assert kind in credit_file(get()).content.decode()
    many = Markup(credit_file(get(), samples.credit_file(licences=40))).text
    assert "行政许可 固定污染源排污许可决定书 2026年5月8日" in many
    unnamed = dataclasses.replace(samples.entry(), headline=samples.LABELS["licence"])
    page = pages.record(get(), head=samples.head(), entry=unnamed).content.decode()
    assert "<h1>行政许可</h1>" in page


def test_of_what_is_no_decision_no_decision_is_spoken() -> None:
    honour = Markup(pages.record(get(), head=samples.head(), entry=samples.entry())).text
    assert "有误，怎么办 这一条与原始记载不符的，向来源部门" in honour
    assert "以该部门的原始记载为准" in honour
    assert "决定原文" not in honour
    assert "不服或有误，怎么办" in Markup(PAGES["record"](get())).text


def test_published_late_and_delivered_late_are_two_words() -> None:
    assert "其中 7 条逾期公开" in Markup(PAGES["front"](get())).text
    assert "1 项资源未按期交付" in Markup(PAGES["agencies"](get())).text
    for name in ("front", "today", "agencies", "file", "about", "held"):
        words = Markup(PAGES[name](get())).text.replace("逾期公开", "")
        assert "逾期" not in words, name


def test_a_resource_says_how_often_it_is_due_and_what_never_came_is_not_overdue() -> None:
    text = Markup(PAGES["agencies"](get())).text
    assert "1 项资源未按期交付，1 项尚未交付。" in text
    assert "尚未交付的不算未按期" in text
    assert "每月 尚未交付" in text
    # What is overdue says since when instead.
    assert "下一次不晚于" not in text
    own = samples.agency()
    due = dataclasses.replace(own.resources[0], due=dt.date(2026, 11, 25), late_since=None)
    page = Markup(pages.agencies(get(), found=(dataclasses.replace(own, resources=(due,)),))).text
    assert "每日 下一次不晚于2026年11月25日" in page
    assert "尚未交付的不算未按期" not in page


def test_a_timeline_without_records_says_what_the_file_says() -> None:
    """Of each section its state and its note, in the very words of the file."""
    sections = (
        samples.section("basic", Text("基本信息", "Basic"), state="not_yet",
                        note="到这一天为止，本平台还没有收到此类数据；最早收到是在2026年11月3日。"),
        samples.section("other", Text("其他", "Other"), state="not_public",
                        note="此类信息不向社会公开。"),
    )  # fmt: skip
    past = samples.credit_file(past=True)
    empty = dataclasses.replace(past, sections=sections, timeline=())
    line = Markup(pages.timeline(get(), file=empty, today=samples.TODAY)).text
    file = Markup(credit_file(get(), empty)).text
    for section in sections:
        said = {"not_yet": "尚未收到", "not_public": "不公开"}[section.state]
        assert f"{said} {section.note.zh}" in line
        assert f"{said} {section.note.zh}" in file
    assert "各节的情况如下" not in Markup(PAGES["timeline"](get())).text


def test_how_long_a_verification_takes_stands_on_a_line_below_its_button() -> None:
    body = PAGES["integrity"](get()).content.decode()
    assert '</button> <span class="line soft">要几秒到几分钟' in body


def test_the_tabs_of_an_agency_add_up_to_what_it_publishes() -> None:
    text = Markup(PAGES["publicity"](get())).text
    assert (
        "现公开共 4,120 条，分 2 类，各类条数如下 行政处罚 110 行政许可 4,010 此类 110 条" in text
    )
    assert "现公开 4,120 条，去看记录" in Markup(PAGES["agencies"](get())).text


def test_the_rows_that_are_held_add_up() -> None:
    text = Markup(PAGES["held"](get())).text
    assert "待核 2,008 行 + 退回、尚未更正 1,204 行 = 3,212 行" in text
    assert "现在退回、尚未更正 1,204 行" in text
    assert "历次回执的累计，共 1,204 行次" in text
    assert "其余 247,792 行与公开的记录不是一行对一条" in text
    assert "310 行与已有的相同，42 行更正或更新已有的" in text
    assert "（现有 105,487 个）" in text
    assert "现公开 233,120 条" in text


def test_the_front_page_says_what_this_is_and_whether_it_is_invented() -> None:
    for name in ("front", "about"):
        text = Markup(PAGES[name](get())).text
        assert "粤信是开放源代码的信用信息平台" in text
        assert "示例省份" not in text


def test_whoever_asks_for_a_verification_is_told_how_long_it_takes() -> None:
    assert "现在核验一次 要几秒到几分钟" in Markup(PAGES["integrity"](get())).text


@pytest.mark.parametrize(("state", "word"), [("partial", "来源未齐"), ("late", "来源未按期交付")])
def test_which_sources_are_not_in_is_folded(state: SectionState, word: str) -> None:
    section = samples.section("judicial", Text("司法", "Courts"), state=state, note="说明。")
    file = dataclasses.replace(samples.credit_file(), sections=(section,))
    said = f"司法 {word} 此处可能不完整 是哪些来源 说明。"
    assert said in Markup(credit_file(get(), file)).text
    assert word in Markup(PAGES["about"](get())).text
