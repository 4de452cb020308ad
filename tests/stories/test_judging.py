"""Officers judge whose a row is, and whether two codes are one; a visitor reads what came of it.

In a real browser, on a phone and on a desk: one platform for all, with rows of its own for each.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright
from tests.cast import Entity, entity
from tests.intake import Row
from tests.stories.printed import number_and_code
from tests.stories.province import ago, as_csv
from tests.stories.site import Site, own_console, serving

CHROMIUM = shutil.which("chromium") or ""
SIZES: dict[str, Any] = {
    "phone": {"width": 390, "height": 844},
    "desk": {"width": 1280, "height": 900},
}
NAMES = {"phone": "佛山市岭粤示例家具有限公司", "desk": "佛山市粤岚示例灯饰有限公司"}
TWINS = {"phone": "湛江市霞港示例渔具有限公司", "desk": "汕头市潮屿示例玩具有限公司"}
LEFT = "佛山市珠岸示例五金有限公司"
"""What nobody judges here: so there is always a next one."""
WIDTHS = pytest.mark.parametrize("size", SIZES)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="needs Debian's chromium"),
]


def firms(size: str) -> tuple[Entity, Entity, Entity]:
    """Whom the rows of this size are about: a firm, and two codes of one name."""
    first = 41 + 10 * list(SIZES).index(size)
    firm, one, other = (entity(first + n) for n in range(3))
    return firm, one, other


def decision(size: str, what: str) -> str:
    return f"粤环示例罚〔2026〕{1 + list(SIZES).index(size)}{what}号"


def register() -> Iterator[Row]:
    for size in SIZES:
        firm, one, other = firms(size)
        yield firm.registration(名称=NAMES[size], 成立日期="2011-04-06")
        for twin in (one, other):
            yield twin.registration(名称=TWINS[size])
    yield entity(61).registration(名称=LEFT)
    yield entity(62).registration(名称=NAMES["desk"].replace("佛山市", "东莞市"))


def penalties() -> Iterator[Row]:
    nobody = {"CF_XDR_SHXYM": "", "CF_FRDB": "", "CF_JDRQ": ago(20)}
    for size in SIZES:
        firm, *twins = firms(size)
        yield firm.penalty(**nobody, CF_XDR_MC=NAMES[size], CF_WSH=decision(size, "7"))
        for number, twin in enumerate(twins):
            yield twin.penalty(
                CF_XDR_MC=TWINS[size], CF_WSH=decision(size, str(number)), CF_JDRQ=ago(20)
            )
    yield entity(61).penalty(**nobody, CF_XDR_MC=LEFT, CF_WSH=decision("phone", "99"))


def made(folder: Path) -> None:
    """A sample province of a few firms, as a folder with its manifest."""
    folder.mkdir(parents=True)
    told = []
    for resource, agency, rows in (
        ("registration", "market_regulation", register()),
        ("penalties_2018", "environment", penalties()),
    ):
        content = as_csv(resource, list(rows)).encode()
        (folder / f"{resource}.csv").write_bytes(content)
        told.append({
            "file": f"{resource}.csv", "resource": resource, "agency": agency,
            "sha256": hashlib.sha256(content).hexdigest(),
        })  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(told), "utf-8")


@pytest.fixture(scope="module")
def demonstration() -> Iterator[Site]:
    """A demonstration, so that one signs in by a click, with its worker."""
    with own_console() as console:
        made(console.home / "sample")
        console("deliver", console.home / "sample")
        console("account", "cast")
        with serving(console, workers=1, work=True) as site:
            yield site


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@contextmanager
def window(browser: Browser, site: Site, size: str, login: str = "") -> Iterator[Page]:
    """A window of its own, in which one of the cast is signed in, or nobody."""
    context = browser.new_context(
        viewport=SIZES[size], locale="zh-CN", base_url=site.url, accept_downloads=True
    )
    page = context.new_page()
    if login:
        page.goto("/sign-in?next=/desk/")
        page.locator(f"button[name=login][value='{login}']").click()
        page.wait_for_url("**/desk/")
    yield page
    context.close()


def pressed(page: Page, key: str) -> None:
    """A key with Alt, as a keyboard sends it: what Playwright sends for it carries no character,
    without which a browser knows no access key."""
    session = page.context.new_cdp_session(page)
    for what in ("rawKeyDown", "char", "keyUp"):
        character = {"text": key, "unmodifiedText": key} if what == "char" else {}
        said = {"type": what, "modifiers": 1, "key": key, "windowsVirtualKeyCode": ord(key.upper())}
        session.send("Input.dispatchKeyEvent", said | character)
    session.detach()


def in_order(page: Page) -> None:
    """Nothing of the page sticks out, and axe finds nothing."""
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, page.url
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == [], page.url


def lands_on(page: Page, what: str) -> None:
    """Where the keyboard is: on this text, and seen to be there."""
    focused = page.locator(":focus")
    expect(focused).to_contain_text(what)
    assert focused.evaluate("e => getComputedStyle(e).outlineStyle") != "none"


# --- whose a row is ---


@WIDTHS
def test_a_judged_row_is_public_until_it_is_taken_back(
    demonstration: Site, browser: Browser, size: str, tmp_path: Path
) -> None:
    firm, *_ = firms(size)
    number = decision(size, "7")
    with (
        window(browser, demonstration, size, "demo.chief") as officer,
        window(browser, demonstration, size) as visitor,
    ):
        visitor.goto(f"/s/{firm.uscc}")
        expect(visitor.locator("main")).not_to_contain_text(number)
        judge_by_keyboard(officer, NAMES[size])
        officer.get_by_role("status").get_by_role("link", name="看公开的档案").click()
        expect(officer.locator("main")).to_contain_text(number)
        report = take_report(visitor, NAMES[size], tmp_path / "report.pdf")
        verified(visitor, report, "报告是真的，所载的公开事实没有变化")
        officer.go_back()
        take_back(officer)
        visitor.goto(f"/s/{firm.uscc}")
        expect(visitor.locator("main")).not_to_contain_text(number)
        verified(visitor, report, "报告是真的，但此后事实已有变化")


def judge_by_keyboard(page: Page, name: str) -> None:
    """From the start page to the row, the candidate, the verdict, and on to the next row."""
    page.locator(".doors a[href='/desk/judging']").click()
    in_order(page)
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    in_order(page)
    address = page.url
    page.get_by_label("理由（可不填）").focus()
    page.keyboard.type("sdutn12")
    expect(page.get_by_label("理由（可不填）")).to_have_value("sdutn12")
    assert page.url == address, "whoever types a reason judges nothing"
    pressed(page, "n")
    page.wait_for_url(lambda now: now != address)
    page.goto(address)
    pressed(page, "1")
    expect(page.locator("[name=code]:checked")).to_be_focused()
    pressed(page, "s")
    page.wait_for_url(re.compile(r"judged=\d+"))
    expect(page.get_by_role("status")).to_contain_text(name)
    expect(page.get_by_role("heading", level=1)).not_to_have_text(name)
    lands_on(page, page.get_by_role("heading", level=1).inner_text())
    in_order(page)


def take_back(page: Page) -> None:
    """From the page of the next row back to the one just judged."""
    page.get_by_role("link", name="看这次认定，可以撤回").click()
    in_order(page)
    pressed(page, "t")
    assert page.get_by_label("为什么撤回").evaluate("e => e.validity.valueMissing")
    page.get_by_label("为什么撤回").fill("不是这一家")
    pressed(page, "t")
    page.wait_for_url(re.compile(r"judged=\d+"))
    expect(page.get_by_role("status")).to_contain_text("撤回认定")


def take_report(page: Page, name: str, path: Path) -> bytes:
    """A visitor finds the firm by a scrap of its name and takes the report of it."""
    page.goto("/")
    page.locator("main [name=q]").fill(name[3:7])
    page.keyboard.press("Enter")
    page.get_by_role("link", name=name, exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="下载信用报告 (PDF)").click()
    download.value.save_as(path)
    return path.read_bytes()


def verified(page: Page, report: bytes, said: str) -> None:
    """The file itself says so, and so do the number and the code that are printed on it."""
    page.goto("/verify")
    page.get_by_label("下载时的原始文件").set_input_files(
        {"name": "report.pdf", "mimeType": "application/pdf", "buffer": report}
    )
    page.get_by_role("button", name="上传并验证").click()
    expect(page.get_by_role("status")).to_contain_text(said)
    in_order(page)
    number, code = number_and_code(report)
    page.get_by_label("报告编号").fill(number)
    page.get_by_label("校验码").fill(code)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("n=YX"))
    expect(page.get_by_role("status")).to_contain_text(said)


@WIDTHS
def test_who_judges_second_reads_what_was_judged_meanwhile(
    demonstration: Site, browser: Browser, size: str
) -> None:
    with window(browser, demonstration, size, "demo.chief") as officer:
        officer.goto("/desk/judging")
        officer.get_by_role("link", name=LEFT, exact=True).click()
        address = officer.url
        with window(browser, demonstration, size, "demo.chief") as other:
            other.goto(address)
            pressed(other, "u")
            other.wait_for_url(re.compile(r"judged=\d+"))
        officer.get_by_label("理由（可不填）").fill("同一块招牌")
        pressed(officer, "s")
        lands_on(officer, "刚刚已认定")
        expect(officer.get_by_label("理由（可不填）")).to_have_value("同一块招牌")
        in_order(officer)


# --- whether two codes are one ---


@WIDTHS
def test_two_files_with_adverse_facts_take_two_people(
    demonstration: Site, browser: Browser, size: str
) -> None:
    _, one, other = firms(size)
    with (
        window(browser, demonstration, size, "demo.chief") as first,
        window(browser, demonstration, size, "demo.steward") as second,
    ):
        say(first, TWINS[size], "同一家换过代码", "s", said="须由另一人复核")
        apart(second, size)
        first.goto("/desk/pairs")
        expect(first.get_by_role("link", name=TWINS[size], exact=True)).to_have_count(1)
        say(second, TWINS[size], "复核无误", "s", said="已生效")
        expect(second.locator("main")).to_contain_text("已合为一份档案")
        for firm in (one, other):
            second.goto(f"/s/{firm.uscc}")
            for which in "01":
                expect(second.locator("main")).to_contain_text(decision(size, which))
        first.goto(f"/desk/pairs/{one.uscc}/{other.uscc}")
        in_order(first)
        first.get_by_label("理由").fill("原来是两家")
        pressed(first, "t")
        lands_on(first, "已生效")
        apart(first, size)


def say(page: Page, name: str, reason: str, key: str, *, said: str) -> None:
    """Find the pair in the list, and say something of it by keyboard."""
    page.goto("/desk/pairs")
    in_order(page)
    page.get_by_role("link", name=name, exact=True).first.click()
    page.get_by_label("理由").fill(reason)
    in_order(page)
    pressed(page, key)
    lands_on(page, said)
    in_order(page)


def apart(page: Page, size: str) -> None:
    """Each of the two files holds its own decision, and not the other's."""
    _, *twins = firms(size)
    for which, firm in enumerate(twins):
        page.goto(f"/s/{firm.uscc}")
        expect(page.locator("main")).to_contain_text(decision(size, str(which)))
        expect(page.locator("main")).not_to_contain_text(decision(size, str(1 - which)))
