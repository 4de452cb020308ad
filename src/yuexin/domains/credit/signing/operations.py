"""An officer signs for some of those who are proposed, which opens a case of each, or for all of
them at once, which the worker carries out; or declines some."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from django.db import transaction

from yuexin.base.digest import sha256_hex
from yuexin.domains.credit.proposals import all_proposed, proposal_of
from yuexin.domains.credit.signing import refusals
from yuexin.domains.credit.signing.models import Signature, SignatureStop
from yuexin.domains.credit.signing.opening import hold_signing, open_proposed, together
from yuexin.domains.credit.signing.queries import unfinished
from yuexin.domains.credit.signing.types import Everybody, Signed
from yuexin.engines.access.operations import note
from yuexin.engines.access.queries import require_room, signs
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations
from yuexin.engines.deliveries.operations import wake

MOST_AT_ONCE: Final = 100
"""Each is a transaction of its own: so many are signed while one waits for the page."""


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
    _, proposal = proposal_of(declarations=declarations, process=process)
    return _answered(
        declarations, actor, process, subjects, reason, now, step=proposal.step, form=proposal.form
    )


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
    _, proposal = proposal_of(declarations=declarations, process=process)
    if not proposal.refuse:
        raise refusals.not_declined()
    if not reason.strip():
        raise refusals.no_reason()
    return _answered(
        declarations, actor, process, subjects, reason, now, step=proposal.refuse, form={}
    )


def everybody(
    *, declarations: Declarations, actor: Actor, process: str, city: str, now: dt.datetime
) -> Everybody:
    """How many would be signed for at once, and the digest of who they are. Raises a `Refusal`."""
    codes = all_proposed(
        declarations=declarations, actor=actor, process=process, city=city, now=now
    )
    return Everybody(count=len(codes), digest=_digest(codes))


@transaction.atomic
def sign_for_all(
    *,
    declarations: Declarations,
    actor: Actor,
    process: str,
    city: str,
    seen: str,
    reason: str,
    now: dt.datetime,
) -> int:
    """Sign for all who are proposed in a city, or in all of them, and return the number of the
    signature: the worker opens their cases. `seen` is the digest of those whom the officer was
    told of.

    Raises a `Refusal` for whoever does not sign, where others are proposed by now, nobody is, or
    what somebody signed for this process is still being carried out.
    """
    hold_signing()
    if not signs(declarations=declarations, actor=actor):
        raise refusals.not_a_signer()
    if unfinished().filter(process=process, agency=actor.agency).exists():
        raise refusals.under_way()
    codes = all_proposed(
        declarations=declarations, actor=actor, process=process, city=city, now=now
    )
    if not codes or _digest(codes) != seen:
        raise refusals.others_by_now(len(codes))
    signature = Signature.objects.create(
        process=process, city=city, codes=list(codes), reason=reason.strip(), at=now,
        actor=actor.id, role=actor.role, agency=actor.agency, division=actor.division,
    )  # fmt: skip
    note(
        stream="change", actor=actor, action="proposals.signed",
        thing=f"signature/{signature.number}", now=now, process=process, city=city,
        count=len(codes), digest=seen,
    )  # fmt: skip
    wake()
    return signature.number


@transaction.atomic
def stop(
    *, declarations: Declarations, actor: Actor, number: int, reason: str, now: dt.datetime
) -> None:
    """Stop what is not carried out yet of a signature of the actor's own body: whoever has no case
    by then is proposed as before.

    Raises a `Refusal` for whoever does not sign there, without a reason, and where nothing is left
    to be stopped.
    """
    hold_signing()
    require_room(declarations=declarations, actor=actor, room="lists")
    if not signs(declarations=declarations, actor=actor):
        raise refusals.not_a_signer()
    if not reason.strip():
        raise refusals.no_reason()
    found = unfinished().filter(number=number, agency=actor.agency).first()
    if found is None:
        raise refusals.nothing_left()
    SignatureStop.objects.create(signature=found, at=now, actor=actor.id, reason=reason.strip())
    note(
        stream="change", actor=actor, action="proposals.stopped", thing=f"signature/{number}",
        now=now, reason=reason.strip(),
    )  # fmt: skip


def _digest(codes: Sequence[str]) -> str:
    return sha256_hex("\n".join(codes).encode())


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
    """Open a case by this step for each that is still proposed, each in its own transaction."""
    chosen = tuple(dict.fromkeys(subjects))
    if not 0 < len(chosen) <= MOST_AT_ONCE:
        raise refusals.how_many(MOST_AT_ONCE)
    return together(
        [
            open_proposed(
                declarations=declarations, actor=actor, process=process, step=step, form=form,
                reason=reason, subjects=[subject], now=now,
            )
            for subject in chosen
        ]
    )  # fmt: skip
