"""Operations on subjects: one file by its code, search, and a batch of codes."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from ninja import Router, Schema
from ninja.params.functions import Path, Query
from pydantic import Field

from yuexin.base.codes import check_uscc
from yuexin.base.text import Text
from yuexin.domains.credit import queries
from yuexin.domains.credit.finding.types import Facet, Hit, SearchPage
from yuexin.domains.credit.finding.types import Query as Asked
from yuexin.engines.access.types import Actor
from yuexin.faces.gateway import answers, batch, codes, openapi, refusals
from yuexin.faces.gateway.bodies import spooled
from yuexin.faces.gateway.problems import repeatable
from yuexin.faces.gateway.schemas import BatchLine, Hits, SubjectFile
from yuexin.faces.gateway.who import Key, actor_for
from yuexin.faces.shared.days import past_day
from yuexin.faces.shared.searching import readable

LONGEST_CODE: Final = 64
LONGEST_QUERY: Final = 100
LAST_PAGE: Final = 9_999

router = Router(tags=["主体 subjects"])


class Look(Schema):
    """How a file is looked at."""

    on: str = Field(
        "",
        min_length=1,
        description="过去的某一天 A past day",
        json_schema_extra={"format": "date"},
    )
    purpose: str = Field(
        "",
        pattern="^[a-z_]{1,64}$",
        description="查询目的 Why an officer looks, as the agency release says",
    )


class Narrow(Schema):
    """What narrows the hits; an empty value narrows nothing."""

    city: str = Field("", pattern="^([0-9]{6})?$", description="城市 A division, as 440100")
    entity_type: str = Field("", pattern="^[0-9A-Za-z_-]{0,16}$", description="类型 A type")
    industry: str = Field(
        "", pattern="^[0-9A-Za-z]{0,6}$", description="行业，限依法可见者 An industry, where seen"
    )
    status: str = Field("", pattern="^[a-z_]{0,40}$", description="状态 A status, as alive")
    since: dt.date | None = Field(None, description="成立日期起 Established on or after")
    until: dt.date | None = Field(None, description="成立日期止 Established on or before")


# Before the address of a code, which would take it for one.
@router.post(
    "/subjects/batch",
    auth=Key("batch"),
    operation_id="batch",
    summary="批量查询 A batch of codes",
    response={200: BatchLine},
    openapi_extra=openapi.extra(
        problems=(400, 401, 403, 406, 411, 413, 415, 429),
        answer=answers.LINES,
        body={
            "application/json": {"type": "array", "items": {"type": "string"}},
            **{name: {"type": "string"} for name in codes.READERS if name != "application/json"},
        },
    ),
)
def many(request: HttpRequest) -> StreamingHttpResponse:
    """One line of NDJSON for each code, old number or whole name, in the order asked: found with
    its public file, several with their codes, unknown, or invalid with what is wrong. As many
    lines as 64 MiB hold.

    They are a JSON array, NDJSON (a string or an object with `code` a line), CSV (the first
    column) or plain text (one a line). A line that cannot be read is answered by one that says
    why. Nothing follows the last line: an answer with fewer lines than codes was cut off.
    """
    answers.require_accepted(request, answers.LINES)
    content_type = request.content_type or ""
    if content_type not in codes.READERS:
        raise refusals.media_type(codes.READERS)
    file = spooled(request, most=batch.MOST_BYTES, folder=settings.HOME.scratch)
    return answers.lines(batch.answered(file, content_type, now=dt.datetime.now(dt.UTC)))


@router.get(
    "/subjects/{code}",
    auth=Key("read", open_to_public=True),
    operation_id="subject",
    summary="按代码查询主体档案 The file of a code",
    response={200: SubjectFile},
    openapi_extra=openapi.extra(open_to_public=True, problems=(401, 403, 404, 406, 422, 429)),
)
def subject(
    request: HttpRequest,
    code: str = Path(
        max_length=LONGEST_CODE, description="统一社会信用代码", example="91440606684400012K"
    ),
    look: Look = Query(),  # noqa: B008
) -> HttpResponse:
    """The public file; with a key, what the law opens to whom it acts for, for a stated purpose.

    A look beyond the public file is journaled, and the subject may see that it was made. Small
    letters, spaces and full-width characters in the code are put right.
    """
    answers.require_accepted(request, answers.JSON)
    now = dt.datetime.now(dt.UTC)
    verdict = check_uscc(code)
    if not verdict.valid:
        raise refusals.invalid_code(verdict)
    found = queries.whole_document(
        actor=actor_for(request, purpose=look.purpose),
        code=verdict.code,
        on=past_day(look.on, now=now),
        now=now,
    )
    if found is None:
        raise refusals.unknown_code()
    return answers.document(found, Content_Location=f"/api/v1/subjects/{verdict.code}")


@router.get(
    "/subjects",
    auth=Key("search", open_to_public=True),
    operation_id="search",
    summary="查询主体 Search",
    response={200: Hits},
    openapi_extra=openapi.extra(open_to_public=True, problems=(401, 403, 404, 406, 422, 429)),
)
def search(
    request: HttpRequest,
    q: str = Query(
        max_length=LONGEST_QUERY,
        description="名称片段、代码或旧号码 Part of a name, or a number",
        example="示例家具",
    ),
    page: int = Query(1, ge=1, le=LAST_PAGE),
    narrow: Narrow = Query(),  # noqa: B008
) -> HttpResponse:
    """Entities by a scrap of a name, its pinyin, a code or an old number: best first, twenty a
    page, with why each was found and how many have which value of a filter."""
    answers.require_accepted(request, answers.JSON)
    actor: Actor = request.auth  # type: ignore[attr-defined]
    asked = Asked(text=readable(q), page=page, **narrow.dict())
    found = queries.search(actor=actor, query=asked, now=dt.datetime.now(dt.UTC))
    if page > max(found.pages, 1):
        raise refusals.past_the_last_page(page)
    return answers.value(_page(found))


def _page(found: SearchPage) -> dict[str, object]:
    return {
        "query": repeatable(found.query),
        "page": found.page,
        "pages": found.pages,
        "total": found.total,
        "capped": found.capped,
        "hint": _said(found.hint) if found.hint else None,
        "suggestion": found.suggestion,
        "hits": [_hit(hit) for hit in found.hits],
        "filters": [_facet(facet) for facet in found.facets],
    }


def _facet(facet: Facet) -> dict[str, object]:
    choices = [
        {"value": one.value, "label": _said(one.label), "count": one.count} for one in facet.choices
    ]
    return {"field": facet.field, "label": _said(facet.label), "choices": choices}


def _hit(hit: Hit) -> dict[str, object]:
    return {
        "code": hit.code,
        "name": hit.name,
        "matched": hit.matched,
        "status": _said(hit.status),
        "type": _said(hit.type_label),
        "city": _said(hit.city),
        "established": hit.est_date,
        "why": _said(hit.why),
        "certainty": hit.certainty,
        "href": f"/api/v1/subjects/{hit.code}",
    }


def _said(text: Text) -> dict[str, str]:
    return text._asdict()
