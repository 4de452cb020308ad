"""Papers of a check: its proof, and the refusal, for the body that asked."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from yuexin.base.errors import Refusal
from yuexin.domains.credit.handling import papers
from yuexin.engines.papers.types import Language
from yuexin.faces.desk import pages
from yuexin.faces.desk.entering import Visit, at_desk
from yuexin.faces.shared.demonstration import invented
from yuexin.faces.shared.headers import NEVER_KEEP
from yuexin.faces.shared.reports import INVENTED

NOT_HERE: Final = frozenset({"NO_SUCH_CHECK"})


@require_POST
@at_desk
def proof(request: HttpRequest, visit: Visit, number: str) -> HttpResponse | None:
    """The signed proof of a check as a file to keep."""
    try:
        issued = papers.issue_proof(
            **_who(visit, number), setting=_setting(request), home=settings.HOME
        )
    except Refusal as refused:
        if refused.code in NOT_HERE:
            return None
        raise
    return _pdf(issued.file, issued.number)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def signing(request: HttpRequest, visit: Visit, number: str) -> HttpResponse | None:
    """The whole text of a refusal and who may sign it; it is signed here, and nowhere else."""
    given = request.POST if request.method == "POST" else request.GET
    subject = given.get("subject", "")
    who: dict[str, Any] = {**_who(visit, number), "subject": subject}
    try:
        if request.method == "POST":
            papers.sign_refusal(**who)
            address = reverse("desk:check", kwargs={"number": number})
            return HttpResponseRedirect(
                f"{address}?{urlencode({'subject': subject, 'signed': '1'})}"
            )
        text = papers.refusal_to_sign(**who, setting=_setting(request))
    except Refusal as refused:
        if refused.code in NOT_HERE:
            return None
        raise
    return pages.show(
        request, "signing", number=number, subject=subject, found=text,
        role=visit.declarations.roles[visit.actor.role].label,
        signers=papers.signers(declarations=visit.declarations),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def refusal(request: HttpRequest, visit: Visit, number: str) -> HttpResponse | None:
    """The draft of a refusal; once it is signed, it is handed out."""
    given = request.POST if request.method == "POST" else request.GET
    who: dict[str, Any] = {**_who(visit, number), "subject": given.get("subject", "")}
    try:
        if request.method != "POST":
            draft = papers.refusal_draft(**who, setting=_setting(request))
            return _pdf(draft, f"draft-{number}")
        issued = papers.issue_refusal(**who, setting=_setting(request), home=settings.HOME)
    except Refusal as refused:
        if refused.code in NOT_HERE:
            return None
        raise
    return _pdf(issued.file, issued.number) if issued else None


def _who(visit: Visit, number: str) -> dict[str, Any]:
    return {
        "declarations": visit.declarations, "actor": visit.actor, "number": number,
        "now": visit.now,
    }  # fmt: skip


def _setting(request: HttpRequest) -> papers.Setting:
    language: Language = "zh" if (get_language() or "zh").startswith("zh") else "en"
    return papers.Setting(
        language=language,
        verify_at=request.build_absolute_uri(reverse("portal:verify")),
        notice=INVENTED if invented() else papers.NO_NOTICE,
    )


def _pdf(file: bytes, name: str) -> HttpResponse:
    response = HttpResponse(file, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    response.headers["Cache-Control"] = NEVER_KEEP
    return response
