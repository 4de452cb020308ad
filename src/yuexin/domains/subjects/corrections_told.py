"""Whoever was shown a file while it was wrong is told by a notice, and so are its owners: once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

from django.db import transaction

from yuexin.base.dates import day_text, today
from yuexin.domains.subjects.corrections import shown_wrongly
from yuexin.domains.subjects.shown import Shown
from yuexin.domains.subjects.undone import Undone, WrongFile
from yuexin.engines.access.models import Key
from yuexin.engines.declare.types import Declarations
from yuexin.engines.notices.operations import tell
from yuexin.engines.notices.types import Account, Office, Owners, To

LOOKED_BACK: Final = dt.timedelta(days=7)
"""A worker that stood still for a week still tells everybody; nobody is told twice."""
KEY: Final = "key:"


def tell_of_corrections(*, declarations: Declarations, now: dt.datetime) -> int:
    """Tell of the corrections of the last days whoever has not been told. Returns how many were."""
    told = 0
    for one, looks in shown_wrongly(since=now - LOOKED_BACK):
        with transaction.atomic():
            told += sum(_tell(declarations, one, file, looks, now) for file in one.files)
    return told


def _tell(
    declarations: Declarations,
    one: Undone,
    file: WrongFile,
    looks: Iterable[Shown],
    now: dt.datetime,
) -> int:
    values = {
        "code": file.code,
        "rows": str(file.entries),
        "since": day_text(today(file.since)),
        "until": day_text(today(file.until)),
    }
    told: dict[str, list[To]] = {
        "file_corrected": list(_lookers(declarations, file, looks)),
        "own_file_corrected": [Owners(code=file.code)],
    }
    return sum(
        tell(
            declarations=declarations,
            notice=notice,
            to=to,
            values=values,
            about=f"judgement/{one.number}",
            key=f"correction/{one.number}/{file.code}",
            now=now,
        )
        for notice, everybody in told.items()
        for to in everybody
    )


def _lookers(declarations: Declarations, file: WrongFile, looks: Iterable[Shown]) -> Iterator[To]:
    """Everybody who looked at the file, but its owners, who are told as such."""
    mine = sorted((look for look in looks if look.code == file.code), key=_who)
    for (actor, role), _ in groupby(mine, key=_who):
        declared = declarations.roles.get(role)
        if declared is not None and declared.holder == "subject":
            continue
        yield from reader_of(actor)


def reader_of(actor: str) -> Iterator[To]:
    """Who is told as whoever looked under this name: himself, or whom a key acts for."""
    if actor.startswith(KEY):
        yield from _holder(actor.removeprefix(KEY))
    else:
        yield Account(id=actor)


def _who(look: Shown) -> tuple[str, str]:
    return (look.actor, look.role)


def _holder(key: str) -> Iterator[To]:
    """For whom a key of the interface acts: an account, or an agency."""
    found = Key.objects.filter(pk=key).select_related("account").first()
    if found is None:
        return
    if found.account is not None:
        yield Account(id=found.account.login)
    else:
        yield Office(agency=found.agency)
