"""Following a firm by e-mail, without an account: asked for, confirmed, told, and stopped.

Whether somebody follows is told to nobody but the holder of the address: every answer to a request
is the same. Bounds hold for an address and for a firm.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Final
from uuid import UUID, uuid4

from django.db import connection, transaction

from yuexin.base.dates import Clock, day_text, today
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.credit.files import Reader
from yuexin.domains.credit.happenings import Happening, of_subject
from yuexin.domains.credit.rows import subject_of
from yuexin.domains.credit.watching.models import Follow
from yuexin.domains.credit.watching.posting import digest_values
from yuexin.domains.credit.watching.sealing import follow_of, opened, sealed, token_of
from yuexin.engines.access.types import PUBLIC
from yuexin.engines.declare.types import Declarations
from yuexin.engines.notices.operations import tell
from yuexin.engines.notices.queries import address_digest, valid_address
from yuexin.engines.notices.types import Address, Language, Renewed
from yuexin.home.folder import Home

CONFIRM: Final = "confirm"
STOP: Final = "stop"
HOURS: Final = 48
MOST_MAILS_A_DAY: Final = 5
MOST_OF_ADDRESS: Final = 50
MOST_OF_FIRM: Final = 5000
MOST_ASKED: Final = 3
MOST_LINES: Final = 5
MOST_READ: Final = 200
BATCH: Final = 500
LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
DUE: Final = """
SELECT id FROM follow WHERE confirmed_at IS NOT NULL AND told_until < %(until)s
ORDER BY told_until, id LIMIT %(size)s FOR UPDATE SKIP LOCKED
"""


@transaction.atomic
def ask_to_follow(
    *,
    declarations: Declarations,
    home: Home,
    code: str,
    address: str,
    language: Language,
    now: dt.datetime,
) -> None:
    """Send a link by which the holder of the address confirms that he wants to follow; the same
    answer, whether he does already, or has been asked too often. Refused where this is no address,
    and where nobody more can follow the firm."""
    given = valid_address(channel="email", value=address)
    digest = address_digest(channel="email", address=given)
    with connection.cursor() as cursor:
        # The bounds below hold for many requests at once.
        cursor.execute(LOCK, [f"follow:{digest}"])
    if Follow.objects.filter(code=code).count() >= MOST_OF_FIRM:
        raise _full()
    mine = Follow.objects.filter(digest=digest)
    row = mine.filter(code=code).first()
    lately = mine.filter(asked_at__gt=now - dt.timedelta(days=1))
    mails = sum(lately.values_list("asked", flat=True))
    if mails >= MOST_MAILS_A_DAY or (row is None and mine.count() >= MOST_OF_ADDRESS):
        return
    if row is None:
        row = Follow(id=uuid4(), code=code, digest=digest, language=language, asked_at=now)
        row.sealed = sealed(given, of=row.id, home=home)
    elif row.asked >= MOST_ASKED and row.asked_at > now - dt.timedelta(days=1):
        return
    else:
        row.asked = row.asked + 1 if row.asked_at > now - dt.timedelta(days=1) else 1
        row.asked_at = now
    row.save()
    tell(
        declarations=declarations,
        notice="follow_confirm",
        to=Address(channel="email", value=given, language=language, known_as=f"follow:{row.id}"),
        values={"code": code, "name": named(code), "hours": str(HOURS)},
        secret={"token": token_of(row.id, purpose=CONFIRM)},
        about="follow",
        key=f"follow_confirm/{uuid4()}",
        leave=leaves(declarations, row.id),
        now=now,
    )


def asked_by(*, token: str, now: dt.datetime) -> str | None:
    """The code of the firm that the link of a confirmation is about; none where it is no link of
    ours, or too old."""
    row = _row(token, CONFIRM)
    old = now - dt.timedelta(hours=HOURS)
    return row.code if row and (row.confirmed_at or row.asked_at > old) else None


@transaction.atomic
def confirm_follow(*, token: str, now: dt.datetime) -> str | None:
    """Begin to tell whoever holds the link, from today on. Returns the code of the firm; none
    where it is no link of ours, or too old. Twice is once."""
    code, follow = asked_by(token=token, now=now), follow_of(token, purpose=CONFIRM)
    if code is not None and follow is not None:
        Follow.objects.filter(pk=follow, confirmed_at=None).update(
            confirmed_at=now, told_until=today(now) - dt.timedelta(days=1)
        )
    return code


def followed_by(*, token: str) -> str | None:
    """The code of the firm that the link of a stop is about; none where it is no link of ours, or
    was used already."""
    row = _row(token, STOP)
    return row.code if row else None


def stop_follow(*, token: str) -> bool:
    """Tell whoever holds the link nothing more, and forget the address. True where the link is
    ours, be it that it was used before."""
    follow = follow_of(token, purpose=STOP)
    if follow is None:
        return False
    Follow.objects.filter(pk=follow).delete()
    return True


def forget_unconfirmed(*, now: dt.datetime) -> None:
    """Remove whoever was asked and did not confirm in time."""
    Follow.objects.filter(confirmed_at=None, asked_at__lt=now - dt.timedelta(hours=HOURS)).delete()


def tell_followers(*, declarations: Declarations, home: Home, now: dt.datetime) -> Iterator[int]:
    """Tell followers of what happened to their firms on the days before today, each at most once a
    day; some at each step. Gives how many were told."""
    while count := _tell_some(declarations, home, now):
        yield count[1]
        if count[0] < BATCH:
            break


@transaction.atomic
def _tell_some(declarations: Declarations, home: Home, now: dt.datetime) -> tuple[int, int] | None:
    until = today(now) - dt.timedelta(days=1)
    with connection.cursor() as cursor:
        cursor.execute(DUE, {"until": until, "size": BATCH})
        due = [row[0] for row in cursor.fetchall()]
    told = 0
    for row in Follow.objects.filter(pk__in=due).order_by("code"):
        assert row.told_until is not None
        if happened(declarations=declarations, row=row, after=row.told_until, until=until, now=now):
            told += _tell(declarations, home, row, until, now)
        Follow.objects.filter(pk=row.pk).update(told_until=until)
    return (len(due), told) if due else None


def _tell(
    declarations: Declarations, home: Home, row: Follow, until: dt.date, now: dt.datetime
) -> int:
    address = opened(bytes(row.sealed), of=row.id, home=home)
    if address is None or row.told_until is None:
        return 0
    language: Language = "en" if row.language == "en" else "zh"
    return tell(
        declarations=declarations,
        notice="follow_changed",
        to=Address(channel="email", value=address, language=language, known_as=f"follow:{row.id}"),
        # What there is to tell is looked up when it is sent: it may be public no more by then.
        values={
            "code": row.code, "after": row.told_until.isoformat(), "until": until.isoformat(),
            "name": row.code, "count": "", "lines": "",
        },
        about=f"follow/{row.id}",
        key=f"follow_changed/{row.id}/{until}",
        leave=leaves(declarations, row.id),
        now=now,
    )  # fmt: skip


def leaves(declarations: Declarations, follow: UUID) -> str:
    """Where whoever follows follows no more."""
    return declarations.addresses["follow_stop"].of(token=token_of(follow, purpose=STOP))


def follow_values(
    *, declarations: Declarations, about: str, values: Mapping[str, str], now: dt.datetime
) -> Mapping[str, str] | None:
    """What a follower is told at this moment: what the public sees of those days now. None where
    he follows no more, or nothing of it is public."""
    row = Follow.objects.filter(pk=UUID(about.partition("/")[2])).first()
    if row is None:
        return None
    after, until = (dt.date.fromisoformat(values[name]) for name in ("after", "until"))
    found = happened(declarations=declarations, row=row, after=after, until=until, now=now)
    if not found:
        return None
    lines = [_line(one).in_(row.language) for one in found[:MOST_LINES]]
    joint = "；" if row.language == "zh" else "; "
    return {**values, "name": named(row.code), "count": str(len(found)), "lines": joint.join(lines)}


def named(code: str) -> str:
    """What the firm of a code is called in a mail: its code where its name is a person's own."""
    subject = subject_of(code=code)
    return subject.name if subject and not subject.named_after_person else code


