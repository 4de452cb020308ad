"""The room for checks at the point of handling: ask, read in five seconds, say what was done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from yuexin.base.dates import parse_date, today
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.collection.rooms.asked import agency_named
from yuexin.domains.credit.handling import feedback, words
from yuexin.domains.credit.handling.leaving import left_since
from yuexin.domains.credit.handling.liftings import liftings
from yuexin.domains.credit.handling.operations import check
from yuexin.domains.credit.handling.papers import signers
from yuexin.domains.credit.handling.persons import binds_persons, shown_by
from yuexin.domains.credit.handling.queries import Followed, checks_of, followed
from yuexin.domains.credit.handling.since import Lifted, lifted_since
from yuexin.domains.credit.handling.types import OVERALL, Answer, Check, PersonFound
from yuexin.engines.access.queries import refuses_for, require_room, scenes_of
from yuexin.faces.desk import pages
from yuexin.faces.desk.asked import page_of
from yuexin.faces.desk.entering import Visit, at_desk, status_of
from yuexin.faces.shared.acting import purpose_label
from yuexin.faces.shared.csvs import as_file
from yuexin.faces.shared.given import list_given

SCENE: Final = "handling.scene"
SHOWN: Final = 100
NOT_HERE: Final = frozenset({"NO_SUCH_CHECK"})
STATUSES: Final = {"TOO_LARGE": 413, "TOO_MANY_LINES": 413}


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def room(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Ask for one or many; below, what feedback is owed and what was checked last."""
    require_room(declarations=visit.declarations, actor=visit.actor, room="handling")
    if request.method != "POST":
        return _room(request, visit)
    try:
        number = _checked(request, visit).number
    except Refusal as refusal:
        status = STATUSES.get(refusal.code, status_of(refusal))
        return _room(request, visit, refusal=refusal, status=status)
    return HttpResponseRedirect(reverse("desk:check", kwargs={"number": number}))


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def one(request: HttpRequest, visit: Visit, number: str) -> HttpResponse | None:
    """An answer as it was kept; it is acknowledged and answered for here."""
    refusal = None
    try:
        if request.method == "POST":
            _say(request, visit, number)
            return HttpResponseRedirect(f"{request.path}?{_where_to(request)}")
        found = followed(
            declarations=visit.declarations, actor=visit.actor, number=number, now=visit.now
        )
    except Refusal as refused:
        if refused.code in NOT_HERE:
            return None
        refusal = refused
        found = followed(
            declarations=visit.declarations, actor=visit.actor, number=number, now=visit.now
        )
    return _page(request, visit, found, refusal)


@require_safe
@at_desk
def table(request: HttpRequest, visit: Visit, number: str) -> HttpResponse | None:
    """All of an answer as CSV, one line for each subject and measure."""
    del request
    try:
        found = followed(
            declarations=visit.declarations, actor=visit.actor, number=number, now=visit.now
        )
    except Refusal as refused:
        if refused.code in NOT_HERE:
            return None
        raise
    return as_file(rows=_cells(found, get_language() or "zh-hans"), name=number)


def _room(
    request: HttpRequest, visit: Visit, *, refusal: Refusal | None = None, status: int = 200
) -> HttpResponse:
    who: dict[str, Any] = {"declarations": visit.declarations, "actor": visit.actor}
    page = page_of(request)
    owed, _ = checks_of(**who, owing=True, page=1)
    to_end = liftings(**who, now=visit.now)
    lines, count = checks_of(**who, owing=False, page=page)
    given = request.POST if status < 413 else {}
    return pages.show(
        request,
        "handling",
        status=status,
        refusal=refusal,
        scenes=[(scene, purpose_label(scene)) for scene in scenes_of(**who)],
        scene=given.get("scene") or request.session.get(SCENE, ""),
        typed=given.get("lines", ""),
        item=given.get("item", ""),
        case_no=given.get("case_no", ""),
        consortium=given.get("consortium") == "1",
        personal=[
            purpose_label(scene)
            for scene in scenes_of(**who)
            if binds_persons(declarations=visit.declarations, scene=scene, on=today(visit.now))
        ],
        persons=given.get("persons", ""),
        file_lost=bool(status < 413 and request.FILES.get("file")),
        owed=owed,
        to_end=sum(one.confirmed_at is None for one in to_end),
        lines=lines,
        page=page,
        pages=count,
        today=today(visit.now),
    )


