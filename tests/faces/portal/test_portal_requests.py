"""Requests that are answered without a read: redirects, refusals, headers. No database."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from tests.faces.portal import samples
from tests.faces.portal.markup import Markup

from yuexin.base.errors import Refusal
from yuexin.faces.portal import asked, pages, refusals
from yuexin.faces.shared.headers import HEADERS
from yuexin.faces.shared.language import Language


def text_of(response: object) -> str:
    assert isinstance(response, HttpResponse)
    return Markup(response).text


@pytest.mark.parametrize(
    "typed", ["91440606684400012k", "９１４４０６０６６８４４０００１２Ｋ", "91440606-684400012-K"]
)
def test_another_spelling_of_a_code_moves_to_its_address(typed: str) -> None:
    response = Client().get(f"/s/{typed}/timeline?on=2024-03-05")
    assert response.status_code == 301
    assert response.headers["Location"] == f"/s/{samples.CODE}/timeline?on=2024-03-05"


@pytest.mark.parametrize("address", ["/s/91440606684400012X", "/s/12345", "/s/" + "9" * 400])
def test_an_invalid_code_is_not_found(address: str) -> None:
    response = Client().get(address)
    assert response.status_code == 404
    assert "9" * 65 not in text_of(response)


@pytest.mark.parametrize("code", ["\0", "\x1b[31m", "代码"])
def test_a_document_of_what_is_no_code_is_not_found(code: str) -> None:
    response = Client().get(f"/s/{quote(code)}.json")
    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "on", ["1899-12-31", "2999-01-01", "9999-12-31", "2024-02-30", "yesterday", "<script>"]
)
def test_a_day_outside_1900_to_today_is_refused_with_a_sentence(on: str) -> None:
    response = Client().get(f"/s/{samples.CODE}", {"on": on})
    assert response.status_code == 400
    assert "并在1900-01-01至" in text_of(response)


def test_a_query_over_100_characters_is_refused_with_a_sentence() -> None:
    response = Client().get("/search", {"q": "悦" * 101})
    assert response.status_code == 400
    assert "查询内容有101个字符，最多100个" in text_of(response)


@pytest.mark.parametrize("page", ["0", "-1", "1.5", "²", "99999", "one", ""])
def test_what_is_no_page_number_is_refused(page: str) -> None:
    response = Client().get("/agencies/environment/penalty", {"page": page})
    assert response.status_code == 400
    assert "页码应为1到9999的整数" in text_of(response)


def test_white_space_and_invisible_characters_are_not_part_of_a_query() -> None:
    request = RequestFactory().get("/search", {"q": "\u3000悦信\u200b \t五金\x00 "})
    assert asked.query_of(request) == "悦信 五金"


def test_a_past_day_may_be_written_as_people_write_it(now: object) -> None:
    request = RequestFactory().get("/", {"on": "2024年3月5日"})
    day = asked.day_of(request, samples.RECEIVED)
    assert day is not None
    assert day.isoformat() == "2024-03-05"


def test_today_is_the_day_in_guangdong() -> None:
    # 16:05 UTC on the 23rd is already the 24th.
    request = RequestFactory().get("/", {"on": "2026-11-24"})
    assert asked.day_of(request, samples.RECEIVED) == samples.TODAY
    with pytest.raises(Refusal):
        asked.day_of(RequestFactory().get("/", {"on": "2026-11-25"}), samples.RECEIVED)


def test_an_empty_search_asks_for_words_without_reading() -> None:
    response = Client().get("/search")
    assert response.status_code == 200
    assert "请输入名称中的两个字以上" in text_of(response)


@pytest.mark.parametrize("address", ["/", "/search", "/about", f"/s/{samples.CODE}"])
def test_pages_are_only_read(address: str) -> None:
    for method in ("post", "put", "delete", "patch"):
        assert getattr(Client(), method)(address).status_code == 405


@pytest.mark.parametrize(
    ("method", "address", "says"),
    [
        ("get", "/account/notices/read", "按钮"),
        ("get", "/desk/handling/HC20261201-0000000001/proof", "按钮"),
        ("post", "/about", "只能查看"),
    ],
)
def test_an_address_asked_in_a_way_that_it_does_not_take_says_so_on_a_page(
    method: str, address: str, says: str
) -> None:
    answer = getattr(Client(), method)(address)
    assert (answer.status_code, bool(answer.headers["Allow"])) == (405, True)
    assert says in text_of(answer)
    assert 'href="/"' in answer.content.decode()


def test_a_record_that_is_shown_no_more_leads_to_the_file_of_its_code() -> None:
    for code, leads in ((samples.CODE, True), ("91440606684400012X", False)):
        asked_for = RequestFactory().get("/")
        answer = pages.refused(asked_for, refusals.record_not_shown(), status=404, code=code)
        assert (f'href="/s/{code}"' in answer.content.decode()) == leads


def test_an_unknown_address_is_not_found_in_either_language() -> None:
    assert "这个地址下没有页面" in text_of(Client().get("/nowhere"))


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/about", 200),
        ("/nowhere", 404),
        ("/search?page=x", 400),
        ("/static/portal/yuexin.css", 200),
    ],
)
def test_every_answer_carries_the_headers(address: str, status: int) -> None:
    response = Client().get(address)
    assert response.status_code == status
    for name, value in HEADERS.items():
        assert response.headers[name] == value
    response.close()


def test_pages_are_asked_for_again_and_refusals_never_kept() -> None:
    page, refusal = Client().get("/about"), Client().get("/nowhere")
    assert page.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert refusal.headers["Cache-Control"] == "no-store"


def test_a_foreign_host_is_a_bad_request_with_a_page() -> None:
    response = Client().get("/about", headers={"host": "elsewhere.example"})
    assert response.status_code == 400
    assert "这个请求无法理解" in text_of(response)


def _language(address: str, **headers: str) -> HttpResponse:
    def said(request: HttpRequest) -> HttpResponse:
        from django.utils.translation import get_language

        return HttpResponse(get_language())

    response = Language(said)(RequestFactory().get(address, headers=headers))
    assert isinstance(response, HttpResponse)
    return response


def test_the_language_is_chosen_by_the_address_then_the_cookie_then_the_browser() -> None:
    assert _language("/").content == b"zh-hans"
    assert _language("/", accept_language="en-GB").content == b"en"
    cookie = {"cookie": "django_language=zh-hans", "accept_language": "en"}
    assert _language("/", **cookie).content == b"zh-hans"
    assert _language("/?lang=en", **cookie).content == b"en"
    assert _language("/?lang=zh").content == b"zh-hans"
    assert _language("/?lang=<script>").content == b"zh-hans"


def test_a_chosen_language_is_remembered_and_not_handed_to_others() -> None:
    response = _language("/?lang=en")
    assert response.cookies["django_language"].value == "en"
    assert response.cookies["django_language"]["httponly"]
    assert response.headers["Cache-Control"] == "no-store"
    assert not _language("/").cookies
    assert {"Accept-Language", "Cookie"} <= set(_language("/").headers["Vary"].split(", "))


def test_a_persons_number_among_words_is_repeated_masked() -> None:
    assert asked.repeatable("张示例 440106199003071231") == "张示例 440106********1231"
