"""The desk in a real browser: axe finds nothing, nothing sticks out, no JavaScript is needed."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connections
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from tests.cast import COMPANY, TRADER, entity
from tests.domains.credit.handling.rows import debtor
from tests.faces.desk.mistake import Mistake
from tests.faces.desk.serving import serving
from tests.faces.desk.test_desk_checks import draw, promise_some
from tests.faces.desk.test_desk_handling import checked
from tests.faces.desk.test_desk_signed_for_all import owe_reports
from tests.faces.desk.world import World
from tests.state import all_rows

CHROMIUM = shutil.which("chromium") or ""
WIDTHS = (390, 1280)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="needs Debian's chromium"),
]


@dataclass(frozen=True, kw_only=True)
class Seat:
    """Somebody signed in, and the pages that he opens."""

    client: Client
    pages: list[str]


def addresses(world: World) -> dict[str, list[str]]:
    """Every page of the desk, by who sees most of it."""
    wrong = Mistake(world).made("clerk", "inspector", "chief")
    world.intake("judgement_debtors", [debtor(COMPANY)], now=dt.datetime.now(dt.UTC))
    clerk = world.sit_down("clerk")
    one = checked(clerk, COMPANY.uscc)
    many = checked(clerk, COMPANY.uscc, TRADER.uscc, "nobody")
    owe_reports()
    promise_some(world)
    far = entity(9)
    world.intake("registration", [far.registration(所在城市="东莞")], name="far.csv")
    drawn = draw(world, far)
    number, others = world.number("penalties"), world.number("others")
    ((agency, resource, content), *_) = all_rows(
        "SELECT agency, resource, content FROM waiting WHERE reason = 'UNREGISTERED'"
    )
    return {
        "chief": [
            "/desk/", "/desk/deliveries", f"/desk/deliveries/{others}", "/desk/quality",
            "/desk/quality/environment", "/desk/quality/environment/penalties_2018",
            "/desk/quarantine",
            f"/desk/quarantine/{others}/1", "/desk/waiting",
            f"/desk/waiting/{agency}/{resource}/{content}", "/desk/judging",
            f"/desk/judging/{agency}/{resource}/{content}", "/desk/pairs",
            f"/desk/pairs/{COMPANY.uscc}/{TRADER.uscc}", "/desk/subjects?q=岭粤",
            f"/desk/subjects/{COMPANY.uscc}", "/desk/journal",
            "/desk/corrections", f"/desk/corrections/{wrong}",
            f"/desk/journal?subject={COMPANY.uscc}", "/desk/deliveries/new", "/desk/nowhere",
            "/desk/deliveries?page=x",
        ],
        "clerk": [
            "/desk/", f"/desk/deliveries/{number}", f"/desk/deliveries/{number}/rows/2",
            f"/desk/quarantine/{number}/2", f"/desk/quarantine/{number}/2/mend",
            "/desk/deliveries/new", "/desk/layouts", "/desk/layouts/penalties_2018",
            "/desk/waiting", f"/desk/deliveries/{world.number('refused')}", "/desk/corrections",
            f"/desk/corrections/{wrong}",
            f"/desk/deliveries/{number}/resolved",
            "/desk/handling", one, many, "/desk/handling/liftings", "/desk/handling/numbers",
        ],
        "registrar": [
            "/desk/lists/proposed?process=abnormal_listing", "/desk/", "/desk/checks",
            "/desk/checks?source=draws", f"/desk/draws/{drawn}",
        ],
        "inspector": [f"/desk/subjects/{COMPANY.uscc}"],
        "owner": ["/account", "/account/file", f"/s/{COMPANY.uscc}"],
    }  # fmt: skip


@pytest.fixture(scope="module")
def site(world: World) -> Iterator[str]:
    del world
    with serving() as address:
        yield address


@pytest.fixture(scope="module")
def seats(world: World) -> dict[str, Seat]:
    """Who is signed in, and what he opens. Read before the browser's loop runs in this thread."""
    pages = addresses(world)
    return {
        part: Seat(
            client=world.sit_down(part, purpose="" if part == "inspector" else "licensing"),
            pages=pages[part],
        )
        for part in pages
    }


@pytest.fixture(scope="module")
def browser(seats: dict[str, Seat]) -> Iterator[Browser]:
    del seats
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


def seated(browser: Browser, site: str, client: Client, **how: object) -> BrowserContext:
    """A window in which whoever is signed in at the client is signed in."""
    context = browser.new_context(**how)  # type: ignore[arg-type]
    context.add_cookies([
        {"name": name, "value": morsel.value, "domain": urlsplit(site).hostname or "", "path": "/"}
        for name, morsel in client.cookies.items()
    ])  # fmt: skip
    return context


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_axe_finds_nothing_and_no_page_is_wider_than_the_window(
    seats: dict[str, Seat], site: str, browser: Browser, language: str
) -> None:
    """A page is opened once and looked at in each width: what it holds does not change by it."""
    faults = []
    for part, seat in seats.items():
        context = seated(browser, site, seat.client, locale=language)
        page = context.new_page()
        for address in seat.pages:
            page.goto(site + address)
            faults += [f"{part} {address} {one}" for one in _faults(page)]
        context.close()
    assert faults == []


def _faults(page: Page) -> Iterator[str]:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            yield f"is wider than {width}"
        for one in Axe().run(page).response["violations"]:
            yield f"{width}: {one['id']} {_where(one)}"


def test_a_clerk_without_javascript_mends_a_row(
    world: World, seats: dict[str, Seat], site: str, browser: Browser
) -> None:
    number = world.number("penalties")
    context = seated(
        browser, site, seats["clerk"].client, java_script_enabled=False, locale="zh-CN"
    )
    page = context.new_page()
    page.goto(f"{site}/desk/")
    page.click("a[href='/desk/quarantine?agency=environment&unmended=1']")
    page.click(f"a[href='/desk/quarantine/{number}/2']")
    page.click("text=更正并重新交付这一行")
    page.fill("[name='c.CF_NR_FK']", "8")
    page.click("text=重新交付这一行")
    assert "已收到并按原样存档" in page.inner_text("main")
    with ThreadPoolExecutor(max_workers=1) as worker:
        worker.submit(_settle, world).result()
    page.reload()
    assert "已处理" in page.inner_text("h1")
    context.close()


def _settle(world: World) -> None:
    world.intake.settle()
    connections.close_all()


def _where(violation: dict[str, object]) -> list[object]:
    nodes = violation["nodes"]
    assert isinstance(nodes, list)
    return [node["html"][:120] for node in nodes[:2]]
