"""What the portal answers: one function per page, from frozen values to a response.

Nothing is read here and nothing is decided about who may see what.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language

from yuexin.base.codes import Verdict, check_uscc
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.collection.held import Reason
from yuexin.domains.collection.models import Verification
from yuexin.domains.collection.rates import RATES, RatesMonth
from yuexin.domains.credit.checking import Checked
from yuexin.domains.credit.finding.types import SearchPage
from yuexin.domains.credit.measured import MeasureCatalogue
from yuexin.domains.credit.members import ListSummary, MembersPage
from yuexin.domains.credit.types import (
    AgencySummary,
    CreditFile,
    Entry,
    Example,
    Head,
    Lateness,
    PublicityPage,
    Published,
    Totals,
)
from yuexin.domains.hall.filing.versions import Correction
from yuexin.domains.subjects.corrections import Announced
from yuexin.engines.declare.types import Anyone
from yuexin.engines.papers.queries import LARGEST_BYTES
from yuexin.faces.portal import refusals
from yuexin.faces.portal.asked import repeatable
from yuexin.faces.portal.stops import CHIEF, STOPS, Found
from yuexin.faces.portal.touring import Row, is_over, seen
from yuexin.faces.shared.days import FIRST_DAY
from yuexin.faces.shared.demonstration import Player
from yuexin.faces.shared.drawing import ties_picture, timeline_of
from yuexin.faces.shared.headers import NEVER_KEEP
from yuexin.faces.shared.language import PARAMETER
from yuexin.faces.shared.often import TooOften
from yuexin.faces.shared.searching import address_of
from yuexin.sample.players import PARTS

# A section shows this many records in full; the rest as lines that link to their own pages, so
# that a file with hundreds of licences stays readable on a phone.
FULL_ENTRIES: Final = 5
GROUPS_OF_LISTS: Final = ("adverse", "attention", "honour")
NOTHING: Final[Mapping[str, str]] = {}


def front(
    request: HttpRequest,
    *,
    totals: Totals,
    published: Published,
    examples: Sequence[Example],
) -> HttpResponse:
    return _page(request, "front", totals=totals, published=published, examples=examples)


def today_published(request: HttpRequest, *, found: Published) -> HttpResponse:
    """Not indexed, as `publicity` is not."""
    chosen = [item.label for item in found.by_agency if item.agency == found.agency]
    day = {"on": found.on.isoformat()} if found.past else {}
    kept = day | ({"agency": found.agency} if found.agency else {})
    kept |= {"late": "1"} if found.late_only else {}
    label = chosen[0] if chosen else Text("", "")
    asked = {"label": label, "day": urlencode(day), "paging": urlencode(kept)}
    response = _page(request, "today", noindex=True, found=found, **asked)
    if found.past:
        # As with a file: a kept copy would show what has since been withdrawn.
        response.headers["Cache-Control"] = NEVER_KEEP
    return response


def rates(request: HttpRequest, *, found: RatesMonth) -> HttpResponse:
    """Which agency publishes how well: counts alone."""
    return _page(request, "rates", found=found, measures=RATES)


def held(
    request: HttpRequest, *, totals: Totals, waiting: Sequence[Reason], returned: Sequence[Reason]
) -> HttpResponse:
    return _page(
        request,
        "held",
        totals=totals,
        waiting=waiting,
        waiting_rows=sum(reason.rows for reason in waiting),
        returned=returned,
        returned_rows=sum(reason.rows for reason in returned),
    )


def tour(
    request: HttpRequest, *, found: Found | None, guide: Sequence[Player], open_to: Collection[str]
) -> HttpResponse:
    """The stops of the tour; whoever follows it signs in as the one of the cast who goes there.

    `open_to`: as whom of the cast the visitor may go on as he is signed in now.
    """
    opened = seen(request)
    leads = [stop.lead(found) for stop in STOPS] if found else []
    onward = (
        number
        for number, lead in enumerate(leads, start=1)
        if lead.address and (number not in opened or lead.undone.zh)
    )
    following = next(onward, 0)
    players = {player.login: player for player in guide}
    names = {part.login: part.name for part in PARTS}
    stops = [
        Row(
            number=number, stop=stop, lead=lead, is_open=not stop.by or stop.by in open_to,
            player=None if _is_led(number) and number != following else players.get(stop.by),
            name=names.get(stop.by),
        )
        for number, (stop, lead) in enumerate(zip(STOPS, leads, strict=False), start=1)
    ]  # fmt: skip
    context = {
        "seen": opened,
        "following": following,
        "one_click": bool(guide),
        "ended": is_over(request),
    }
    return _page(request, "tour", noindex=True, stops=stops, **context)


def _is_led(number: int) -> bool:
    """Whether the chief is at a stop by having signed in at the one before."""
    return STOPS[number - 1].by == CHIEF and STOPS[number - 2].by == CHIEF


def integrity(
    request: HttpRequest,
    *,
    last: Verification | None,
    asked: bool,
    may_ask: bool,
    since: int = 0,
    just_done: bool = False,
) -> HttpResponse:
    """`since`: how many deliveries came after the last one; `just_done`: it was waited for."""
    problems = last.problems if last else []
    journal = [one for one in problems if one.startswith("journal")]
    return _page(
        request,
        "integrity",
        last=last,
        of_journal=journal,
        of_deliveries=[one for one in problems if one not in journal],
        asked=asked,
        may_ask=may_ask,
        since=since,
        just_done=just_done,
    )


def about(request: HttpRequest, *, remedies: Sequence[Text]) -> HttpResponse:
    return _page(request, "about", remedies=remedies)


def search(request: HttpRequest, *, found: SearchPage | None) -> HttpResponse:
    """The hits; without a query, what can be searched for."""
    query = repeatable(found.query) if found else ""
    kept = {**request.GET.dict(), "q": query}
    asked = replace(found.asked, text=query) if found else None
    context = {
        "found": found,
        "query": query,
        "asked": asked,
        "paging": address_of(asked) if asked else "",
    }
    return rendered(request, "search", context, noindex=True, kept=kept)


def credit_file(
    request: HttpRequest,
    *,
    file: CreditFile,
    today: dt.date,
    corrections: Sequence[Announced] = (),
    told_of: Collection[str] = (),
) -> HttpResponse:
    """The file by sections; `corrections`: what was wrong in it of late; `told_of`: the kinds of
    which anybody may tell that they are false."""
    sections = [(s, s.entries[:FULL_ENTRIES], s.entries[FULL_ENTRIES:]) for s in file.sections]
    context = {"sections": sections, "ties": ties_picture(file), "corrections": corrections}
    return _file(request, "file", file, today, **context, told_of=told_of)


def timeline(
    request: HttpRequest,
    *,
    file: CreditFile,
    today: dt.date,
    corrections: Sequence[Announced] = (),
) -> HttpResponse:
    """The same by years."""
    years = tuple(_by_year(file.timeline))
    context = {"years": years, "picture": timeline_of(file), "corrections": corrections}
    return _file(request, "timeline", file, today, **context)


def record(
    request: HttpRequest,
    *,
    head: Head,
    entry: Entry,
    late: Lateness | None = None,
    corrects: int | None = None,
    before: Sequence[Correction] = (),
    told_by: Anyone | None = None,
    opens_cases: bool = False,
) -> HttpResponse:
    """`corrects`: the delivery that the record's own corrects; `before`: what the entity corrected;
    `told_by`: how anybody says something of it; `opens_cases`: whoever looks may open one of it.
    """
    address = _address(request, "portal:record", code=head.code, record=entry.record)
    context = {"head": head, "entry": entry, "late": late, "corrects": corrects}
    context |= {"before": before, "told_by": told_by, "opens_cases": opens_cases}
    return _page(request, "record", noindex=head.sole_trader, canonical=address, **context)


def verify(
    request: HttpRequest,
    *,
    found: Checked | None = None,
    refusal: Refusal | None = None,
    typed: Mapping[str, str] = NOTHING,
    status: int = 200,
) -> HttpResponse:
    """What was found of a report that was shown, and the forms to show one."""
    kept = {name: repeatable(value) for name, value in typed.items()}
    whole = {"found": found, "refusal": refusal, "typed": kept, "largest_mb": LARGEST_BYTES >> 20}
    asked = bool(typed or found or refusal)
    response = rendered(request, "verify", whole, status=status, noindex=asked, kept=kept)
    response.headers["Cache-Control"] = NEVER_KEEP
    return response


def agencies(request: HttpRequest, *, found: Sequence[AgencySummary]) -> HttpResponse:
    resources = [item for agency in found for item in agency.resources]
    rows, late = sum(r.rows for r in resources), sum(bool(r.late_since) for r in resources)
    never = sum(not r.last_received_at for r in resources)
    return _page(request, "agencies", agencies=found, rows=rows, late=late, never=never)


def publicity(request: HttpRequest, *, found: PublicityPage) -> HttpResponse:
    """Not indexed: sole traders are among the rows, and their facts must not be found by name."""
    return _page(request, "publicity", noindex=True, found=found)


def lists(request: HttpRequest, *, found: Sequence[ListSummary]) -> HttpResponse:
    """The lists by what they mean for whoever stands in them: adverse, watched, honoured; of each
    the fullest first."""
    most = sorted(found, key=lambda one: -(one.subjects or 0))
    groups = [(tone, [one for one in most if one.group == tone]) for tone in GROUPS_OF_LISTS]
    return _page(request, "lists", groups=groups)


def members(request: HttpRequest, *, found: MembersPage, paging: str) -> HttpResponse:
    """Not indexed, as `publicity` is not, and never kept: who gets off is gone from it at once."""
    response = _page(request, "members", noindex=True, found=found, paging=paging)
    response.headers["Cache-Control"] = NEVER_KEEP
    return response


def measures(request: HttpRequest, *, found: MeasureCatalogue) -> HttpResponse:
    narrowed = any(chosen for _, _, chosen, _ in found.choices)
    return _page(request, "measures", noindex=narrowed, found=found, narrowed=narrowed)


def robots(request: HttpRequest) -> HttpResponse:
    # A file that must not be indexed must be readable, or nobody sees that it must not.
    lines = (
        "User-agent: *",
        f"Disallow: {reverse('portal:search')}",
        f"Sitemap: {_address(request, 'portal:sitemap')}",
        "",
    )
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def sitemap(request: HttpRequest, *, codes: Sequence[str]) -> HttpResponse:
    addresses = [_address(request, "portal:file", code=code) for code in codes]
    context = {"addresses": addresses}
    return render(request, "portal/sitemap.xml", context, content_type="application/xml")


def sitemap_index(request: HttpRequest, *, count: int) -> HttpResponse:
    """Where the parts of a sitemap are that one answer does not hold (sitemaps.org)."""
    whole = _address(request, "portal:sitemap")
    context = {"parts": [f"{whole}?page={page}" for page in range(1, count + 1)]}
    return render(request, "portal/sitemap.xml", context, content_type="application/xml")


def refused(
    request: HttpRequest, refusal: Refusal, *, status: int = 400, code: str = ""
) -> HttpResponse:
    """A refusal as a page, with the way to the file of this `code`. It reads nothing of the
    request: that may be what is wrong."""
    shown = {"refusal": refusal, "code": code if check_uscc(code).valid else ""}
    return rendered(request, "refused", shown, status=status)


def refused_for_now(request: HttpRequest, refusal: TooOften) -> HttpResponse:
    """Not now: the page says when, and so does a header."""
    return with_time(refused(request, refusal, status=429), refusal)


def with_time(answer: HttpResponse, refusal: TooOften) -> HttpResponse:
    """The same answer, saying to programs when to ask again (RFC 9110, 10.2.3)."""
    answer.headers["Retry-After"] = str(refusal.retry_after_seconds)
    return answer


def unknown_code(request: HttpRequest, *, verdict: Verdict) -> HttpResponse:
    """No file under this code: what is wrong with it, or that it is merely not in the data."""
    no = refusals.code_not_delivered if verdict.valid else refusals.invalid_code
    code = repeatable(verdict.code)
    context = {
        "refusal": no(code),
        "problems": verdict.problems,
        "suggestion": verdict.suggestion,
        "query": code,
    }
    return rendered(request, "refused", context, status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """The page for our own faults: both languages, and nothing in it that could fail again."""
    return render(request, "portal/500.html", status=500)


def _file(
    request: HttpRequest, template: str, file: CreditFile, today: dt.date, **context: object
) -> HttpResponse:
    # A past day depends on today's law, so a kept copy would show what has since been withdrawn.
    response = _page(
        request,
        template,
        noindex=file.head.sole_trader or file.past,
        file=file,
        first_day=FIRST_DAY,
        today=today,
        adverse=[e for section in file.sections for e in section.entries if e.adverse],
        canonical=_address(request, f"portal:{template}", code=file.head.code),
        **context,
    )
    if file.past or "on" in request.GET:
        response.headers["Cache-Control"] = NEVER_KEEP
    return response


def _by_year(entries: Sequence[Entry]) -> Iterator[tuple[int | None, tuple[Entry, ...]]]:
    for year, group in groupby(entries, key=_year):
        yield year, tuple(group)


def _year(entry: Entry) -> int | None:
    day = entry.valid_from or entry.event_date
    return day.year if day else None


def _address(request: HttpRequest, name: str, **parts: object) -> str:
    return request.build_absolute_uri(reverse(name, kwargs=parts))


def _page(
    request: HttpRequest, template: str, *, noindex: bool = False, **context: object
) -> HttpResponse:
    return rendered(request, template, context, noindex=noindex, kept=request.GET.dict())


def rendered(
    request: HttpRequest,
    template: str,
    context: Mapping[str, object],
    *,
    status: int = 200,
    noindex: bool = False,
    kept: Mapping[str, str] | None = None,
) -> HttpResponse:
    """A page from its template; `kept` are the parameters that hold in the other language too."""
    whole = {**context, "noindex": noindex, "languages": _other_languages(kept or {})}
    response = render(request, f"portal/{template}.html", whole, status=status)
    if noindex:
        response.headers["X-Robots-Tag"] = "noindex"
    return response


def _other_languages(kept: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Each other language: its code, its own name, and this page's query string in it."""
    return [
        (code, name, urlencode({**kept, PARAMETER: code}))
        for code, name in settings.LANGUAGES
        if code != get_language()
    ]
