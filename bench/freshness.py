"""One row delivered over the interface until its public page shows it, while others read."""

from __future__ import annotations

import csv
import datetime as dt
import io
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from bench.figure import Figure, within
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
        secret = key_of(bench, AGENCY)
        chosen = firms(bench)
        codes = [code for code, _ in chosen]
        with served(bench.environment, "--work") as port, readers(port, codes):
            seen = [_delivered(port, secret, chosen[n], n) for n in range(ROWS)]
    yield within(
        GOAL_SECONDS,
        seen,
        name="freshness",
        unit="s",
        beside=f"{READERS} readers, the worker running",
    )


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """A file of one row: the first example of a resource with other values."""

    resource: str
    agency: str
    number: int
    values: Mapping[str, str]


def key_of(bench: Bench, agency: str) -> str:
    """The secret of a key by which an agency delivers."""
    said = bench.yuexin(
        "account", "key", "issue", "--label", "bench", "--agency", agency, "--scope", "deliver",
        "--rate", "6000",
    )  # fmt: skip
    return said.strip()


def firms(bench: Bench) -> list[tuple[str, str]]:
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
    values = {
        "CF_XDR_MC": name, "CF_XDR_SHXYM": code, "CF_WSH": document,
        "CF_JDRQ": (today(dt.datetime.now(dt.UTC)) - dt.timedelta(days=1)).isoformat(),
    }  # fmt: skip
    begun = time.perf_counter()
    sent(port, secret, Delivery(resource=RESOURCE, agency=AGENCY, number=number, values=values))
    page = f"http://127.0.0.1:{port}/s/{code}"
    while time.perf_counter() - begun < PATIENCE_SECONDS:
        if document.encode() in urllib.request.urlopen(page).read():
            return time.perf_counter() - begun
        time.sleep(LOOK_SECONDS)
    raise SystemExit(f"{document} was not shown within {PATIENCE_SECONDS} seconds")


def sent(port: int, secret: str, delivery: Delivery) -> None:
    """Deliver over the interface, and wait for the answer."""
    query = f"resource={delivery.resource}&agency={delivery.agency}"
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/deliveries?{query}",
        data=_file(delivery),
        headers={
            "Authorization": f"Bearer {secret}",
            "Idempotency-Key": f"bench-{delivery.number}",
            "Content-Type": "text/csv",
        },
    )
    urllib.request.urlopen(request).read()


def _file(delivery: Delivery) -> bytes:
    row = {**current().resources[delivery.resource].examples[0].row, **delivery.values}
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(row))
    writer.writeheader()
    writer.writerow(row)
    return text.getvalue().encode()
