"""Checks at the point of handling: asked, read again, and answered for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from ninja import Router
from ninja.params.functions import Path

from yuexin.base.dates import today
from yuexin.domains.credit.handling import feedback
from yuexin.domains.credit.handling.leaving import left_since
from yuexin.domains.credit.handling.operations import check as make
from yuexin.domains.credit.handling.persons import shown_by
from yuexin.domains.credit.handling.queries import answer_of, followed
from yuexin.domains.credit.handling.since import lifted_since
from yuexin.domains.credit.handling.types import NO_WORDS, Check
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.queries import current
from yuexin.engines.declare.types import Declarations
from yuexin.faces.gateway import answers, openapi
from yuexin.faces.gateway.check_schemas import (
    NUMBER,
    CheckAsked,
    CheckFollowed,
    CheckMade,
    Feedback,
    FeedbackTaken,
)
from yuexin.faces.gateway.who import Key, actor_for
from yuexin.faces.gateway.widget import address_of

PIECE: Final = 1 << 16
PROBLEMS: Final = (400, 401, 403, 406, 422, 429)
WIDGET: Final = "X-Yuexin-Widget"
FRAMED: Final = {
    "description": "两分钟内可嵌入的答复页，限密钥登记了嵌入来源者 "
    "Where the answer may be framed for two minutes, for a key with hosts that may",
    "schema": {"type": "string", "format": "uri"},
}
EXAMPLE: Final = "HC20261124-0000000000"

router = Router(tags=["办事核查 checks"])


@router.post(
    "/checks",
    auth=Key("check"),
    operation_id="check",
    summary="办事核查 Check at the point of handling",
    response={200: CheckMade},
    openapi_extra=openapi.extra(problems=PROBLEMS, headers={200: {WIDGET: FRAMED}}),
)
def check(request: HttpRequest, asked: CheckAsked) -> HttpResponseBase:
    """What the law calls for of each subject in this scene, today, by stored findings: measures
    with their law and strength, easings, what is disputed or stale, whom a person has to look at.

    The answer is kept under its number; feedback on each measure is due by `due`. Each subject may
    see that it was checked, by which body and why. Names are not checked: two may have one.
    """
    answers.require_accepted(request, answers.JSON)
    actor, now = actor_for(request, purpose=asked.purpose or asked.scene), dt.datetime.now(dt.UTC)
    kept = make(
        declarations=current(),
        actor=actor,
        subjects=asked.subjects,
        scene=asked.scene,
        item=asked.item,
        purpose=asked.purpose,
        case_no=asked.case_no,
        consortium=asked.consortium,
        shown=shown_by(home=settings.HOME, numbers=asked.persons),
        channel="gateway",
        now=now,
    )
    answer = _said(_whole(kept.answer, kept.check.digest))
    answer["Cache-Control"] = "no-store"
    if framed := address_of(request, actor=actor, number=kept.check.number):
        answer[WIDGET] = framed
    return answer


@router.get(
    "/checks/{number}",
    auth=Key("check"),
    operation_id="checked",
    summary="读取一次核查 A check that was made",
    response={200: CheckFollowed},
    openapi_extra=openapi.extra(problems=(401, 403, 404, 406, 422, 429)),
)
def checked(
    request: HttpRequest, number: str = Path(pattern=NUMBER, example=EXAMPLE)
) -> HttpResponse:
    """A check of one's own body, word for word as it was answered then, what was reported, and what
    of the answer holds no more: for that, check again."""
    answers.require_accepted(request, answers.JSON)
    actor: Actor = request.auth  # type: ignore[attr-defined]
    declared, now = current(), dt.datetime.now(dt.UTC)
    text, digest = answer_of(declarations=declared, actor=actor, number=number)
    found = followed(declarations=declared, actor=actor, number=number, now=now)
    rest = answers.dumped(
        {
            "acknowledged_at": found.acknowledged_at,
            "owed": found.owed,
            "reported": [vars(one) for one in found.reported.values()],
            "lifted": _lifted(declared, actor, found.check, today(now)),
        }
    )
    body = b'{"check": %s, %s' % (_whole(text, digest).encode(), rest[1:])
    return answers.document(body, Cache_Control="no-store")


@router.post(
    "/checks/{number}/feedback",
    auth=Key("check"),
    operation_id="feedback",
    summary="反馈 Report what was done",
    response={200: FeedbackTaken},
    openapi_extra=openapi.extra(problems=(400, 401, 403, 404, 406, 409, 422, 429)),
)
def reported(
    request: HttpRequest,
    said: Feedback,
    number: str = Path(pattern=NUMBER, example=EXAMPLE),
) -> HttpResponse:
    """What was done by each measure of an answer: applied with its result and day, or not with the
    reason. All of the reports are taken, or none; each measure is reported on once."""
    answers.require_accepted(request, answers.JSON)
    actor: Actor = request.auth  # type: ignore[attr-defined]
    declared, now = current(), dt.datetime.now(dt.UTC)
    with transaction.atomic():
        if said.acknowledged:
            feedback.acknowledge(declarations=declared, actor=actor, number=number, now=now)
        for one in said.reports:
            report = feedback.Report(**one.dict())
            feedback.report(declarations=declared, actor=actor, number=number, said=report, now=now)
    found = followed(declarations=declared, actor=actor, number=number, now=now)
    return answers.value(
        {
            "number": number,
            "acknowledged_at": found.acknowledged_at,
            "reported": len(said.reports),
            "owed": found.owed,
        }
    )


def _lifted(
    declared: Declarations, actor: Actor, checked: Check, on: dt.date
) -> list[dict[str, object]]:
    """What of the answer holds no more: its measures, and the lists that were no ground."""
    found: list[dict[str, object]] = [
        {
            "subject": one.subject.code, "measure": one.hit.measure, "regime": one.hit.regime,
            "label": one.hit.label._asdict(), "list_label": one.hit.because._asdict(),
            "since": one.since,
        }
        for one in lifted_since(declarations=declared, actor=actor, check=checked, on=on)
    ]  # fmt: skip
    found += [
        {
            "subject": one.subject.code, "measure": "", "regime": one.stood.regime,
            "label": NO_WORDS._asdict(), "list_label": one.stood.label._asdict(), "since": None,
        }
        for one in left_since(declarations=declared, check=checked, on=on)
    ]  # fmt: skip
    return found


def _whole(answer: str, digest: str) -> str:
    """The kept answer with its digest, which is over the answer alone."""
    return f'{{"digest":"{digest}",{answer[1:]}'


def _said(text: str) -> HttpResponseBase:
    """The text whole where it is short, else in pieces as they are sent."""
    if len(text) <= PIECE:
        return answers.document(text.encode())
    return StreamingHttpResponse(_pieces(text), content_type=answers.JSON)


def _pieces(text: str) -> Iterator[bytes]:
    for start in range(0, len(text), PIECE):
        yield text[start : start + PIECE].encode()
