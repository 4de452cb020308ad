"""The portal's views: one read, one page. Who may see what was decided before the read returned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial, wraps
from typing import Any, Concatenate, Final, ParamSpec
from uuid import UUID

from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from yuexin.base.codes import check_uscc
from yuexin.base.dates import today
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.base.turns import waiting
from yuexin.domains.collection import verification
from yuexin.domains.collection.held import why_returned, why_waiting
from yuexin.domains.collection.rooms.stored import became_record
from yuexin.domains.credit import queries
from yuexin.domains.credit.types import CreditFile, Example
from yuexin.domains.hall.filing.told import anyone_about, kinds_told_of
from yuexin.domains.hall.filing.versions import corrections_of
from yuexin.domains.subjects.corrections import announced_of
from yuexin.engines.access.models import Account
from yuexin.engines.access.queries import agencies_acted_for, deliveries_scope
from yuexin.engines.access.types import PUBLIC
from yuexin.engines.declare.queries import current
from yuexin.engines.deliveries.queries import last_number
from yuexin.faces.portal import pages, refusals, touring
from yuexin.faces.portal.asked import day_of, page_of, search_of
from yuexin.faces.portal.stops import CHIEF, OWNER, STOPS, Found
from yuexin.faces.shared.acting import account_of, actor_of_request, held_now, rooms_open_to
from yuexin.faces.shared.casework import openable_records
from yuexin.faces.shared.demonstration import cast_of, demonstration, invented

EXAMPLES: Final = tuple(
    Example(query=query, why=Text("", "")) for query in ("餐饮", "广州 科技", "五金")
)

# Longer than any spelling of any code: nothing to explain, and nothing to repeat.
LONGEST_CODE: Final = 64

# How long an officer's page waits for a verification that he asked for.
PATIENCE_SECONDS: Final = 20.0
JUST_NOW: Final = dt.timedelta(minutes=2)

P = ParamSpec("P")
Answer = Callable[Concatenate[HttpRequest, P], HttpResponse]
FilePage = Callable[..., HttpResponse]


def _public(view: Callable[Concatenate[HttpRequest, dt.datetime, P], HttpResponse]) -> Answer[P]:
    """A view that only reads, at one moment; what it refuses becomes a page that says why."""

    @require_safe
    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, dt.datetime.now(dt.UTC), *args, **kwargs)
        except Refusal as refusal:
            return pages.refused(request, refusal)

    return answer


@_public
def front(request: HttpRequest, now: dt.datetime) -> HttpResponse:
    examples = queries.examples(actor=PUBLIC, now=now) if invented() else EXAMPLES
    return pages.front(
        request,
        totals=queries.totals(actor=PUBLIC, now=now),
        published=queries.published_on(actor=PUBLIC, now=now),
        examples=examples,
    )


@_public
def today_published(request: HttpRequest, now: dt.datetime) -> HttpResponse:
    """What became public today, or `on` a day before; `agency` and `late` narrow it."""
    agency, late = request.GET.get("agency", ""), "late" in request.GET
    on, page = day_of(request, now), page_of(request)
    if agency and agency not in current().agencies:
        return pages.refused(request, refusals.unknown_agency(), status=404)
    found = queries.published_on(actor=PUBLIC, now=now, on=on, agency=agency, late=late, page=page)
    if page > found.pages:
        return pages.refused(request, refusals.past_the_last_page(page=page), status=404)
    return pages.today_published(request, found=found)


@_public
def held(request: HttpRequest, now: dt.datetime) -> HttpResponse:
    return pages.held(
        request,
        totals=queries.totals(actor=PUBLIC, now=now),
        waiting=why_waiting(declarations=current()),
        returned=why_returned(declarations=current()),
    )


@_public
def tour(request: HttpRequest, now: dt.datetime) -> HttpResponse:
    """The way through a demonstration. There is no such page elsewhere."""
    if not invented():
        return pages.refused(request, refusals.no_such_address(), status=404)
    guide = cast_of(settings.HOME) if demonstration(request) else ()
    found = _toured(now)
    return pages.tour(request, found=found, guide=guide, open_to=_open_to(request, found))


@_public
def tour_stop(request: HttpRequest, now: dt.datetime, number: int) -> HttpResponse:
    """To the page of a stop; back to the list of stops while that page cannot be opened yet."""
    if not invented() or not 1 <= number <= len(STOPS):
        return pages.refused(request, refusals.no_such_address(), status=404)
    found, stop = _toured(now), STOPS[number - 1]
    address = stop.lead(found).address if found else ""
    if not address or (stop.by and stop.by not in _open_to(request, found)):
        return HttpResponseRedirect(f"{reverse('portal:tour')}#stop-{number}")
    return touring.opened(request, address=address, number=number)


@_public
def tour_end(request: HttpRequest, now: dt.datetime) -> HttpResponse:
    del now
    if not invented():
        return pages.refused(request, refusals.no_such_address(), status=404)
    return touring.left(request)


def _toured(now: dt.datetime) -> Found | None:
    found = queries.tour(actor=PUBLIC, now=now)
    if found is None:
        return None
    mended = became_record(row=found.rejected) if found.rejected else None
    owner = Account.objects.filter(login=OWNER).first()
    firms = [grant.subject_code for grant in held_now(owner)] if owner else []
    return Found(tour=found, mended=mended, firm=next(filter(None, firms), ""))


def _open_to(request: HttpRequest, found: Found | None) -> frozenset[str]:
    """As whom of the cast a visitor may go on: as the one he is, and as the chief where he may see
    the rows of the tour and mend one."""
    account = account_of(request)
    own = {account.login} if account else set()
    return frozenset(own | {CHIEF} if _may_follow(request, found) else own - {CHIEF})


def _may_follow(request: HttpRequest, found: Found | None) -> bool:
    """Whether whoever is signed in may see the rows of the tour, and mend one."""
    if found is None or not {"deliveries", "quarantine"} <= set(rooms_open_to(request)):
        return False
    who: dict[str, Any] = {"declarations": current(), "actor": actor_of_request(request)}
    agency = found.tour.agency
    return deliveries_scope(**who).covers(agency) and agency in agencies_acted_for(**who)


@_public
def integrity(request: HttpRequest, now: dt.datetime) -> HttpResponse:
    """The last verification. `wait` has an officer's page wait a while for the one asked for."""
    may_ask = bool(rooms_open_to(request))
    waited = may_ask and "wait" in request.GET
    if waited:
        with waiting():
            verification.wait_done(seconds=PATIENCE_SECONDS)
    last = verification.last_done()
    just_done = waited and last is not None and last.done_at and now - last.done_at < JUST_NOW
    return pages.integrity(
        request,
        last=last,
        asked=verification.is_asked(),
        may_ask=may_ask,
        since=last_number() - last.deliveries if last else 0,
        just_done=bool(just_done),
    )


