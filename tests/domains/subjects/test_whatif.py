"""What would follow from another number of the law is what then follows."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import polars as pl
import pytest
from django.db import connection, transaction
from tests.cast import AUDITOR
from tests.state import all_rows, execute, value

from yuexin.base.errors import Refusal
from yuexin.domains.subjects.judging import judge
from yuexin.domains.subjects.models import WhatIf
from yuexin.domains.subjects.verdicts import holding
from yuexin.domains.subjects.whatif.asked import answer, answers, ask, named, run_asked
from yuexin.domains.subjects.whatif.comparing import compare
from yuexin.domains.subjects.whatif.types import (
    HIDDEN,
    OPEN,
    SHOWN,
    SHUT,
    Change,
    Found,
)
from yuexin.engines.access.types import Actor
from yuexin.engines.cases.eligibility import eligibility
from yuexin.engines.cases.types import About
from yuexin.engines.declare.queries import current
from yuexin.engines.declare.types import Declarations
from yuexin.engines.rules.queries import (
    ReleaseProgram,
    frame_schema,
    subject_program,
    with_least_months,
    with_months,
    with_values,
)
from yuexin.sample.bench_records import statements

ON = dt.date(2026, 11, 24)
CHIEF = Actor(id="chief-su", role="chief", agency="data_bureau")
SERIOUS = Change(
    rule="serious_dishonesty_now", version=dt.date(2021, 9, 1), numbers={"years": 5}, on=ON
)
SHOWING = Change(
    term="product_sample_publicity",
    version=current().terms["product_sample_publicity"].versions[-1].valid_from,
    numbers={},
    on=ON,
)
REPAIR = Change(
    term="penalty_publicity",
    process="penalty_repair",
    version=dt.date(2026, 4, 1),
    numbers={"general": 6, "serious": 6},
    on=ON,
)
SUBJECTS, RECORDS = 400, 4_000
LATELY = """
UPDATE record SET event_date = %s::date - (row * 13 %% 400)::integer, body = jsonb_build_object(
    'status', CASE WHEN row %% 3 = 0 THEN 'annulled' ELSE 'valid' END,
    'penalty_types', jsonb_build_array(CASE WHEN row %% 8 = 0 THEN '罚款' ELSE '责令关闭' END))
WHERE kind = 'penalty' AND row %% 4 = 0
"""
CASE = """
INSERT INTO case_file (number, process, subject, state, is_open, code, record, kind, source_key,
    office, applicant, flags, opened_at, changed_at, provisional, waits, seen)
SELECT %s, 'penalty_repair', %s, %s, %s, '', id, kind, source_key, '', '', false, now(), now(),
    false, '{}', 1
FROM record WHERE id = %s
"""
Moves = dict[tuple[str | None, str | None], set[str]]


@pytest.fixture(scope="module")
def everybody(database: str) -> None:
    """Some hundreds of subjects with records of every kind that the tried laws read; two of them
    share a file, one record says what another says, one was corrected."""
    del database
    rules = ("serious_dishonesty_now", "failed_sampling", "subject_status")
    needed = dict(subject_program(declarations=current(), rules=frozenset(rules)).needed)
    for kind in ("product_sample_failed", "penalty"):
        needed[kind] = frozenset(current().kinds[kind].by_field)
    for statement in statements(
        declarations=current(), needed=needed, subjects=SUBJECTS, records=RECORDS, seed=7
    ):
        execute(statement)
    execute(LATELY, ON)
    ids = [one for (one,) in all_rows("SELECT id FROM subject ORDER BY id")]
    execute("UPDATE subject SET joined_to = %s WHERE id = %s", ids[300], ids[5])
    execute(
        "UPDATE record SET superseded_at = known_at WHERE id IN "
        "(SELECT id FROM record WHERE kind = 'serious_dishonesty' ORDER BY id LIMIT 40)"
    )
    execute(
        "INSERT INTO echo (record, subject, withdrew) "
        "SELECT id, subject, '{}' FROM record WHERE kind = 'serious_dishonesty' "
        "AND superseded_at IS NULL ORDER BY id DESC LIMIT 40"
    )


def found(declarations: Declarations, change: Change) -> Found:
    with connection.cursor() as cursor:
        return compare(cursor=cursor, declarations=declarations, change=change)


def judged(declarations: Declarations, rule: str) -> dict[str, str | None]:
    """What judging everybody under these declarations leaves stored for today."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE touched (subject uuid PRIMARY KEY) ON COMMIT DROP")
        cursor.execute("INSERT INTO touched SELECT id FROM subject WHERE joined_to IS NULL")
        moment = dt.datetime(ON.year, ON.month, ON.day, 3, tzinfo=dt.UTC)
        judge(cursor=cursor, declarations=declarations, now=moment)
        ids = [one for (one,) in all_rows("SELECT id FROM subject WHERE joined_to IS NULL")]
        rows = holding(declarations=declarations, subjects=ids, rules=[rule], on=ON)
        said = {str(one): rows[one, rule].value for one in ids}
        transaction.set_rollback(True)
    return said


