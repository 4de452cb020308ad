"""Checks at the point of handling: one over HTTP with 16 clients, ten thousand in one batch.

Against what a user would write instead: a table of who stands in which list, and one statement that
looks the codes up in it; without records, laws, a kept answer or a journal of looks.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import gc
import json
import random
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from bench.figure import Figure, watch
from bench.lookup import served
from bench.online import point
from bench.province import Bench, province

CLIENTS = 16
SECONDS = 6.0
ROUNDS = 3
CODES = 10_000
SUBJECTS = 200_000
SCENE = "procurement"
PATIENCE_SECONDS = 10
FLAT = """
CREATE TABLE IF NOT EXISTS flat_list AS
    SELECT s.code, v.rule, v.value FROM verdict v JOIN subject s ON s.id = v.subject
    WHERE v.value IN ('listed', 'disputed', 'barred') AND v.valid_until IS NULL;
CREATE INDEX IF NOT EXISTS flat_list_code ON flat_list (code);
ANALYZE flat_list
"""
COPIED = """
CREATE TABLE copied AS
    SELECT s.id AS old, gen_random_uuid() AS new, '91' || upper(left(md5(s.code || g), 16)) AS code
    FROM subject s CROSS JOIN generate_series(1, $times) g;
INSERT INTO subject SELECT (jsonb_populate_record(s, jsonb_build_object('id', c.new,
    'code', c.code, 'joined_to', NULL))).* FROM copied c JOIN subject s ON s.id = c.old
    ON CONFLICT DO NOTHING;
INSERT INTO verdict SELECT (jsonb_populate_record(v, jsonb_build_object('subject', c.new))).*
    FROM copied c JOIN verdict v ON v.subject = c.old;
INSERT INTO judged SELECT c.new, j.rules FROM copied c JOIN judged j ON j.subject = c.old
"""
LOOKED_UP = "SELECT code, rule, value FROM flat_list WHERE code = ANY(%s)"


def single() -> Iterator[Figure]:
    """The figure `check`."""
    with _province(0) as bench:
        codes, keys = bench.codes(2_000), keys_of(bench)
        with served(bench.environment) as port:
            seen = [_load(port, codes, keys) for _ in range(ROUNDS)]
        flat = _flat(bench, [[code] for code in codes[:500]])
    rate, p95 = (statistics.median(part) for part in zip(*seen, strict=True))
    yield Figure(
        name="check",
        value=p95 * 1000,
        unit="ms p95 over HTTP, 16 clients",
        reference=f"one code in a flat table of lists, in process: {flat * 1000:.2f} ms",
        ratio=flat / p95,
        detail={"per_second": round(rate), "clients": CLIENTS},
    )


def batch() -> Iterator[Figure]:
    """The figure `batch-check`."""
    with _province(SUBJECTS) as bench:
        point(bench.url)
        codes = _codes(bench)
        _checked(codes)
        # As the server's processes do before the first visitor asks.
        gc.collect()
        gc.freeze()
        ours = [_checked(codes) for _ in range(ROUNDS)]
        flat = _flat(bench, [codes] * ROUNDS)
    seconds = statistics.median(one for one, _ in ours)
    yield Figure(
        name="batch-check",
        value=seconds,
        unit="s for 10,000 codes, answered and kept",
        reference=f"the same codes in a flat table of lists: {flat:.3f} s",
        ratio=flat / seconds,
        detail={"hits": ours[0][1], "subjects": SUBJECTS},
    )


@contextmanager
def _province(subjects: int) -> Iterator[Bench]:
    """A sample province, and copies of its subjects with their verdicts until there are so many."""
    with province() as bench:
        with psycopg.connect(bench.url, autocommit=True) as connection:
            there = connection.execute("SELECT count(*) FROM subject").fetchone()
            times = max(0, subjects // int(there[0] if there else 1) - 1)
            for statement in COPIED.split(";") if times else ():
                connection.execute(statement.replace("$times", str(times)))
            connection.execute("VACUUM ANALYZE")
        yield bench


def keys_of(bench: Bench) -> list[str]:
    """The secrets of keys, of a system each."""
    from django.db import connection

    from yuexin.engines.access.operations import issue_key
    from yuexin.engines.access.types import OPERATOR
    from yuexin.engines.declare.queries import current

    point(bench.url)
    now = dt.datetime.now(dt.UTC)
    given = [
        issue_key(
            actor=OPERATOR, declarations=current(), label=f"bench {number}", role="clerk",
            scopes=["check"], expires_at=now + dt.timedelta(days=1), now=now, agency="finance",
            rate_per_minute=100_000,
        )
        for number in range(CLIENTS)
    ]  # fmt: skip
    connection.close()
    return [secret for _, secret in given]


def _load(port: int, codes: list[str], keys: list[str]) -> tuple[float, float]:
    """Checks answered per second, and the 95th percentile of their seconds."""
    seen: list[float] = []

    async def run() -> None:
        until = time.perf_counter() + SECONDS
        await asyncio.gather(*(_ask(port, codes, key, until, seen) for key in keys))

    asyncio.run(run())
    return len(seen) / SECONDS, statistics.quantiles(seen, n=100)[94]


async def _ask(port: int, codes: list[str], key: str, until: float, seen: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    chosen = random.Random(key)
    while time.perf_counter() < until:
        body = json.dumps({"subjects": [chosen.choice(codes)], "scene": SCENE}).encode()
        head = (
            f"POST /api/v1/checks HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            f"Authorization: Bearer {key}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        begun = time.perf_counter()
        writer.write(head.encode() + body)
        told = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), timeout=PATIENCE_SECONDS)
        if not told.startswith(b"HTTP/1.1 200"):
            raise SystemExit(repr(told[:300]))
        length = next(
            int(line.split(b":")[1])
            for line in told.split(b"\r\n")
            if line.lower().startswith(b"content-length:")
        )
        await reader.readexactly(length)
        seen.append(time.perf_counter() - begun)
    writer.close()


def _codes(bench: Bench) -> list[str]:
    """Codes spread over all subjects."""
    with psycopg.connect(bench.url) as connection:
        rows = connection.execute(
            "SELECT code FROM subject ORDER BY md5(code) LIMIT %s", [CODES]
        ).fetchall()
    return [str(row[0]) for row in rows]


def _checked(codes: list[str]) -> tuple[float, int]:
    """The seconds until the whole answer is kept and written out, and how many were hit."""
    from yuexin.domains.credit.handling.operations import check
    from yuexin.engines.access.types import Actor
    from yuexin.engines.declare.queries import current

    actor = Actor(id="bench", role="clerk", agency="finance")
    with watch() as taken:
        kept = check(
            declarations=current(), actor=actor, subjects=codes, scene=SCENE, channel="gateway",
            now=dt.datetime.now(dt.UTC),
        )  # fmt: skip
        kept.answer.encode()
    return taken.seconds, sum(bool(one.hits) for one in kept.check.subjects)


def _flat(bench: Bench, asked: list[list[str]]) -> float:
    """The median seconds of a look-up in a table of lists made for it."""
    seconds = []
    with psycopg.connect(bench.url, autocommit=True) as connection:
        for statement in FLAT.split(";"):
            connection.execute(statement)
        for codes in asked:
            with watch() as taken:
                connection.execute(LOOKED_UP, [codes]).fetchall()
            seconds.append(taken.seconds)
    return statistics.median(seconds)