def _checked(request: HttpRequest, visit: Visit) -> Check:
    given = list_given(request)
    scene = request.POST.get("scene", "")
    kept = check(
        declarations=visit.declarations,
        actor=visit.actor,
        subjects=given.lines,
        scene=scene,
        item=request.POST.get("item", "").strip(),
        case_no=request.POST.get("case_no", "").strip(),
        consortium=request.POST.get("consortium") == "1",
        shown=shown_by(home=visit.home, numbers=_numbers(request)),
        channel="desk",
        now=visit.now,
    )
    request.session[SCENE] = scene
    return kept.check


def _numbers(request: HttpRequest) -> list[str]:
    """The numbers of documents, one a line."""
    lines = (line.strip() for line in request.POST.get("persons", "").splitlines())
    return [line for line in lines if line]


def _page(
    request: HttpRequest, visit: Visit, found: Followed, refusal: Refusal | None
) -> HttpResponse:
    checked, on = found.check, today(visit.now)
    answered, subject = _open_at(request, found)
    striking = [one for one in checked.ranked if one.overall or one.look]
    lifted = [
        one
        for one in lifted_since(
            declarations=visit.declarations, actor=visit.actor, check=checked, on=on
        )
        if subject is None or one.subject.code == subject.code
    ]
    left = [
        one
        for one in left_since(declarations=visit.declarations, check=checked, on=on)
        if subject is None or one.subject.code == subject.code
    ]
    code = subject.code if subject else ""
    signed = found.signed.get(code)
    return pages.show(
        request,
        "check",
        status=status_of(refusal) if refusal else 200,
        refusal=refusal,
        found=found,
        checked=checked,
        subject=subject,
        only=checked.only is not None,
        counts=_counts(checked),
        striking=striking[:SHOWN],
        hidden=max(0, len(striking) - SHOWN),
        answered=answered,
        next=found.next_after(code),
        unanswered=sum(found.open_of(one) > 0 for one in checked.subjects),
        lifted=lifted[:SHOWN],
        left=left[:SHOWN],
        again=_again(
            checked,
            subject,
            [*(one.subject for one in lifted), *(one.subject for one in left)],
            of_today=today(checked.at) == on,
        ),
        signed=signed,
        signed_by=agency_named(visit.declarations, signed.agency).label if signed else None,
        **_signing(visit, checked, lifted),
        overdue=found.overdue(on),
        results=visit.declarations.codes[feedback.RESULTS].values,
        today=on,
        agency=visit.declarations.agencies[checked.agency].label,
        given=request.POST.dict(),
    )


def _counts(checked: Check) -> list[tuple[Text, str, int]]:
    """How many of which answer, the gravest first; those that a person has to look at apart."""
    by_word = Counter(one.overall for one in checked.subjects if not one.look)
    counts = [
        (words.OVERALL[word], word, by_word[word]) for word in reversed(OVERALL) if by_word[word]
    ]
    look = sum(one.look for one in checked.subjects)
    return [*([(words.LOOK_FIRST, "look", look)] if look else []), *counts]


def _open_at(request: HttpRequest, found: Followed) -> tuple[Answer | None, Answer | None]:
    """Of several the one that was just answered for, and the one that is shown: that which the
    address names, or the next to be answered for; none where all are."""
    checked = found.check
    if checked.only is not None:
        return None, checked.only
    after = checked.of(request.GET.get("after", ""))
    if after is None:
        return None, checked.of(request.GET.get("subject", ""))
    return after, after if found.open_of(after) else found.next_after(after.code)


def _again(
    checked: Check, subject: Answer | None, changed: Sequence[Answer], *, of_today: bool
) -> list[str]:
    """Who is to be checked again, in the same scene: members of a consortium together, else the
    subject that is shown, or those of whom something has changed; of an answer of today nobody
    else."""
    if of_today and not changed:
        return []
    if checked.consortium:
        asked = checked.subjects
    elif subject is not None:
        asked = (subject,)
    else:
        asked = tuple(changed) or checked.subjects
    named = list(dict.fromkeys(one.code or one.asked for one in asked))
    return named if changed or len(named) <= SHOWN else []


