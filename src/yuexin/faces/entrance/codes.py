"""Codes that are sent to a telephone and typed again: once, soon, in the same browser.

Nobody learns from them who has an account: a code goes to every number alike.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final, Literal
from uuid import UUID

from allauth.account.internal.flows.code_verification import AbstractCodeVerificationProcess
from allauth.core.internal.ratelimit import consume
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from yuexin.base.codes.contacts import mask_phone
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.access.operations import (
    CODE_MINUTES,
    CODE_TRIES,
    make_code,
    opened,
    sealed,
    spend_try,
    token,
)
from yuexin.engines.declare.queries import current
from yuexin.faces.entrance.texting import CodeNotice, send_code

Purpose = Literal["sign_in", "confirm", "claim"]
NOTICES: Final[dict[Purpose, CodeNotice]] = {
    "sign_in": "sign_in_code",
    "confirm": "sign_in_code",
    "claim": "claim_code",
}
RATES: Final = {"code": "1/30s/key,5/h/key,10/d/key,60/h/ip"}
_SESSION: Final = "entrance.code"


class TextedCode(AbstractCodeVerificationProcess):  # type: ignore[misc]
    """A code on its way. The session holds the sealed number, and which kept code it is: that is
    counted in the database, for requests of one session that come at once."""

    def __init__(self, request: HttpRequest, state: dict[str, Any]) -> None:
        self.request = request
        super().__init__(max_attempts=CODE_TRIES, timeout=CODE_MINUTES * 60, state=state)

    @property
    def number(self) -> str:
        data = bytes.fromhex(self.state["number"])
        return opened(home=settings.HOME, data=data, about=_SESSION)

    @property
    def masked(self) -> str:
        return mask_phone(self.number)

    def persist(self) -> None:
        self.request.session[_SESSION] = self.state

    def abort(self) -> None:
        self.request.session.pop(_SESSION, None)

    def send(self) -> None:
        purpose: Purpose = self.state["purpose"]
        now = dt.datetime.now(dt.UTC)
        made = make_code(about=_about(self.state), now=now)
        self.state["code"] = str(made.id)
        self.persist()
        language = get_language() or "zh-hans"
        send_code(
            declarations=current(), notice=NOTICES[purpose], number=self.number, code=made.code,
            subject=self.state["about"].rpartition(" ")[2], minutes=CODE_MINUTES,
            language="zh" if language.startswith("zh") else "en", now=now,
        )  # fmt: skip

    def fits(self, typed: str) -> bool:
        """Whether the code was typed. Right, it is used up; wrong too often, as well."""
        now, kept = dt.datetime.now(dt.UTC), UUID(self.state["code"])
        if spend_try(code=kept, typed=typed, about=_about(self.state), now=now):
            self.abort()
            return True
        self.record_invalid_attempt()
        return False


def send(request: HttpRequest, *, purpose: Purpose, number: str, about: str = "") -> None:
    """Send a code to a number, for a purpose and what it is about. Raises a `Refusal` (TOO_OFTEN)
    for numbers and addresses that are sent too many."""
    key = token(home=settings.HOME, text=f"code\x1f{number}").hex()
    if not consume(request, app="yuexin", action="code", config=RATES, key=key, limit_get=True):
        raise Refusal(
            code="TOO_OFTEN",
            what=Text("验证码发送过于频繁", "too many codes were asked for"),
            remedy=Text(
                "半分钟后可以再要一次；一小时最多五次",
                "ask again in half a minute; five times an hour",
            ),
        )
    state = TextedCode.initial_state(user=None)
    data = sealed(home=settings.HOME, text=number, about=_SESSION)
    state |= {"number": data.hex(), "purpose": purpose, "about": about}
    TextedCode(request, state).send()


def pending(request: HttpRequest, *, purpose: Purpose, about: str = "") -> TextedCode | None:
    """The code that this browser was sent for this purpose, while it is good."""
    state = request.session.get(_SESSION)
    if not state or (state["purpose"], state["about"]) != (purpose, about):
        return None
    found: TextedCode | None = TextedCode(request, state).abort_if_invalid()
    return found


def wrong() -> Refusal:
    """The no to a code, whatever is wrong with it."""
    return Refusal(
        code="CODE",
        what=Text("验证码不对，或已失效", "the code is wrong, or no longer good"),
        remedy=Text(
            "请核对短信；输错五次须重新获取", "compare the text; after five slips ask for another"
        ),
    )


def _about(state: dict[str, Any]) -> str:
    return f"{state['purpose']}\x1f{state['about']}\x1f{state['number']}"
