"""Time: what is valid in the world and what is known here never overlaps and never has a gap."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from tests.cast import COMPANY, STEWARD
from tests.intake import Intake
from tests.laws.events import HISTORIES, Sent, live, worlds
from tests.state import all_rows, undone, value

from yuexin.domains.credit.queries import credit_file
from yuexin.domains.credit.types import Fact
from yuexin.engines.declare.queries import current
from yuexin.engines.rules.queries import digest_of_rules

pytestmark = pytest.mark.usefixtures("database")

STATES = tuple(kind.id for kind in current().kinds.values() if kind.temporal == "state")

OVERLAPS = """
SELECT a.id, b.id FROM record a JOIN record b
    ON a.subject = b.subject AND a.kind = b.kind AND a.id < b.id
    AND split_part(a.source_key, E'\\x1f', 1) = split_part(b.source_key, E'\\x1f', 1)
WHERE a.kind = ANY(%s) AND a.superseded_at IS NULL AND b.superseded_at IS NULL
    AND daterange(a.valid_from, a.valid_until) && daterange(b.valid_from, b.valid_until)
"""
GAPS = """
SELECT id FROM (
    SELECT id, valid_until, lead(valid_from) OVER (
        PARTITION BY subject, kind, split_part(source_key, E'\\x1f', 1) ORDER BY valid_from) AS next
    FROM record WHERE kind = ANY(%s) AND superseded_at IS NULL
) s WHERE valid_until IS DISTINCT FROM next
"""
BROKEN_VERSIONS = """
SELECT id FROM (
    SELECT id, version, known_at, superseded_at,
        row_number() OVER same AS place, lead(known_at) OVER same AS next
    FROM record WINDOW same AS (PARTITION BY subject, kind, source_key ORDER BY version)
) v WHERE version <> place OR superseded_at IS DISTINCT FROM next OR superseded_at < known_at
"""
STALE_PUBLIC_ROWS = """
SELECT p.record FROM public_row p LEFT JOIN record r ON r.id = p.record
WHERE r.id IS NULL OR r.superseded_at IS NOT NULL OR r.valid_until IS DISTINCT FROM p.valid_until
    OR r.subject <> p.subject
"""
BROKEN_VERDICTS = """
SELECT subject, rule, valid_from FROM (
    SELECT *, lead(valid_from) OVER (PARTITION BY subject, rule ORDER BY valid_from) AS next
    FROM verdict
) v WHERE valid_until <= valid_from OR coalesce(valid_until, 'infinity') > next
"""
UNJUDGED = """
SELECT s.id FROM subject s LEFT JOIN judged j ON j.subject = s.id
WHERE s.joined_to IS NULL AND j.rules IS DISTINCT FROM %s
"""


@worlds(8)
@given(history=HISTORIES)
def test_intervals_never_overlap(deliver: Intake, history: list[Sent]) -> None:
    with undone():
        live(deliver, history)
        assert_in_order()


def assert_in_order() -> None:
    """What is known now is in order, whatever it came of."""
    assert all_rows(OVERLAPS, list(STATES)) == []
    assert all_rows(GAPS, list(STATES)) == []
    assert all_rows(BROKEN_VERSIONS) == []
    assert all_rows(STALE_PUBLIC_ROWS) == []
    assert all_rows(BROKEN_VERDICTS) == []
    assert all_rows(UNJUDGED, digest_of_rules(declarations=current())) == []


def test_states_that_arrive_backwards_are_put_in_order(deliver: Intake) -> None:
    days = ["2024-02-29", "2019-05-06", "2026-03-20", "2021-05-18"]
    with undone():
        live(deliver, [_state(day) for day in days])
        found = all_rows("SELECT valid_from, valid_until FROM record ORDER BY valid_from")
        ends = sorted(dt.date.fromisoformat(day) for day in days)
        assert found == list(zip(ends, [*ends[1:], None], strict=True))


def test_the_newest_state_names_the_subject_whenever_it_came(deliver: Intake) -> None:
    older = _state("2019-05-06", 名称="佛山旧名示例有限公司")
    for history in ([older, _state("2024-02-29")], [_state("2024-02-29"), older]):
        with undone():
            live(deliver, history)
            assert value("SELECT name FROM subject") == COMPANY.name


def test_an_officer_sees_on_a_past_day_what_was_known_that_day(deliver: Intake) -> None:
    """A later state closed the earlier one afterwards; on that day nobody knew."""
    capital = "注册资本（万元）"
    with undone():
        for day, approved, amount in (
            (dt.datetime(2026, 2, 2, tzinfo=dt.UTC), "2026-01-05", "500"),
            (dt.datetime(2026, 4, 1, tzinfo=dt.UTC), "2026-03-02", "800"),
        ):
            row = COMPANY.registration(核准日期=approved, **{capital: amount})
            deliver("registration", [row], now=day)
        shown = {
            on: _capital(deliver, on)
            for on in (dt.date(2026, 2, 10), dt.date(2026, 3, 10), dt.date(2026, 4, 10))
        }
        assert list(shown.values()) == [["5,000,000 元"], ["5,000,000 元"], ["8,000,000 元"]]


def test_a_correction_is_seen_from_its_day_on_and_not_before(deliver: Intake) -> None:
    with undone():
        deliver("registration", [COMPANY.registration()], now=_noon(2026, 2, 2))
        deliver("licences_2018", [COMPANY.licence(XK_NR="排放")], now=_noon(2026, 2, 3))
        deliver("licences_2018", [COMPANY.licence(XK_NR="施工")], now=_noon(2026, 4, 1))
        contents = {
            on: [
                fact.value.zh for fact in _facts(deliver, on, "licence") if fact.field == "content"
            ]
            for on in (dt.date(2026, 2, 2), dt.date(2026, 3, 1), dt.date(2026, 4, 1))
        }
        assert list(contents.values()) == [[], ["排放"], ["施工"]]


def test_a_state_that_begins_later_says_nothing_of_today(deliver: Intake) -> None:
    with undone():
        deliver("registration", [COMPANY.registration(核准日期="2021-05-18", 登记状态="1")])
        ending = COMPANY.registration(核准日期="2026-11-20", 登记状态="4", 注销日期="2026-12-01")
        deliver("registration", [ending])
        assert _status(dt.date(2026, 11, 24)) == "alive"
        assert _status(dt.date(2026, 12, 1)) == "cancelled"


def _status(on: dt.date) -> str:
    return str(
        value(
            "SELECT value FROM verdict WHERE rule = 'subject_status' AND valid_from <= %s "
            "AND coalesce(valid_until, 'infinity') > %s",
            on,
            on,
        )
    )


def _state(approved: str, **changes: str) -> Sent:
    return Sent(resource="registration", rows=[COMPANY.registration(核准日期=approved, **changes)])


def _noon(year: int, month: int, day: int) -> dt.datetime:
    return dt.datetime(year, month, day, 4, tzinfo=dt.UTC)


def _capital(deliver: Intake, on: dt.date) -> list[str]:
    return [
        fact.value.zh for fact in _facts(deliver, on, "registration") if fact.field == "reg_capital"
    ]


def _facts(deliver: Intake, on: dt.date, kind: str) -> list[Fact]:
    """The facts of one kind in the sections of the file on a day, as a steward sees them."""
    file = credit_file(actor=STEWARD, code=COMPANY.uscc, on=on, now=deliver.now)
    assert file is not None
    entries = (entry for section in file.sections for entry in section.entries)
    return [fact for entry in entries if entry.kind == kind for fact in entry.facts]
