"""Signing in by one click, and showing so again that it is oneself: in the demonstration only."""

from __future__ import annotations

from typing import Final

from allauth.account.internal import flows
from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from yuexin.engines.access.models import Account
from yuexin.faces.entrance.landing import landing, onward
from yuexin.faces.shared.acting import BY_ONE_CLICK
from yuexin.faces.shared.demonstration import Player, cast_of, demonstration
from yuexin.sample.players import PARTS, Part

BACKEND: Final = "allauth.account.auth_backends.AuthenticationBackend"
METHOD: Final = "one_click"


@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the cast. There is no such page outside the demonstration."""
    wanted = request.POST.get("login", "")
    players = {player.login for player, _ in cast_there(request)}
    if wanted not in players:
        raise Http404
    account = Account.objects.get(login=wanted)
    login(request, account, backend=BACKEND)
    request.session[BY_ONE_CLICK] = True
    record_authentication(request, account, method=METHOD)
    return HttpResponseRedirect(onward(request, otherwise=landing(request)))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def confirm(request: HttpRequest) -> HttpResponse:
    """Show again that it is oneself as one came in: by one click. Nobody else finds this page."""
    if not came_by_one_click(request):
        raise Http404
    if request.method != "POST":
        there = onward(request, otherwise="")
        return render(request, "entrance/confirm_one_click.html", {"onward": there})
    assert isinstance(request.user, Account)
    record_authentication(request, request.user, method=METHOD, reauthenticated=True)
    resumed: HttpResponse | None = flows.reauthentication.resume_request(request)
    return resumed or HttpResponseRedirect(onward(request, otherwise=reverse("account_home")))


def came_by_one_click(request: HttpRequest) -> bool:
    """Whether this session began by one click, and still is where that is allowed."""
    return bool(request.session.get(BY_ONE_CLICK)) and demonstration(request)


def cast_there(request: HttpRequest) -> list[tuple[Player, Part]]:
    """The players that are there, with their parts; none outside the demonstration."""
    if not demonstration(request):
        return []
    players = {player.login: player for player in cast_of(settings.HOME)}
    there = set(
        Account.objects.filter(login__in=players, is_active=True).values_list("login", flat=True)
    )
    return [
        (players[part.login], part)
        for part in PARTS
        if part.login in players and part.login in there
    ]