@require_POST
def ask_integrity(request: HttpRequest) -> HttpResponse:
    """An officer asks for a verification; the worker does it."""
    try:
        actor = actor_of_request(request)
        verification.ask(actor=actor, declarations=current(), now=dt.datetime.now(dt.UTC))
    except Refusal as refusal:
        return pages.refused(request, refusal, status=403)
    return HttpResponseRedirect(f"{reverse('portal:integrity')}?wait=1")


@_public
def about(request: HttpRequest, now: dt.datetime) -> HttpResponse:
    return pages.about(request, remedies=queries.remedies(now=now))


@_public
def search(request: HttpRequest, now: dt.datetime) -> HttpResponse:
    query = search_of(request)
    if not query.text:
        return pages.search(request, found=None)
    found = queries.search(actor=PUBLIC, query=query, now=now)
    if query.page > max(found.pages, 1):
        return pages.refused(request, refusals.past_the_last_page(page=query.page), status=404)
    return pages.search(request, found=found)


@_public
def credit_file(request: HttpRequest, now: dt.datetime, code: str) -> HttpResponse:
    page = partial(pages.credit_file, told_of=kinds_told_of(declarations=current()))
    return _file(request, now, code, address="portal:file", page=page)


@_public
def timeline(request: HttpRequest, now: dt.datetime, code: str) -> HttpResponse:
    return _file(request, now, code, address="portal:timeline", page=pages.timeline)


def _file(
    request: HttpRequest, now: dt.datetime, code: str, *, address: str, page: FilePage
) -> HttpResponse:
    if len(code) > LONGEST_CODE:
        return pages.refused(request, refusals.no_such_address(), status=404)
    verdict = check_uscc(code)
    if not verdict.valid:
        return pages.unknown_code(request, verdict=verdict)
    if code != verdict.code:
        return _moved(request, address, code=verdict.code)
    on = day_of(request, now)
    file: CreditFile | None = queries.credit_file(actor=PUBLIC, code=code, on=on, now=now)
    if file is None:
        return pages.unknown_code(request, verdict=verdict)
    if file.head.code != code:
        # Not for ever: a judgement about who is who may be taken back.
        moved = reverse(address, kwargs={"code": file.head.code})
        return HttpResponseRedirect(moved + _kept(request))
    corrections = announced_of(declarations=current(), code=code, now=now)
    return page(request, file=file, today=today(now), corrections=corrections)


