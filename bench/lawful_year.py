"""A year of the sample province, day by day: is what the law opens shown, and nothing else?

Agencies tell and correct; entities apply and object, officers decide, sign, withhold and lift, by
cases (`bench.year_cases`), from whose decision on the judge holds the row to be as it was decided.

Every day is judged twice, at midnight and at its last moment, by `bench.lawful` from the rows as
they were sent. A subject-day counts once, however many records of it are wrong. On sampled days the
public file of sampled subjects is read as pages and machines read it, and held against the same.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from uuid import UUID

from django.db import connection

from bench import online
from bench.figure import Figure, watch
from bench.lawful import is_public
from bench.province import empty
from bench.year import ENTRY, Event, Year
from bench.year_cases import Cases, Told, learn
from yuexin.base.dates import SHANGHAI, last_moment
from yuexin.base.dates import today as day_of
from yuexin.domains.collection.operations import settle_pending, take_in
from yuexin.domains.credit import queries
from yuexin.engines.access.types import OPERATOR, PUBLIC
from yuexin.engines.declare.queries import current
from yuexin.home.folder import Home

SUBJECTS = int(os.environ.get("YUEXIN_BENCH_YEAR_SUBJECTS", "600"))
LOOKED_AT = 24
FILES = 30
KINDS = ("penalty", "licence", ENTRY)
ONE_DAY = dt.timedelta(days=1)
ONE_HOUR = dt.timedelta(hours=1)
SHOWN = """
SELECT record, subject, shown_from, shown_until FROM public_row WHERE kind = ANY(%s)
"""

Shown = Mapping[UUID, tuple[UUID, dt.date, dt.date | None]]


@dataclass
class Count:
    """Subject-days on which something was shown that must not be, or not shown that must."""

    publicity: set[tuple[UUID, dt.date]] = field(default_factory=set)
    silence: set[tuple[UUID, dt.date]] = field(default_factory=set)
    examples: list[str] = field(default_factory=list)
    subject_days: int = 0
    record_days: int = 0
    files_read: int = 0
    files_wrong: int = 0


@dataclass
class World:
    """What is known here of each fact, by what was sent: the row that stands, and its record."""

    told: Told = field(default_factory=dict)

    def must_show(self, day: dt.date) -> dict[UUID, UUID]:
        """The records that the law has public on the day, with their subjects."""
        terms = current().terms
        return {
            record: subject
            for event, record, subject in self.told.values()
            if is_public(kind=event.kind, row=event.row, day=day, terms=terms)
        }


def figures() -> Iterator[Figure]:
    today = day_of(dt.datetime.now(dt.UTC))
    year = Year(subjects=SUBJECTS, today=today, declarations=current())
    with empty() as bench, watch() as taken:
        bench.yuexin("doctor")
        os.environ.update(bench.environment)
        online.point(bench.url)
        count, cases, sent = _lived(year, Home.at(path=bench.home), bench.home)
        connection.close()
    for what, days in (("publicity", count.publicity), ("silence", count.silence)):
        yield Figure(
            name=f"lawful_year_unlawful_{what}",
            value=len(days),
            unit="subject-days",
            reference="0, judged by bench/lawful.py from the rows as sent",
            ratio=1.0 if not days else 0.0,
            detail={
                "days": (today - year.first).days + 1, "subject_days": count.subject_days,
                "record_days": count.record_days, "rows_sent": sent,
                "decided_by_cases": sum(cases.decided.values()), "troubles": len(cases.troubles),
                "refused": sum(cases.refused.values()),
                "decided": ", ".join(f"{k} {n}" for k, n in sorted(cases.decided.items())),
                "files_read": count.files_read, "files_wrong": count.files_wrong,
                "seconds": round(taken.seconds), "examples": "; ".join(count.examples[:3]),
            },
        )  # fmt: skip


def _lived(year: Year, home: Home, folder: Path) -> tuple[Count, Cases, int]:
    """Live through the year and count."""
    before = _moment(year.first - ONE_DAY)
    for resource, agency, data in year.register:
        _send(home, folder, resource, agency, data, before)
    events = year.events()
    cases = Cases.of(year, home, events)
    by_day = {day: list(found) for day, found in groupby(events, key=lambda one: one.day)}
    world, count, dice = World(), Count(), random.Random(17)
    days = [year.first + n * ONE_DAY for n in range((year.today - year.first).days + 1)]
    looked_at = set(dice.sample(days, min(LOOKED_AT, len(days))))
    for day in days:
        _judge(count, world, day, _shown())
        for (resource, agency, withdraws), found in groupby(
            by_day.get(day, ()), key=lambda one: (one.resource, one.agency, one.withdraws)
        ):
            del withdraws
            batch = list(found)
            number = _send(
                home, folder, resource, agency, year.file(batch), _moment(day),
                withdraws=batch[0].withdraws,
            )  # fmt: skip
            _learn(world, batch, number)
        cases.live(day, _moment(day) + ONE_HOUR, world.told)
        shown = _shown()
        _judge(count, world, day, shown)
        if day in looked_at:
            _look(count, world, day, dice)
    return count, cases, len(events)


def _moment(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(9), SHANGHAI).astimezone(dt.UTC)


def _send(
    home: Home, folder: Path, resource: str, agency: str, data: bytes, now: dt.datetime,
    *, withdraws: bool = False,
) -> int:  # fmt: skip
    path = folder / "sent.csv"
    path.write_bytes(data)
    kept = take_in(
        home=home, path=path, resource=resource, agency=agency, declarations=current(),
        actor=OPERATOR, now=now, intent="withdraw" if withdraws else "report",
    )  # fmt: skip
    settle_pending(home=home, actor=OPERATOR, clock=lambda: now)
    return kept.number


def _learn(world: World, batch: Sequence[Event], number: int) -> None:
    """What became a record is known here; a row that waits or went back changes nothing."""
    if batch[0].withdraws:
        for event in batch:
            world.told.pop(event.key, None)
        return
    learn(world.told, batch, number)


def _shown() -> Shown:
    with connection.cursor() as cursor:
        cursor.execute(SHOWN, [list(KINDS)])
        return {record: (subject, since, until) for record, subject, since, until in cursor}


def _judge(count: Count, world: World, day: dt.date, shown: Shown) -> None:
    """Hold what is shown on a day against what the law has public."""
    now = {
        record: subject
        for record, (subject, since, until) in shown.items()
        if since <= day and (until is None or day < until)
    }
    must = world.must_show(day)
    count.record_days += len(must)
    count.subject_days += len(set(must.values()))
    for record in now.keys() - must.keys():
        count.publicity.add((now[record], day))
        count.examples.append(f"{day} shows {record}")
    for record in must.keys() - now.keys():
        count.silence.add((must[record], day))
        count.examples.append(f"{day} hides {record}")


def _look(count: Count, world: World, day: dt.date, dice: random.Random) -> None:
    """Read the files of a few subjects as everybody reads them, at the last moment of the day."""
    must, now = world.must_show(day), last_moment(day).astimezone(dt.UTC)
    subjects = sorted({subject for _, _, subject in world.told.values()})
    for subject in dice.sample(subjects, min(FILES, len(subjects))):
        with connection.cursor() as cursor:
            cursor.execute("SELECT code FROM subject WHERE id = %s", [subject])
            (code,) = cursor.fetchone() or ("",)
        wanted = {record for record, owner in must.items() if owner == subject}
        document = json.loads(queries.document(actor=PUBLIC, code=code, now=now) or b"{}")
        by_machine = {
            UUID(one["record"]) for one in document.get("records") or () if one["kind"] in KINDS
        }
        file = queries.credit_file(actor=PUBLIC, code=code, on=None, now=now)
        on_page = {one.record for one in file.timeline if one.kind in KINDS} if file else set()
        one_by_one = {r for r in wanted if queries.entry(actor=PUBLIC, record=r, now=now)}
        count.files_read += 1
        if not by_machine == on_page == one_by_one == wanted:
            count.files_wrong += 1
            count.examples.append(f"{day} {code}: {len(on_page)} on the page, {len(wanted)} lawful")
