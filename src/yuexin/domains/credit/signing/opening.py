"""Cases of those who are proposed, opened by whoever signs: of each at most one."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Collection, Mapping, Sequence
from typing import Final
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection, transaction

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.credit.proposals import still_proposed
from yuexin.domains.credit.signing.types import Signed
from yuexin.engines.access.types import Actor
from yuexin.engines.cases.operations import MISFITS, open_case
from yuexin.engines.declare.types import Declarations

SIGNING_LOCK: Final = 0x59585347  # who was proposed when it was looked is so until the case is open
BROKE: Final = Text(
    "办理时出错，没有立案：请通知平台运维人员查看运行日志",
    "it broke while it was carried out, and no case was opened: let whoever runs the platform read "
    "its log",
)

logger = logging.getLogger(__name__)


def hold_signing() -> None:
    """Until the transaction ends nobody else signs for those who are proposed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SIGNING_LOCK])


@transaction.atomic
def open_proposed(
    *,
    declarations: Declarations,
    actor: Actor,
    process: str,
    step: str,
    form: Mapping[str, str],
    reason: str,
    subjects: Sequence[UUID],
    now: dt.datetime,
) -> Signed:
    """Open a case by this step for each of these subjects that is still proposed: all of them are
    kept or none, but what one of them is refused for does not keep back the others."""
    hold_signing()
    standing = still_proposed(
        declarations=declarations, actor=actor, process=process, subjects=subjects, now=now
    )
    opened: list[str] = []
    refused: list[tuple[str, Text]] = []
    for subject, code in standing.items():
        try:
            opened.append(
                open_case(
                    declarations=declarations, actor=actor, process=process, subject=subject,
                    record=None, form=form, papers=(), reason=reason, now=now, step=step,
                )
            )  # fmt: skip
        except Refusal as refusal:
            refused.append((code, refusal.what))
        except (OperationalError, InterfaceError):
            raise
        except MISFITS:
            logger.exception("no case of process %s could be opened about %s", process, code)
            refused.append((code, BROKE))
    return Signed(
        opened=tuple(opened),
        refused=tuple(refused),
        passed_over=len(subjects) - len(standing),
    )


def together(parts: Collection[Signed]) -> Signed:
    """What came of all of these."""
    return Signed(
        opened=tuple(case for one in parts for case in one.opened),
        refused=tuple(each for one in parts for each in one.refused),
        passed_over=sum(one.passed_over for one in parts),
    )
