"""What an account reads of what it was told, and of what its office was told."""

from __future__ import annotations

import datetime as dt
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from yuexin.base.text import Text
from yuexin.engines.access.models import Account as AccountRow
from yuexin.engines.access.queries import offices_of
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations
from yuexin.engines.notices.models import Notice, NoticeRead
from yuexin.engines.notices.types import Inbox, Told

PAGE: Final = 20
MOST_COUNTED: Final = 100


def inbox(*, declarations: Declarations, account: AccountRow, actor: Actor, page: int = 1) -> Inbox:
    """A page of what was told to the account, and to the office for which it acts now."""
    mine = _mine(declarations, account, actor)
    pages = max(1, -(-mine.count() // PAGE))
    page = min(max(1, page), pages)
    rows = list(mine.order_by("-told_at", "id")[(page - 1) * PAGE : page * PAGE])
    read = _read(account, rows)
    return Inbox(
        told=tuple(_told(row, read.get(row.pk)) for row in rows),
        unread=_unread(mine, account),
        page=page,
        pages=pages,
    )


def unread(*, declarations: Declarations, account: AccountRow, actor: Actor) -> int:
    """How many of them it has not read yet, counted to a hundred."""
    return _unread(_mine(declarations, account, actor), account)


def office_inbox(
    *, declarations: Declarations, account: AccountRow, actor: Actor, most: int
) -> tuple[Told, ...]:
    """What the office for which an officer acts was told and he has not read, the last first."""
    offices = [f"office:{one}" for one in offices_of(declarations=declarations, actor=actor)]
    rows = Notice.objects.filter(recipient__in=offices, in_app=True)
    rows = rows.exclude(reads__account=account).order_by("-told_at", "id")[:most]
    return tuple(_told(row, None) for row in rows)


def read(
    *, declarations: Declarations, account: AccountRow, actor: Actor, notice: UUID, now: dt.datetime
) -> Told | None:
    """One notice, which counts as read from now on; none where it was not told to the reader."""
    row = _mine(declarations, account, actor).filter(pk=notice).first()
    if row is None:
        return None
    NoticeRead.objects.bulk_create(
        [NoticeRead(notice=row, account=account, read_at=now)], ignore_conflicts=True
    )
    return _told(row, _read(account, [row])[row.pk])


def read_all(
    *, declarations: Declarations, account: AccountRow, actor: Actor, now: dt.datetime
) -> None:
    """Everything that was told to the reader counts as read."""
    rows = _mine(declarations, account, actor).exclude(reads__account=account)
    NoticeRead.objects.bulk_create(
        [
            NoticeRead(notice_id=pk, account=account, read_at=now)
            for pk in rows.values_list("pk", flat=True)
        ],
        ignore_conflicts=True,
    )


def _mine(declarations: Declarations, account: AccountRow, actor: Actor) -> QuerySet[Notice]:
    own = actor.id == account.login
    offices = offices_of(declarations=declarations, actor=actor) if own else ()
    names = [f"account:{account.login}", *(f"office:{one}" for one in offices)]
    return Notice.objects.filter(recipient__in=names, in_app=True)


def _unread(mine: QuerySet[Notice], account: AccountRow) -> int:
    return mine.exclude(reads__account=account)[:MOST_COUNTED].count()


def _read(account: AccountRow, rows: list[Notice]) -> dict[UUID, dt.datetime]:
    found = NoticeRead.objects.filter(account=account, notice__in=rows)
    return dict(found.values_list("notice_id", "read_at"))


def _told(row: Notice, read_at: dt.datetime | None) -> Told:
    zh, en = row.said["zh"], row.said["en"]
    kind, _, name = row.recipient.partition(":")
    return Told(
        id=row.pk,
        title=Text(zh["title"], en["title"]),
        body=Text(zh["body"], en["body"]),
        link=row.link,
        told_at=row.told_at,
        read_at=read_at,
        office=name if kind == "office" else "",
    )
