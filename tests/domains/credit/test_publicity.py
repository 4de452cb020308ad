"""What agencies delivered: what waits now, what is late, which names were known."""

from __future__ import annotations

import datetime as dt
import typing
from typing import Any

import pytest
from tests.cast import COMPANY, PUBLIC, entity
from tests.intake import Intake, Row
from tests.state import undone

from yuexin.domains.collection.held import why_returned, why_waiting
from yuexin.domains.credit.publicity import CYCLES
from yuexin.domains.credit.queries import agencies, credit_file, publicity, totals
from yuexin.domains.credit.types import ResourceSummary
from yuexin.engines.declare.queries import current
from yuexin.engines.declare.types import Resource
from yuexin.engines.deliveries.freshness import freshness

pytestmark = pytest.mark.usefixtures("database")

UNREGISTERED = entity(9100)
BAD = COMPANY.penalty(CF_JDRQ="没有日期")
OTHER = COMPANY.penalty("2", CF_JDRQ="没有日期")


def listed(deliver: Intake, agency: str) -> set[str]:
    found = {item.agency: item for item in agencies(actor=PUBLIC, now=deliver.now)}
    return {item.resource for item in found[agency].resources}


def summary(deliver: Intake, agency: str, resource: str) -> ResourceSummary:
    found = {item.agency: item for item in agencies(actor=PUBLIC, now=deliver.now)}
    return next(item for item in found[agency].resources if item.resource == resource)


def test_what_waits_is_what_waits_now(deliver: Intake) -> None:
    with undone():
        deliver("penalties_2018", [UNREGISTERED.penalty()], agency="environment")
        assert summary(deliver, "environment", "penalties_2018").waiting == 1
        assert summary(deliver, "housing", "penalties_2018").waiting == 0
        deliver("penalties_2018", [UNREGISTERED.penalty()], agency="environment", name="again.csv")
        assert summary(deliver, "environment", "penalties_2018").waiting == 1
        deliver("registration", [UNREGISTERED.registration()])
        assert summary(deliver, "environment", "penalties_2018").waiting == 0


def test_what_was_rejected_counts_until_it_is_delivered_again(deliver: Intake) -> None:
    with undone():
        first = deliver("penalties_2018", [BAD], agency="environment")
        assert _returned(deliver) == 1
        _again(deliver, first, COMPANY.penalty())
        again = summary(deliver, "environment", "penalties_2018")
        assert (again.returned, again.rows, again.deliveries) == (0, 2, 2)


def test_the_same_bad_row_counts_once_however_often_it_comes(deliver: Intake) -> None:
    with undone():
        for _ in range(3):
            last = deliver("penalties_2018", [BAD, OTHER], agency="environment")
        deliver("penalties_2018", [BAD], agency="housing")
        assert (_returned(deliver), _returned(deliver, "housing")) == (2, 1)
        _again(deliver, last, COMPANY.penalty(), COMPANY.penalty("2"))
        assert _returned(deliver) == 0


def test_each_row_that_is_delivered_again_answers_one(deliver: Intake) -> None:
    with undone():
        first = deliver("penalties_2018", [BAD, OTHER, COMPANY.penalty("3")], agency="environment")
        second = _again(deliver, first, COMPANY.penalty())
        assert (_returned(deliver), second["rows_rejected"]) == (1, 0)


@pytest.mark.parametrize("still", ["没有日期", "也不是日期"])
def test_a_row_that_is_delivered_again_and_still_wrong_counts(deliver: Intake, still: str) -> None:
    with undone():
        first = deliver("penalties_2018", [BAD, OTHER], agency="environment")
        wrong = COMPANY.penalty("2", CF_JDRQ=still)
        second = _again(deliver, first, COMPANY.penalty(), wrong)
        assert _returned(deliver) == 1
        _again(deliver, second, COMPANY.penalty("2"))
        assert _returned(deliver) == 0


def test_a_retry_that_fails_is_answered_with_the_row_it_was_to_mend(deliver: Intake) -> None:
    with undone():
        first = deliver("penalties_2018", [BAD, COMPANY.penalty("3")], agency="environment")
        _again(deliver, first, BAD)
        assert _returned(deliver) == 1
        _again(deliver, first, COMPANY.penalty())
        assert _returned(deliver) == 0


