"""Who comes to the counter: signed in, acting for an entity; every no becomes a page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec
from uuid import UUID

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.subjects.models import Subject
from yuexin.engines.access.queries import require_acted_subject, require_right
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.queries import Declarations, current
from yuexin.faces.shared.acting import (
    NOT_ACTING,
    account_of,
    actor_of_request,
    firms_to_choose,
)
from yuexin.faces.shared.headers import NEVER_KEEP
from yuexin.home.folder import Home

FORBIDDEN: Final = frozenset({
    "OWN_FILE", "GRANT_OVER", "GRANT_LAPSED", "GRANT_CHOICE", "ROLE_UNKNOWN",
    "SECOND_FACTOR", "CASE_PARTY", "NOT_YOUR_FIRM", "RIGHT_NOT_GIVEN",
})  # fmt: skip
P = ParamSpec("P")


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One request at the counter: who acts, for which entity, at what moment."""

    actor: Actor
    subject: UUID
    code: str
    name: str
    now: dt.datetime
    declarations: Declarations
    home: Home


View = Callable[Concatenate[HttpRequest, Visit, P], HttpResponseBase | None]
Answer = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def at_counter(view: View[P]) -> Answer[P]:
    """A view for whoever acts for an entity. None means that there is no such thing for him."""

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if account_of(request) is None:
            back = request.get_full_path() if request.method == "GET" else reverse("counter:credit")
            return redirect_to_login(back)
        try:
            found = view(request, _visit(request), *args, **kwargs)
        except Refusal as refusal:
            return refused(request, refusal)
        return found or refused(request, NOT_THERE, status=404)

    return answer


def asks(right: str) -> Callable[[View[P]], View[P]]:
    """A view, below `at_counter`, for an owner, and for those delegates that were given a right."""

    def within(view: View[P]) -> View[P]:
        @wraps(view)
        def answer(
            request: HttpRequest, visit: Visit, /, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase | None:
            require_right(
                declarations=visit.declarations, actor=visit.actor, code=visit.code, right=right
            )
            return view(request, visit, *args, **kwargs)

        return answer

    return within


def show(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """A page of the counter, never kept by anybody on the way."""
    whole = {**context, "noindex": True, "here": template}
    response = render(request, f"counter/{template}.html", whole, status=status)
    response.headers["Cache-Control"] = NEVER_KEEP
    return response


def refused(request: HttpRequest, refusal: Refusal, *, status: int = 0) -> HttpResponse:
    """A refusal as a page."""
    known = 403 if refusal.code in FORBIDDEN else 400
    firms = firms_to_choose(request) if refusal.code in NOT_ACTING else ()
    return show(request, "refused", status=status or known, refusal=refusal, firms=firms)


def _visit(request: HttpRequest) -> Visit:
    declarations = current()
    actor = actor_of_request(request)
    code = require_acted_subject(declarations=declarations, actor=actor)
    subject = Subject.objects.filter(code=code).first()
    if subject is None:
        raise Refusal(
            code="NO_FILE",
            what=Text("还没有收到本主体的登记信息", "no registration of your entity has come in"),
            remedy=Text("登记机关交付以后再来办", "come again when the registrar delivered it"),
        )
    return Visit(
        actor=actor, subject=subject.pk, code=code, name=subject.name,
        now=dt.datetime.now(dt.UTC), declarations=declarations, home=settings.HOME,
    )  # fmt: skip


NOT_THERE: Final = Refusal(
    code="NOT_THERE",
    what=Text("没有这一项，或不属于您代表的主体", "There is none, or it is not your entity's"),
    remedy=Text("请从列表中打开", "Open it from the list"),
)
