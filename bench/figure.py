"""A figure: its value, what it is measured against in the same run, and the ratio."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Figure:
    """`ratio` says how many times better than the reference: larger is better everywhere."""

    name: str
    value: float
    unit: str
    reference: str
    ratio: float
    detail: dict[str, float | int | str] = field(default_factory=dict)

    def line(self) -> str:
        said = {
            "name": self.name,
            "value": round(self.value, 3),
            "unit": self.unit,
            "reference": self.reference,
            "ratio": round(self.ratio, 3),
            **self.detail,
        }
        return json.dumps(said, ensure_ascii=False)


def within(
    goal: float, seen: Sequence[float], *, name: str, unit: str, beside: str,
    **detail: float | int | str,
) -> Figure:  # fmt: skip
    """The 95th percentile of seconds that were seen against a bound, `beside` what went on."""
    p95 = statistics.quantiles(seen, n=100)[94]
    return Figure(
        name=name,
        value=p95,
        unit=f"{unit}, 95th percentile",
        reference=f"goal {goal} s, {beside}",
        ratio=goal / p95,
        detail={
            "median_s": round(statistics.median(seen), 3),
            "worst_s": round(max(seen), 3),
            **detail,
        },
    )


@dataclass
class Watch:
    seconds: float = 0.0


@contextmanager
def watch() -> Iterator[Watch]:
    """The seconds the body took."""
    taken = Watch()
    begun = time.perf_counter()
    yield taken
    taken.seconds = time.perf_counter() - begun


def paired(
    ours: Callable[[], object], theirs: Callable[[], object], *, rounds: int
) -> tuple[float, float]:
    """Median seconds of each, taken in turn so that a drifting machine favours neither."""
    mine: list[float] = []
    other: list[float] = []
    ours()
    theirs()
    for _ in range(rounds):
        with watch() as first:
            ours()
        with watch() as second:
            theirs()
        mine.append(first.seconds)
        other.append(second.seconds)
    return statistics.median(mine), statistics.median(other)
