"""From the front page to the right file on a slow line and a slow phone, in a real browser."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Page, sync_playwright

from bench.figure import Figure
from bench.lookup import served
from bench.province import province

GOAL_SECONDS, GOAL_BYTES = 5.0, 100_000
LINE_BITS, LATENCY_MS, SLOWER = 400_000, 150, 4
CHROMIUM = "/usr/bin/chromium"
PHONE = {"width": 390, "height": 844}


def figures() -> Iterator[Figure]:
    with province() as bench, served(bench.environment) as port:
        code, name = _firm(bench.url)
        seconds, size = _looked_up(f"http://127.0.0.1:{port}", code, name)
    yield Figure(
        name="phone",
        value=seconds,
        unit="s, front page to file",
        reference=f"goal {GOAL_SECONDS} s, {LINE_BITS // 1000} kbit/s, processor {SLOWER}x slower",
        ratio=GOAL_SECONDS / seconds,
        detail={"bytes": size, "goal_bytes": GOAL_BYTES, "latency_ms": LATENCY_MS},
    )


def _firm(url: str) -> tuple[str, str]:
    import psycopg

    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT s.code, s.name FROM subject s JOIN public_row p ON p.subject = s.id "
            "WHERE NOT s.sole_trader GROUP BY s.code, s.name ORDER BY count(*) DESC, s.code LIMIT 1"
        ).fetchone()
    assert row is not None
    return str(row[0]), str(row[1])


def _looked_up(site: str, code: str, name: str) -> tuple[float, int]:
    """Seconds until the file with the most records is open, typed by its name, and all bytes."""
    with sync_playwright() as played:
        browser = played.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport=PHONE)  # type: ignore[arg-type]
        received = _slowed(page)
        begun = time.perf_counter()
        page.goto(site)
        page.fill("main input[name=q]", name)
        page.press("main input[name=q]", "Enter")
        page.click(f'a[href="/s/{code}"]')
        page.wait_for_selector(f"text={code}")
        page.wait_for_load_state("load")
        seconds = time.perf_counter() - begun
        browser.close()
    return seconds, sum(received)


def _slowed(page: Page) -> list[int]:
    """Make the line and the processor slow; the sizes of what comes in are kept in the list."""
    received: list[int] = []
    chrome = page.context.new_cdp_session(page)

    def count(said: dict[str, Any]) -> None:
        received.append(int(said["encodedDataLength"]))

    chrome.on("Network.loadingFinished", count)
    chrome.send("Network.enable")
    chrome.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": LATENCY_MS,
            "downloadThroughput": LINE_BITS / 8,
            "uploadThroughput": LINE_BITS / 8,
        },
    )
    chrome.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return received
