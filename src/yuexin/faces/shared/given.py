"""The list that a form carries: of a file, where one was chosen, else of the text."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest

from yuexin.faces.shared import listing

FORM_BYTES: Final = 64 << 10


def list_given(request: HttpRequest) -> listing.Listing:
    """What stands in the fields `file` and `lines`. Raises a `Refusal` for what is no list."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > listing.MOST_BYTES + FORM_BYTES:
        raise listing.too_large()
    settings.HOME.scratch.mkdir(parents=True, exist_ok=True)
    try:
        file, text = request.FILES.get("file"), request.POST.get("lines", "")
    except RequestDataTooBig as error:
        raise listing.too_large() from error
    if file is None:
        return listing.pasted(text)
    return listing.uploaded(data=file.read(), folder=settings.HOME.scratch)
