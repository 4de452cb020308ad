"""One kept answer in a frame of another body's system: read only, for a moment, without a script.

The address holds a token that names the check and the key it was answered to; nothing of the
subject stands in it. It may be framed by the pages that the key names, and by no other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from yuexin.base.errors import Refusal
from yuexin.domains.credit.handling import words
from yuexin.domains.credit.handling.queries import followed
from yuexin.engines.access.queries import framing_of
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.queries import current
from yuexin.faces.gateway.who import FRAME_HOSTS
from yuexin.faces.shared.headers import NEVER_KEEP

SECONDS: Final = 120
SALT: Final = "yuexin.widget.check"
KEY: Final = "key:"
MOST: Final = 20
POLICY: Final = (
    "default-src 'none'; style-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors {}"
)


def address_of(request: HttpRequest, *, actor: Actor, number: str) -> str:
    """Where a check can be framed for the next two minutes; '' where the key names no page."""
    key = actor.id.removeprefix(KEY)
    if not actor.id.startswith(KEY):
        return ""
    if not request.META.get(FRAME_HOSTS):
        return ""
    token = signing.dumps([number, key], salt=SALT)
    return request.build_absolute_uri(f"{reverse('widget')}?t={token}")


@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """The answer that a token names, or a sentence that it is good no more."""
    found = _framed(request.GET.get("t", ""), dt.datetime.now(dt.UTC))
    if found is None:
        return _page(request, [], status=403)
    number, actor, hosts = found
    try:
        answer = followed(
            declarations=current(), actor=actor, number=number, now=dt.datetime.now(dt.UTC)
        )
    except Refusal:
        # The key acts for another body by now: what was answered is not his to show.
        return _page(request, [], status=403)
    checked = answer.check
    word = words.OVERALL[checked.overall]
    shown = checked.subjects[:MOST]
    return _page(
        request, hosts, checked=checked, word=word, shown=shown,
        rest=len(checked.subjects) - len(shown), todo=words.TO_DO[checked.overall],
        look=words.LOOK_TO_DO if checked.look else None,
    )  # fmt: skip


def _framed(token: str, now: dt.datetime) -> tuple[str, Actor, Sequence[str]] | None:
    try:
        number, key = signing.loads(token, salt=SALT, max_age=SECONDS)
        framed = framing_of(declarations=current(), key=key, now=now)
    except (signing.BadSignature, Refusal):
        return None
    return (number, *framed) if framed else None


def _page(
    request: HttpRequest, hosts: Sequence[str], *, status: int = 200, **context: object
) -> HttpResponse:
    answer = render(request, "gateway/widget.html", context, status=status)
    answer["Content-Security-Policy"] = POLICY.format(" ".join(hosts) or "'none'")
    answer["Referrer-Policy"] = "no-referrer"
    answer["Cache-Control"] = NEVER_KEEP
    answer["X-Robots-Tag"] = "noindex"
    return answer
