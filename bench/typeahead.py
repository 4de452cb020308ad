"""Suggestions over HTTP while 16 visitors type, among three million names."""

from __future__ import annotations

import random
import statistics
from collections.abc import Iterator
from urllib.parse import quote

import psycopg

from bench.crossed import crossed
from bench.figure import Figure
from bench.load import load
from bench.lookup import served
from bench.search import SEED, SOME, fragments
from yuexin.base.hanzi import initials, sound
from yuexin.domains.subjects.sounding import brand_of

CLIENTS = 16
SECONDS = 4.0
ROUNDS = 3
SPELLED = 40
BOUND_SECONDS = 0.05


def figures() -> Iterator[Figure]:
    with crossed() as bench:
        yield measured(url=bench.url, environment=bench.environment)


def measured(*, url: str, environment: dict[str, str]) -> Figure:
    """The figure of a database that holds the crossed names."""
    with psycopg.connect(url) as connection:
        keys = [str(key) for (key,) in connection.execute(SOME)]
    paths = [f"/suggest.json?q={quote(text)}" for text in (*fragments(keys), *_spelled(keys))]
    with served(environment) as port:
        load(port=port, paths=paths, seconds=SECONDS, clients=CLIENTS)
        measures = [
            load(port=port, paths=paths, seconds=SECONDS, clients=CLIENTS) for _ in range(ROUNDS)
        ]
    slow = statistics.median(p95 for _, p95 in measures)
    return Figure(
        name="typeahead",
        value=1000 * slow,
        unit="ms at p95",
        reference="the bound of 50 ms",
        ratio=BOUND_SECONDS / slow,
        detail={
            "clients": CLIENTS,
            "texts": len(paths),
            "requests_per_second": round(statistics.median(rate for rate, _ in measures)),
        },
    )


def _spelled(keys: list[str]) -> list[str]:
    """What follows the place, in pinyin or in first letters."""
    brands = [brand_of(key) for key in random.Random(SEED).sample(keys, SPELLED)]
    half = SPELLED // 2
    return [sound(one[:2]) for one in brands[:half]] + [initials(one[:4]) for one in brands[half:]]
