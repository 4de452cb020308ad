"""Reads: what was signed for all who were proposed, and how far it was carried out."""

from __future__ import annotations

from typing import Final

from django.db.models import Count, F, QuerySet

from yuexin.base.text import Text
from yuexin.domains.credit.signing.models import Signature, SignatureStop
from yuexin.domains.credit.signing.types import Progress
from yuexin.engines.access.queries import require_room
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations

PART: Final = 10
"""So many are one transaction: as long as that takes, whoever else opens a case waits."""
LATEST: Final = 3


def unfinished() -> QuerySet[Signature]:
    """The signatures of which a part is left that nobody stopped, without their codes."""
    counted = Signature.objects.filter(stop=None).defer("codes").annotate(done=Count("parts"))
    return counted.filter(codes__len__gt=F("done") * PART)


def progress(*, declarations: Declarations, actor: Actor, process: str) -> tuple[Progress, ...]:
    """How far the latest signatures of the actor's own body for a process were carried out, the
    last first. Raises a `Refusal` (ROOM)."""
    require_room(declarations=declarations, actor=actor, room="lists")
    own = Signature.objects.filter(process=process, agency=actor.agency).order_by("-number")
    totals = own.values_list("number", "codes__len")[:LATEST]
    found = own.defer("codes").prefetch_related("parts").in_bulk([one for one, _ in totals])
    return tuple(_progress(found[number], total) for number, total in totals)


def _progress(signature: Signature, total: int) -> Progress:
    parts = list(signature.parts.all())
    stop = SignatureStop.objects.filter(signature=signature).first()
    return Progress(
        number=signature.number,
        process=signature.process,
        city=signature.city,
        at=signature.at,
        total=total,
        opened=sum(one.opened for one in parts),
        passed_over=sum(one.passed_over for one in parts),
        refused=tuple((code, Text(zh, en)) for one in parts for code, zh, en in one.refused),
        running=stop is None and len(parts) * PART < total,
        stopped_at=stop.at if stop else None,
    )