def _moved(request: HttpRequest, name: str, **parts: object) -> HttpResponse:
    return HttpResponsePermanentRedirect(reverse(name, kwargs=parts) + _kept(request))


def _kept(request: HttpRequest) -> str:
    return f"?{request.GET.urlencode()}" if request.GET else ""


@_public
def record(request: HttpRequest, now: dt.datetime, code: str, record: UUID) -> HttpResponse:
    found = queries.entry(actor=PUBLIC, record=record, now=now)
    if found is None:
        return _corrected(request, now, code, record)
    head, entry = found
    if head.code != code:
        # Not for ever: a judgement about who is who may be taken back.
        return _elsewhere(request, head.code, record)
    return pages.record(
        request,
        head=head,
        entry=entry,
        late=queries.lateness(actor=PUBLIC, record=record, now=now),
        corrects=queries.corrects(actor=PUBLIC, delivery=entry.source.delivery),
        before=corrections_of(declarations=current(), record=record),
        told_by=anyone_about(declarations=current(), kind=entry.kind, record=record),
        opens_cases=_opens_cases(request, record),
    )


def _opens_cases(request: HttpRequest, record: UUID) -> bool:
    """Whether whoever looks is at the desk, and his body handles some case of this record."""
    try:
        actor = actor_of_request(request)
    except Refusal:
        return False
    return bool(openable_records(declarations=current(), actor=actor, records=[record]))


def _corrected(request: HttpRequest, now: dt.datetime, code: str, record: UUID) -> HttpResponse:
    """To what is shown now of a fact that was corrected, or told under another code since; not for
    ever: its term may end, and the codes may part."""
    found = queries.successor(actor=PUBLIC, record=record, now=now)
    if found is None:
        return _not_shown(request, code, record)
    return _elsewhere(request, *found)


def _not_shown(request: HttpRequest, code: str, record: UUID) -> HttpResponse:
    """Of what was public and erased by order, that it is gone; of all else, one answer."""
    order = queries.erased_under(actor=PUBLIC, record=record)
    no = refusals.record_erased(order=order) if order else refusals.record_not_shown()
    return pages.refused(request, no, status=410 if order else 404, code=code)


def _elsewhere(request: HttpRequest, code: str, record: UUID) -> HttpResponse:
    address = reverse("portal:record", kwargs={"code": code, "record": record})
    return HttpResponseRedirect(address + _kept(request))


@_public
def agencies(request: HttpRequest, now: dt.datetime) -> HttpResponse:
    return pages.agencies(request, found=queries.agencies(actor=PUBLIC, now=now))


@_public
def publicity(request: HttpRequest, now: dt.datetime, agency: str, kind: str = "") -> HttpResponse:
    """One kind of an agency's records; without a kind, the first it publishes."""
    page = page_of(request)
    found = queries.publicity(actor=PUBLIC, agency=agency, kind=kind, page=page, now=now)
    if found is None:
        return pages.refused(request, refusals.unknown_agency(), status=404)
    if page > max(found.pages, 1):
        return pages.refused(request, refusals.past_the_last_page(page=page), status=404)
    return pages.publicity(request, found=found)


@_public
def robots(request: HttpRequest, now: dt.datetime) -> HttpResponse:
    del now
    return pages.robots(request)


@_public
def sitemap(request: HttpRequest, now: dt.datetime) -> HttpResponse:
    """The files to be found; where there are many, an index of the parts that list them."""
    del now
    page, count = page_of(request), queries.sitemap_pages(actor=PUBLIC)
    if page > max(count, 1):
        return pages.refused(request, refusals.past_the_last_page(page=page), status=404)
    if count > 1 and "page" not in request.GET:
        return pages.sitemap_index(request, count=count)
    return pages.sitemap(request, codes=queries.sitemap_codes(actor=PUBLIC, page=page))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    del exception
    return pages.refused(request, refusals.not_understood(), status=400)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    del exception
    return pages.refused(request, refusals.no_such_address(), status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    return pages.broken(request)
