"""What was signed for all who were proposed is carried out by the worker, a few at a time."""

from __future__ import annotations

from django.db import transaction

from yuexin.base.dates import Clock
from yuexin.base.errors import Refusal
from yuexin.domains.credit.proposals import proposal_of
from yuexin.domains.credit.signing.models import Signature, SignaturePart
from yuexin.domains.credit.signing.opening import hold_signing, open_proposed
from yuexin.domains.credit.signing.queries import PART, unfinished
from yuexin.domains.credit.signing.types import Signed
from yuexin.domains.subjects.models import Subject
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations


@transaction.atomic
def carry_on(*, declarations: Declarations, clock: Clock) -> bool:
    """Carry out the next part of the earliest signature that has one left. Whether any had.

    The part is kept whole or not at all. Its cases are of the moment at which it was signed.
    """
    hold_signing()
    signature = unfinished().order_by("number").first()
    if signature is None:
        return False
    part = signature.parts.count()
    some = f"codes__{part * PART}_{(part + 1) * PART}"
    codes = Signature.objects.values_list(some, flat=True).get(number=signature.number)
    done = _opened(declarations, signature, codes)
    SignaturePart.objects.create(
        signature=signature, part=part, at=clock(), opened=len(done.opened),
        passed_over=len(codes) - len(done.opened) - len(done.refused),
        refused=[[code, why.zh, why.en] for code, why in done.refused],
    )  # fmt: skip
    return True


def _opened(declarations: Declarations, signature: Signature, codes: list[str]) -> Signed:
    """What came of these codes; where the signature itself is worth nothing any more, that."""
    found = Subject.objects.filter(code__in=codes, joined_to=None)
    actor = Actor(
        id=signature.actor, role=signature.role, agency=signature.agency,
        division=signature.division,
    )  # fmt: skip
    try:
        _, proposal = proposal_of(declarations=declarations, process=signature.process)
        return open_proposed(
            declarations=declarations, actor=actor, process=signature.process,
            step=proposal.step, form=proposal.form, reason=signature.reason,
            subjects=tuple(found.values_list("pk", flat=True)), now=signature.at,
        )  # fmt: skip
    except Refusal as refusal:
        refused = tuple((code, refusal.what) for code in codes)
        return Signed(opened=(), refused=refused, passed_over=0)
