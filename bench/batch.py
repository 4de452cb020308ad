"""A list of 10,000 lines, half codes and half names, against looking its lines up one by one."""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Iterator

import psycopg

from bench.figure import Figure, watch
from bench.online import point
from bench.province import Bench, province

LINES = 10_000
ONE_BY_ONE = 300
ROUNDS = 3


def figures() -> Iterator[Figure]:
    with province() as bench:
        point(bench.url)
        lines = _lines(bench)
        listed = [_listed(lines) for _ in range(ROUNDS)]
        single = [_one_by_one(lines[:: LINES // ONE_BY_ONE]) for _ in range(ROUNDS)]
    seconds, matched, taken_home = (statistics.median(part) for part in zip(*listed, strict=True))
    reference = statistics.median(single)
    yield Figure(
        name="batch",
        value=seconds,
        unit="s for 10,000 lines",
        reference=f"the same lines searched one by one: {reference:.1f} s",
        ratio=reference / seconds,
        detail={"matched": int(matched), "with_xlsx_s": round(taken_home, 3)},
    )


def _lines(bench: Bench) -> list[str]:
    """Codes and names in turn, each of another subject where there are as many."""
    with psycopg.connect(bench.url) as connection:
        rows = connection.execute("SELECT code, name FROM subject ORDER BY id").fetchall()
    both = [text for code, name in rows for text in (str(code), str(name))]
    return (both * (LINES // len(both) + 1))[:LINES]


def _listed(lines: list[str]) -> tuple[float, int, float]:
    """The seconds of the answers, how many lines matched, and the seconds with the file made."""
    from yuexin.domains.credit.queries import checked
    from yuexin.engines.access.types import PUBLIC
    from yuexin.faces.shared.answered import as_xlsx, table
    from yuexin.faces.shared.listing import pasted

    now = dt.datetime.now(dt.UTC)
    with watch() as whole:
        listing = pasted("\n".join(lines))
        with watch() as answered:
            found = checked(actor=PUBLIC, lines=listing.lines, now=now)
        as_xlsx(table(listing=listing, checked=found, now=now, language="zh"))
    matched = sum(one.match.state == "matched" for one in found)
    return answered.seconds, matched, whole.seconds


def _one_by_one(lines: list[str]) -> float:
    """The seconds of all lines, by those that were searched."""
    from yuexin.domains.credit.finding.types import Query
    from yuexin.domains.credit.queries import search
    from yuexin.engines.access.types import PUBLIC

    now = dt.datetime.now(dt.UTC)
    with watch() as searched:
        for line in lines:
            search(actor=PUBLIC, query=Query(text=line), now=now)
    return searched.seconds * LINES / len(lines)
