"""Who the holder of an account is: verified by a provider of identities, or at a window."""

from __future__ import annotations

import datetime as dt
import hmac
from typing import Literal, cast

from django.db import transaction

from yuexin.base.codes import Document, check_document, holder_number, mask_document
from yuexin.base.dates import today
from yuexin.base.errors import Refusal
from yuexin.base.text import Text, has_control, normalise_name
from yuexin.engines.access import models, sealing
from yuexin.engines.access.journal import note
from yuexin.engines.access.models import Account
from yuexin.engines.access.refusals import not_yours, refusal
from yuexin.engines.access.types import OPERATOR, Actor, Identity
from yuexin.home.folder import Home

LONGEST_NAME = 100


def verify_identity(
    *,
    home: Home,
    actor: Actor,
    account: Account,
    name: str,
    document: Document,
    number: str,
    how: Literal["provider", "window"],
    now: dt.datetime,
) -> Identity:
    """Keep who the holder of an account is, as `actor` verified. Said again, nothing is added.

    Refused by NAME and DOCUMENT for what nobody's document says, by IDENTITY_OTHER where the
    account is known to be another person's.
    """
    named = name.strip()
    if not normalise_name(named) or len(named) > LONGEST_NAME or has_control(named):
        raise refusal("NAME", "请填写证件上的姓名", "give the name that the document shows")
    code = _checked(document, number, now)
    digest = sealing.digest(home=home, text=f"{document}\x1f{holder_number(document, code)}")
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)
        held = _row_of(account)
        if held is not None and not hmac.compare_digest(held.digest or b"", digest):
            raise _other_person()
        if held is None or held.name != named:
            held = models.Identity(
                account=account, name=named, document=document, digest=digest, how=how,
                verified_by=actor.id, verified_at=now,
            )  # fmt: skip
            held.number = sealing.sealed(home=home, text=code, about=str(held.pk))
            held.save(force_insert=True)
            note(
                stream="change", actor=actor, action="identity.verified",
                thing=f"account/{account.login}", now=now, document=document, how=how,
            )  # fmt: skip
    return _shown(home, held)


def erase_identity(*, actor: Actor, account: Account, reason: str, now: dt.datetime) -> int:
    """Empty all that is kept of who the holder is (personal-information-law Art. 47). What rests
    on it holds no more. Its holder may, and the operator. Returns how many rows."""
    if actor.id not in (account.login, OPERATOR.id):
        raise not_yours()
    with transaction.atomic():
        rows = models.Identity.objects.filter(account=account, erased_at=None)
        erased = rows.update(name="", number=None, digest=None, erased_at=now)
        if erased:
            note(
                stream="change", actor=actor, action="identity.erased",
                thing=f"account/{account.login}", now=now, reason=reason,
            )  # fmt: skip
    return erased


def identity_of(*, home: Home, account: Account) -> Identity | None:
    """Who the holder of an account is, none where nobody verified it, or it was erased."""
    row = _row_of(account)
    return _shown(home, row) if row else None


def _row_of(account: Account) -> models.Identity | None:
    rows = models.Identity.objects.filter(account=account, erased_at=None)
    return rows.order_by("-verified_at", "-id").first()


def _shown(home: Home, row: models.Identity) -> Identity:
    number = sealing.opened(home=home, data=bytes(row.number or b""), about=str(row.pk))
    return Identity(
        id=row.pk, name=row.name, document=row.document, masked=mask_document(number),
        how=cast("Literal['provider', 'window']", row.how), verified_at=row.verified_at,
    )  # fmt: skip


def _checked(document: Document, number: str, now: dt.datetime) -> str:
    found = check_document(document, number, on=today(now))
    if found.valid:
        return found.code
    wrong = [problem.text for problem in found.problems if problem.severity == "error"]
    # What was typed is repeated nowhere.
    raise Refusal(
        code="DOCUMENT",
        what=Text("；".join(one.zh for one in wrong), "; ".join(one.en for one in wrong)),
        remedy=Text("请对照证件核对类型和号码", "compare type and number with the document"),
    )


def _other_person() -> Refusal:
    return refusal(
        "IDENTITY_OTHER",
        "这个账号已核实为另一个人，一个账号只属于一个人",
        "this account is verified as another person's; an account is one person's",
        remedy=Text("请用本人的账号；证件换发的，请先删除原实名信息", "use an account of your own; "
                    "if your document has another number now, erase what was verified first"),
    )  # fmt: skip
