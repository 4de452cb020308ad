"""The digest of announcements for the platform's accounts on other networks, once a day.

What stands on another network cannot be taken back: a digest names no entity and nothing that was
said of one, it tells how much was announced under each heading, by its lawful name, and leads here.
It is made at the moment of sending from what is public then. What it told and the public sees no
more is told in the next, as a number.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.db.models import Exists, OuterRef, QuerySet

from yuexin.base.dates import day_text, today
from yuexin.base.text import Text
from yuexin.domains.credit.files import Reader
from yuexin.domains.credit.happenings import counted
from yuexin.engines.access.types import PUBLIC
from yuexin.engines.declare.types import Announcement, Declarations, PublicAccount
from yuexin.engines.notices.models import Notice, NoticeAttempt, NoticeErrand
from yuexin.engines.notices.operations import tell
from yuexin.engines.notices.types import Everybody

ABOUT: Final = "announcements/"
MOST_DAYS: Final = 30
"""What was announced longer ago is told by no digest, however long nobody sent any."""
ONE_DAY: Final = dt.timedelta(days=1)


def post_digests(*, declarations: Declarations, now: dt.datetime) -> Iterator[int]:
    """Tell each public account of the days before today that it was not told of yet, where there is
    anything to tell. Gives to how many it was told."""
    until = today(now) - ONE_DAY
    for account in declarations.public_accounts.values():
        after = _told_until(account, until)
        if after >= until:
            continue
        told = digest(declarations=declarations, account=account, after=after, until=until, now=now)
        if told is not None:
            yield tell(
                declarations=declarations, notice=account.digest, to=Everybody(account=account.id),
                values=told, about=f"{ABOUT}{account.id}",
                key=f"{account.digest}/{account.id}/{until}", now=now,
            )  # fmt: skip


def digest_values(
    *, declarations: Declarations, about: str, values: Mapping[str, str], now: dt.datetime
) -> Mapping[str, str] | None:
    """What a public account is told at this moment of the days that it was to be told of; none
    where nothing of it is public, or the account is declared no more."""
    account = declarations.public_accounts.get(about.removeprefix(ABOUT))
    if account is None:
        return None
    after, until = (dt.date.fromisoformat(values[name]) for name in ("after", "until"))
    return digest(declarations=declarations, account=account, after=after, until=until, now=now)


def digest(
    *,
    declarations: Declarations,
    account: PublicAccount,
    after: dt.date,
    until: dt.date,
    now: dt.datetime,
) -> Mapping[str, str] | None:
    """The values of a digest: how much of these days is public now, by heading; how much is public
    no more of what was told before; and what the next compares with. None where that is nothing."""
    reader = Reader(declarations=declarations, actor=PUBLIC, now=now, on=today(now))
    headings = _headings(declarations, account)
    lines = [
        (one.label, count)
        for one in headings
        if (count := counted(reader=reader, announcements=(one,), after=after, until=until))
    ]
    gone, still = _since(reader, account, headings, until)
    if not lines and not gone:
        return None
    total = counted(reader=reader, announcements=headings, after=after, until=until)
    language = account.language
    return {
        "after": after.isoformat(), "until": until.isoformat(),
        "span": _span(after, until).in_(language),
        "told": "".join(one.in_(language) for one in _sentences(lines, total, gone)),
        "counted": json.dumps({**still, until.isoformat(): [after.isoformat(), total]}),
    }  # fmt: skip


def _since(
    reader: Reader,
    account: PublicAccount,
    headings: tuple[Announcement, ...],
    until: dt.date,
) -> tuple[int, dict[str, list[Any]]]:
    """How much is public no more of what the account was told lately, beyond what it was told of
    that; and how much of each of those spans is public still."""
    known: dict[str, list[Any]] = {}
    for told in _gone_out(account):
        known |= json.loads(told["counted"])
    first = until - dt.timedelta(days=account.back_days)
    gone, still = 0, dict[str, list[Any]]()
    for day, (after, before) in known.items():
        if first <= dt.date.fromisoformat(day) < until:
            now = counted(
                reader=reader, announcements=headings, after=dt.date.fromisoformat(after),
                until=dt.date.fromisoformat(day),
            )  # fmt: skip
            gone += max(0, before - now)
            still[day] = [after, now]
    return gone, still


def _told_until(account: PublicAccount, until: dt.date) -> dt.date:
    """The last day of which an account was told, or is going to be; before the first digest, and
    where none ever went out, the day behind which that began."""
    waits = NoticeErrand.objects.filter(notice=OuterRef("pk"))
    went = NoticeAttempt.objects.filter(
        notice=OuterRef("pk"), outcome__in=("sent", "spooled", "dropped")
    )
    told = Notice.objects.filter(recipient=f"public:{account.id}", declared=account.digest)
    good = told.filter(Exists(waits) | Exists(went))
    first = min(_days(told, "after"), default=until - ONE_DAY)
    last = max(_days(good, "until"), default=first)
    return max(last, until - dt.timedelta(days=MOST_DAYS))


def _days(told: QuerySet[Notice], name: str) -> Iterator[dt.date]:
    for values in told.values_list("values", flat=True):
        yield dt.date.fromisoformat(values[name])


def _gone_out(account: PublicAccount) -> Iterator[Mapping[str, str]]:
    """With what values digests went out to an account, in order."""
    went = NoticeAttempt.objects.filter(
        notice__recipient=f"public:{account.id}", notice__declared=account.digest,
        outcome__in=("sent", "spooled"),
    )  # fmt: skip
    for told in went.order_by("at", "id").values_list("values", flat=True):
        if told is not None:
            yield told


def _headings(declarations: Declarations, account: PublicAccount) -> tuple[Announcement, ...]:
    named = account.headings or tuple(declarations.announcements)
    return tuple(declarations.announcements[one] for one in named)


def _span(after: dt.date, until: dt.date) -> Text:
    first, last = day_text(after + ONE_DAY), day_text(until)
    if after + ONE_DAY == until:
        return last
    return Text(f"{first.zh}至{last.zh}", f"{first.en} to {last.en}")


def _sentences(lines: list[tuple[Text, int]], total: int, gone: int) -> Iterator[Text]:
    if lines:
        zh = "、".join(f"{label.zh} {count} 项" for label, count in lines)
        en = ", ".join(f"{label.en} {count}" for label, count in lines)
        yield Text(f"共公告 {total} 项：{zh}。", f"{total} announced: {en}. ")
    if gone:
        yield Text(
            f"此前公告的信息中有 {gone} 项已经更正或者不再公示。",
            f"Of what was announced before {gone} were corrected or are public no more. ",
        )
