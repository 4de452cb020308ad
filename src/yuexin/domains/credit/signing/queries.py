"""Reads: what was signed for all who were proposed, and how far it was carried out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db.models import Count, F, QuerySet, Sum
from django.db.models.functions import Coalesce

from yuexin.base.text import Text
from yuexin.domains.credit.signing.models import Signature, SignaturePart
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
    counted = own.values("number", "city", "at", "codes__len", "stop__at").annotate(
        done=Count("parts"),
        opened=Coalesce(Sum("parts__opened"), 0),
        passed_over=Coalesce(Sum("parts__passed_over"), 0),
    )
    return tuple(_progress(one) for one in counted[:LATEST])


def _progress(found: Mapping[str, Any]) -> Progress:
    total, stopped_at = found["codes__len"], found["stop__at"]
    parts = SignaturePart.objects.filter(signature=found["number"]).exclude(refused=[])
    refused = parts.order_by("part").values_list("refused", flat=True)
    return Progress(
        number=found["number"],
        city=found["city"],
        at=found["at"],
        total=total,
        opened=found["opened"],
        passed_over=found["passed_over"],
        refused=tuple((code, Text(zh, en)) for some in refused for code, zh, en in some),
        running=stopped_at is None and found["done"] * PART < total,
        stopped_at=stopped_at,
    )
