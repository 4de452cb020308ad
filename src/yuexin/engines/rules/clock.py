"""Where time alone changes a truth: the day on which a comparison with `on_date` flips.

The clock is `on_date` moved by intervals. Moving never turns two days round, so `clock >= day`
is false up to one day and true from it on: that day is `first_day`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

Sign = Literal["+", "-"]
Unit = Literal["DAY", "MONTH", "YEAR"]
LAST_DATE: Final = "DATE '9999-12-31'"
MAX_AMOUNT: Final = 9999
MAX_STEPS: Final = 3


@dataclass(frozen=True, kw_only=True)
class Step:
    """One interval by which the clock is moved."""

    sign: Sign
    amount: int
    unit: Unit

    @property
    def back(self) -> Step:
        sign: Sign = "-" if self.sign == "+" else "+"
        return Step(sign=sign, amount=self.amount, unit=self.unit)


def moved(day: str, step: Step) -> str:
    """A date moved by one interval. DATE ± INTERVAL gives a timestamp, so it is cast back."""
    return f"CAST({day} {step.sign} INTERVAL '{step.amount}' {step.unit} AS DATE)"


def first_day(target: str, steps: Sequence[Step]) -> str:
    """The first `on_date` whose clock, moved by `steps`, has reached the date `target`."""
    for step in reversed(steps):
        target = _before(target, step)
    return target


def _before(target: str, step: Step) -> str:
    day = moved(target, step.back)
    if step.unit == "DAY":
        return day
    # From the 31st back into a month of 30 days: the 30th does not reach the target yet, the
    # 1st of the next month passes it.
    return f"({day} + CAST({moved(day, step)} < {target} AS INTEGER))"


def flips(operator: str, clock: Sequence[Step], other: str) -> list[str]:
    """The days on which `clock operator other` changes its truth."""
    reached, passed = first_day(other, clock), first_day(f"({other} + 1)", clock)
    match operator:
        case ">=" | "<":
            return [reached]
        case ">" | "<=":
            return [passed]
    return [reached, passed]


def next_flip(days: Sequence[str], on: str) -> str:
    """The earliest of `days` after `on`, NULL where there is none."""
    return earliest([f"nullif(greatest({day}, {on}), {on})" for day in days])


def earliest(days: Sequence[str]) -> str:
    """The earliest date. DuckDB's `least` passes over NULL, which here means never."""
    return f"least({', '.join(days)})" if days else "CAST(NULL AS DATE)"


def in_calendar(day: str) -> str:
    """A date, NULL where Python has none so late."""
    return f"CASE WHEN {day} <= {LAST_DATE} THEN {day} END"
