"""The operation on a file that is not delivered yet: what the checks say of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.params.functions import Query

from yuexin.domains.collection.rooms.trials import TrialView, try_view
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.queries import current
from yuexin.faces.gateway import answers, openapi
from yuexin.faces.gateway.bodies import MULTIPART, file_of
from yuexin.faces.gateway.deliveries import Given, offer_of
from yuexin.faces.gateway.schemas import Trial
from yuexin.faces.gateway.who import Key

router = Router(tags=["交付 deliveries"])


@router.post(
    "/trials",
    auth=Key("deliver"),
    operation_id="trial",
    summary="预校验文件 Try a file",
    response={200: Trial},
    openapi_extra=openapi.extra(
        problems=(400, 401, 403, 406, 411, 413, 422, 429, 503),
        body={
            "application/octet-stream": openapi.BYTES,
            "text/csv": openapi.BYTES,
            MULTIPART: openapi.FORM,
        },
    ),
)
def trial(request: HttpRequest, given: Given = Query()) -> HttpResponse:  # noqa: B008
    """Ask what the checks say of a file, which is given as for a delivery. Nothing is kept.

    It is refused as a delivery would be. Of a long file about 100,000 rows are looked at, and the
    first 20,000 are compared with the entities that are known: `rows_matched` of them would be
    placed by that, whose `rows_asked` ones are a person would judge.
    """
    answers.require_accepted(request, answers.JSON)
    actor: Actor = request.auth  # type: ignore[attr-defined]
    with file_of(request, most=settings.DELIVERY_BYTES) as (stream, name):
        found = try_view(
            home=settings.HOME,
            stream=stream,
            offer=offer_of(given, actor, name=name),
            declarations=current(),
            actor=actor,
            now=dt.datetime.now(dt.UTC),
        )
    return answers.value(_said(found))


def _said(found: TrialView) -> dict[str, Any]:
    return {
        "resource": found.resource.id,
        "file_name": found.file_name,
        "rows_seen": found.received,
        "rows_passed": found.passed,
        "rows_waiting": found.waits,
        "rows_rejected": found.rejected,
        "rows_compared": found.compared,
        "rows_matched": found.matched,
        "rows_asked": found.asked,
        "whole": found.whole,
        "waiting": {line.reason: line.rows for line in found.waiting},
        "findings": [
            {
                "column": line.column,
                "rule": line.rule,
                "sentence": line.sentence._asdict(),
                "rows": line.rows,
                "of": line.of,
                "rejected": line.rejected,
            }
            for line in found.findings
        ],
        "errors": [
            {
                "row": row,
                "field": one.column,
                "rule": one.rule,
                "sentence": one.sentence._asdict(),
                "value_masked": one.value,
            }
            for row, one in found.first
            if one.rejects
        ],
    }