def test_rows_of_a_delivery_do_not_answer_what_is_wrong_in_it(deliver: Intake) -> None:
    with undone():
        first = deliver("penalties_2018", [BAD, COMPANY.penalty("3")], agency="environment")
        _again(deliver, first, COMPANY.penalty("3"), COMPANY.penalty("4"), OTHER)
        assert _returned(deliver) == 1


def test_the_same_row_delivered_again_and_again_is_one(deliver: Intake) -> None:
    with undone():
        first = deliver("penalties_2018", [BAD], agency="environment")
        for name in ("a", "b"):
            _again(deliver, first, BAD, COMPANY.penalty(name))
        assert _returned(deliver) == 1


def test_a_row_with_a_wrong_code_waits_and_goes_back_to_nobody(deliver: Intake) -> None:
    with undone():
        wrong = COMPANY.penalty(CF_XDR_SHXYM=f"{COMPANY.uscc[:-1]}A")
        first = deliver("penalties_2018", [wrong, OTHER], agency="environment")
        before = summary(deliver, "environment", "penalties_2018")
        assert (first["rows_waiting"], before.waiting, before.returned) == (1, 1, 1)
        _again(deliver, first, UNREGISTERED.penalty())
        after = summary(deliver, "environment", "penalties_2018")
        assert (after.waiting, after.returned) == (2, 0)


def test_a_row_that_is_taken_back_is_gone_and_answers_no_other(deliver: Intake) -> None:
    with undone():
        wrong = COMPANY.penalty(CF_XDR_SHXYM=f"{COMPANY.uscc[:-1]}A")
        first = deliver("penalties_2018", [wrong, BAD], agency="environment")
        said = {"intent": "withdraw", "linked_to": first["batch_id"], "name": "back.csv"}
        deliver("penalties_2018", [wrong], agency="environment", **said)
        after = summary(deliver, "environment", "penalties_2018")
        assert (after.waiting, after.returned) == (0, 1)


def _returned(deliver: Intake, agency: str = "environment") -> int:
    return summary(deliver, agency, "penalties_2018").returned


def _again(deliver: Intake, first: dict[str, Any], *rows: Row) -> dict[str, Any]:
    """Deliver rows linked to an earlier batch."""
    return deliver(
        "penalties_2018", rows, agency="environment", linked_to=first["batch_id"], name="again.csv"
    )


def test_a_resource_for_trials_is_listed_only_once_it_was_delivered(deliver: Intake) -> None:
    with undone():
        assert "register_extract" not in listed(deliver, "data_bureau")
        deliver("register_extract", [COMPANY.extract()])
        assert summary(deliver, "data_bureau", "register_extract").rows == 1


@pytest.mark.parametrize(
    ("came", "asked", "late", "provisional"),
    [
        (dt.date(2026, 11, 23), dt.date(2026, 11, 24), None, False),
        (dt.date(2026, 11, 23), dt.date(2026, 11, 25), dt.date(2026, 11, 25), False),
        (dt.date(2026, 12, 30), dt.date(2027, 3, 1), dt.date(2027, 1, 1), False),
        # The calendar ends with 2026: from then on Monday to Friday are worked.
        (dt.date(2026, 12, 31), dt.date(2027, 1, 1), None, True),
        (dt.date(2026, 12, 31), dt.date(2027, 1, 2), dt.date(2027, 1, 2), True),
        (dt.date(2027, 1, 1), dt.date(2027, 1, 4), None, True),
        (dt.date(2027, 1, 1), dt.date(2027, 1, 5), dt.date(2027, 1, 5), True),
        (dt.date(2030, 6, 7), dt.date(2030, 6, 11), dt.date(2030, 6, 11), True),
    ],
)
def test_by_a_calendar_that_is_not_announced_a_source_is_due_and_late_provisionally(
    deliver: Intake, came: dt.date, asked: dt.date, late: dt.date | None, provisional: bool
) -> None:
    with undone():
        moment = dt.datetime.combine(came, dt.time(4), dt.UTC)
        deliver("registration", [COMPANY.registration()], now=moment)
        found = freshness(declarations=current(), on=asked)
        (register,) = [item for item in found if item.resource == "registration"]
        assert (register.late_since, register.provisional) == (late, provisional)


