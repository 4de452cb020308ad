"""How often one visitor may ask for what takes long. Pages that only read have no limit."""

from __future__ import annotations

from typing import Literal

from allauth.core.ratelimit import consume
from django.http import HttpRequest

from yuexin.base.errors import Refusal
from yuexin.base.text import Text


def refuse_too_often(request: HttpRequest, action: Literal["batch", "scan"]) -> None:
    """Refuse an address that asked for this too often, by the rates of the settings."""
    if consume(request, action=action):
        return
    raise Refusal(
        code="TOO_OFTEN",
        what=Text("这一分钟内查询过于频繁", "too many requests within this minute"),
        remedy=Text("请在一分钟后再试", "try again in a minute"),
    )
