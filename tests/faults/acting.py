"""`python -m tests.faults.acting`: an officer at work in a process of his own, which may be killed.

`propose` and `approve` withhold a penalty from the public, by two officers; `sign` lists everybody
who is proposed for it.
"""

from __future__ import annotations

import datetime as dt
import sys
from uuid import UUID

from yuexin.engines.access.types import Actor
from yuexin.faces.console.session import session

WITHHOLDING, LISTING = "withhold_publicity", "abnormal_listing"
CLERK = Actor(id="clerk-lin", role="clerk", agency="environment", purpose="enforcement")
SIGNER = Actor(id="signer-wu", role="signing_officer", agency="environment", purpose="enforcement")
HEAD = Actor(id="head-ye", role="signing_officer", agency="market_regulation")


def propose(record: str, now: dt.datetime) -> str:
    """Open a case about this record."""
    from yuexin.engines.cases.operations import open_case
    from yuexin.engines.declare.queries import current
    from yuexin.engines.records.models import Record

    found = Record.objects.get(pk=UUID(record))
    return open_case(
        declarations=current(), actor=CLERK, process=WITHHOLDING, subject=found.subject,
        record=found.pk, form={"ground": "trade_secret"}, papers=(), reason="含工艺参数", now=now,
    )  # fmt: skip


def approve(case: str, now: dt.datetime) -> str:
    """Decide it, as another officer who saw what was proposed."""
    from yuexin.engines.cases.operations import take_step
    from yuexin.engines.declare.queries import current

    number = take_step(
        declarations=current(), actor=SIGNER, case=case, step="approve", seen=1, form={},
        papers=(), reason="", now=now,
    )  # fmt: skip
    return str(number)


def sign(_: str, now: dt.datetime) -> str:
    """Sign for everybody who is proposed. Says how many cases were opened."""
    from yuexin.domains.credit.proposals import proposed
    from yuexin.domains.credit.signing.operations import sign as signed
    from yuexin.engines.declare.queries import current

    found = proposed(declarations=current(), actor=HEAD, process=LISTING, now=now)
    if not found.total:
        return "0"
    done = signed(
        declarations=current(), actor=HEAD, process=LISTING, reason="", now=now,
        subjects=[one.subject for one in found.candidates],
    )  # fmt: skip
    assert not done.refused, done.refused
    return str(len(done.opened))


ACTS = {"propose": propose, "approve": approve, "sign": sign}

if __name__ == "__main__":
    with session():
        act, about = sys.argv[1:3]
        sys.stdout.write(ACTS[act](about, dt.datetime.now(dt.UTC)))
