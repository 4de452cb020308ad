"""A firm is late with its annual report: its owner files it on a phone, and the public reads it."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize, sync_playwright
from tests.cast import COMPANY
from tests.stories.province import as_csv
from tests.stories.site import Site, own_console, serving

CHROMIUM = shutil.which("chromium") or ""
PASSWORD = "seven grey herons at dusk"
ADDRESS = "佛山市顺德区示例路1号"
PHONE: ViewportSize = {"width": 390, "height": 844}
PUBLIC_WITHIN_SECONDS = 1.0
UNDER_MINUTES = 3

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="needs Debian's chromium"),
]


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A platform that knows the firm, its shareholder and its last report, and its owner."""
    folder: Path = tmp_path_factory.mktemp("files")
    with own_console() as console, serving(console, workers=1, work=True) as site:
        for resource, row in (
            ("registration", COMPANY.registration()),
            ("annual_reports", COMPANY.report(2024, 通信地址=ADDRESS, 从业人数="41")),
            ("shareholders", {
                "统一社会信用代码": COMPANY.uscc, "名称": COMPANY.name, "股东序号": "1",
                "股东名称": "示例投资有限公司", "股东类型": "企业法人", "认缴出资额（万元）": "500",
            }),
        ):  # fmt: skip
            path = folder / f"{resource}.csv"
            path.write_text(as_csv(resource, [row]), "utf-8")
            console.deliver(resource, path)
        console("account", "open", "owner", "--name", "陈示例")
        console("account", "password", "owner", text=f"{PASSWORD}\n{PASSWORD}\n")
        console("account", "grant", "owner", "--role", "owner", "--subject", COMPANY.uscc,
                "--reason", "示例")  # fmt: skip
        yield site


@pytest.fixture(scope="module")
def phone(counter: Site) -> Iterator[Page]:
    """The owner's telephone, without JavaScript."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(viewport=PHONE, locale="zh-CN", java_script_enabled=False)
        page = context.new_page()
        page.goto(f"{counter.url}/sign-in")
        page.fill("#id_login", "owner")
        page.fill("#id_password", PASSWORD)
        page.press("#id_password", "Enter")
        yield page
        browser.close()


def test_a_late_report_is_filed_on_a_phone_and_public_within_a_second(
    counter: Site, phone: Page
) -> None:
    began = time.monotonic()
    phone.goto(f"{counter.url}/counter/filings")
    row = phone.get_by_role("row").filter(has_text="2025 年度")
    assert "逾期未报" in row.inner_text()
    row.get_by_role("link", name="补报").click()
    assert phone.get_by_label("通信地址").input_value() == ADDRESS
    assert "2024 年度报告" in phone.locator("main").inner_text()
    phone.get_by_label("存续状态").select_option("开业")
    phone.locator("input[name=c5]").fill("38")
    phone.locator("input[name=c5p]").check()
    while phone.get_by_role("button", name="报送并公示").count() == 0:
        assert no_wider(phone)
        phone.locator("form.filing .buttons button").first.click()
    assert "示例投资有限公司" in phone.locator("main").inner_text(), "the register knew it"
    phone.get_by_role("button", name="报送并公示").click()
    sent = time.monotonic()
    said = phone.locator("main").inner_text()
    assert "回执第" in said
    assert "逾期" in said
    assert sent - began < UNDER_MINUTES * 60
    while not _public(counter):
        assert time.monotonic() - sent < PUBLIC_WITHIN_SECONDS
        time.sleep(0.02)
    phone.reload()
    assert "已公示" in phone.locator("main").inner_text()
    phone.get_by_role("link", name="社会公众看到的这一条").click()
    assert "38" in phone.locator("main").inner_text()


def test_the_forms_are_readable_by_everybody(counter: Site, phone: Page) -> None:
    axe = Axe()
    browser = phone.context.browser
    assert browser is not None
    state = phone.context.storage_state()
    for language in ("zh-CN", "en-GB"):
        context = browser.new_context(viewport=PHONE, locale=language, storage_state=state)
        page = context.new_page()
        for path in (
            "/counter/filings", "/counter/filings/annual_report/2023/contact",
            "/counter/filings/annual_report/2023/figures",
            "/counter/filings/annual_report/2023/owners",
            "/counter/filings/annual_report/2023/others", "/counter/filings/annual_report/2023",
            "/counter/filings/instant_licence/1/facts",
        ):  # fmt: skip
            page.goto(counter.url + path)
            assert no_wider(page), (path, language)
            found = axe.run(page)
            assert found.violations_count == 0, (path, language, found.generate_report())
        context.close()


def no_wider(page: Page) -> bool:
    box = page.locator("main").bounding_box()
    return box is not None and box["width"] <= PHONE["width"]


def _public(counter: Site) -> bool:
    told = counter.document(COMPANY.uscc)["records"]
    return any(one["facts"].get("year") == 2025 for one in told if one["kind"] == "annual_report")
