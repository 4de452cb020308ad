"""An officer signs for some of those proposed, which opens a case of each; or declines them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.credit.proposals import still_proposed
from yuexin.engines.access.types import Actor
from yuexin.engines.cases.operations import open_case
from yuexin.engines.declare.types import Declarations, Proposal

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
    proposal = _proposal(declarations, process)
    return _answered(
        declarations, actor, process, subjects, reason, now,
        step=proposal.step if proposal else "", form=proposal.form if proposal else {},
    )  # fmt: skip


def decline(
    *,
    declarations: Declarations,
    actor: Actor,
    process: str,
    subjects: Sequence[UUID],
    reason: str,
    now: dt.datetime,
) -> Signed:
    """Decline the proposal of each of these subjects, each in a case that keeps the reason: they
    are told apart then, with it, until the rule finds something new.

    Raises a `Refusal` for whoever may not enter the room, where there are too many, no reason, or
    proposals of this process are not declined.
    """
    proposal = _proposal(declarations, process)
    if proposal and not proposal.refuse:
        raise Refusal(
            code="PROCESS",
            what=Text("这一事项不能这样办", "proposals of this process are not declined"),
            remedy=Text("请从页面列出的办法中选择", "choose what the page offers"),
        )
    if not reason.strip():
        raise Refusal(
            code="CASE_REASON",
            what=Text("没有写明理由", "no reason was given"),
            where="reason",
            remedy=Text("写明理由后再提交", "say why, then submit again"),
        )
    step = proposal.refuse if proposal else ""
    return _answered(declarations, actor, process, subjects, reason, now, step=step, form={})


def _proposal(declarations: Declarations, process: str) -> Proposal | None:
    declared = declarations.processes.get(process)
    return declared.proposed if declared else None


def _answered(
    declarations: Declarations,
    actor: Actor,
    process: str,
    subjects: Sequence[UUID],
    reason: str,
    now: dt.datetime,
    *,
    step: str,
    form: Mapping[str, str],
) -> Signed:
    """Open a case by this step for each that is still proposed."""
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
                    form=form,
                    papers=(),
                    reason=reason,
                    now=now,
                    step=step,
                )
            )
        except Refusal as refusal:
            refused.append((subject, refusal.what))
    return Signed(
        opened=tuple(opened),
        refused=tuple(refused),
        passed_over=len(chosen) - len(opened) - len(refused),
    )