def changed(change: Change) -> Declarations:
    """The declarations with the change in force."""
    declared = current()
    digest = change.digest(declarations=declared.digest)
    if change.term:
        tried = with_least_months if change.process else with_months
        term = tried(
            term=declared.terms[change.term], version=change.version, months=change.numbers
        )
        return replace(declared, digest=digest, terms={**declared.terms, term.id: term})
    rule = with_values(
        rule=declared.rules[change.rule], version=change.version, values=change.numbers
    )
    return replace(declared, digest=digest, rules={**declared.rules, rule.id: rule})


def moves(one: Found) -> Moves:
    ways: Moves = defaultdict(set)
    for mover in one.movers:
        ways[mover.before, mover.after].add(mover.subject)
    return ways


@pytest.mark.parametrize(
    "change",
    [
        SERIOUS,
        replace(SERIOUS, numbers={"years": 1}),
        replace(SERIOUS, rule="failed_sampling", version=dt.date(2020, 1, 1), numbers={"years": 5}),
    ],
)
def test_who_would_move_is_who_then_moves(everybody: None, change: Change) -> None:
    del everybody
    told = found(current(), change)
    before, after = (judged(declared, change.rule) for declared in (current(), changed(change)))
    then: Moves = defaultdict(set)
    for subject in before:
        if before[subject] != after[subject]:
            then[before[subject], after[subject]].add(subject)
    assert then
    assert moves(told) == then
    for way, subjects in then.items():
        counted = sum(m.subjects for m in told.moves if (m.before, m.after) == way)
        assert counted == len(subjects)
    assert sum(m.subjects for m in told.moves) == len(before) == SUBJECTS - 1


def test_whom_a_city_gains_and_loses_is_counted_there(everybody: None) -> None:
    del everybody
    told = found(current(), SERIOUS)
    ids = [mover.subject for mover in told.movers]
    cities = all_rows(
        "SELECT city, count(*) FROM subject WHERE id = ANY(%s::uuid[]) GROUP BY city", ids
    )
    by_city: dict[str, int] = defaultdict(int)
    for move in told.moves:
        if move.moves:
            by_city[move.city] += move.subjects
    assert dict(by_city) == dict(cities)
    assert len(by_city) > 3


def test_a_term_tried_is_the_term_that_then_holds(everybody: None) -> None:
    del everybody
    term = current().terms[SHOWING.term]
    classes = [one for one in term.versions[-1].classes if one.publish]
    change = replace(SHOWING, numbers={classes[-1].id: 1})
    told = found(current(), change)
    ways = moves(told)
    assert set(ways) == {(SHOWN, HIDDEN)}
    gone = shown(current(), term.id) - shown(changed(change), term.id)
    assert sum(m.judged for m in told.moves if m.moves) == len(gone)
    subjects = all_rows(
        "SELECT DISTINCT subject::text FROM record WHERE id = ANY(%s::uuid[])", list(gone)
    )
    assert ways[SHOWN, HIDDEN] == {subject for (subject,) in subjects}


def shown(declarations: Declarations, term: str) -> set[str]:
    """The records that the release would show today, each judged alone, on the day it came."""
    declared = declarations.terms[term]
    kind = declarations.kinds[declared.kind]
    release_kind = next(
        item for r in declarations.releases.values() for item in r.kinds if item.term == term
    )
    program = ReleaseProgram(kind=kind, release_kind=release_kind, term=declared)
    rows = all_rows(
        "SELECT id::text, event_date, (known_at AT TIME ZONE 'Asia/Shanghai')::date, body "
        "FROM record WHERE kind = %s AND superseded_at IS NULL "
        "AND NOT EXISTS (SELECT FROM echo WHERE echo.record = record.id)",
        kind.id,
    )
    standing = set()
    for record, event, known, body in rows:
        schema, told = frame_schema(kind), json.loads(body)
        values = {name: [_typed(told.get(name), schema[name])] for name in schema}
        one = pl.DataFrame(values, schema=schema).with_columns(event_date=pl.lit(event))
        said = program.evaluate(one, known).row(0, named=True)
        until = said["shown_until"]
        if not said["withheld"] and said["shown_from"] <= ON and (until is None or until > ON):
            standing.add(str(record))
    return standing


