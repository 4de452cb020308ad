"""The counter and the room of cases in a real browser: axe finds nothing, nothing sticks out."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, sync_playwright
from tests.cast import COMPANY
from tests.faces.counter.world import World, at_register, told_in_advance
from tests.faces.desk.serving import serving

CHROMIUM = shutil.which("chromium") or ""
# Where pictures of the pages are put for people to look at, if anywhere.
PICTURES = os.environ.get("YUEXIN_TEST_PICTURES", "")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="needs Debian's chromium"),
]

# A name of one word, in every row of a table.
LONG_WORDS = """
const names = document.querySelectorAll('.fold th[scope=row] a')
for (const one of names) one.textContent = 'w'.repeat(80)
"""


@dataclass(frozen=True, kw_only=True)
class Seat:
    """Somebody signed in, and the pages that he opens."""

    client: Client
    pages: dict[str, str]


@pytest.fixture(scope="module")
def seats(world: World) -> dict[str, Seat]:
    """A case under way; read before the browser's loop runs in this thread."""
    answer = world.apply("1")
    case = answer.headers["Location"].removeprefix("/counter/cases/").partition("?")[0]
    world.step("clerk", case, "accept", seen=1)
    world.step("clerk", case, "ask", seen=2, reason="凭证第二页不清楚，请重新拍照上传")
    told = told_in_advance(world, at_register("clerk", "梁示例"))
    head = at_register("signing_officer", "罗示例")
    room = "/desk/lists/proposed?process=abnormal_listing"
    return {
        "register": Seat(
            client=head,
            pages={
                "proposed": room,
                "proposed left": f"{room}&left=1",
                "told": f"/desk/cases/{told}",
            },
        ),
        "owner": Seat(
            client=world.sit_down("owner"),
            pages={
                "told owner": f"/counter/cases/{told}",
                "credit": "/counter/",
                "apply": f"/counter/apply/penalty_repair/{world.record('5')}",
                "not yet": f"/counter/apply/penalty_repair/{world.record('2')}",
                "object": f"/counter/apply/objection/{world.record('5')}",
                "cases": "/counter/cases",
                "case": f"/counter/cases/{case}",
                "no case": "/counter/cases/nowhere",
            },
        ),
        "clerk": Seat(
            client=world.sit_down("clerk"),
            pages={
                "desk cases": "/desk/cases",
                "desk case": f"/desk/cases/{case}",
                "openings": f"/desk/cases/about/{COMPANY.uscc}",
                "opening": f"/desk/cases/about/{COMPANY.uscc}/look_delay",
            },
        ),
        "signer": Seat(
            client=world.sit_down("signer"),
            pages={"signer": f"/desk/cases/{case}", "none proposed": room},
        ),
    }


@pytest.fixture(scope="module")
def site(world: World) -> Iterator[str]:
    del world
    with serving() as address:
        yield address


@pytest.fixture(scope="module")
def browser(seats: dict[str, Seat]) -> Iterator[Browser]:
    del seats
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.mark.parametrize(
    ("width", "language", "scheme"), [(390, "zh-CN", "light"), (1280, "en-GB", "dark")]
)
def test_axe_finds_nothing_and_no_page_is_wider_than_the_window(
    seats: dict[str, Seat], site: str, browser: Browser, width: int, language: str, scheme: str
) -> None:
    faults = []
    for part, seat in seats.items():
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            locale=language,
            color_scheme="dark" if scheme == "dark" else "light",
        )
        context.add_cookies([
            {"name": name, "value": one.value, "domain": urlsplit(site).hostname or "", "path": "/"}
            for name, one in seat.client.cookies.items()
        ])  # fmt: skip
        page = context.new_page()
        for name, address in seat.pages.items():
            page.goto(site + address)
            if PICTURES:
                page.screenshot(path=f"{PICTURES}/{name}-{width}.png", full_page=True)
            if page.evaluate("document.documentElement.scrollWidth") > width:
                faults.append(f"{part} {address}: wider than {width}")
            page.evaluate(LONG_WORDS)
            if page.evaluate("document.documentElement.scrollWidth") > width:
                faults.append(f"{part} {address}: wider than {width} by a long word")
            found = Axe().run(page).response["violations"]
            faults += [f"{part} {address}: {one['id']} {one['nodes'][0]['html']}" for one in found]
        context.close()
    assert faults == []
