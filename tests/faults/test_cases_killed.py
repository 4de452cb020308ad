"""Kill -9 while cases are decided, signed and carried out, and while a check is kept: every act and
every check is whole or was never made, and what an act decides is delivered once."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

import psycopg
import pytest
from tests.cast import COMPANY, entity
from tests.domains.credit.handling.rows import debtor
from tests.faults.aftermath import assert_sound
from tests.faults.files import Sent
from tests.faults.moments import NUMBERING, Moment, Start, held, running
from tests.faults.programs import Platform, Program, Victim, served_platform, until
from tests.faults.visitor import visiting
from tests.house.repository import ROOT
from tests.stories.province import ago, as_csv

from yuexin.base.dates import today

pytestmark = pytest.mark.fault

PENALTIES: Final = 30
FIRMS = [entity(n) for n in range(300, 306)]
NOTHING = Sent(path=Path(), resource="", new=0)
NEXT_RECORD = """
SELECT r.id::text FROM record r WHERE r.kind = 'penalty' AND r.superseded_at IS NULL
    AND r.body->>'withheld_reason' IS NULL
    AND NOT EXISTS (SELECT FROM case_file c WHERE c.source_key = r.source_key)
ORDER BY r.body->>'doc_no' LIMIT 1
"""
# Of each act with an outcome: its deliveries, the notes of them, the records of its delivery.
OUTCOMES = """
SELECT a.case, (SELECT count(*) FROM delivery d
        WHERE d.idempotency_key = 'case/' || a.case || '/' || a.number),
    (SELECT count(*) FROM case_effect e JOIN delivery d ON d.number = e.delivery
        WHERE (e.case, e.act) = (a.case, a.number) AND e.trouble = ''
        AND d.idempotency_key = 'case/' || a.case || '/' || a.number),
    (SELECT count(*) FROM case_effect e JOIN record r ON r.delivery = e.delivery
        WHERE (e.case, e.act) = (a.case, a.number))
FROM case_act a WHERE a.outcome <> ''
"""
# Where the last act of a case and its file disagree, or a file is of no case.
HALF = """
SELECT coalesce(f.number, a.case) FROM case_file f FULL JOIN (
    SELECT "case", max(number) AS last FROM case_act GROUP BY 1) a ON a.case = f.number
WHERE f.seen IS DISTINCT FROM a.last
"""
ACTS = 'SELECT count(*) FROM case_act WHERE "case" = %s'
LISTED = """
SELECT count(*), count(DISTINCT subject) FROM record
WHERE kind = 'abnormal_operation' AND superseded_at IS NULL
"""
SIGNED = "SELECT count(*) FROM case_act WHERE process = 'abnormal_listing'"
# A check, what feedback is due on, and who was looked at.
CHECKS = """
SELECT (SELECT count(*) FROM handling_check), (SELECT count(*) FROM handling_trigger),
    (SELECT count(*) FROM journal_entry WHERE action = 'file.checked')
"""
KEEPING = """
SELECT count(*) FROM pg_stat_activity
WHERE pid <> pg_backend_pid() AND state = 'active' AND query LIKE '%INSERT INTO handling_check%'
"""
TAKEN = """
INSERT INTO case_act ("case", number, process, step, outcome, "on", at, actor, role, agency, party,
    form, reason, about, declarations)
VALUES (%s, 1, '', '', '', now(), now(), '', '', '', '', '{}', '', '{}', '')
"""
ROW_AWAITED = "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'"

OFFICER, CARRIED = Victim.DELIVERER, Victim.WORKER
DECIDING: dict[str, Moment] = {
    "before the act is written": partial(held, by="case_act"),
    "before the file of the case is written": partial(held, by="case_file"),
    "before the journal says so": partial(held, by="journal_entry"),
}
CARRYING: dict[str, Moment] = {
    "before its delivery is numbered": partial(held, by=NUMBERING),
    "before its delivery is written": partial(held, by="delivery"),
    "before the case notes it": partial(held, by="case_effect"),
    "before its record is written": partial(held, by="record"),
    "before it is public no more": partial(held, by="public_row"),
    "as its fold commits": partial(held, by="receipt"),
}
SHORT = (
    (OFFICER, "before the file of the case is written"),
    (Victim.DATABASE, "before the case notes it"),
    (Victim.EVERYTHING, "before its record is written"),
)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "when" in metafunc.fixturenames:
        others = (Victim.DATABASE, Victim.EVERYTHING)
        whole = [
            *((victim, when) for victim in (OFFICER, *others) for when in DECIDING),
            *((victim, when) for victim in (CARRIED, *others) for when in CARRYING),
        ]
        soak = metafunc.config.getoption("--soak", default=False)
        metafunc.parametrize(("victim", "when"), whole if soak else SHORT)


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A firm with penalties and one that owes; firms that filed no report."""
    folder = tmp_path_factory.mktemp("sent")
    numbers = range(1, PENALTIES + 1)
    rows = {
        "registration": [COMPANY.registration(), *(one.registration() for one in FIRMS)],
        "penalties_2018": [COMPANY.penalty(f"{n:02}", CF_JDRQ=ago(60)) for n in numbers],
        "judgement_debtors": [debtor(COMPANY)],
        "annual_reports": [COMPANY.report(int(ago(0)[:4]) - 1)],
    }
    with served_platform() as platform:
        for resource, told in rows.items():
            path = folder / f"{resource}.csv"
            path.write_text(as_csv(resource, told), "utf-8")
            platform.console.deliver(resource, path)
        yield platform


