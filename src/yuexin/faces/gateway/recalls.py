"""Recalls for whoever keeps copies: of files it was shown, the records that were taken down before
their time, or changed by a case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.params.functions import Path, Query

from yuexin.domains.subjects.recalls import Recall, confirm, recalls
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.queries import current
from yuexin.faces.gateway import answers, openapi, refusals
from yuexin.faces.gateway.schemas import Confirmed, Recalls
from yuexin.faces.gateway.who import Key

PAGE_SIZE: Final = 100
LAST_NUMBER: Final = 2**63 - 1

router = Router(tags=["更正 corrections"])


@router.get(
    "/recalls",
    auth=Key("read"),
    operation_id="recalls",
    summary="撤下与更改 Records that were taken down or changed",
    response={200: Recalls},
    openapi_extra=openapi.extra(problems=(401, 403, 406, 422, 429)),
)
def listing(
    request: HttpRequest,
    since: int = Query(
        0, ge=0, le=LAST_NUMBER, description="最后一项已知的编号 The number of the last one known"
    ),
) -> HttpResponse:
    """Of the files that the key looked at beyond what is public: which held a record that was then
    taken down before its time, by a case or by a delivery of whoever decided, or changed by a case,
    numbered above `since`, in their order. What one delivery took down has one number; a hundred
    numbers at a time, each whole. What came to the number `since` itself later is told, too.
    Whoever keeps a copy from then reads the file again, and confirms each number by `due`. What the
    record said is not told.
    """
    answers.require_accepted(request, answers.JSON)
    actor: Actor = request.auth  # type: ignore[attr-defined]
    found = recalls(declarations=current(), actor=actor, after=since, most=PAGE_SIZE + 1)
    numbers = list(dict.fromkeys(one.number for one in found))
    more = len(numbers) > PAGE_SIZE
    given = set(numbers[:PAGE_SIZE])
    said = [line for one in found if one.number in given for line in _said(one)]
    return answers.value({"recalls": said, "more": more}, Cache_Control="no-store")


@router.post(
    "/recalls/{number}/confirmed",
    auth=Key("read"),
    operation_id="recalled",
    summary="确认撤下或更改 Confirm a recall",
    response={200: Confirmed},
    openapi_extra=openapi.extra(problems=(401, 403, 404, 406, 422, 429)),
)
def confirmed(
    request: HttpRequest,
    number: int = Path(ge=1, le=LAST_NUMBER, example=1),
) -> HttpResponse:
    """Say that whoever uses the key knows of all that has this number of what the key was shown,
    and renewed or deleted its copies. Journaled once; said again, it is answered as the first
    time."""
    answers.require_accepted(request, answers.JSON)
    actor: Actor = request.auth  # type: ignore[attr-defined]
    at = confirm(declarations=current(), actor=actor, number=number, now=dt.datetime.now(dt.UTC))
    if at is None:
        raise refusals.no_such_recall(number)
    return answers.value({"number": number, "confirmed_at": at})


def _said(one: Recall) -> Iterator[dict[str, object]]:
    for record in one.of:
        yield {
            "number": one.number,
            "code": record.code,
            "kind": record.kind,
            "from": record.since,
            "until": record.until,
            "due": one.due.date,
            "provisional": one.due.provisional,
            "confirmed_at": one.receivers[0].confirmed_at,
        }
