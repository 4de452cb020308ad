"""Chance that falls alike for the same seed and purpose."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")

MOST_EVENTS = 12


class Dice:
    """One stream of chance. Streams of different purposes do not disturb one another."""

    def __init__(self, *, seed: int, purpose: str) -> None:
        # A text seed goes through SHA-512, so neighbouring seeds share nothing.
        self._random = Random(f"{seed}:{purpose}").random

    def roll(self) -> float:
        return self._random()

    def chance(self, share: float) -> bool:
        return self._random() < share

    def below(self, n: int) -> int:
        return int(self._random() * n)

    def between(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + int(self._random() * (high - low + 1))

    def pick(self, items: Sequence[T]) -> T:
        return items[int(self._random() * len(items))]

    def date(self, first: dt.date, last: dt.date) -> dt.date:
        """A day from `first` to `last`, both included; `last` where they stand the wrong way."""
        days = (last - first).days
        return first + dt.timedelta(days=self.between(0, days)) if days > 0 else last

    def recent(self, first: dt.date, last: dt.date) -> dt.date:
        """A day from `first` to `last`, one in ten of them in the last week."""
        near = self._random() < 0.1
        return self.date(max(first, last - dt.timedelta(days=6)) if near else first, last)

    def events(self, mean: float) -> int:
        """How many of something befall one subject: mostly none, seldom many, `mean` on average."""
        again, count = mean / (1 + mean), 0
        while count < MOST_EVENTS and self._random() < again:
            count += 1
        return count
