"""An owner's calendar under an address of its own, for as long as he acts for the firm."""

from __future__ import annotations

import datetime as dt
import secrets

from django.db import transaction
from icalendar import Alarm, Calendar, Event

from yuexin.base.dates import today
from yuexin.base.digest import sha256_hex
from yuexin.base.text import Text
from yuexin.domains.credit.calendar import AHEAD, Due, deadlines
from yuexin.domains.credit.watching.following import named
from yuexin.domains.credit.watching.models import CalendarFeed
from yuexin.engines.access.operations import note
from yuexin.engines.access.queries import actors_for
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations
from yuexin.engines.notices.queries import one_line

TOKEN_BYTES = 32
LONGEST_TOKEN = 64
PRODUCT = "-//Yuexin//Calendar//ZH"
ASK_AGAIN = dt.timedelta(hours=12)
IN_THE_MORNING = dt.timedelta(hours=9)
"""At this hour of the day an alarm goes off, not at midnight when the day begins."""


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
    called = one_line(_called(feed.code).in_(language))
    calendar.add("name", called)
    calendar.add("x-wr-calname", called)
    calendar.add("refresh-interval", ASK_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT12H")
    for due in found:
        calendar.add_component(_event(due, site, language, now))
    return bytes(calendar.to_ical())


def _event(due: Due, site: str, language: str, now: dt.datetime) -> Event:
    event = Event()
    event.add("uid", f"{due.id}@yuexin")
    event.add("dtstamp", now)
    event.add("dtstart", due.on)
    event.add("dtend", due.on + dt.timedelta(days=1))
    said = Text(f"{due.label.zh}：{due.detail.zh}", f"{due.label.en}: {due.detail.en}")
    event.add("summary", one_line(said.in_(language)))
    event.add("description", one_line(due.detail.in_(language)))
    event.add("url", f"{site}{due.path}")
    event.add("transp", "TRANSPARENT")
    for days in AHEAD:
        event.add_component(_alarm(days, one_line(said.in_(language))))
    return event


def _alarm(days: int, said: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", IN_THE_MORNING - dt.timedelta(days=days))
    alarm.add("description", said)
    return alarm


def _called(code: str) -> Text:
    """What the calendar is called in the program that shows it."""
    firm = named(code)
    return Text(f"粤信期限日历：{firm}", f"Yuexin deadlines: {firm}")
