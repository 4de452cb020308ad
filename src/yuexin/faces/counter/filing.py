"""Filings at the counter: what is owed, the form screen by screen, the check, the receipt."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yuexin.base.errors import Refusal
from yuexin.domains.collection.queries import receipt as signed_receipt
from yuexin.domains.collection.rooms.held import Finding
from yuexin.domains.hall.filing.asked import Filer, filer_of
from yuexin.domains.hall.filing.forms import screens_of
from yuexin.domains.hall.filing.operations import begin, checked, save, send
from yuexin.domains.hall.filing.operations import drop as drop_draft
from yuexin.domains.hall.filing.queries import (
    fresh_number,
    no_such_filing,
    receipt_of,
    record_of,
    review_of,
    things,
)
from yuexin.domains.hall.filing.queries import screen as screen_seen
from yuexin.engines.declare.types import Filing
from yuexin.faces.counter.entering import Visit, asks, at_counter, show

LATER: Final = "later"


@require_safe
@at_counter
@asks("file_reports")
def listing(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What the entity owes, what it filed, what it is filling in."""
    found = things(
        declarations=visit.declarations, actor=visit.actor, code=visit.code,
        store=visit.home.deliveries, now=visit.now,
    )  # fmt: skip
    return show(request, "filings", visit=visit, found=found)


@require_safe
@at_counter
@asks("file_reports")
def new(request: HttpRequest, visit: Visit, filing: str) -> HttpResponse:
    """To the form of a fact that was not told yet."""
    del request
    declared = _declared(visit, filing)
    number = fresh_number(filing=declared, code=visit.code, store=visit.home.deliveries)
    return _to_first(_filer(visit, declared, number))


@require_http_methods(["GET", "HEAD", "POST"])
@at_counter
@asks("file_reports")
def fill(
    request: HttpRequest, visit: Visit, filing: str, thing: str, screen: str
) -> HttpResponse | None:
    """One screen: kept whenever it is sent, and left once the checks have nothing against it."""
    filer = _filer(visit, _declared(visit, filing), thing)
    findings: tuple[Finding, ...] = ()
    refusal, spare = None, ""
    filled = begin(filer=filer)
    if request.method == "POST":
        onward, spare = request.POST.get("onward", ""), request.POST.get("more", "")
        try:
            filled = save(
                filer=filer, screen=screen, posted=request.POST.dict(), actor=visit.actor,
                now=visit.now,
            )  # fmt: skip
            if onward == LATER:
                return HttpResponseRedirect(reverse("counter:filings"))
            findings = checked(
                filer=filer, filled=filled, home=visit.home, actor=visit.actor, now=visit.now
            )
        except Refusal as refused:
            refusal = refused
    found = screen_seen(filer=filer, wanted=screen, filled=filled, findings=findings, spare=spare)
    if found is None:
        return None
    wrong = any(one.rejects for one in found.findings) or refusal is not None
    if request.method == "POST" and not wrong and not spare:
        return HttpResponseRedirect(_after(filer, screen))
    return show(
        request, "filing_screen", status=400 if wrong else 200, visit=visit, filer=filer,
        found=found, refusal=refusal, before=_before(filer, screen), wrong=wrong,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@at_counter
@asks("file_reports")
def review(request: HttpRequest, visit: Visit, filing: str, thing: str) -> HttpResponse:
    """All that will be said, and what the checks say of it; then it is handed in."""
    filer = _filer(visit, _declared(visit, filing), thing)
    filled = begin(filer=filer)
    refusal = None
    if request.method == "POST":
        try:
            sent = send(
                filer=filer, filled=filled, home=visit.home, actor=visit.actor, now=visit.now
            )
        except Refusal as refused:
            refusal = refused
        else:
            address = reverse("counter:receipt", kwargs={"delivery": sent.delivery})
            return HttpResponseRedirect(f"{address}?sent=1")
    findings = checked(
        filer=filer, filled=filled, home=visit.home, actor=visit.actor, now=visit.now
    )
    found = review_of(filer=filer, filled=filled, findings=findings)
    status = 400 if refusal else 200
    return show(
        request, "filing", status=status, visit=visit, filer=filer, found=found, refusal=refusal,
        first=_first(filer),
    )  # fmt: skip


@require_POST
@at_counter
@asks("file_reports")
def drop(request: HttpRequest, visit: Visit, filing: str, thing: str) -> HttpResponse:
    """Forget what was filled in."""
    del request
    drop_draft(filer=_filer(visit, _declared(visit, filing), thing))
    return HttpResponseRedirect(reverse("counter:filings"))


@require_safe
@at_counter
@asks("file_reports")
def receipt(request: HttpRequest, visit: Visit, delivery: int) -> HttpResponse | None:
    """What was handed in, under which number and digest, and what became of it."""
    sent = receipt_of(
        declarations=visit.declarations, actor=visit.actor, code=visit.code,
        delivery=delivery, store=visit.home.deliveries, now=visit.now,
    )  # fmt: skip
    if sent is None:
        return None
    filer = _filer(visit, visit.declarations.filings[sent.filing], sent.thing)
    return show(
        request, "filing_receipt", visit=visit, filer=filer, sent=sent,
        signed=signed_receipt(number=delivery, home=visit.home),
        record=record_of(delivery=delivery),
    )  # fmt: skip


def _declared(visit: Visit, filing: str) -> Filing:
    found = visit.declarations.filings.get(filing)
    if found is None:
        raise no_such_filing(filing)
    return found


def _filer(visit: Visit, filing: Filing, thing: str) -> Filer:
    return filer_of(
        declarations=visit.declarations, actor=visit.actor, filing=filing, code=visit.code,
        thing=thing, store=visit.home.deliveries, now=visit.now,
    )  # fmt: skip


def _to_first(filer: Filer) -> HttpResponse:
    return HttpResponseRedirect(_address(filer, _first(filer)))


def _first(filer: Filer) -> str:
    screens = screens_of(filer.filing, filer.class_id)
    return screens[0].id if screens else ""


def _after(filer: Filer, screen: str) -> str:
    """The address of the next screen, or of the check of them all."""
    ids = [one.id for one in screens_of(filer.filing, filer.class_id)]
    return _address(filer, dict(pairwise(ids)).get(screen, ""))


def _before(filer: Filer, screen: str) -> str:
    """The screen before, if there is one."""
    ids = [one.id for one in screens_of(filer.filing, filer.class_id)]
    return dict(zip(ids[1:], ids, strict=False)).get(screen, "")


def _address(filer: Filer, screen: str) -> str:
    named = {"filing": filer.filing.id, "thing": filer.thing}
    if not screen:
        return reverse("counter:filing", kwargs=named)
    return reverse("counter:filing_screen", kwargs={**named, "screen": screen})
