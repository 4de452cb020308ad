"""Operations on deliveries: hand a file over, and see what became of it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Final, Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from ninja import Router, Schema
from ninja.params.functions import Header, Path, Query
from pydantic import Field

from yuexin.domains.collection import queries
from yuexin.domains.collection.operations import accept
from yuexin.domains.collection.resolved import Resolved, lines
from yuexin.domains.collection.resolved_sql import HOWS, How
from yuexin.domains.collection.types import Offer
from yuexin.engines.access.queries import deliveries_scope
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.queries import current
from yuexin.engines.deliveries.queries import delivery as delivery_of
from yuexin.engines.deliveries.queries import receipt as receipt_of
from yuexin.engines.deliveries.types import Kept
from yuexin.faces.gateway import answers, openapi, refusals
from yuexin.faces.gateway.bodies import MULTIPART, file_of
from yuexin.faces.gateway.schemas import (
    Acknowledged,
    DeliveryState,
    Pending,
    Receipt,
    ResolvedRows,
    RowError,
)
from yuexin.faces.gateway.who import Key

LAST_NUMBER: Final = 2**63 - 1
MOST_ROWS: Final = 2**63 - 1
LONGEST_NAME: Final = 255
UNNAMED: Final = "delivery"
ROWS_OF_A_PAGE: Final = 100
LAST_PAGE: Final = 100_000
# A string of RFC 9651, or the same without its quotes.
IDEMPOTENCY_KEY: Final = re.compile(r'"?([!#-\[\]-~]{1,255})"?')

router = Router(tags=["交付 deliveries"])
seen = openapi.extra(problems=(401, 403, 404, 406, 422, 429))


class Given(Schema):
    """What is said of a file, beside the file."""

    resource: str = Field(
        pattern="^[a-z0-9_]{1,64}$", description="目录中的资源 As in the catalogue"
    )
    agency: str = Field(
        "",
        pattern="^[a-z0-9_]{1,64}$",
        description="提供方 Whose data; that of the key if not said",
    )
    file_name: str = Field("", max_length=LONGEST_NAME, description="文件名 For the receipt")
    intent: Literal["report", "withdraw"] = Field("report", description="报送或撤回 Or take back")
    rows: int = Field(-1, ge=0, le=MOST_ROWS, description="申报行数 Rows the sender counted")
    sha256: str = Field("", pattern="^[0-9A-Fa-f]{64}$", description="文件摘要 Its digest")
    sent_at: str = Field(
        "", min_length=1, json_schema_extra={"format": "date-time"}, description="发送时间 When"
    )
    secrecy: str = Field(
        "", max_length=64, description="密级；涉密数据不得交付 Any mark is refused"
    )
    linked_to: int = Field(0, ge=1, le=LAST_NUMBER, description="更正的交付 The delivery corrected")


class Named(Schema):
    """The deliverer's own name for the delivery."""

    idempotency_key: str = Field("", alias="Idempotency-Key", json_schema_extra=openapi.IDEMPOTENCY)


@router.post(
    "/deliveries",
    auth=Key("deliver"),
    operation_id="deliver",
    summary="交付文件 Deliver a file",
    response={202: Acknowledged},
    openapi_extra=openapi.extra(
        problems=(400, 401, 403, 406, 411, 413, 422, 429, 503),
        headers={202: openapi.LOCATION},
        body={
            "application/octet-stream": openapi.BYTES,
            "text/csv": openapi.BYTES,
            MULTIPART: openapi.FORM,
        },
    ),
)
def deliver(
    request: HttpRequest,
    given: Given = Query(),  # noqa: B008
    named: Named = Header(),  # noqa: B008
) -> HttpResponse:
    """Hand a file over: as the body, or as the field `file` of a form.

    The answer 202 means that the file is stored, chained and durable; it is checked afterwards,
    and its receipt says how. The same file under the same `Idempotency-Key` is the same delivery
    and gets the same answer, for ever; anything else under that key is refused. What it is is seen
    from its bytes; its `Content-Type` is not believed.
    """
    answers.require_accepted(request, answers.JSON)
    actor: Actor = request.auth  # type: ignore[attr-defined]
    key = _key(named.idempotency_key)
    with file_of(request, most=settings.DELIVERY_BYTES) as (stream, name):
        kept = accept(
            home=settings.HOME,
            stream=stream,
            offer=offer_of(given, actor, name=name, key=key),
            declarations=current(),
            actor=actor,
            now=dt.datetime.now(dt.UTC),
        )
    said = acknowledged(kept)
    return answers.value(said, status=202, Location=_address(kept.number))