def test_a_past_day_lists_no_name_that_was_learned_later(deliver: Intake) -> None:
    with undone():
        for name, approved, moment in (
            ("佛山旧名示例有限公司", "2024-02-01", dt.datetime(2026, 2, 2, tzinfo=dt.UTC)),
            ("佛山又名示例有限公司", "2026-03-01", dt.datetime(2026, 4, 2, tzinfo=dt.UTC)),
            (COMPANY.name, "2026-05-01", dt.datetime(2026, 6, 2, tzinfo=dt.UTC)),
        ):
            row = COMPANY.registration(名称=name, 核准日期=approved)
            deliver("registration", [row], now=moment)

        def former(on: dt.date | None) -> tuple[str, ...]:
            file = credit_file(actor=PUBLIC, code=COMPANY.uscc, on=on, now=deliver.now)
            assert file is not None
            return tuple(other.name for other in file.head.former_names)

        assert former(dt.date(2026, 3, 1)) == ("佛山旧名示例有限公司",)
        assert former(None) == ("佛山旧名示例有限公司", "佛山又名示例有限公司")


def test_of_an_agency_penalties_and_licences_come_first_and_all_kinds_add_up(
    deliver: Intake,
) -> None:
    with undone():
        deliver("registration", [COMPANY.registration()])
        deliver("annual_reports", [COMPANY.report()])
        deliver("licences_2018", [COMPANY.licence()], agency="market_regulation")
        penalties = [COMPANY.penalty(), COMPANY.penalty("2")]
        deliver("penalties_2018", penalties, agency="market_regulation")
        found = publicity(
            actor=PUBLIC, agency="market_regulation", kind="", page=1, now=deliver.now
        )
        assert found is not None
        kinds = [(kind, count) for kind, _, count in found.kinds]
        assert kinds[:2] == [("penalty", 2), ("licence", 1)]
        assert {kind for kind, _ in kinds} == {
            "penalty",
            "licence",
            "registration",
            "annual_report",
        }
        assert (found.kind, found.total, found.shown) == ("penalty", 2, 5)


def test_what_is_held_is_what_waits_and_what_has_to_come_again(deliver: Intake) -> None:
    with undone():
        deliver("penalties_2018", [UNREGISTERED.penalty(), BAD, OTHER], agency="environment")
        found = totals(actor=PUBLIC, now=deliver.now)
        assert (found.waiting, found.returned, found.held) == (1, 2, 3)
        assert found.settled == 0
        assert sum(reason.rows for reason in why_waiting(declarations=current())) == found.waiting


def test_what_was_repeated_or_changed_is_counted_by_the_receipts(deliver: Intake) -> None:
    with undone():
        deliver("registration", [COMPANY.registration()])
        first = [COMPANY.penalty("1"), COMPANY.penalty("2")]
        deliver("penalties_2018", first, agency="environment")
        again = [COMPANY.penalty("1"), COMPANY.penalty("2", CF_NR_FK="7")]
        deliver("penalties_2018", again, agency="environment", name="again.csv")
        found = totals(actor=PUBLIC, now=deliver.now)
        assert (found.settled, found.repeated, found.changed) == (5, 1, 1)


def test_the_next_delivery_is_due_one_cycle_after_the_last(deliver: Intake) -> None:
    """A daily resource received on a Friday is due on the Monday; one never received, on no day."""
    with undone():
        friday = dt.datetime(2026, 11, 20, 4, tzinfo=dt.UTC)
        deliver("penalties_2018", [COMPANY.penalty()], agency="environment", now=friday)
        own = summary(deliver, "environment", "penalties_2018")
        assert (own.cycle.zh, own.due, own.late_since) == (
            "每日", dt.date(2026, 11, 23), dt.date(2026, 11, 24),
        )  # fmt: skip
        silent = summary(deliver, "housing", "penalties_2018")
        assert (silent.cycle.zh, silent.due, silent.late_since) == ("每日", None, None)


def test_every_declared_cycle_has_its_words() -> None:
    cycle = typing.get_type_hints(Resource)["cycle"]
    assert set(CYCLES) == set(typing.get_args(cycle))


def test_one_sentence_stands_once_whatever_layouts_it_is_about(deliver: Intake) -> None:
    with undone():
        for resource in ("customs_grades", "tax_a_grades"):
            row = current().resources[resource].examples[0].row
            deliver(resource, [{**row, "统一社会信用代码": ""}])
        (reason,) = why_returned(declarations=current())
        assert (reason.column.zh, reason.sentence.zh) == ("统一社会信用代码", "必填项为空")
        assert (reason.rows, len(reason.of)) == (2, 2)
