"""What holds of every term of publicity: it is what it says, and one record is all records."""

from __future__ import annotations

import datetime as dt
from typing import get_args

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.rules.made import (
    KNOWN_ON,
    PENALTY,
    release,
    rows,
    term,
    term_class,
    term_version,
)

from yuexin.base.dates import add_months
from yuexin.engines.declare.types import Term, TermVersion, TransitionClause
from yuexin.engines.rules.queries import ReleaseProgram

DAYS = st.dates(dt.date(2018, 1, 1), dt.date(2027, 12, 31))
RECORDS = st.tuples(DAYS, st.integers(0, 9), st.none() | DAYS)
CLASSES = st.lists(
    st.builds(
        lambda name, least, months, publish: term_class(
            name, f"points >= {least}", months=months, publish=publish
        ),
        st.sampled_from("abc"),
        st.integers(1, 9),
        st.integers(0, 40),
        st.booleans(),
    ),
    max_size=2,
).map(lambda some: [*some, term_class("rest", months=12)])


@st.composite
def terms(draw: st.DrawFn) -> Term:
    starts = sorted(draw(st.sets(DAYS, min_size=1, max_size=4)))
    versions = [
        term_version(
            start.isoformat(),
            *draw(CLASSES),
            confirmed=draw(st.booleans()),
            clause=draw(st.sampled_from(get_args(TransitionClause))),
        )
        for start in starts
    ]
    return term(*versions, delivered_end=draw(st.sampled_from(["", "ends"])))


def by_the_letter(
    declared: Term, event: dt.date, points: int, given: dt.date | None, known: dt.date
) -> tuple[dt.date, bool]:
    """The rules of a term as they are written, for one record of which everything is known."""

    def judge(version: TermVersion) -> tuple[dt.date, bool]:
        found = next(c for c in version.classes if c.when == "TRUE" or points >= int(c.when[10:]))
        return add_months(event, found.months_max) + dt.timedelta(days=1), found.publish

    versions = list(declared.versions)
    base = max(
        (v for v in versions if v.valid_from <= event),
        key=lambda v: v.valid_from,
        default=versions[0],
    )
    delivered = given + dt.timedelta(days=1) if declared.delivered_end and given else dt.date.max
    end, published = judge(base)
    if not published:
        return min(event, delivered), True
    hidden = False
    for later in versions[versions.index(base) + 1 :]:
        still = min(end, delivered) > later.valid_from
        if later.clause == "old_law" or event >= later.valid_from or not still:
            continue
        new, published = judge(later)
        new = max(new, later.valid_from) if published else later.valid_from
        if later.clause == "new_law" or new < end:
            end, hidden = new, not published and known >= later.valid_from
    return min(end, delivered), hidden


@settings(max_examples=60, deadline=None)
@given(terms(), st.lists(RECORDS, min_size=1, max_size=20), DAYS)
def test_a_term_is_what_it_says(
    declared: Term, given: list[tuple[dt.date, int, dt.date | None]], known: dt.date
) -> None:
    program = ReleaseProgram(PENALTY, release(term="shown"), declared)
    frame = rows(
        *({"decided": event, "points": points, "ends": ends} for event, points, ends in given)
    )
    found = program.evaluate(frame, known)
    wanted = [by_the_letter(declared, *record, known) for record in given]
    hidden = [withheld != "" for withheld in found["withheld"]]
    assert list(zip(found["shown_until"], hidden, strict=True)) == wanted


MAYBE_DAYS = st.none() | DAYS
FRAMES = st.lists(
    st.fixed_dictionaries(
        {
            "decided": MAYBE_DAYS,
            "ends": MAYBE_DAYS,
            "points": st.none() | st.integers(0, 9),
            "amount": st.none() | st.decimals(0, 1000, places=4),
            "grave": st.none() | st.booleans(),
            "types": st.none() | st.lists(st.sampled_from("123"), max_size=3),
            "status": st.none() | st.sampled_from("12"),
        }
    ),
    max_size=12,
).map(lambda some: rows(*some))


@settings(max_examples=25, deadline=None)
@given(FRAMES)
def test_one_record_gives_what_it_gives_among_all(frame: pl.DataFrame) -> None:
    later = term_version(
        "2024-01-01",
        term_class("grave", "grave OR amount > 500", months=36),
        term_class("light", "list_contains(types, '1')", publish=False),
        term_class("general", "points < 5", months=12),
        clause="new_law",
        confirmed=False,
    )
    base = term_version("2020-01-01", term_class("a", "ends > decided", months=20))
    program = ReleaseProgram(
        PENALTY,
        release(term="shown", state="status <> '1'"),
        term(base, later, delivered_end="ends"),
    )
    together = program.evaluate(frame, KNOWN_ON)
    alone = [program.evaluate(frame[i], KNOWN_ON) for i in range(frame.height)]
    assert together.equals(pl.concat([together.clear(), *alone]))
