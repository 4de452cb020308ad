"""Whether somebody may claim a firm: what the register says of it, and where a code is sent.

A name alone proves nothing, since others bear it. What it takes besides is a code that reaches the
telephone of the firm that an agency delivered last, or an officer at a window.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from yuexin.base.codes import Document, is_sole_trader
from yuexin.base.codes.contacts import normalise_phone
from yuexin.base.dates import day_text, today
from yuexin.base.text import normalise_name
from yuexin.domains.subjects.called import firm_called
from yuexin.domains.subjects.models import Subject
from yuexin.engines.access.models import Account, Grant
from yuexin.engines.access.operations import own_at_window, own_by_register, verify_identity
from yuexin.engines.access.queries import grants_of
from yuexin.engines.access.types import Actor, GrantInForce, Identity
from yuexin.engines.declare.types import Declarations
from yuexin.engines.deliveries.models import Delivery
from yuexin.engines.notices.operations import tell
from yuexin.engines.notices.types import Account as ToAccount
from yuexin.engines.records.models import Record
from yuexin.home.folder import Home


@dataclass(frozen=True, kw_only=True)
class Claimable:
    """A firm that somebody wants to act for. `named`: whether the register names him, None before
    anybody knows who he is. `contact` is the firm's telephone, never to be shown whole."""

    code: str
    name: str
    sole_trader: bool
    stands: bool
    named: bool | None
    contact: str
    held: GrantInForce | None


def claimable(
    *,
    declarations: Declarations,
    account: Account,
    identity: Identity | None,
    code: str,
    now: dt.datetime,
) -> Claimable | None:
    """What it takes for this account to claim the firm; None where no register told of it."""
    found = Subject.objects.filter(code=code).first()
    if found is None:
        return None
    named = normalise_name(found.represented_by)
    held = [one for one in grants_of(account=account.pk, on=today(now)) if one.subject_code == code]
    return Claimable(
        code=code,
        # The name of a sole trader may be a person's own, which is no public search term.
        name="" if found.named_after_person else found.name,
        sole_trader=is_sole_trader(code),
        stands=not found.gone and found.joined_to is None,
        named=bool(named) and named == normalise_name(identity.name) if identity else None,
        contact=_contact(declarations, found),
        held=held[0] if held else None,
    )


def claim_by_contact(
    *, account: Account, identity: Identity, code: str, now: dt.datetime
) -> GrantInForce | None:
    """Let whoever the register names act for the firm, after a code that was sent to its own
    telephone came back. Raises a `Refusal` where it does not name him."""
    grant = own_by_register(account=account, identity=identity, code=code, now=now)
    held = grants_of(account=account.pk, on=today(now))
    return next((one for one in held if one.id == grant.pk), None)


@transaction.atomic
def claim_at_window(
    *,
    home: Home,
    actor: Actor,
    declarations: Declarations,
    account: Account,
    code: str,
    name: str,
    document: Document,
    number: str,
    reason: str,
    now: dt.datetime,
) -> Grant:
    """Let whoever stands at the window act for the firm, by what an officer read in his document,
    and tell him. As `verify_identity` and `own_at_window`: their refusals."""
    identity = verify_identity(
        home=home, actor=actor, account=account, name=name, document=document, number=number,
        how="window", now=now,
    )  # fmt: skip
    grant = own_at_window(
        actor=actor, declarations=declarations, account=account, identity=identity, code=code,
        reason=reason, now=now,
    )  # fmt: skip
    tell(
        declarations=declarations, notice="claim_verified", to=ToAccount(id=account.login),
        values={"firm": firm_called(code), "code": code, "day": day_text(today(now))},
        about=f"subject/{code}", key=f"claim/{grant.pk}", now=now,
    )  # fmt: skip
    return grant


def _contact(declarations: Declarations, subject: Subject) -> str:
    """The latest mobile number that the firm gave, '' for none: a text reaches no landline. One
    that came over the counter proves nothing: a delegate may have written his own."""
    for declared in declarations.acting.contacts:
        rows = Record.objects.filter(
            subject=subject.pk, kind=declared.kind, superseded_at__isnull=True
        )
        latest = rows.order_by("-event_date", "-known_at", "-version").first()
        if latest is None or _over_counter(latest.delivery):
            continue
        said = str(latest.body.get(declared.phone) or "")
        if number := normalise_phone(said):
            return number
    return ""


def _over_counter(delivery: int) -> bool:
    return Delivery.objects.filter(number=delivery, channel="counter").exists()
