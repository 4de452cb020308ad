"""The gateway's one interface, and how its refusals are answered."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from ninja.errors import ValidationError

from yuexin.base.errors import Refusal
from yuexin.engines.access.types import TooOften
from yuexin.faces.gateway import (
    catalogue,
    checks,
    corrections,
    deliveries,
    liftings,
    recalls,
    refusals,
    subjects,
    trials,
)
from yuexin.faces.gateway.openapi import Gateway
from yuexin.faces.gateway.problems import problem, status_of

VERSION: Final = "1.0.0"
RETRY_SECONDS: Final = 60

api = Gateway(
    title="粤信接口 Yuexin interface",
    version=VERSION,
    description="市场主体的公开信息与部门数据的交付。 What is public of market entities, and the "
    "delivery of agencies' data.",
    urls_namespace="gateway",
    docs_url=None,
)
api.add_router("", subjects.router)
api.add_router("", deliveries.router)
api.add_router("", trials.router)
api.add_router("", corrections.router)
api.add_router("", recalls.router)
api.add_router("", checks.router)
api.add_router("", liftings.router)
api.add_router("", catalogue.router)


@api.exception_handler(Refusal)
def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A refusal, with when to come back where that helps."""
    answer = problem(request, refusal)
    if isinstance(refusal, TooOften):
        seconds = str(max(refusal.retry_after_seconds, 1))
        answer["Retry-After"] = seconds
        answer["RateLimit-Policy"] = f'"key";q={refusal.rate_per_minute};w=60'
        answer["RateLimit"] = f'"key";r=0;t={seconds}'
    elif status_of(refusal) == 503:
        answer["Retry-After"] = str(RETRY_SECONDS)
    return answer


@api.exception_handler(ValidationError)
def not_as_described(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Parameters that are not as the document says, each with what is wrong."""
    faults: list[dict[str, Any]] = [
        {"where": ".".join(map(str, item["loc"][1:])) or "request", "what": item["msg"]}
        for item in error.errors
    ]
    first = faults[0]["where"]
    return problem(request, refusals.parameters(first), errors=faults)
