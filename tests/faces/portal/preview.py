"""The portal on samples, without a database: `python -m tests.faces.portal.preview [PORT]`.

It answers at the real addresses, so that every link between the pages can be followed. Run alone
it needs DJANGO_SETTINGS_MODULE=yuexin.settings, and YUEXIN_HOME.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import override_settings
from django.urls import URLPattern, include, path
from django.views.decorators.csrf import csrf_exempt
from tests.faces.portal import samples, samples_of_lists
from tests.faces.portal.listed import listed

from yuexin.base.codes import check_uscc
from yuexin.base.text import Text
from yuexin.domains.credit.types import CreditFile
from yuexin.faces.portal import answers, pages, refusals, urls
from yuexin.faces.portal.asked import day_of, query_of
from yuexin.faces.shared.demonstration import Player
from yuexin.faces.shared.listing import too_large

URLCONF = "tests.faces.portal.preview"
HINT = Text("统一社会信用代码校验位不符，可能有录入错误", "The check character is wrong")


def _front(request: HttpRequest) -> HttpResponse:
    return pages.front(
        request,
        totals=samples.totals(),
        published=samples.published(),
        examples=samples.EXAMPLES,
    )


def _search(request: HttpRequest) -> HttpResponse:
    query = query_of(request)
    if not query:
        return pages.search(request, found=None)
    if query.isascii():
        wrong = samples.search_page(hits=0, query=query, hint=HINT, suggestion=samples.CODE)
        return pages.search(request, found=wrong)
    hits = 0 if query == "没有" else 20
    return pages.search(request, found=samples.search_page(hits=hits, query=query))


def _file(request: HttpRequest, code: str) -> HttpResponse:
    if not check_uscc(code).valid or code == "91440300192317458F":
        return pages.unknown_code(request, verdict=check_uscc(code))
    return pages.credit_file(request, file=_sample(request, code), today=samples.TODAY)


def _timeline(request: HttpRequest, code: str) -> HttpResponse:
    return pages.timeline(request, file=_sample(request, code), today=samples.TODAY)


def _sample(request: HttpRequest, code: str) -> CreditFile:
    past = day_of(request, samples.RECEIVED) is not None
    name = samples.LONG_NAME if code == samples.SOLE_TRADER_CODE else samples.head().name
    about = samples.head(name=name, sole_trader=code == samples.SOLE_TRADER_CODE)
    file = samples.credit_file(about=about, licences=14, past=past)
    return replace(file, lists=() if past else samples_of_lists.listings())


def _record(request: HttpRequest, code: str, record: object) -> HttpResponse:
    return pages.record(request, head=samples.head(), entry=samples.entry("penalty"))


def _agencies(request: HttpRequest) -> HttpResponse:
    return pages.agencies(request, found=(samples.agency(),))


def _publicity(request: HttpRequest, agency: str, kind: str = "") -> HttpResponse:
    return pages.publicity(
        request, found=samples.publicity_page(rows=0 if kind == "licence" else 30)
    )


def _lists(request: HttpRequest) -> HttpResponse:
    return pages.lists(request, found=samples_of_lists.lists())


def _members(request: HttpRequest, regime: str) -> HttpResponse:
    return pages.members(request, found=samples_of_lists.members(regime), paging="")


def _measures(request: HttpRequest) -> HttpResponse:
    found = samples_of_lists.measures(scene=request.GET.get("scene", ""))
    return pages.measures(request, found=found)


def _about(request: HttpRequest) -> HttpResponse:
    return pages.about(request, remedies=samples.REMEDIES)


def _sitemap(request: HttpRequest) -> HttpResponse:
    return pages.sitemap(request, codes=(samples.CODE,))


def _broken(request: HttpRequest) -> HttpResponse:
    return pages.broken(request)


def _refused(request: HttpRequest) -> HttpResponse:
    return pages.refused(request, refusals.query_too_long(length=120, longest=100))


def _today(request: HttpRequest) -> HttpResponse:
    return pages.today_published(request, found=samples.published())


def _rates(request: HttpRequest) -> HttpResponse:
    return pages.rates(request, found=samples.rates_month())


def _held(request: HttpRequest) -> HttpResponse:
    why = (samples.why(),)
    return pages.held(request, totals=samples.totals(), waiting=why, returned=why)


def _integrity(request: HttpRequest) -> HttpResponse:
    return pages.integrity(request, last=samples.verified(), asked=False, may_ask=False)


def _tour(request: HttpRequest, number: int = 0) -> HttpResponse:
    del number
    guide = (Player(part="chief", login="demo.chief", password=""),)
    return pages.tour(request, found=samples.toured(), guide=guide, open_to=())


def _batch(request: HttpRequest) -> HttpResponse:
    if "refused" in request.GET:
        return answers.batch(request, refusal=too_large())
    if "answered" not in request.GET:
        return answers.batch(request)
    given, checked = listed()
    return answers.batch(request, given=given, checked=checked)


@csrf_exempt
def _scan(request: HttpRequest) -> HttpResponse:
    text = request.POST.get("text", "") or request.GET.get("said", "")
    several = [(samples.CODE, samples.LONG_NAME), (samples.SOLE_TRADER_CODE, "")]
    codes = several if text == "several" else ()
    return answers.scan(request, texts=(text,) if text else (), codes=codes)


def _verify(request: HttpRequest) -> HttpResponse:
    found = samples.checked(request.GET["n"]) if "n" in request.GET else None
    return pages.verify(request, found=found, typed=request.GET.dict())


def _unsampled(request: HttpRequest, **parts: object) -> HttpResponse:
    del parts
    return pages.refused(request, refusals.no_such_address(), status=404)


def _suggest(request: HttpRequest) -> HttpResponse:
    del request
    return JsonResponse([], safe=False)


VIEWS: dict[str, Callable[..., HttpResponse]] = {
    "front": _front, "search": _search, "search_table": _search, "suggest": _suggest,
    "file": _file, "timeline": _timeline, "record": _record,
    "lists": _lists, "members": _members, "members_table": _members, "measures": _measures,
    "agencies": _agencies, "agency": _publicity, "publicity": _publicity, "about": _about,
    "batch": _batch, "scan": _scan,
    "today": _today, "held": _held, "rates": _rates, "rates_table": _rates, "integrity": _integrity,
    "verify": _verify, "report": _file,
    "tour": _tour, "tour_stop": _tour, "tour_end": _tour, "robots": pages.robots,
    "sitemap": _sitemap,
}  # fmt: skip


def _like(pattern: URLPattern) -> URLPattern:
    # What has no sample is led to from the pages all the same; it is tested with a database.
    view = VIEWS.get(str(pattern.name), _unsampled)
    return path(str(pattern.pattern), view, name=str(pattern.name))


own: list[URLPattern] = [path("500", _broken), path("400", _refused)]
pages_of_the_portal = [_like(pattern) for pattern in urls.urlpatterns]
# Where other faces' pages lead to: the links must be made, nobody follows them here.
elsewhere = [
    path("", include("yuexin.faces.entrance.urls")),
    path("desk/", include("yuexin.faces.desk.urls")),
    path("counter/", include("yuexin.faces.counter.urls")),
]
urlpatterns = [path("", include((pages_of_the_portal, "portal"))), *elsewhere, *own]
handler404 = "yuexin.faces.portal.views.not_found"


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing: the screen is for the test."""


@contextmanager
def serving(port: int = 0) -> Iterator[str]:
    """The address of the preview while it is served by a thread."""
    with override_settings(ROOT_URLCONF=URLCONF, ALLOWED_HOSTS=["127.0.0.1"]):
        server: WSGIServer = make_server("127.0.0.1", port, WSGIHandler(), handler_class=_Quiet)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            server.server_close()


if __name__ == "__main__":
    with serving(int(sys.argv[1]) if len(sys.argv) > 1 else 0) as address:
        sys.stdout.write(f"{address}\n")
        sys.stdout.flush()
        threading.Event().wait()
