"""A fragment among three million names: as the search page asks, and as `LIKE` with trigrams does.

The fragments are of 2 to 6 characters, half as often as they occur and half each as likely as any
other. Both ask the same rows in the same run; the full ranking of some is read beside them.
"""

from __future__ import annotations

import datetime as dt
import random
import statistics
from collections.abc import Callable, Iterator
from typing import Any

import psycopg

from bench.crossed import crossed
from bench.figure import Figure, watch
from bench.online import point
from yuexin.domains.credit.finding.types import Query
from yuexin.domains.credit.queries import search
from yuexin.engines.access.types import PUBLIC

LENGTHS = range(2, 7)
OF_EACH = 20
RANKED = 40
FIRST = 20
SEED = 11
BOUND_SECONDS = 0.025

TRIGRAMS = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "SET maintenance_work_mem = '1GB'",
    "CREATE INDEX peer_trigrams ON subject_name USING gin (key gin_trgm_ops)",
)
LIKE = "SELECT key, subject FROM subject_name WHERE searchable AND key LIKE %s LIMIT 20"
RANKING = """
SELECT s.code FROM subject_name n JOIN subject s ON s.id = n.subject
WHERE n.searchable AND position(%(text)s IN n.key) > 0
ORDER BY n.key <> %(text)s, NOT starts_with(n.key, %(text)s), n.rank, n.key LIMIT 20
"""
SOME = "SELECT key FROM subject_name TABLESAMPLE system (1) REPEATABLE (3)"

Times = dict[str, float]


def figures() -> Iterator[Figure]:
    with crossed() as bench:
        for statement in TRIGRAMS:
            _run(bench.url, statement)
        yield from measured(url=bench.url)


def measured(*, url: str) -> Iterator[Figure]:
    """The figures of a database that holds the crossed names and the peer's index."""
    find = product(url)
    with psycopg.connect(url, autocommit=True) as peer:
        asked = fragments([str(key) for (key,) in peer.execute(SOME)])
        for text in asked[:FIRST]:
            find(text)
        ours, theirs = {}, {}
        for text in asked:
            with watch() as mine:
                find(text)
            with watch() as other:
                peer.execute(LIKE, [f"%{text}%"]).fetchall()
            ours[text], theirs[text] = mine.seconds, other.seconds
        agreed = _agreement(peer, find, random.Random(SEED).sample(asked, RANKED))
    mine_p95, other_p95 = p95(ours), p95(theirs)
    yield Figure(
        name="search",
        value=1000 * mine_p95,
        unit="ms at p95",
        reference=f"LIKE … LIMIT 20 with pg_trgm, same rows: {1000 * other_p95:.0f} ms at p95",
        ratio=other_p95 / mine_p95,
        detail={
            "p50_ms": round(1000 * statistics.median(ours.values()), 1),
            "peer_p50_ms": round(1000 * statistics.median(theirs.values()), 1),
            "fragments": len(asked),
            **{f"p95_of_{n}_ms": round(1000 * p95(_of(ours, n)), 1) for n in LENGTHS},
            **{f"peer_p95_of_{n}_ms": round(1000 * p95(_of(theirs, n)), 1) for n in LENGTHS},
        },
    )
    yield Figure(
        name="search_bound",
        value=1000 * mine_p95,
        unit="ms at p95",
        reference="the bound of 25 ms",
        ratio=BOUND_SECONDS / mine_p95,
    )
    yield Figure(
        name="search_agreement",
        value=100 * agreed,
        unit="% of the first 20 of a full ranking",
        reference="95 %",
        ratio=agreed / 0.95,
        detail={"fragments": RANKED},
    )


def fragments(keys: list[str]) -> list[str]:
    """Fragments of names: half by how often they occur, half by how many there are."""
    dice, chosen = random.Random(SEED), []
    for length in LENGTHS:
        every = [key[i : i + length] for key in keys for i in range(len(key) - length + 1)]
        chosen += dice.sample(every, OF_EACH)
        chosen += dice.sample(sorted(set(every)), OF_EACH)
    return list(dict.fromkeys(chosen))


def p95(times: Times) -> float:
    """The 95th percentile."""
    return statistics.quantiles(times.values(), n=100)[94]


def _of(times: Times, length: int) -> Times:
    return {text: seconds for text, seconds in times.items() if len(text) == length}


def _agreement(
    peer: psycopg.Connection[Any], find: Callable[[str], list[str]], texts: list[str]
) -> float:
    """Which share of the first twenty by rank stands on the first page."""
    shares = []
    for text in texts:
        ranked = [str(code) for (code,) in peer.execute(RANKING, {"text": text})]
        shares.append(len(set(ranked) & set(find(text))) / len(ranked))
    return statistics.mean(shares)


def product(url: str, *, by_name: bool = False) -> Callable[[str], list[str]]:
    """What the search page calls: the codes of the first page, or the names."""
    point(url)

    def find(text: str) -> list[str]:
        found = search(actor=PUBLIC, query=Query(text=text), now=dt.datetime.now(dt.UTC))
        return [hit.matched if by_name else hit.code for hit in found.hits]

    return find


def _run(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())
