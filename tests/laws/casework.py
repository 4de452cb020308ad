"""Random casework: who opens what about whom, which step comes next, and when the worker works.

What can be done depends on what was done before: an event is drawn as numbers, and what they mean
is looked up when its turn has come.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final, Literal

from hypothesis import strategies as st
from tests.domains.credit.handling.rows import abnormal, debtor, dishonest, grade_a
from tests.intake import Row
from tests.laws.events import ENTITIES, Sent, deliveries

from yuexin.engines.declare.queries import current

Work = Literal["due", "carry", "killed", "settle", "judge"]
WORK: Final[tuple[Work, ...]] = ("due", "carry", "carry", "killed", "settle", "judge")
GAPS: Final = (0, 0, 0, 0, 1, 1, 2, 5)
ACTS: Final = 36
ROUNDS: Final = 6
LONGEST: Final = max(GAPS) * (ACTS + ROUNDS)
# How many entities or records, people, and answers there are to choose from at most.
MANY: Final = 12
OPENINGS: Final = 0.4
# What decides about records that every world has comes up more often than the rest.
PROCESSES: Final = (
    *("penalty_repair", "objection", "withhold_publicity", "bankruptcy_shielding") * 3,
    *("abnormal_listing", "abnormal_removal", "serious_removal") * 2,
    *sorted(current().processes),
)


@dataclass(frozen=True, kw_only=True)
class Opened:
    """Somebody opens a case about one of the entities or records that it can be about."""

    process: str
    place: int
    by: int
    said: int = 0
    days: int = 0


@dataclass(frozen=True, kw_only=True)
class Stepped:
    """Somebody takes one of the steps that one of the cases has come to; 0 is the last opened."""

    place: int
    step: int
    by: int
    said: int = 0
    days: int = 0


@dataclass(frozen=True, kw_only=True)
class Worked:
    """The worker does these in this order; `killed` dies before what it carried out is kept."""

    work: tuple[Work, ...]
    days: int = 0


@st.composite
def listed(draw: st.DrawFn) -> Sent:
    """An entry in a list, or its end; the same entry again is a correction."""
    one = draw(st.sampled_from(ENTITIES))
    state = draw(st.sampled_from(("列入", "列入", "移出", "撤销")))
    rows: dict[str, list[Row]] = {
        "abnormal_operations": [abnormal(one, 列入状态=state)],
        "serious_dishonesty": [dishonest(one, 列入状态=state)],
        "judgement_debtors": [debtor(one, 名单状态=draw(st.sampled_from(("公布", "屏蔽"))))],
        "tax_a_grades": [grade_a(one)],
    }
    resource = draw(st.sampled_from(sorted(rows)))
    return Sent(resource=resource, rows=rows[resource])


def founding() -> tuple[Sent, ...]:
    """Enough to work with: registers, penalties of several ages, entries in lists."""
    one, other, trader, third = ENTITIES
    entered = [abnormal(each, 列入日期="2025-07-08") for each in (one, trader)]
    return (
        Sent(resource="registration", rows=[each.registration() for each in ENTITIES]),
        Sent(
            resource="penalties_2018",
            agency="environment",
            rows=[
                one.penalty("1", CF_JDRQ="2026-04-02"), one.penalty("2", CF_JDRQ="2025-12-10"),
                other.penalty("3", CF_JDRQ="2026-01-20"), trader.penalty("4", CF_JDRQ="2025-11-03"),
            ],
        ),
        Sent(resource="abnormal_operations", rows=entered),
        Sent(resource="serious_dishonesty", rows=[dishonest(third)]),
    )  # fmt: skip


def casework(*others: st.SearchStrategy[object]) -> st.SearchStrategy[list[object]]:
    """What happens after the founding: much casework, among it a few deliveries, or `others`.

    Casework is drawn by lot: an act that is refused costs nothing, so there may be many.
    """
    rest = st.lists(st.one_of(listed(), deliveries(), *others), min_size=1, max_size=3)
    return st.builds(_mingled, st.integers(0, 2**48), rest)


def _mingled(seed: int, rest: list[object]) -> list[object]:
    lot = Random(seed)
    rounds = [
        Worked(work=tuple(lot.choices(WORK, k=lot.randint(1, 3))), days=lot.choice(GAPS))
        for _ in range(lot.randint(0, ROUNDS))
    ]
    events = [*(_act(lot) for _ in range(ACTS)), *rounds]
    lot.shuffle(events)
    for one in rest:
        events.insert(lot.randint(0, len(events)), one)
    return events


def _act(lot: Random) -> object:
    by, said, days = lot.randrange(MANY), lot.randrange(MANY), lot.choice(GAPS)
    if lot.random() < OPENINGS:
        return Opened(
            process=lot.choice(PROCESSES), place=lot.randrange(MANY), by=by, said=said, days=days
        )
    place = lot.choice((0, 0, 0, 1, 2))
    return Stepped(place=place, step=lot.randrange(MANY), by=by, said=said, days=days)
