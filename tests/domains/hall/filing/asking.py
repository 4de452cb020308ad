"""An entity that files, as the tests of this folder ask for it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.cast import COMPANY, OWNER

from yuexin.domains.hall.filing.asked import Filer, filer_of
from yuexin.domains.hall.filing.operations import send
from yuexin.domains.hall.filing.types import Filled
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.queries import current
from yuexin.home.folder import Home

IN_TIME = dt.datetime(2026, 5, 12, 3, 0, tzinfo=dt.UTC)
LATE = dt.datetime(2026, 11, 24, 3, 0, tzinfo=dt.UTC)


def ask(
    home: Home, *, filing: str = "annual_report", thing: str = "2025", now: dt.datetime = IN_TIME,
    actor: Actor = OWNER, code: str = COMPANY.uscc,
) -> Filer:  # fmt: skip
    return filer_of(
        declarations=current(), actor=actor, filing=current().filings[filing], code=code,
        thing=thing, store=home.deliveries, now=now,
    )  # fmt: skip


def filled(**columns: str) -> Filled:
    return Filled(values={"存续状态": "开业", "通信地址": "佛山市示例路1号", **columns}, lines={})


def sent(home: Home, *, now: dt.datetime = IN_TIME, actor: Actor = OWNER, **columns: str) -> Any:
    filer = ask(home, now=now, actor=actor)
    return send(filer=filer, filled=filled(**columns), home=home, actor=actor, now=now)
