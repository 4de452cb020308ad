"""An owner's calendar under an address of its own, for as long as he acts for the firm."""

from __future__ import annotations

import datetime as dt
import secrets

from django.db import transaction
from icalendar import Calendar, Event

from yuexin.base.dates import today
from yuexin.base.digest import sha256_hex
from yuexin.domains.credit.calendar import Due, deadlines
from yuexin.domains.credit.watching.models import CalendarFeed
from yuexin.engines.access.operations import note
from yuexin.engines.access.queries import actors_for
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations
from yuexin.engines.notices.queries import one_line

TOKEN_BYTES = 32
LONGEST_TOKEN = 64
PRODUCT = "-//Yuexin//Calendar//ZH"


@transaction.atomic
def open_feed(*, actor: Actor, now: dt.datetime) -> str:
    """A new address for the calendar of the firm for which one acts: its secret, told once. The
    one before leads nowhere from now on."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    CalendarFeed.objects.update_or_create(
        login=actor.id,
        code=actor.subject_code,
        defaults={"secret_sha256": sha256_hex(token.encode()), "made_at": now},
    )
    thing = f"subject/{actor.subject_code}"
    note(stream="change", actor=actor, action="calendar.opened", thing=thing, now=now)
    return token


@transaction.atomic
def close_feed(*, actor: Actor, now: dt.datetime) -> None:
    """Let the address lead nowhere."""
    gone, _ = CalendarFeed.objects.filter(login=actor.id, code=actor.subject_code).delete()
    if gone:
        thing = f"subject/{actor.subject_code}"
        note(stream="change", actor=actor, action="calendar.closed", thing=thing, now=now)


def has_feed(*, actor: Actor) -> bool:
    return CalendarFeed.objects.filter(login=actor.id, code=actor.subject_code).exists()


def ical(
    *, declarations: Declarations, token: str, site: str, language: str, now: dt.datetime
) -> bytes | None:
    """The calendar behind an address; none where there is none, or its owner acts for the firm no
    more."""
    if not token.isascii() or len(token) > LONGEST_TOKEN:
        return None
    feed = CalendarFeed.objects.filter(secret_sha256=sha256_hex(token.encode())).first()
    on = today(now)
    if feed is None or feed.login not in actors_for(
        declarations=declarations, code=feed.code, on=on
    ):
        return None
    found = deadlines(declarations=declarations, code=feed.code, now=now, on=on)
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"粤信 {feed.code}")
    for due in found:
        calendar.add_component(_event(due, site, language, now))
    return bytes(calendar.to_ical())


def _event(due: Due, site: str, language: str, now: dt.datetime) -> Event:
    event = Event()
    event.add("uid", f"{due.id}@yuexin")
    event.add("dtstamp", now)
    event.add("dtstart", due.on)
    event.add("dtend", due.on + dt.timedelta(days=1))
    event.add("summary", one_line(due.label.in_(language)))
    event.add("description", one_line(due.detail.in_(language)))
    event.add("url", f"{site}{due.path}")
    event.add("transp", "TRANSPARENT")
    return event
