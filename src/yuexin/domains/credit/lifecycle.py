"""The stages of a public record: draft, validated, withheld or published, and what follows.

Derived from what exists: when its row came, what each version of it says, how long a release shows
that, and which cases are about it. Nothing of it is stored.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from yuexin.engines.declare.types import Stage

PublicityState = Literal[
    "draft", "validated", "withheld", "published", "flagged", "amended", "repair_applied",
    "repaired", "revoked", "sealed", "taken_back", "expired", "archived",
]  # fmt: skip
ENDED: tuple[Stage, ...] = ("repaired", "revoked", "sealed")


@dataclass(frozen=True, kw_only=True)
class Telling:
    """One version of a fact: what it says of its stage, and what the release makes of it.

    `until` is the day on which another version replaced it, or it was taken back. `withheld` is
    the rule by which it is not shown, '' where it is. `amends`: it says something else than the
    version before, beside its stage.
    """

    known_on: dt.date
    until: dt.date | None
    stage: Stage | None
    withheld: str
    shown_until: dt.date | None
    amends: bool

    @property
    def shows(self) -> bool:
        """Whether anybody of the public ever sees it."""
        return not self.withheld and (self.shown_until or dt.date.max) > self.known_on


@dataclass(frozen=True, kw_only=True)
class CaseSpan:
    """A case about the record: the state in which it puts it from its first day to its last."""

    state: Literal["flagged", "repair_applied"]
    since: dt.date
    until: dt.date | None = None


@dataclass(frozen=True, kw_only=True)
class Step:
    """From this day on the record stands here. `why` is the rule that withholds it, if any."""

    state: PublicityState
    on: dt.date
    why: str = ""


def publicity_state(
    *,
    received_on: dt.date,
    told: Sequence[Telling],
    cases: Sequence[CaseSpan] = (),
    today: dt.date,
) -> tuple[Step, ...]:
    """The stages through which a fact has come by today, the last one is where it stands.

    `told` are its versions in order; none while its row waits or went back: it is a draft.
    """
    steps = [Step(state="draft", on=received_on)]
    if told:
        steps.append(Step(state="validated", on=told[0].known_on))
        steps += _of_versions(told)
        steps += _of_cases(cases, told)
    return tuple(sorted((one for one in steps if one.on <= today), key=lambda one: one.on))


def _of_versions(told: Sequence[Telling]) -> Iterator[Step]:
    before: Step | None = None
    for place, version in enumerate(told):
        if version.amends:
            yield Step(state="amended", on=version.known_on)
        now = _standing(version)
        if before is None or (before.state, before.why) != (now.state, now.why):
            yield now
        before = now
        yield from _ended(version, now)
        if place == len(told) - 1 and version.until is not None:
            yield Step(state="taken_back", on=version.until)
            yield Step(state="archived", on=version.until)


def _standing(version: Telling) -> Step:
    """Where a version puts the record on the day it is known."""
    if version.shows:
        return Step(
            state="flagged" if version.stage == "flagged" else "published", on=version.known_on
        )
    if version.stage in ENDED:
        return Step(state=version.stage, on=version.known_on, why=version.withheld)
    if version.withheld:
        return Step(state="withheld", on=version.known_on, why=version.withheld)
    return Step(state="expired", on=version.known_on)


def _ended(version: Telling, now: Step) -> Iterator[Step]:
    """The end of publicity that a version brings: kept for use by law, shown to nobody else."""
    if now.state in (*ENDED, "expired"):
        yield Step(state="archived", on=now.on)
    end = version.shown_until if version.shows else None
    if end and (version.until is None or end <= version.until):
        yield Step(state="expired", on=end)
        yield Step(state="archived", on=end)


def _of_cases(cases: Sequence[CaseSpan], told: Sequence[Telling]) -> Iterator[Step]:
    """A case marks the record while it is open. Where nothing else came of it, it stands as
    before from the day the case ended."""
    moved = {version.known_on for version in told[1:]}
    for case in cases:
        yield Step(state=case.state, on=case.since)
        if case.until is not None and case.until not in moved:
            held = [one for one in told if one.known_on <= case.until]
            over = held[-1].shown_until if held else None
            if held and (over is None or over > case.until):
                yield Step(state=_standing(held[-1]).state, on=case.until)
