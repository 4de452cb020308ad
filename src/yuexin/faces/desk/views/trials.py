"""The room of trials: choose a law, try another number, see who would enter and leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from yuexin.base.dates import today
from yuexin.base.errors import Refusal
from yuexin.base.regions import name_of
from yuexin.base.text import Text
from yuexin.base.turns import waiting
from yuexin.domains.subjects.whatif import asked as whatif
from yuexin.domains.subjects.whatif.laws import (
    law_label,
    laws,
    outcome_label,
    tried_numbers,
)
from yuexin.domains.subjects.whatif.types import Change, Found, Mover
from yuexin.faces.desk import pages
from yuexin.faces.desk.asked import counted
from yuexin.faces.desk.entering import Visit, at_desk, status_of
from yuexin.faces.shared.csvs import as_file

WAIT_SECONDS: Final = 3.0
SHOWN: Final = 20
NOWHERE: Final = Text("", "")
HEADS: Final = (
    Text("统一社会信用代码", "unified social credit code"), Text("名称", "name"),
    Text("城市", "city"), Text("现在", "now"), Text("试算后", "as tried"),
)  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def listing(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """The laws that hold numbers, the one that the address names open, and what one asked last."""
    answers = whatif.answers(declarations=visit.declarations, actor=visit.actor)
    refusal, given = None, (request.POST if request.method == "POST" else request.GET).dict()
    if request.method == "POST":
        try:
            number = whatif.ask(
                declarations=visit.declarations,
                actor=visit.actor,
                change=_change(visit, given),
                now=visit.now,
            )
            return HttpResponseRedirect(reverse("desk:trial", kwargs={"number": number}))
        except Refusal as refused:
            refusal = refused
    return pages.show(
        request,
        "trials",
        status=status_of(refusal) if refusal else 200,
        laws=laws(declarations=visit.declarations, on=today(visit.now)),
        answers=[
            (
                one,
                law_label(declarations=visit.declarations, change=one.change),
                tried_numbers(declarations=visit.declarations, change=one.change),
            )
            for one in answers
        ],
        refusal=refusal,
        given=given,
    )


@require_safe
@at_desk
def one(request: HttpRequest, visit: Visit, number: int) -> HttpResponse | None:
    """What would follow, or that it is being worked out."""
    with waiting():
        whatif.wait_done(number=number, seconds=WAIT_SECONDS)
    found = whatif.answer(declarations=visit.declarations, actor=visit.actor, number=number)
    if found is None:
        return None
    ways = _ways(visit, number, found.change, found.found) if found.found else []
    return pages.show(
        request, "tried", answer=found, ways=ways,
        law=law_label(declarations=visit.declarations, change=found.change),
        numbers=tried_numbers(declarations=visit.declarations, change=found.change),
    )  # fmt: skip


@require_safe
@at_desk
def table(request: HttpRequest, visit: Visit, number: int) -> HttpResponse | None:
    """Those who would move, by code and name, as far as they are kept by name."""
    found = whatif.answer(declarations=visit.declarations, actor=visit.actor, number=number)
    if found is None or found.found is None:
        return None
    language = get_language() or "zh-hans"
    rows = [[head.in_(language) for head in HEADS]]
    for mover in _named(visit, number, found.found.movers):
        before, after = (_label(visit, found.change, v) for v in (mover.before, mover.after))
        city = name_of(mover.city)
        said = (city or NOWHERE, before, after)
        rows.append([mover.code, mover.name, *(one.in_(language) for one in said)])
    return as_file(rows=rows, name=f"trial-{number}")


def _change(visit: Visit, given: Mapping[str, str]) -> Change:
    law = given.get("law", "")
    declared = {one.id: one for one in laws(declarations=visit.declarations, on=today(visit.now))}
    if law not in declared:
        raise Refusal(
            code="CHOICE",
            what=Text("请选择一条规则或一个期限", "choose a rule or a term"),
            where="law",
            remedy=Text("从列表中选择", "choose from the list"),
        )
    chosen = declared[law]
    # What is no number lies outside every number's bounds: it is refused as such.
    numbers = {one.id: _number(given.get(f"{law}.{one.id}", "")) for one in chosen.numbers}
    return Change(
        rule=chosen.rule,
        term=chosen.term,
        process=chosen.process,
        version=chosen.version,
        numbers=numbers,
        on=today(visit.now),
    )


def _number(given: str) -> int:
    return 0 if given.strip() == "0" else counted(given.strip()) or -1


def _named(visit: Visit, number: int, movers: Sequence[Mover]) -> Sequence[whatif.Named]:
    return whatif.named(actor=visit.actor, number=number, movers=movers, now=visit.now)


def _ways(visit: Visit, number: int, change: Change, found: Found) -> list[dict[str, object]]:
    """Each way from one outcome to another: how many, in which cities, and some by name."""
    ways: dict[tuple[str | None, str | None], dict[str, int]] = {}
    for move in found.moves:
        if move.moves:
            cities = ways.setdefault((move.before, move.after), {})
            cities[move.city] = cities.get(move.city, 0) + move.judged
    shown = []
    for (before, after), cities in ways.items():
        some = [m for m in found.movers if (m.before, m.after) == (before, after)][:SHOWN]
        by_city = sorted(cities.items(), key=lambda item: -item[1])
        shown.append(
            {
                "before": _label(visit, change, before),
                "after": _label(visit, change, after),
                "count": sum(cities.values()),
                "cities": [(name_of(city) or Text("其他", "elsewhere"), n) for city, n in by_city],
                "people": _named(visit, number, some),
            }
        )
    return shown


def _label(visit: Visit, change: Change, value: str | None) -> Text:
    return outcome_label(declarations=visit.declarations, change=change, value=value)