def happened(
    *,
    declarations: Declarations,
    row: Follow,
    after: dt.date,
    until: dt.date,
    now: dt.datetime,
) -> tuple[Happening, ...]:
    """What happened to the firm on those days, as the public sees it now."""
    subject = subject_of(code=row.code)
    if subject is None:
        return ()
    reader = Reader(declarations=declarations, actor=PUBLIC, now=now, on=today(now))
    # Of what came and went since he was told last he knows nothing.
    return of_subject(
        reader=reader, subject=subject.id, after=after, until=until, known=after, most=MOST_READ
    )


def _line(one: Happening) -> Text:
    day, kind = day_text(one.on), one.entry.kind_label
    return Text(f"{day.zh} {one.word.zh}：{kind.zh}", f"{day.en} {one.word.en}: {kind.en}")


def _row(token: str, purpose: str) -> Follow | None:
    follow = follow_of(token, purpose=purpose)
    return Follow.objects.filter(pk=follow).first() if follow else None


def _full() -> Refusal:
    return Refusal(
        code="FOLLOW_FULL",
        what=Text("关注这个主体的邮件已达上限", "no more can follow this entity by e-mail"),
        remedy=Text("请改用订阅源（Atom）", "subscribe to its feed (Atom)"),
    )


def values_at_sending(*, declarations: Declarations, clock: Clock) -> dict[str, Renewed]:
    """By notice, how its values are looked up at the moment at which it is sent."""

    def renewed(about: str, values: Mapping[str, str]) -> Mapping[str, str] | None:
        return follow_values(declarations=declarations, about=about, values=values, now=clock())

    def digested(about: str, values: Mapping[str, str]) -> Mapping[str, str] | None:
        return digest_values(declarations=declarations, about=about, values=values, now=clock())

    digests = {one.digest for one in declarations.public_accounts.values()}
    return {"follow_changed": renewed, **dict.fromkeys(digests, digested)}
