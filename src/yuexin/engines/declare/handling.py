"""Checks at the point of handling, and what bodies were shown: within which periods they are
answered for. `types` is the door.

A period that no law sets is `confirmed: false` until an official confirms it.
"""

from __future__ import annotations

from dataclasses import dataclass

from yuexin.engines.declare.process import CaseClock


@dataclass(frozen=True, kw_only=True)
class Handling:
    """`feedback`: from the check until its body has said what it did. `lifting`: from the day on
    which a subject leaves a list until whoever applied a measure has confirmed that he ended it.
    `recall`: from the day on which a case changed or took down a record until whoever had been
    shown it has confirmed that he knows."""

    feedback: CaseClock
    lifting: CaseClock
    recall: CaseClock

    @property
    def clocks(self) -> tuple[CaseClock, ...]:
        return (self.feedback, self.lifting, self.recall)
