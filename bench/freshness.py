"""One row delivered over the interface until its public page shows it, while others read."""

from __future__ import annotations

import csv
import datetime as dt
import io
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from bench.figure import Figure
from bench.lookup import served
from bench.province import Bench, province
from yuexin.base.dates import today
from yuexin.engines.declare.queries import current

ROWS = 100
READERS = 16
PATHS = 200
GOAL_SECONDS = 1.0
LOOK_SECONDS = 0.01
PATIENCE_SECONDS = 30.0
RESOURCE, AGENCY = "penalties_2018", "environment"


def figures() -> Iterator[Figure]:
    with province() as bench:
        secret = _key(bench)
        firms = _firms(bench)
        codes = [code for code, _ in firms]
        with served(bench.environment, "--work") as port, readers(port, codes):
            seen = [_delivered(port, secret, firms[n], n) for n in range(ROWS)]
    p95 = statistics.quantiles(seen, n=100)[94]
    yield Figure(
        name="freshness",
        value=p95,
        unit="s, 95th percentile",
        reference=f"goal {GOAL_SECONDS} s, {READERS} readers, the worker running",
        ratio=GOAL_SECONDS / p95,
        detail={"median_s": round(statistics.median(seen), 3), "worst_s": round(max(seen), 3)},
    )


def _key(bench: Bench) -> str:
    said = bench.yuexin(
        "account", "key", "issue", "--label", "bench", "--agency", AGENCY, "--scope", "deliver",
        "--rate", "6000",
    )  # fmt: skip
    return said.strip()


def _firms(bench: Bench) -> list[tuple[str, str]]:
    """Codes and names of companies that have something to show."""
    with psycopg.connect(bench.url) as connection:
        rows = connection.execute(
            "SELECT code, name FROM subject WHERE NOT sole_trader "
            "AND id IN (SELECT subject FROM public_row) ORDER BY id LIMIT %s",
            [PATHS],
        )
        return [(str(code), str(name)) for code, name in rows]


@contextmanager
def readers(port: int, codes: list[str]) -> Iterator[None]:
    """Sixteen visitors who read without a pause, from a process of their own."""
    paths = [f"/s/{code}" for code in codes]
    command = [sys.executable, "-m", "bench.load", str(port), "600", str(READERS), *paths]
    readers = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        readers.terminate()
        readers.wait(timeout=30)


def _delivered(port: int, secret: str, firm: tuple[str, str], number: int) -> float:
    """Seconds from sending a penalty until the page of its company names it."""
    document = f"粤环示例罚〔2026〕{number + 1}号"
    code, name = firm
    body = _row(code, name, document)
    begun = time.perf_counter()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/deliveries?resource={RESOURCE}&agency={AGENCY}",
        data=body,
        headers={
            "Authorization": f"Bearer {secret}",
            "Idempotency-Key": f"bench-{number}",
            "Content-Type": "text/csv",
        },
    )
    urllib.request.urlopen(request).read()
    page = f"http://127.0.0.1:{port}/s/{code}"
    while time.perf_counter() - begun < PATIENCE_SECONDS:
        if document.encode() in urllib.request.urlopen(page).read():
            return time.perf_counter() - begun
        time.sleep(LOOK_SECONDS)
    raise SystemExit(f"{document} was not shown within {PATIENCE_SECONDS} seconds")


def _row(code: str, name: str, document: str) -> bytes:
    """A sound penalty of this company, decided yesterday, as a file of one row."""
    resource = current().resources[RESOURCE]
    row = {
        **resource.examples[0].row,
        "CF_XDR_MC": name,
        "CF_XDR_SHXYM": code,
        "CF_WSH": document,
        "CF_JDRQ": (today(dt.datetime.now(dt.UTC)) - dt.timedelta(days=1)).isoformat(),
    }
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(row))
    writer.writeheader()
    writer.writerow(row)
    return text.getvalue().encode()