@router.get(
    "/deliveries/{number}",
    auth=Key("receipt"),
    operation_id="delivery",
    summary="交付的状态 The state of a delivery",
    response={200: DeliveryState},
    openapi_extra=seen,
)
def delivery(
    request: HttpRequest,
    number: int = Path(ge=1, le=LAST_NUMBER, example=1),
) -> HttpResponse:
    """For the agency that delivered, and whoever looks after its deliveries."""
    answers.require_accepted(request, answers.JSON)
    kept = _visible(request, number)
    done = receipt_of(number=number)
    said = kept.submission
    return answers.value(
        {
            **acknowledged(kept),
            "channel": said.channel,
            "intent": said.intent,
            "format": said.format,
            "declared_rows": said.declared_rows,
            "declared_sha256": said.declared_sha256,
            "sent_at": said.sent_at,
            "linked_to": said.linked_to,
            "state": done.state if done else "waiting",
        }
    )


@router.get(
    "/deliveries/{number}/receipt",
    auth=Key("receipt"),
    operation_id="receipt",
    summary="回执 The receipt of a delivery",
    response={200: Receipt, 202: Pending},
    openapi_extra={**seen, "responses": {**seen["responses"], 202: {"headers": openapi.RETRY}}},
)
def receipt(
    request: HttpRequest,
    number: int = Path(ge=1, le=LAST_NUMBER, example=1),
) -> HttpResponse:
    """What became of it, signed; its first rejected rows. 202 while it waits to be folded."""
    answers.require_accepted(request, answers.JSON)
    _visible(request, number)
    found = queries.receipt(number=number, home=settings.HOME)
    return _pending(number) if found is None else answers.value(found)


@router.get(
    "/deliveries/{number}/errors",
    auth=Key("receipt"),
    operation_id="errors",
    summary="退回的行 Every rejected row",
    response={200: RowError, 202: Pending},
    openapi_extra={
        **openapi.extra(problems=(401, 403, 404, 406, 422, 429), answer=answers.LINES),
        "responses": {**seen["responses"], 202: {"headers": openapi.RETRY}},
    },
)
def errors(
    request: HttpRequest,
    number: int = Path(ge=1, le=LAST_NUMBER, example=1),
) -> HttpResponse | StreamingHttpResponse:
    """A line of NDJSON for each finding that rejects a row, in the order of the rows."""
    answers.require_accepted(request, answers.LINES)
    _visible(request, number)
    if receipt_of(number=number) is None:
        return _pending(number)
    return answers.lines(_error_lines(number))


