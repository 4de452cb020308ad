"""An officer signs for whom a process is opened: some of those proposed, or the next of all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.credit.proposals import still_proposed
from yuexin.engines.access.types import Actor
from yuexin.engines.cases.operations import open_case
from yuexin.engines.declare.types import Declarations

MOST_AT_ONCE: Final = 100
"""Each is a transaction of its own: so many are signed while one waits for the page."""


@dataclass(frozen=True, kw_only=True)
class Signed:
    """The cases that were opened; for whom none was, with the reason; how many were no longer
    proposed, by this officer or another, and are passed over."""

    opened: tuple[str, ...]
    refused: tuple[tuple[UUID, Text], ...]
    passed_over: int


def sign(
    *,
    declarations: Declarations,
    actor: Actor,
    process: str,
    subjects: Sequence[UUID],
    reason: str,
    now: dt.datetime,
) -> Signed:
    """Open a case for each of these subjects that is still proposed, each by itself: what one of
    them is refused for does not keep back the others. Signed twice, nothing is opened twice.

    Raises a `Refusal` for whoever may not enter the room, and where there are too many.
    """
    chosen = tuple(dict.fromkeys(subjects))
    if not 0 < len(chosen) <= MOST_AT_ONCE:
        raise Refusal(
            code="CHOICE",
            what=Text(
                f"一次可以签署 1 至 {MOST_AT_ONCE} 户", f"sign for 1 to {MOST_AT_ONCE} at a time"
            ),
            where="subject",
            remedy=Text("勾选后再提交", "choose, then submit"),
        )
    standing = still_proposed(
        declarations=declarations, actor=actor, process=process, subjects=chosen, now=now
    )
    proposal = declarations.processes[process].proposed
    assert proposal is not None
    opened, refused = [], []
    for subject in chosen:
        if subject not in standing:
            continue
        try:
            opened.append(
                open_case(
                    declarations=declarations,
                    actor=actor,
                    process=process,
                    subject=subject,
                    record=None,
                    form=proposal.form,
                    papers=(),
                    reason=reason,
                    now=now,
                    step=proposal.step,
                )
            )
        except Refusal as refusal:
            refused.append((subject, refusal.what))
    return Signed(
        opened=tuple(opened),
        refused=tuple(refused),
        passed_over=len(chosen) - len(opened) - len(refused),
    )