def _typed(given: object, dtype: pl.DataType) -> object:
    if isinstance(given, str) and dtype == pl.Date:
        return dt.date.fromisoformat(given)
    return given


def test_a_threshold_tried_is_the_one_by_which_repairs_are_then_opened(
    singly: tuple[set[str], set[str]],
) -> None:
    told = found(current(), REPAIR)
    before, after = singly
    ways = moves(told)
    leave, enter = before - after, after - before
    assert leave
    assert enter
    assert set(ways) == {(OPEN, SHUT), (SHUT, OPEN)}
    for way, records in (((OPEN, SHUT), leave), ((SHUT, OPEN), enter)):
        assert ways[way] == files_of(records)
        assert sum(m.judged for m in told.moves if (m.before, m.after) == way) == len(records)
    assert sum(m.judged for m in told.moves) == len(penalties())


def test_a_case_in_the_way_of_a_repair_is_in_the_way_of_the_trial(
    singly: tuple[set[str], set[str]],
) -> None:
    free = found(current(), REPAIR)
    with closed_by_cases(singly[0] ^ singly[1]) as closed:
        told = found(current(), REPAIR)
        assert not may_repair(current(), closed) | may_repair(changed(REPAIR), closed)
    assert len(closed) > 1
    assert free.moved - told.moved == len(closed)


@pytest.fixture(scope="module")
def singly(everybody: None) -> tuple[set[str], set[str]]:
    """The penalties of the last year and more about which a repair may be opened, each asked for
    alone, before and after. Of older ones no threshold that is tried here decides."""
    del everybody
    lately = {
        record
        for (record,) in all_rows(
            "SELECT id::text FROM record WHERE id = ANY(%s::uuid[]) AND event_date > %s",
            [record for record, _ in penalties()],
            ON - dt.timedelta(days=400),
        )
    }
    return may_repair(current(), lately), may_repair(changed(REPAIR), lately)


def penalties() -> list[tuple[str, str]]:
    """The penalties that count, each with whose it is."""
    return all_rows(
        "SELECT id::text, subject::text FROM record WHERE kind = 'penalty' "
        "AND superseded_at IS NULL AND NOT EXISTS (SELECT FROM echo WHERE record = record.id)"
    )


def files_of(records: set[str]) -> set[str]:
    rows = all_rows(
        "SELECT DISTINCT coalesce(s.joined_to, s.id)::text FROM record r "
        "JOIN subject s ON s.id = r.subject WHERE r.id = ANY(%s::uuid[])",
        list(records),
    )
    return {subject for (subject,) in rows}


def may_repair(declarations: Declarations, records: set[str]) -> set[str]:
    """Those of these penalties about which a repair may be opened."""
    process = declarations.processes[REPAIR.process]
    rows = all_rows(
        "SELECT id, subject, source_key, body, event_date FROM record WHERE id = ANY(%s::uuid[])",
        list(records),
    )
    open_to = set()
    for record, subject, key, body, event in rows:
        about = About(
            subject=subject, code="", name="", record=record, kind="penalty", source_key=key,
            body=json.loads(body), event_date=event,
        )  # fmt: skip
        if eligibility(declarations=declarations, process=process, about=about, on=ON).open:
            open_to.add(str(record))
    return open_to


@contextmanager
def closed_by_cases(moved: set[str]) -> Iterator[set[str]]:
    """One of these penalties with an open case, and all of another entity behind its bar."""
    rows = {record: subject for record, subject in penalties() if record in moved}
    first, *rest = sorted(rows)
    second = next(one for one in rest if rows[one] != rows[first])
    execute(CASE, "a", rows[first], "accepted", True, first)
    execute(CASE, "b", rows[second], "annulled", False, second)
    try:
        yield {first, *(one for one in rows if rows[one] == rows[second])}
    finally:
        execute("DELETE FROM case_file")


def test_whoever_has_no_record_moves_with_the_rest(everybody: None) -> None:
    del everybody
    told = found(current(), replace(SERIOUS, on=dt.date(2018, 1, 1)))
    # The list of 2016 is another version: nobody moves, and all are counted.
    assert not told.movers
    assert sum(m.subjects for m in told.moves) == SUBJECTS - 1


