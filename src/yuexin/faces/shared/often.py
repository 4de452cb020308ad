"""How often the same place may ask for what costs more than a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

from allauth.core.internal.ratelimit import consume
from django.http import HttpRequest

from yuexin.base.errors import Refusal
from yuexin.base.text import Text

Costly = Literal["report", "verify", "batch", "scan", "contact", "follow", "tell"]
# As with signing in, by address; a hall where many ask from one stays below it.
RATES: Final = {
    "report": "60/h/ip", "verify": "60/m/ip", "batch": "20/m/ip", "scan": "30/m/ip",
    "tell": "6/h/ip",
    "contact": "30/h/ip", "follow": "30/h/ip",
}  # fmt: skip
WAIT_SECONDS: Final = {
    "report": 600,
    "verify": 60,
    "batch": 60,
    "scan": 60,
    "contact": 600,
    "follow": 600,
    "tell": 600,
}


class TooOften(Refusal):
    """Somebody asks faster than is answered. `retry_after_seconds` is when to try again."""

    def __init__(self, *, retry_after_seconds: int) -> None:
        minutes = retry_after_seconds // 60
        super().__init__(
            code="TOO_OFTEN",
            what=Text(
                "从您的网络来的这类请求过于频繁", "Too many requests of this kind from your network"
            ),
            remedy=Text(
                f"请过 {minutes} 分钟再试；其他页面照常可用",
                f"Try again in {minutes} min; all other pages can be used meanwhile",
            ),
        )
        self.retry_after_seconds = retry_after_seconds


def count_try(request: HttpRequest, *, action: Costly) -> Callable[[], None]:
    """Count one more try of the place a request comes from. Raises `TooOften` above the rate. Gives
    by what it is taken back, where it came to nothing."""
    used = consume(request, app="yuexin", action=action, config=RATES, limit_get=True)
    if not used:
        raise TooOften(retry_after_seconds=WAIT_SECONDS[action])
    take_back: Callable[[], None] = used.rollback
    return take_back
