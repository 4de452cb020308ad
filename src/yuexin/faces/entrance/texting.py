"""Codes as texts: told once by the notices engine, whose worker sends them."""

from __future__ import annotations

import datetime as dt
from typing import Literal
from uuid import uuid4

from yuexin.engines.declare.types import Declarations
from yuexin.engines.notices.operations import tell
from yuexin.engines.notices.types import Address, Language

CodeNotice = Literal["sign_in_code", "claim_code"]


def send_code(
    *,
    declarations: Declarations,
    notice: CodeNotice,
    number: str,
    code: str,
    subject: str,
    minutes: int,
    language: Language,
    now: dt.datetime,
) -> None:
    """Text a code to a number, in the language of the page. The code is kept until it went out."""
    values = {"minutes": str(minutes)} | ({"subject": subject} if subject else {})
    tell(
        declarations=declarations, notice=notice, values=values, secret={"code": code},
        to=Address(channel="sms", value=number, language=language),
        about=f"subject/{subject}" if subject else "sign-in", key=f"{notice}/{uuid4()}", now=now,
    )  # fmt: skip