def looked_at(trial: int) -> set[str]:
    noted = all_rows(
        "SELECT thing FROM journal_entry WHERE stream = 'look' AND action = 'trial.read' "
        "AND actor = %s AND detail = jsonb_build_object('body', %s::text, 'role', %s::text, "
        "'trial', %s::bigint)",
        CHIEF.id, CHIEF.agency, CHIEF.role, trial,
    )  # fmt: skip
    return {thing.removeprefix("subject/") for (thing,) in noted}


def test_one_asks_and_the_worker_answers(everybody: None) -> None:
    del everybody
    now = dt.datetime(2026, 11, 24, 3, 0, tzinfo=dt.UTC)
    number = ask(declarations=current(), actor=CHIEF, change=SERIOUS, now=now)
    with pytest.raises(Refusal) as busy:
        ask(declarations=current(), actor=CHIEF, change=SERIOUS, now=now)
    assert busy.value.code == "BUSY"
    asked = answer(declarations=current(), actor=CHIEF, number=number)
    assert asked is not None
    assert asked.found is None
    assert run_asked(declarations=current(), clock=lambda: now)
    assert not run_asked(declarations=current(), clock=lambda: now)
    done = answer(declarations=current(), actor=CHIEF, number=number)
    assert done is not None
    assert done.found == found(current(), SERIOUS)
    assert done.digest == SERIOUS.digest(declarations=current().digest)
    people = named(actor=CHIEF, number=number, movers=done.found.movers, now=now)
    assert {one.after for one in people} == {"listed"}
    assert all(one.code and one.city for one in people)
    assert looked_at(number) == {one.code for one in people}
    # Another officer sees none of it, and may ask beside him.
    other = replace(CHIEF, id="chief-ou")
    assert answers(declarations=current(), actor=other) == ()
    assert answer(declarations=current(), actor=other, number=number) is None
    assert ask(declarations=current(), actor=other, change=SERIOUS, now=now) != number
    WhatIf.objects.all().delete()


def test_a_number_that_is_no_more_when_the_worker_comes_is_answered_so(everybody: None) -> None:
    del everybody
    now = dt.datetime(2026, 11, 24, 3, 0, tzinfo=dt.UTC)
    number = ask(declarations=current(), actor=CHIEF, change=SERIOUS, now=now)
    rule = current().rules[SERIOUS.rule]
    without = replace(rule, versions=rule.versions[:1])
    later = replace(current(), digest="later", rules={**current().rules, rule.id: without})
    assert run_asked(declarations=later, clock=lambda: now)
    done = answer(declarations=later, actor=CHIEF, number=number)
    assert done is not None
    assert done.found is None
    assert done.refused is not None
    WhatIf.objects.all().delete()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (replace(SERIOUS, numbers={"years": 99}), "PARAMETER"),
        (replace(SERIOUS, numbers={"month": 1}), "PARAMETER"),
        (replace(SERIOUS, version=dt.date(2020, 1, 1)), "PARAMETER"),
        (replace(SERIOUS, rule="none"), "CHOICE"),
        (replace(SERIOUS, rule=""), "CHOICE"),
        (replace(SERIOUS, term=SHOWING.term), "CHOICE"),
        (replace(SHOWING, numbers={"none": 3}), "PARAMETER"),
        (replace(REPAIR, numbers={"none": 3}), "PARAMETER"),
        (replace(REPAIR, numbers={"minor": 1}), "PARAMETER"),
        (replace(REPAIR, numbers={"general": 13}), "PARAMETER"),
        (replace(REPAIR, process="none"), "PARAMETER"),
        (replace(REPAIR, term=SHOWING.term), "PARAMETER"),
    ],
)
def test_what_makes_no_sense_is_refused_when_it_is_asked(
    everybody: None, change: Change, code: str
) -> None:
    del everybody
    now = dt.datetime(2026, 11, 24, 3, 0, tzinfo=dt.UTC)
    with pytest.raises(Refusal) as refusal:
        ask(declarations=current(), actor=CHIEF, change=change, now=now)
    assert refusal.value.code == code
    with pytest.raises(Refusal) as refusal:
        ask(declarations=current(), actor=AUDITOR, change=SERIOUS, now=now)
    assert refusal.value.code == "ROOM"
    assert value("SELECT count(*) FROM what_if") == 0
