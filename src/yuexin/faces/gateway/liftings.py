"""Measures that are to end, for the body that applied them: read, and confirmed."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.params.functions import Path

from yuexin.domains.credit.handling.liftings import confirm_lifting
from yuexin.domains.credit.handling.liftings import liftings as lifted
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.queries import current
from yuexin.faces.gateway import answers, openapi
from yuexin.faces.gateway.check_schemas import Lifted, LiftingConfirmed, Liftings
from yuexin.faces.gateway.who import Key

LAST_NUMBER: Final = 2**63 - 1
SAID: Final = (
    "id", "subject", "measure", "check", "scene", "case_no", "done_on", "told_at", "due",
    "confirmed_at", "withdrawn_on",
)  # fmt: skip

router = Router(tags=["办事核查 checks"])


@router.get(
    "/liftings",
    auth=Key("check"),
    operation_id="liftings",
    summary="应予解除的措施 Measures that are to end",
    response={200: Liftings},
    openapi_extra=openapi.extra(problems=(401, 403, 406, 422, 429)),
)
def liftings(request: HttpRequest) -> HttpResponse:
    """The measures that one's own body reported as applied and that nothing calls for any more,
    those first that are not confirmed."""
    answers.require_accepted(request, answers.JSON)
    actor: Actor = request.auth  # type: ignore[attr-defined]
    found = lifted(declarations=current(), actor=actor, now=dt.datetime.now(dt.UTC))
    said = [{name: getattr(one, name) for name in SAID} for one in found]
    return answers.value({"liftings": said}, Cache_Control="no-store")


@router.post(
    "/liftings/{number}/confirmed",
    auth=Key("check"),
    operation_id="lifted",
    summary="确认解除 Confirm that a measure ended",
    response={200: LiftingConfirmed},
    openapi_extra=openapi.extra(problems=(400, 401, 403, 404, 406, 422, 429)),
)
def confirmed(
    request: HttpRequest,
    said: Lifted,
    number: int = Path(ge=1, le=LAST_NUMBER, example=1),
) -> HttpResponse:
    """Say that a measure has ended, and on which day. Said again, it is answered as the first
    time."""
    answers.require_accepted(request, answers.JSON)
    actor: Actor = request.auth  # type: ignore[attr-defined]
    act = confirm_lifting(
        declarations=current(),
        actor=actor,
        lifting=number,
        withdrawn_on=said.withdrawn_on,
        now=dt.datetime.now(dt.UTC),
    )
    return answers.value(
        {"id": number, "confirmed_at": act.at, "withdrawn_on": act.detail["withdrawn_on"]}
    )
