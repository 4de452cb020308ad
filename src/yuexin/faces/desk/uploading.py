"""A file from a form: its size is looked at before it is read, then it goes to disk in pieces."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, Final

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_protect

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.collection.operations import accept
from yuexin.domains.collection.rooms.trials import TrialView, try_view
from yuexin.domains.collection.rooms.upload import Choice, choices, refuse_unfit
from yuexin.domains.collection.types import Offer
from yuexin.engines.deliveries.types import Kept
from yuexin.faces.desk import pages
from yuexin.faces.desk.asked import number_of
from yuexin.faces.desk.entering import Visit, status_of

LARGEST_BYTES: Final = 1 << 30
FORM_BYTES: Final = 64 << 10
SEPARATOR: Final = "|"
TRY: Final = "try"


class ToDisk(TemporaryFileUploadHandler):
    """Every file goes to disk, under a name of ours: what was sent as its name is only kept."""

    def new_file(self, field_name: str, file_name: str, *args: Any, **kwargs: Any) -> None:
        self.given = file_name
        super().new_file(field_name, "upload", *args, **kwargs)

    def file_complete(self, file_size: int) -> Any:
        file = super().file_complete(file_size)
        if file is not None:
            file.name = self.given
        return file


def form(
    request: HttpRequest,
    visit: Visit,
    *,
    refusal: Refusal | None = None,
    trial: TrialView | None = None,
    status: int = 200,
) -> HttpResponse:
    """The form, with what was wrong with the last try, or what the checks said of it."""
    found = choices(declarations=visit.declarations, actor=visit.actor)
    given = request.POST if request.method == "POST" and status != 413 else request.GET
    return pages.show(
        request,
        "upload",
        status=status,
        choices=found,
        refusal=refusal,
        trial=trial,
        given=given.dict(),
        largest_mb=LARGEST_BYTES >> 20,
    )


def take(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Hand the file in and show what became of it; the form again where it is refused or tried."""
    choices(declarations=visit.declarations, actor=visit.actor)
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BYTES + FORM_BYTES:
        return form(request, visit, refusal=_too_large(), status=413)
    visit.home.scratch.mkdir(parents=True, exist_ok=True)
    request.upload_handlers = [ToDisk(request)]
    return _protected(request, visit)


@csrf_protect
def _protected(request: HttpRequest, visit: Visit) -> HttpResponse:
    try:
        made = _handed_in(request, visit)
    except Refusal as refusal:
        return form(request, visit, refusal=refusal, status=status_of(refusal))
    if isinstance(made, TrialView):
        return form(request, visit, trial=made)
    address = reverse("desk:delivery", kwargs={"number": made.number})
    return HttpResponseRedirect(f"{address}?kept=1")


def _handed_in(request: HttpRequest, visit: Visit) -> Kept | TrialView:
    file = request.FILES.get("file")
    if not isinstance(file, TemporaryUploadedFile):
        raise _incomplete("file", "请选择要交付的文件", "choose a file to deliver")
    offer = _offered(request, visit, file.name or "upload")
    refuse_unfit(declarations=visit.declarations, actor=visit.actor, offer=offer)
    with Path(file.temporary_file_path()).open("rb") as stream:
        return taken(request, visit, offer=offer, stream=stream)


def taken(
    request: HttpRequest, visit: Visit, *, offer: Offer, stream: BinaryIO
) -> Kept | TrialView:
    """The file kept, or only tried, as the button asks. Raises a `Refusal` as `accept` does."""
    take: Callable[..., Kept | TrialView]
    take = try_view if request.POST.get("do") == TRY else accept
    return take(
        home=visit.home,
        stream=stream,
        offer=offer,
        declarations=visit.declarations,
        actor=visit.actor,
        now=visit.now,
    )


def _offered(request: HttpRequest, visit: Visit, file_name: str) -> Offer:
    resource, _, agency = request.POST.get("what", "").partition(SEPARATOR)
    chosen = _chosen(resource, agency, choices(declarations=visit.declarations, actor=visit.actor))
    return Offer(
        resource=chosen.resource.id,
        agency=chosen.agency.id,
        channel="desk",
        file_name=file_name,
        intent="withdraw" if request.POST.get("intent") == "withdraw" else "report",
        secrecy=request.POST.get("secrecy", ""),
        linked_to=number_of(request.POST.get("linked_to", "").strip()),
    )


def _chosen(resource: str, agency: str, offered: tuple[Choice, ...]) -> Choice:
    for choice in offered:
        if (choice.resource.id, choice.agency.id) == (resource, agency):
            return choice
    raise _incomplete("what", "请选择要交付的资源", "choose a resource to deliver")


def _incomplete(where: str, zh: str, en: str) -> Refusal:
    return Refusal(code="INCOMPLETE", what=Text(zh, en), where=where)


def _too_large() -> Refusal:
    size = LARGEST_BYTES >> 20
    return Refusal(
        code="TOO_LARGE",
        what=Text(f"文件超过 {size} MB", f"the file is larger than {size} MB"),
        remedy=Text(
            "请分批交付，或改用接口、命令交付", "deliver it in parts, or by interface or command"
        ),
    )
