"""Corrections for whoever keeps copies: which files held what was not theirs, and from when until
when."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.params.functions import Path, Query

from yuexin.domains.subjects.corrections import Announced, announced, confirm
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.queries import current
from yuexin.faces.gateway import answers, openapi, refusals
from yuexin.faces.gateway.schemas import Confirmed, Corrections
from yuexin.faces.gateway.who import Key

PAGE_SIZE: Final = 100
LAST_NUMBER: Final = 2**63 - 1

router = Router(tags=["更正 corrections"])


@router.get(
    "/corrections",
    auth=Key("read", open_to_public=True),
    operation_id="corrections",
    summary="更正 Files that held what was not theirs",
    response={200: Corrections},
    openapi_extra=openapi.extra(open_to_public=True, problems=(401, 403, 406, 422, 429)),
)
def corrections(
    request: HttpRequest,
    since: int = Query(
        0,
        ge=0,
        le=LAST_NUMBER,
        description="最后一项已知的更正 The number of the last one that is known",
    ),
) -> HttpResponse:
    """Corrections numbered above `since`, in their order, a hundred at a time: under which code a
    file held entries of another entity, from when until when. Whoever keeps a copy of it from
    then reads it again. What the entries said is not told.

    With a key also those of files that it looked at beyond what is public; of them `shown` is
    true, and each is to be confirmed.
    """
    answers.require_accepted(request, answers.JSON)
    actor: Actor = request.auth  # type: ignore[attr-defined]
    found = announced(declarations=current(), actor=actor, after=since, most=PAGE_SIZE + 1)
    return answers.value(
        {
            "corrections": [_said(one) for one in found[:PAGE_SIZE]],
            "more": len(found) > PAGE_SIZE,
        }
    )


@router.post(
    "/corrections/{number}/confirmed",
    auth=Key("read"),
    operation_id="confirm",
    summary="确认更正 Confirm a correction",
    response={200: Confirmed},
    openapi_extra=openapi.extra(problems=(401, 403, 404, 406, 422, 429)),
)
def confirmed(
    request: HttpRequest,
    number: int = Path(ge=1, le=LAST_NUMBER, example=1),
) -> HttpResponse:
    """Say that whoever uses the key knows of a correction of what the key was shown. Journaled
    once; said again, it is answered as the first time."""
    answers.require_accepted(request, answers.JSON)
    actor: Actor = request.auth  # type: ignore[attr-defined]
    at = confirm(actor=actor, number=number, now=dt.datetime.now(dt.UTC))
    if at is None:
        raise refusals.no_such_correction(number)
    return answers.value({"number": number, "confirmed_at": at})


def _said(one: Announced) -> dict[str, object]:
    return {
        "number": one.number,
        "at": one.at,
        "files": [
            {"code": file.code, "from": file.since, "until": file.until} for file in one.files
        ],
        "shown": one.shown,
        "confirmed_at": one.confirmed_at,
    }
