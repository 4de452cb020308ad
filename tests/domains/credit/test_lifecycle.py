"""The stages of a public record follow from what exists, each with its day."""

from __future__ import annotations

import datetime as dt

import pytest

from yuexin.domains.credit.lifecycle import CaseSpan, Telling, publicity_state
from yuexin.engines.declare.types import Stage

TODAY = dt.date(2026, 11, 24)
CAME, KNOWN = dt.date(2026, 9, 8), dt.date(2026, 9, 9)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def telling(
    known: dt.date = KNOWN,
    until: str = "",
    stage: Stage | None = None,
    withheld: str = "",
    shown: str = "2027-09-04",
    *,
    amends: bool = False,
) -> Telling:
    return Telling(
        known_on=known,
        until=day(until) if until else None,
        stage=stage,
        withheld=withheld,
        shown_until=day(shown) if shown else None,
        amends=amends,
    )


def course(*told: Telling, cases: tuple[CaseSpan, ...] = (), today: dt.date = TODAY) -> list[str]:
    steps = publicity_state(received_on=CAME, told=told, cases=cases, today=today)
    return [f"{one.on:%m-%d} {one.state}" for one in steps]


BEGUN = ["09-08 draft", "09-09 validated"]


def test_a_row_that_waits_or_went_back_is_a_draft() -> None:
    assert course() == BEGUN[:1]


def test_a_sound_row_is_published_the_day_it_is_known() -> None:
    assert course(telling()) == [*BEGUN, "09-09 published"]


def test_what_a_rule_withholds_was_never_published() -> None:
    assert course(telling(withheld="term:minor")) == [*BEGUN, "09-09 withheld"]
    (*_, last) = publicity_state(
        received_on=CAME, told=[telling(withheld="term:minor")], today=TODAY
    )
    assert last.why == "term:minor"


def test_an_objection_flags_a_correction_amends_and_then_it_stands() -> None:
    told = (
        telling(until="2026-10-12"),
        telling(day("2026-10-12"), until="2026-10-20", stage="flagged"),
        telling(day("2026-10-20"), amends=True),
    )
    assert course(*told) == [
        *BEGUN, "09-09 published", "10-12 flagged", "10-20 amended", "10-20 published",
    ]  # fmt: skip


@pytest.mark.parametrize("stage", ["repaired", "revoked", "sealed"])
def test_what_is_repaired_revoked_or_sealed_is_archived_that_day(stage: Stage) -> None:
    told = (
        telling(until="2026-10-12"),
        telling(day("2026-10-12"), stage=stage, withheld=stage),
    )
    assert course(*told)[-2:] == [f"10-12 {stage}", "10-12 archived"]


def test_a_term_ends_by_itself_and_not_a_day_before() -> None:
    one = telling(shown="2026-11-24")
    assert course(one, today=TODAY - dt.timedelta(days=1))[-1] == "09-09 published"
    assert course(one)[-2:] == ["11-24 expired", "11-24 archived"]


def test_what_came_when_its_term_was_over_was_shown_on_no_day() -> None:
    found = course(telling(shown="2026-09-01"))
    assert found == [*BEGUN, "09-09 expired", "09-09 archived"]


def test_a_withholding_that_is_lifted_publishes() -> None:
    told = (
        telling(until="2026-10-12", stage="withheld", withheld="withheld_privacy"),
        telling(day("2026-10-12")),
    )
    assert course(*told) == [*BEGUN, "09-09 withheld", "10-12 published"]


def test_what_is_taken_back_is_archived() -> None:
    assert course(telling(until="2026-10-12"))[-2:] == ["10-12 taken_back", "10-12 archived"]


def test_an_end_is_no_end_where_a_later_version_came_before_it() -> None:
    told = (
        telling(until="2026-10-01", shown="2026-11-01"),
        telling(day("2026-10-01"), shown="2027-11-01", amends=True),
    )
    assert "11-01 expired" not in course(*told)


def test_an_application_for_repair_marks_it_until_it_is_decided() -> None:
    case = CaseSpan(state="repair_applied", since=day("2026-10-09"), until=day("2026-10-16"))
    refused = course(telling(), cases=(case,))
    assert refused[-2:] == ["10-09 repair_applied", "10-16 published"]
    granted = course(
        telling(until="2026-10-16"),
        telling(day("2026-10-16"), stage="repaired", withheld="repaired"),
        cases=(case,),
    )
    assert granted[-3:] == ["10-09 repair_applied", "10-16 repaired", "10-16 archived"]


def test_a_publication_again_after_a_repair_that_was_cancelled() -> None:
    told = (
        telling(until="2026-10-12"),
        telling(day("2026-10-12"), until="2026-10-30", stage="repaired", withheld="repaired"),
        telling(day("2026-10-30")),
    )
    assert course(*told)[-3:] == ["10-12 repaired", "10-12 archived", "10-30 published"]
