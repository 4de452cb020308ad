"""What follows from the rules alone is worked out once a day, and read by every other process."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from tests.state import all_rows, execute

from yuexin.base.memo import Memo
from yuexin.domains.subjects import rulebook as module
from yuexin.domains.subjects.rulebook import KEPT_DAYS, Rulebook, rulebook
from yuexin.engines.declare.queries import current
from yuexin.engines.declare.types import Declarations
from yuexin.engines.rules.queries import digest_of_rules, kinds_read, said_of_nobody

pytestmark = pytest.mark.usefixtures("undone")

ON = dt.date(2026, 11, 24)
KEPT = "SELECT day FROM rulebook ORDER BY day"


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that remembers nothing yet."""
    execute("DELETE FROM rulebook")
    _forget(monkeypatch)


def _forget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_books", Memo(8))


@pytest.mark.usefixtures("elsewhere")
def test_it_says_what_the_rules_say(monkeypatch: pytest.MonkeyPatch) -> None:
    declared = current()
    first = rulebook(declarations=declared, on=ON)
    _forget(monkeypatch)
    kept = rulebook(declarations=declared, on=ON)
    for book in (first, kept):
        assert book.digest == digest_of_rules(declarations=declared)
        assert book.nobody == said_of_nobody(declarations=declared, on=ON)
        assert book.reads == {
            rule: kinds_read(declarations=declared, rule=rule) for rule in declared.rules
        }


@pytest.mark.usefixtures("elsewhere")
def test_another_process_works_nothing_out(monkeypatch: pytest.MonkeyPatch) -> None:
    worked: list[dt.date] = []
    work_out = module._worked_out

    def noted(declarations: Declarations, on: dt.date) -> Rulebook:
        worked.append(on)
        return work_out(declarations, on)

    monkeypatch.setattr(module, "_worked_out", noted)
    rulebook(declarations=current(), on=ON)
    _forget(monkeypatch)
    rulebook(declarations=current(), on=ON)
    assert worked == [ON]


@pytest.mark.usefixtures("elsewhere")
def test_other_declarations_and_other_days_are_kept_apart() -> None:
    declared = current()
    rulebook(declarations=declared, on=ON)
    other = dataclasses.replace(declared, digest="0" * 64)
    rulebook(declarations=other, on=ON)
    assert len(all_rows(KEPT)) == 2
    later = ON + dt.timedelta(days=KEPT_DAYS + 1)
    rulebook(declarations=declared, on=later)
    assert all_rows(KEPT) == [(later,)], "what is over is forgotten"
