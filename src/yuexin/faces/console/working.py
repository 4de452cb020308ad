"""What the worker does: in every round, and once a day. Each piece is done whole or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain
from types import TracebackType
from typing import Final

from yuexin.base.dates import today
from yuexin.faces.console.session import present
from yuexin.home.folder import Home


class Beside:
    """Questions about everybody take their time: they are answered one after the other beside the
    rounds, so that no delivery waits for them. Leaving waits for the one that is being answered."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(max_workers=1)
        self._answering: Future[bool] | None = None

    def __enter__(self) -> Beside:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: object, trace: TracebackType | None
    ) -> None:
        self._threads.shutdown(cancel_futures=True)

    def go_on(self) -> None:
        """Begin with the question that waits longest, if none is being answered. What broke in
        answering one is raised here."""
        if self._answering is not None:
            if not self._answering.done():
                return
            self._answering.result()
        self._answering = self._threads.submit(_answered)

    def finish(self) -> None:
        """Answer all that waits."""
        while self._threads.submit(_answered).result():
            pass


def _answered() -> bool:
    from django.db import connection

    from yuexin.domains.subjects.whatif.asked import run_asked
    from yuexin.engines.declare.queries import current

    try:
        return run_asked(declarations=current(), clock=present)
    finally:
        connection.close()


def round_of_work(home: Home) -> bool:
    """One round of due work. True when there was any."""
    from yuexin.domains.collection.operations import settle_pending
    from yuexin.domains.collection.outcomes import carry_out
    from yuexin.domains.collection.verification import run_asked
    from yuexin.domains.credit.handling.liftings import tell_liftings
    from yuexin.domains.credit.signing.carrying import carry_on
    from yuexin.domains.credit.watching.queries import values_at_sending
    from yuexin.domains.hall.filing.told import answer_tellers
    from yuexin.domains.subjects.corrections_told import tell_of_corrections
    from yuexin.domains.subjects.recalls_told import tell_of_recalls
    from yuexin.engines.access.operations import seal
    from yuexin.engines.access.types import OPERATOR
    from yuexin.engines.cases.operations import take_due
    from yuexin.engines.declare.queries import current
    from yuexin.engines.notices.operations import send_due

    renewed = values_at_sending(declarations=current(), clock=present)
    settled = settle_pending(home=home, actor=OPERATOR, clock=present)
    if settled:
        tell_liftings(declarations=current(), now=present())
    done = [
        settled,
        answer_tellers(declarations=current(), now=present()),
        tell_of_corrections(declarations=current(), now=present()),
        tell_of_recalls(declarations=current(), now=present()),
        send_due(declarations=current(), home=home, clock=present, renewed=renewed),
        seal(now=present()),
        # Last, so that nothing waits for a case: what they make is folded in the next round.
        take_due(declarations=current(), now=present()),
        carry_on(declarations=current(), clock=present),
        carry_out(home=home, declarations=current(), clock=present),
        run_asked(home=home, clock=present),
    ]
    return any(done)


STEPS: Final = 20


def day_of_work(home: Home) -> Iterator[None]:
    """What is due once a day, in steps between which deliveries are folded: what the rules say of
    nobody is worked out for the pages of this day and the next; verdicts that time has used up, or
    that other rules gave, are judged again; then whoever follows, owes or took a measure that is to
    end is told, and everybody on other networks, and what nobody can use any more is forgotten."""
    from yuexin.domains.collection.operations import judge_again
    from yuexin.domains.credit.handling.liftings import tell_liftings
    from yuexin.domains.credit.watching.operations import (
        forget_unconfirmed,
        post_digests,
        remind_owners,
        tell_followers,
    )
    from yuexin.domains.hall.checking.operations import remind_offices
    from yuexin.domains.hall.filing.drafts import forget_old
    from yuexin.domains.hall.filing.reminders import remind
    from yuexin.domains.subjects.recalls import look_again
    from yuexin.domains.subjects.rulebook import rulebook
    from yuexin.engines.access.operations import forget_expired
    from yuexin.engines.declare.queries import current

    on = today(present())
    for day in (on, on + dt.timedelta(days=1)):
        rulebook(declarations=current(), on=day)
        yield
    while judge_again(declarations=current(), now=present()):
        yield
    tell_liftings(declarations=current(), now=present())
    look_again(now=present())
    for _ in tell_followers(declarations=current(), home=home, now=present()):
        yield
    for _ in post_digests(declarations=current(), now=present()):
        yield
    owners = remind_owners(declarations=current(), now=present())
    filers = remind(declarations=current(), now=present())
    offices = remind_offices(declarations=current(), now=present())
    for number, _ in enumerate(chain(owners, filers, offices)):
        if number % STEPS == 0:
            yield
    forget_old(now=present())
    forget_expired(now=present())
    forget_unconfirmed(now=present())
