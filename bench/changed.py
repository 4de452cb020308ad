"""An entry of a list is delivered: how long until the list names the firm and a check stops it,
while others read."""

from __future__ import annotations

import datetime as dt
import json
import time
import urllib.request
from collections.abc import Iterator
from functools import partial

import psycopg

from bench.figure import Figure, within
from bench.freshness import Delivery, key_of, readers, sent
from bench.handling import SCENE, keys_of
from bench.lookup import served
from bench.province import Bench, province
from yuexin.base.dates import today

ROWS = 60
GOAL_SECONDS = 1.0
LOOK_SECONDS = 0.01
PATIENCE_SECONDS = 30.0
RESOURCE, AGENCY = "judgement_debtors", "high_court"
REGIME, RULE = "judgement_debtors", "dishonest_debtor"

FIRMS = """
SELECT s.code, s.name FROM subject s
WHERE NOT s.sole_trader AND s.joined_to IS NULL
    AND EXISTS (SELECT FROM verdict v
        WHERE v.subject = s.id AND v.rule = 'subject_status' AND v.value = 'alive')
    AND NOT EXISTS (SELECT FROM verdict v
        WHERE v.subject = s.id AND v.value IN ('listed', 'disputed', 'barred'))
ORDER BY s.id LIMIT %(most)s
"""


def figures() -> Iterator[Figure]:
    with province() as bench:
        secret, asking = key_of(bench, AGENCY), keys_of(bench)[0]
        chosen = _firms(bench)
        codes = [code for code, _ in chosen]
        with served(bench.environment, "--work") as port, readers(port, codes):
            seen = [
                _told(port, secret, asking, code, name, number)
                for number, (code, name) in enumerate(chosen)
            ]
    yield within(
        GOAL_SECONDS,
        seen,
        name="changed",
        unit="s until a list names the firm and a check stops it",
        beside="16 readers, the worker running",
    )


def _firms(bench: Bench) -> list[tuple[str, str]]:
    """Codes and names of companies that go on, and stand in no list."""
    with psycopg.connect(bench.url) as connection:
        return connection.execute(FIRMS, {"most": ROWS}).fetchall()


def _told(port: int, secret: str, asking: str, code: str, name: str, number: int) -> float:
    """Seconds from sending an entry until the list and a check know of it."""
    if _is_named(port, code) or _is_stopped(port, asking, code):
        raise SystemExit(f"{code} was in the list before")
    values = {
        "主体名称": name, "统一社会信用代码": code,
        "执行案号": f"（2026）粤0606执示例{number + 1}号",
        "发布时间": (today(dt.datetime.now(dt.UTC)) - dt.timedelta(days=1)).isoformat(),
    }  # fmt: skip
    begun = time.perf_counter()
    sent(port, secret, Delivery(resource=RESOURCE, agency=AGENCY, number=number, values=values))
    left = [partial(_is_named, port, code), partial(_is_stopped, port, asking, code)]
    while time.perf_counter() - begun < PATIENCE_SECONDS:
        left = [known for known in left if not known()]
        if not left:
            return time.perf_counter() - begun
        time.sleep(LOOK_SECONDS)
    raise SystemExit(f"{code} was not known as listed within {PATIENCE_SECONDS} seconds")


def _is_named(port: int, code: str) -> bool:
    page = f"http://127.0.0.1:{port}/lists/{REGIME}.csv"
    with urllib.request.urlopen(page) as answer:
        return code.encode() in answer.read()


def _is_stopped(port: int, asking: str, code: str) -> bool:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/checks",
        data=json.dumps({"subjects": [code], "scene": SCENE}).encode(),
        headers={"Authorization": f"Bearer {asking}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        (told,) = json.load(answer)["subjects"]
    return any(hit["rule"] == RULE for hit in told["hits"])
