"""Texts as they lie in the spool, and people who come by telephone."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

from django.conf import settings
from django.test import Client

from yuexin.engines.declare.queries import current
from yuexin.engines.notices.operations import send_due

PHONE = "13800138000"
CODE = re.compile(r"\b\d{6}\b")


def texts(number: str = PHONE) -> list[str]:
    """What was texted to a number, in order: the worker's round is gone first."""
    now = dt.datetime.now(dt.UTC)
    send_due(declarations=current(), home=settings.HOME, clock=lambda: now)
    files = (settings.HOME.spool / "sms").glob("*.json")
    in_order = sorted(files, key=lambda file: file.stat().st_mtime_ns)
    said = [json.loads(file.read_text("utf-8")) for file in in_order]
    return [one["short"] for one in said if one["address"] == f"+86{number}"]


def last_code(number: str = PHONE) -> str:
    found = CODE.search(texts(number)[-1])
    assert found
    return found[0]


def ask(client: Client, number: str = PHONE, **more: str) -> Any:
    return client.post("/sign-in/phone", {"phone": number, **more})


def come(client: Client, number: str = PHONE) -> str:
    """Sign in by telephone. Returns the name of the account."""
    assert ask(client, number).status_code == 302
    answer = client.post("/sign-in/phone/code", {"code": last_code(number)})
    assert answer.status_code == 302, answer.content.decode()
    name = re.search(
        r'<dd class="code">(p-[a-z0-9]+)</dd>', client.get("/account").content.decode()
    )
    assert name
    return name[1]
