"""What if a number of the law were another: over a million subjects, against the bound."""

from __future__ import annotations

import datetime as dt
import resource
from collections.abc import Iterator
from dataclasses import replace

from bench.figure import Figure, watch
from bench.rules import ON, RECORDS, SUBJECTS, everybody
from yuexin.domains.subjects.whatif.types import Change
from yuexin.engines.declare.queries import current

GOAL_SECONDS = 30.0
RULE = Change(
    rule="serious_dishonesty_now", version=dt.date(2021, 9, 1), numbers={"years": 5}, on=ON
)
SAMPLES = replace(RULE, rule="failed_sampling", version=dt.date(2020, 1, 1), numbers={"years": 5})
TERM = Change(term="penalty_publicity", version=dt.date(2026, 4, 1), numbers={}, on=ON)


def changes() -> dict[str, Change]:
    """A rule over few records, one over two kinds, the term that reads most of all, and how soon
    what it shows may be repaired."""
    classes = current().terms[TERM.term].versions[-1].classes
    months = {one.id: max(1, one.months_max // 2) for one in classes if one.publish}
    least = {one.id: one.months_min + 3 for one in classes if one.publish}
    return {
        "rule": RULE,
        "two_kinds": SAMPLES,
        "term": replace(TERM, numbers=months),
        "repair": replace(TERM, process="penalty_repair", numbers=least),
    }


def figures() -> Iterator[Figure]:
    with everybody():
        yield from measured()


def measured() -> Iterator[Figure]:
    """The figures over the database that Django is pointed to."""
    from django.db import connection

    from yuexin.domains.subjects.whatif.comparing import compare

    taken = {}
    for name, change in changes().items():
        with watch() as watched, connection.cursor() as cursor:
            found = compare(cursor=cursor, declarations=current(), change=change)
        taken[name] = watched.seconds, found.moved
    slowest = max(seconds for seconds, _ in taken.values())
    yield Figure(
        name="whatif",
        value=slowest,
        unit=f"s, the slowest of {len(taken)}, {SUBJECTS:,} subjects, {RECORDS:,} records",
        reference=f"goal {GOAL_SECONDS} s",
        ratio=GOAL_SECONDS / slowest,
        detail={
            **{f"{name}_s": round(seconds, 2) for name, (seconds, _) in taken.items()},
            **{f"{name}_moved": moved for name, (_, moved) in taken.items()},
            "peak_gb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2),
        },
    )