def _signing(visit: Visit, checked: Check, lifted: Sequence[Lifted]) -> dict[str, Any]:
    """Whether a refusal can be signed by this answer still, by this officer, and by whom."""
    who: dict[str, Any] = {"declarations": visit.declarations, "actor": visit.actor}
    refuses = any(one.hit.effective == "mandatory_deny" for one in lifted)
    return {
        "outdated": refuses or today(checked.at) != today(visit.now),
        "may_sign": refuses_for(**who, agency=checked.agency),
        "signers": signers(declarations=visit.declarations),
    }


def _where_to(request: HttpRequest) -> str:
    """Where one goes on after an answer was given: with the next of several, where one was answered
    for."""
    if request.POST.get("measure") and (request.GET.get("subject") or request.GET.get("after")):
        return urlencode({"after": request.POST.get("subject", "")})
    return request.GET.urlencode()


def _say(request: HttpRequest, visit: Visit, number: str) -> None:
    """What was done, and that the answer was taken note of: by one press of a button."""
    who: dict[str, Any] = {
        "declarations": visit.declarations, "actor": visit.actor, "number": number,
        "now": visit.now,
    }  # fmt: skip
    said = request.POST
    with transaction.atomic():
        if said.get("acknowledged") == "1":
            feedback.acknowledge(**who)
        if said.get("measure"):
            feedback.report(**who, said=_report(request))


def _report(request: HttpRequest) -> feedback.Report:
    said = request.POST
    applied = said.get("applied") == "1"
    day = said.get("done_on", "").strip()
    try:
        done_on = parse_date(day) if day and applied else None
    except ValueError as error:
        raise Refusal(
            code="FEEDBACK",
            what=Text("日期应写作 2026-11-24", "a day is written like 2026-11-24"),
            where="done_on",
            remedy=Text("请改正后重新提交", "correct it and submit again"),
        ) from error
    return feedback.Report(
        subject=said.get("subject", ""),
        measure=said.get("measure", ""),
        applied=applied,
        result=said.get("result", "") if applied else "",
        done_on=done_on,
        doc_no=said.get("doc_no", "").strip(),
        basis=said.get("basis", "").strip(),
        reason=said.get("reason", "").strip(),
    )


HEADS: Final = (
    Text("所问", "asked for"), Text("代码", "code"), Text("名称", "name"),
    Text("情况", "state"), Text("结论", "answer"), Text("须人工核实", "a person must look"),
    Text("措施", "measure"), Text("名单或认定", "list or finding"), Text("强度", "strength"),
    Text("依据", "law"), Text("来源单位", "source"), Text("至", "until"), Text("反馈", "feedback"),
)  # fmt: skip


def _cells(found: Followed, language: str) -> list[list[str]]:
    rows = [[head.in_(language) for head in HEADS]]
    for one in found.check.subjects:
        subject = [
            one.asked, one.code, one.name, one.said.in_(language),
            _word(one).in_(language), "1" if one.look else "",
        ]  # fmt: skip
        hits = (*one.hits, *one.easings)
        rows += [[*subject, *_hit(found, one, hit, language)] for hit in hits]
        rows += [[*subject, *_person(person, language)] for person in one.persons]
        if not hits and not one.persons:
            rows.append([*subject, *[""] * (len(HEADS) - len(subject))])
    return rows


def _person(one: PersonFound, language: str) -> list[str]:
    return [
        one.label.in_(language), one.said.in_(language), words.LOOK_FIRST.in_(language),
        one.scene_law.in_(language), one.source.in_(language),
        one.until.isoformat() if one.until else "", "",
    ]  # fmt: skip


def _word(one: Answer) -> Text:
    certain = not one.look or one.overall == "mandatory_deny"
    return words.OVERALL[one.overall] if certain else words.LOOK_FIRST


def _hit(found: Followed, one: Answer, hit: Any, language: str) -> list[str]:
    done = found.reported.get((one.code, hit.measure))
    word = words.OVERALL["ease" if hit.incentive else hit.effective]
    return [
        hit.label.in_(language), hit.because.in_(language), word.in_(language),
        hit.scene_law.in_(language),
        words.listed([it.source for it in hit.rests_on]).in_(language),
        hit.until.isoformat() if hit.until else "",
        "" if done is None else (done.result or done.reason),
    ]  # fmt: skip
