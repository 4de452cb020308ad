"""Every no of the gateway in one form: problem details (RFC 9457) in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation

from yuexin.base.codes import identify, mask_id_number, without_id_numbers
from yuexin.base.errors import Refusal
from yuexin.faces.shared.headers import NEVER_KEEP

MEDIA_TYPE: Final = "application/problem+json"
REALM: Final = "yuexin"
OTHERWISE: Final = 422
# What a code of a refusal means in HTTP; any other is content that cannot be taken as it is.
STATUSES: Final[Mapping[str, int]] = {
    "BODY_CUT": 400,
    "IDEMPOTENCY_MISSING": 400,
    "NOT_UNDERSTOOD": 400,
    "KEY_MISSING": 401,
    "KEY_FORM": 401,
    "KEY_UNKNOWN": 401,
    "KEY_EXPIRED": 401,
    "KEY_REVOKED": 401,
    "RECEIPT_SIGNATURE": 401,
    "CLOSED": 403,
    "ROOM": 403,
    "SCENE": 403,
    "KEY_ELSEWHERE": 403,
    "KEY_NETWORK": 403,
    "KEY_SCOPE": 403,
    "NOT_YOURS": 403,
    "OWNERSHIP": 403,
    "PROVIDER": 403,
    "PURPOSE": 403,
    "INVALID_CODE": 404,
    "NO_SUCH_ADDRESS": 404,
    "NO_SUCH_CHECK": 404,
    "NO_SUCH_CORRECTION": 404,
    "NO_SUCH_DELIVERY": 404,
    "NO_SUCH_LIFTING": 404,
    "NO_SUCH_RECALL": 404,
    "PAST_THE_LAST_PAGE": 404,
    "UNKNOWN_CODE": 404,
    "METHOD": 405,
    "NOT_ACCEPTABLE": 406,
    "ACKNOWLEDGE_FIRST": 409,
    "REPORTED_ALREADY": 409,
    "LENGTH": 411,
    "TOO_LARGE": 413,
    "MEDIA_TYPE": 415,
    "KEY_RATE": 429,
    "BROKEN": 500,
    "DISK_FULL": 503,
}


def status_of(refusal: Refusal) -> int:
    return STATUSES.get(refusal.code, OTHERWISE)


def problem(request: HttpRequest, refusal: Refusal, **more: Any) -> HttpResponse:
    """A refusal as an answer. `more` are further members of the problem."""
    status = status_of(refusal)
    language = translation.get_language() or "zh-hans"
    said = {
        **refusal.as_dict(language),
        "status": status,
        "instance": repeatable(request.path),
        "code": refusal.code,
        "zh": refusal.sentence("zh"),
        "en": refusal.sentence("en"),
        **more,
    }
    answer = JsonResponse(
        said, status=status, content_type=MEDIA_TYPE, json_dumps_params={"ensure_ascii": False}
    )
    answer["Cache-Control"] = NEVER_KEEP
    if status == 401:
        answer["WWW-Authenticate"] = _challenge(refusal.code)
    if refusal.code == "KEY_SCOPE":
        answer["WWW-Authenticate"] = f'Bearer realm="{REALM}", error="insufficient_scope"'
    return answer


def repeatable(text: str) -> str:
    """What was asked as an answer may repeat it: a number that may be a person's only masked."""
    return "/".join(map(_masked, text.split("/")))


def _masked(part: str) -> str:
    alone = identify(part).scheme == "id_number"
    return mask_id_number(part) if alone else without_id_numbers(part)


def _challenge(code: str) -> str:
    # RFC 6750: who gave no key is told of no error.
    error = "" if code == "KEY_MISSING" else ', error="invalid_token"'
    return f'Bearer realm="{REALM}"{error}'