def test_what_is_decided_is_delivered_once(
    platform: Platform, victim: Victim, when: str, hits: list[str]
) -> None:
    ((record,),) = platform.rows(NEXT_RECORD)
    case = done(platform, "propose", record)
    before = platform.shown()
    with visiting(platform) as visitor:
        if when in CARRYING:
            done(platform, "approve", case)
        start: Start = lambda _: (  # noqa: E731
            platform.start("work", "--once") if when in CARRYING
            else acts(platform, "approve", case)
        )  # fmt: skip
        with (DECIDING | CARRYING)[when](platform, NOTHING, start) as program:
            platform.kill(victim, program)
        program.ended()
        recovered(platform)
        assert platform.rows(HALF) == []
        taken = platform.rows(ACTS, case) == [(2,)]
        hits.append(f"case {victim} {when}: {'decided' if taken else 'not decided'}")
        assert taken is (when in CARRYING)
        if not taken:
            done(platform, "approve", case)
        platform.console("work", "--once")
        after = before[0], before[1] - 1
        visitor.waits_for(after)
    assert visitor.seen == [before, after]
    assert_delivered_once(platform)


def test_a_signing_that_was_killed_is_taken_up_again(platform: Platform, hits: list[str]) -> None:
    """Each case is opened whole or not at all, and nobody twice."""
    third = 3
    with nth_held(platform, third) as program:
        platform.kill(Victim.DELIVERER, program)
    program.ended()
    opened = int(platform.rows(SIGNED)[0][0])
    hits.append(f"signing the deliverer before case {third}: {opened} opened")
    assert opened == third - 1
    assert platform.rows(HALF) == []
    assert int(done(platform, "sign", "")) == len(FIRMS) - opened
    assert int(done(platform, "sign", "")) == 0
    platform.console("work", "--once")
    assert platform.rows(LISTED) == [(len(FIRMS), len(FIRMS))]
    assert_delivered_once(platform)


@pytest.mark.parametrize(
    ("victim", "table"),
    [(Victim.DELIVERER, "handling_trigger"), (Victim.DATABASE, "journal_entry")],
)
def test_a_check_is_kept_whole_or_was_never_made(
    platform: Platform, victim: Victim, table: str, hits: list[str]
) -> None:
    """One whose asker died may still be kept: whole, with the looks of which subjects learn."""
    words = ("check", COMPANY.uscc, *(one.uscc for one in FIRMS), "--scene", "procurement",
             "--agency", "environment", "--json")  # fmt: skip
    before = kept(platform)
    with held(platform, NOTHING, lambda _: platform.start(*words), by=table) as program:
        platform.kill(victim, program)
    assert program.ended().out == ""
    recovered(platform)
    until(lambda: platform.rows(KEEPING) == [(0,)], "the end of what the database was at")
    after = kept(platform)
    found = platform.console(*words).json()
    owed = sum(len(one["hits"]) + len(one["easings"]) for one in found["subjects"])
    assert owed > 0
    whole = (1, owed, len(FIRMS) + 1)
    made = added(before, after)
    hits.append(f"check {victim} before {table} is written: {'kept' if any(made) else 'never'}")
    assert made in ((0, 0, 0), whole)
    assert added(after, kept(platform)) == whole


def test_after_all_of_it_everything_is_sound(platform: Platform) -> None:
    assert_sound(platform)


def acts(platform: Platform, act: str, about: str) -> Program:
    """An officer who acts, in a process of his own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.acting", act, about],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=platform.console.environment,
        cwd=ROOT,
        start_new_session=True,
    )
    return Program(process=process)


def done(platform: Platform, act: str, about: str) -> str:
    """What the officer's program said, once it had ended well."""
    said = acts(platform, act, about).ended()
    assert said.status == 0, said.err
    return said.out


@contextmanager
def nth_held(platform: Platform, nth: int) -> Iterator[Program]:
    """A signing that waits to open its nth case of the day: somebody else is about to take that
    number."""
    number = f"YCLR{today(dt.datetime.now(dt.UTC)):%Y%m%d}-{nth:04}"
    holder = psycopg.connect(platform.database)
    try:
        holder.execute(TAKEN, [number])
        program = acts(platform, "sign", "")
        running(program, lambda: platform.rows(ROW_AWAITED) == [(1,)], f"waiting for {number}")
        yield program
    finally:
        holder.close()


def recovered(platform: Platform) -> None:
    """What died is started again, and what is stored verifies."""
    if platform.server is None:
        platform.start_server()
    assert platform.console("verify", "--json").json()["problems"] == []


def kept(platform: Platform) -> tuple[int, ...]:
    (found,) = platform.rows(CHECKS)
    return found


def added(before: tuple[int, ...], after: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(b - a for a, b in zip(before, after, strict=True))


def assert_delivered_once(platform: Platform) -> None:
    found = platform.rows(OUTCOMES)
    assert found
    assert [one for one in found if one[1:] != (1, 1, 1)] == []
