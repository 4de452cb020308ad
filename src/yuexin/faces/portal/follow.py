"""Following a firm without an account: by e-mail, confirmed by a link, or by a feed."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from yuexin.base.codes import check_uscc
from yuexin.base.errors import Refusal
from yuexin.domains.credit.happenings import of_subject, open_kinds
from yuexin.domains.credit.queries import names
from yuexin.domains.credit.rows import subject_of
from yuexin.domains.credit.watching.operations import ask_to_follow, confirm_follow, stop_follow
from yuexin.domains.credit.watching.queries import asked_by, followed_by, named
from yuexin.domains.credit.withdrawals import withdrawn_of_file
from yuexin.domains.subjects.models import Subject
from yuexin.engines.access.types import PUBLIC
from yuexin.engines.declare.queries import current
from yuexin.engines.notices.types import Language
from yuexin.faces.portal import pages, refusals
from yuexin.faces.portal.asked import page_of
from yuexin.faces.portal.feeds import of_file
from yuexin.faces.portal.reading import public_reader
from yuexin.faces.shared.headers import NEVER_KEEP
from yuexin.faces.shared.often import TooOften, count_try

LONGEST_TYPED: Final = 300
FEED_SIZE: Final = 50
PAGE_SIZE: Final = 50


@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest, code: str) -> HttpResponse:
    """How to follow a firm; POST asks for the link by which an address is confirmed."""
    subject = _subject(code)
    if subject is None:
        return pages.unknown_code(request, verdict=check_uscc(code[:LONGEST_TYPED]))
    if subject.code != code:
        return HttpResponseRedirect(reverse("portal:follow", args=[subject.code]))
    if request.method != "POST":
        sent = "sent" in request.GET
        return _page(request, "follow", code=code, name=subject.name, sent=sent)
    try:
        count_try(request, action="follow")
        ask_to_follow(
            declarations=current(),
            home=settings.HOME,
            code=code,
            address=request.POST.get("address", "")[:LONGEST_TYPED],
            language=_language(),
            now=dt.datetime.now(dt.UTC),
        )
    except Refusal as refusal:
        status = 429 if isinstance(refusal, TooOften) else 400
        return _page(
            request, "follow", status=status, code=code, name=subject.name, refusal=refusal,
            typed=request.POST.get("address", "")[:LONGEST_TYPED],
        )  # fmt: skip
    return HttpResponseRedirect(f"{reverse('portal:follow', args=[code])}?sent=1")


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link of a confirmation. Looking at it changes nothing: mail servers do."""
    now = dt.datetime.now(dt.UTC)
    posted = request.method == "POST"
    code = confirm_follow(token=token, now=now) if posted else asked_by(token=token, now=now)
    if code is None:
        return _never_kept(pages.refused(request, refusals.no_such_follow(), status=404))
    said = names(actor=PUBLIC, codes=[code]).get(code, "")
    return _never_kept(
        _page(request, "follow_confirm", code=code, name=said, token=token, done=posted)
    )


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """The link by which one is told nothing more; a mail program posts to it by itself
    (RFC 8058), so it asks for no token of a form."""
    code = followed_by(token=token)
    if request.method == "POST" and not stop_follow(token=token):
        return _never_kept(pages.refused(request, refusals.no_such_follow(), status=404))
    done = request.method == "POST"
    return _never_kept(
        _page(request, "follow_stop", token=token, done=done, code=code, name=code and named(code))
    )


@require_http_methods(["GET", "HEAD"])
def history(request: HttpRequest, code: str) -> HttpResponse:
    """What happened to a file, by day: as far as the public may see it now."""
    subject = _subject(code)
    if subject is None:
        return pages.unknown_code(request, verdict=check_uscc(code[:LONGEST_TYPED]))
    if subject.code != code:
        return HttpResponseRedirect(reverse("portal:history", args=[subject.code]))
    try:
        page = page_of(request)
    except Refusal as refusal:
        return pages.refused(request, refusal)
    found = of_subject(
        reader=public_reader(dt.datetime.now(dt.UTC)),
        subject=subject.id,
        most=PAGE_SIZE + 1,
        skip=(page - 1) * PAGE_SIZE,
    )
    if not found and page > 1:
        return pages.refused(request, refusals.past_the_last_page(page=page), status=404)
    pages_known = page + (len(found) > PAGE_SIZE)
    return _never_kept(
        _page(
            request, "history", code=code, name=subject.name, found=found[:PAGE_SIZE], page=page,
            pages=pages_known,
        )
    )  # fmt: skip


@require_http_methods(["GET", "HEAD"])
def feed(request: HttpRequest, code: str) -> HttpResponse:
    """The same as an Atom feed."""
    subject = _subject(code)
    if subject is None:
        return pages.refused(request, refusals.no_such_address(), status=404)
    if subject.code != code:
        return HttpResponseRedirect(reverse("portal:feed", args=[subject.code]))
    now = dt.datetime.now(dt.UTC)
    reader = public_reader(now)
    found = of_subject(reader=reader, subject=subject.id, most=FEED_SIZE)
    gone = withdrawn_of_file(subject=subject.id, kinds=open_kinds(reader), now=now)
    name = "" if subject.named_after_person else subject.name
    return of_file(request, code=code, name=name, found=found, gone=gone)


def _page(
    request: HttpRequest, template: str, *, status: int = 200, **context: object
) -> HttpResponse:
    kept = {key: request.GET.get(key, "") for key in ("page", "sent") if key in request.GET}
    return pages.rendered(request, template, context, status=status, noindex=True, kept=kept)


def _subject(code: str) -> Subject | None:
    # A code of another shape is nobody's, and its characters may be none a database takes.
    known = code.isascii() and code.isalnum() and len(code) == 18
    return subject_of(code=code) if known else None


def _language() -> Language:
    return "zh" if (get_language() or "zh").startswith("zh") else "en"


def _never_kept(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = NEVER_KEEP
    return response
