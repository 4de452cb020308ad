"""Whether what was received and noted is still what it was, and rebuilds to what lives.

Asked for by officers on a page and run by the worker, or run by an operator at once. The last
outcome is public: everyone may know whether the record was tampered with.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import Any, Final

from django.db import transaction
from django.db.models import Sum

from yuexin.base.dates import Clock
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.collection.models import Verification
from yuexin.domains.collection.rebuild import rebuild
from yuexin.engines.access import queries as journal
from yuexin.engines.access.operations import note, seal
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.queries import current
from yuexin.engines.declare.types import Declarations
from yuexin.engines.deliveries import queries as deliveries
from yuexin.engines.deliveries.models import Delivery, Receipt
from yuexin.engines.deliveries.operations import tell_settled, wait_until, wake
from yuexin.engines.lake import queries as lake
from yuexin.engines.papers import queries as papers
from yuexin.home.folder import Home

_TURN: Final = BoundedSemaphore(1)
"""One officer waits in each process; the others look again."""
MOST_ROWS_REBUILT: Final = 500_000
"""Above this a rebuild, which holds up folding, is an operator's to begin."""


@dataclass(frozen=True, kw_only=True)
class Redacted:
    """A delivery of which a part was erased by order."""

    delivery: int
    order: str
    basis: str


@dataclass(frozen=True, kw_only=True)
class Verified:
    """What a verification found: how far the chain reaches, what was erased by which order, and
    every place that does not hold."""

    deliveries: int
    head: str
    sealed_now: int
    redacted: tuple[Redacted, ...]
    problems: tuple[str, ...]


def verify(*, home: Home, now: dt.datetime) -> Verified:
    """Check the chain of deliveries, every stored file, the journal's seals, the pool and what is
    on record of papers."""
    sealed = seal(now=now)
    problems = [f"delivery {b.number}: {b.problem}" for b in deliveries.breaks(home=home)]
    problems += [f"journal {b.stream} {b.number}: {b.problem}" for b in journal.breaks()]
    problems += [f"pool {b}" for b in lake.breaks(lake=home.lake)]
    problems += [f"paper {b}" for b in papers.breaks()]
    last = Delivery.objects.order_by("-number").first()
    return Verified(
        deliveries=last.number if last else 0,
        head=last.chain if last else "",
        sealed_now=sealed,
        redacted=tuple(
            Redacted(delivery=number, order=order, basis=basis)
            for number, order, basis in deliveries.redacted_under()
        ),
        problems=tuple(problems),
    )


@transaction.atomic
def ask(*, actor: Actor, declarations: Declarations, now: dt.datetime) -> Verification:
    """Ask the worker for a verification. One that is asked for already answers for both."""
    if not journal.rooms_of(declarations=declarations, actor=actor):
        raise Refusal(
            code="ROOM",
            what=Text("只有公职人员可以发起核验", "only officers may ask for a verification"),
            rule="roles",
            remedy=Text("最近一次核验的结果人人可看", "the last outcome is open to everyone"),
        )
    waiting = Verification.objects.filter(done_at=None).first()
    if waiting is not None:
        return waiting
    note(stream="change", actor=actor, action="verification.asked", thing="deliveries", now=now)
    wake()
    return Verification.objects.create(asked_by=actor.id, asked_at=now)


def run_asked(*, home: Home, clock: Clock) -> bool:
    """Run the verification that was asked for, if one was. Run twice it is merely run again."""
    waiting = Verification.objects.filter(done_at=None).order_by("id").first()
    if waiting is None:
        return False
    found = verify(home=home, now=clock())
    rows = Receipt.objects.aggregate(rows=Sum("rows_received"))["rows"] or 0
    rebuilt: dict[str, Any] = {}
    if rows <= MOST_ROWS_REBUILT and not found.problems:
        again = rebuild(home=home, declarations=current(), check=True, now=clock())
        rebuilt = {
            "replayed": again.deliveries,
            "rows": sum(again.rows.values()),
            "differences": [dataclasses.asdict(one) for one in again.differences],
        }
    _done(waiting, found, rebuilt, clock())
    return True


def last_done() -> Verification | None:
    """The last verification that was run to its end."""
    return Verification.objects.exclude(done_at=None).order_by("-done_at").first()


def is_asked() -> bool:
    """Whether one is asked for and not done yet."""
    return Verification.objects.filter(done_at=None).exists()


def wait_done(*, seconds: float) -> None:
    """Wait until none is asked for that is not done, so many seconds at most."""
    wait_until(lambda: not is_asked(), seconds=seconds, turns=_TURN)


@transaction.atomic
def _done(row: Verification, found: Verified, rebuilt: dict[str, Any], at: dt.datetime) -> None:
    row.done_at = at
    row.deliveries = found.deliveries
    row.head = found.head
    row.problems = list(found.problems)
    row.rebuilt = rebuilt or None
    row.save()
    tell_settled()