@router.get(
    "/deliveries/{number}/resolved",
    auth=Key("receipt"),
    operation_id="resolved",
    summary="等待后有了结果的行 Rows that waited",
    response={200: ResolvedRows, 202: Pending},
    openapi_extra={**seen, "responses": {**seen["responses"], 202: {"headers": openapi.RETRY}}},
)
def resolved(
    request: HttpRequest,
    number: int = Path(ge=1, le=LAST_NUMBER, example=1),
    page: int = Query(1, ge=1, le=LAST_PAGE),
    how: str = Query("", pattern=f"^({'|'.join(HOWS)})$", description="只要这样的 Only these"),
) -> HttpResponse:
    """Rows that waited for whose they are, and were placed since or wait again: in their order,
    a hundred a page, each with what ended its waiting."""
    answers.require_accepted(request, answers.JSON)
    _visible(request, number)
    if receipt_of(number=number) is None:
        return _pending(number)
    wanted: How | Literal[""] = next((one for one in HOWS if one == how), "")
    counts = queries.resolved_by_how(delivery=number)
    whole = sum(rows for one, rows in counts.items() if one != "joined")
    total = counts.get(wanted, 0) if wanted else whole
    pages = -(-total // ROWS_OF_A_PAGE)
    if page > max(pages, 1):
        raise refusals.past_the_last_page(page)
    rows = lines(
        declarations=current(),
        actor=request.auth,  # type: ignore[attr-defined]
        delivery=number,
        how=wanted,
        skip=(page - 1) * ROWS_OF_A_PAGE,
        most=ROWS_OF_A_PAGE,
    )
    said = {"number": number, "page": page, "pages": pages, "total": total, "counts": counts}
    return answers.value({**said, "rows": [_resolved_row(one) for one in rows]})


def _resolved_row(one: Resolved) -> dict[str, object]:
    return {
        "row": one.row,
        "how": one.how,
        "sentence": one.label._asdict(),
        "waited_for": one.waited_for._asdict() if one.waited_for else None,
        "name": one.name,
        "number": one.number,
        "code": one.code,
        "subject": one.subject,
        "joined_to": one.joined_to,
        "at": one.at,
        "delivery": one.delivery,
        "judgement": one.judgement,
        "reason": one.reason,
        "parts": [
            {"field": part.label._asdict(), "level": part.level._asdict(), "bits": part.bits}
            for part in one.parts
        ],
    }


def _error_lines(number: int) -> Iterator[bytes]:
    for group in queries.error_groups(number=number):
        yield b"".join(answers.dumped(error) + b"\n" for error in group)


def _visible(request: HttpRequest, number: int) -> Kept:
    """The delivery, where whoever asks may see it."""
    actor: Actor = request.auth  # type: ignore[attr-defined]
    kept = delivery_of(number=number, store=settings.HOME.deliveries)
    if kept is None:
        raise refusals.no_such_delivery(number)
    scope = deliveries_scope(declarations=current(), actor=actor)
    if not scope.covers(kept.submission.agency):
        raise refusals.not_yours(number, scope.reason)
    return kept


def _pending(number: int) -> HttpResponse:
    said = {"number": number, "state": "waiting"}
    return answers.value(said, status=202, Retry_After=str(answers.RETRY_SECONDS))


def acknowledged(kept: Kept) -> dict[str, object]:
    """What is answered to a delivery, the first time and every time it is sent again."""
    address = _address(kept.number)
    return {
        "number": kept.number,
        "resource": kept.submission.resource,
        "agency": kept.submission.agency,
        "file_name": kept.submission.file_name,
        "size_bytes": kept.size_bytes,
        "sha256": kept.sha256,
        "chain": kept.chain,
        "received_at": kept.received_at,
        "links": {
            "self": address,
            "receipt": f"{address}/receipt",
            "errors": f"{address}/errors",
            "resolved": f"{address}/resolved",
        },
    }


def _address(number: int) -> str:
    return f"/api/v1/deliveries/{number}"


def offer_of(given: Given, actor: Actor, *, name: str, key: str = "") -> Offer:
    """What is said of a file, with the name of whoever sends it."""
    return Offer(
        resource=given.resource,
        agency=given.agency or actor.agency,
        channel="gateway",
        file_name=_printable(given.file_name or name) or UNNAMED,
        intent=given.intent,
        secrecy=given.secrecy,
        declared_rows=None if given.rows < 0 else given.rows,
        declared_sha256=given.sha256,
        sent_at=_moment(given.sent_at) if given.sent_at else None,
        linked_to=given.linked_to or None,
        idempotency_key=key,
    )


def _key(given: str) -> str:
    found = IDEMPOTENCY_KEY.fullmatch(given.strip())
    if found is None:
        raise refusals.idempotency_missing()
    return found[1]


def _moment(text: str) -> dt.datetime:
    """A moment with its zone; without one nobody knows which it is."""
    try:
        moment = dt.datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return moment.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        pass
    raise refusals.not_a_moment()


def _printable(name: str) -> str:
    """A name without what no database keeps; secrecy marks in it are still read."""
    return "".join(character for character in name if character.isprintable())[:LONGEST_NAME]
