"""The pages in a real browser: nothing sticks out, nothing is refused, JavaScript is not needed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from tests.faces.portal import samples
from tests.faces.portal.preview import serving

from yuexin.faces.portal.touring import COOKIE, OVER
from yuexin.faces.shared.demonstration import keep_cast
from yuexin.home.folder import Home

CHROMIUM = shutil.which("chromium") or ""
# The camera is a picture that the browser makes up, and whoever is asked lets it in.
FLAGS = ("--no-sandbox", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
RECORD = f"/s/{samples.CODE}/records/{samples.entry('penalty').record}"
ADDRESSES = (
    "/", "/search?q=悦信", "/search?q=没有", "/search", f"/s/{samples.CODE}",
    f"/s/{samples.SOLE_TRADER_CODE}?on=2024-03-05", f"/s/{samples.CODE}/timeline",
    RECORD, "/agencies",
    "/agencies/environment/penalty", "/about", "/today", "/held", "/integrity", "/tour", "/nowhere",
    "/s/9144O606684400012K", "/500", "/batch", "/batch?answered", "/batch?refused",
    "/scan", "/scan?said=https://elsewhere.example/" + "x" * 150, "/scan?said=several",
    "/verify", "/verify?n=same", "/verify?n=outdated", "/verify?n=changed",
)  # fmt: skip

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="needs Debian's chromium"),
]


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with serving() as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_no_page_is_wider_than_the_window(site: str, browser: Browser, language: str) -> None:
    page = browser.new_page(locale=language)
    for address in ADDRESSES:
        page.goto(site + address)
        for width in (320, 390, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, address
    page.close()


# Each width with each scheme, and each language with each of both.
COMBINED = pytest.mark.parametrize(("width", "scheme", "language"), [
    (390, "light", "zh-CN"), (390, "dark", "en-GB"), (1280, "dark", "zh-CN"),
    (1280, "light", "en-GB"),
])  # fmt: skip
Scheme = Literal["light", "dark"]


@COMBINED
def test_axe_finds_no_violation(
    site: str, browser: Browser, width: int, scheme: Scheme, language: str
) -> None:
    with looking(browser, width, scheme, language) as context:
        assert violations(context, site, ADDRESSES) == []


@COMBINED
def test_axe_finds_no_violation_on_the_way_of_the_tour(
    site: str, browser: Browser, tmp_path: Path, width: int, scheme: Scheme, language: str
) -> None:
    home = Home.at(path=tmp_path)
    keep_cast(home=home, cast=())
    with override_settings(HOME=home), looking(browser, width, scheme, language) as context:
        context.add_cookies([{"name": COOKIE, "value": "1.2", "url": site}])
        assert violations(context, site, ("/tour", RECORD, "/about")) == []
        context.add_cookies([{"name": COOKIE, "value": f"1.2.{OVER}", "url": site}])
        assert violations(context, site, ("/tour",)) == []
        context.add_cookies([{"name": COOKIE, "value": "1.2", "url": site}])
        page = context.new_page()
        page.goto(site + RECORD)
        assert page.locator(".tour-look").count() == page.locator(".tour-bar").count() == 1
        page.goto(f"{site}/about")
        assert (page.locator(".tour-look").count(), page.locator(".tour-bar").count()) == (0, 1)


@contextmanager
def looking(
    browser: Browser, width: int, scheme: Scheme, language: str
) -> Iterator[BrowserContext]:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        locale=language,
        bypass_csp=True,  # the pages allow no script, and axe is one
    )
    yield context
    context.close()


def violations(
    context: BrowserContext, site: str, addresses: Sequence[str]
) -> list[tuple[str, str, str]]:
    """What axe says of each page: the address, the rule, the first node."""
    page, axe, said = context.new_page(), Axe(), []
    for address in addresses:
        page.goto(site + address)
        found = axe.run(page).response["violations"]
        said += [(address, one["id"], one["nodes"][0]["html"]) for one in found]
    return said


def test_the_policy_refuses_nothing_that_a_page_asks_for(site: str, browser: Browser) -> None:
    said: list[str] = []
    page = browser.new_page()
    page.on("console", lambda message: said.append(message.text))
    for address in ADDRESSES:
        page.goto(site + address)
    page.close()
    assert [line for line in said if "the server responded with a status of" not in line] == []


def test_a_visitor_without_javascript_searches_and_reads(site: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(site)
    page.fill("#q", "悦信")
    page.press("#q", "Enter")
    page.click(".hits a >> nth=0")
    assert page.inner_text("h1") == samples.head().name
    page.click("text=时间线")
    page.click(".timeline a >> nth=0")
    assert page.inner_text("h1").split("\n") == ["行政处罚", samples.HEADLINES["penalty"]]
    context.close()


FAKE_DETECTOR = """window.BarcodeDetector = class {
  static getSupportedFormats() { return Promise.resolve(["qr_code"]); }
  detect() { return Promise.resolve([{ rawValue: "several" }]); }
};"""


def test_where_the_browser_reads_codes_the_camera_does_by_itself(
    site: str, browser: Browser
) -> None:
    page = browser.new_page(locale="zh-CN")
    page.goto(f"{site}/scan")
    assert not page.is_visible("#open")
    page.add_init_script(FAKE_DETECTOR)
    page.reload()
    page.click("#open")
    page.wait_for_selector(f"text={samples.LONG_NAME}")
    page.close()


def test_the_keyboard_reaches_the_text_first(site: str, browser: Browser) -> None:
    page = browser.new_page(locale="zh-CN")
    page.goto(f"{site}/about")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.close()


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_no_line_is_longer_than_the_eye_can_follow(
    site: str, browser: Browser, language: str
) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, locale=language)
    page.goto(f"{site}/about")
    wide = "[...document.querySelectorAll('main p')].map(p => p.clientWidth / 17)"
    assert max(page.evaluate(wide)) <= 40
    page.close()
