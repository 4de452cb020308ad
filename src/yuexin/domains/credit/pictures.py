"""What is drawn of a file: when things held, and who is tied to it. Whatever a reader may not see
is not in the file that he was given, so it is not here."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final, Literal

from yuexin.base.text import Text
from yuexin.domains.credit.types import CreditFile, Entry

NAMES: Final = Text("名称", "Name")
Group = Literal["holder", "person", "branch"]
# Of a kind: the group of its ties, the field that names the other, those that say more.
TIES: Final[dict[str, tuple[Group, str, tuple[str, ...]]]] = {
    "shareholding": ("holder", "holder", ("subscribed", "share")),
    "key_person": ("person", "person_name", ("position",)),
    "branch": ("branch", "branch_name", ("state",)),
}
GROUPS: Final[tuple[Group, ...]] = ("holder", "person", "branch")
SHARE: Final = "share"
# The marks of what holds for a time, or held.
STANDING: Final = frozenset({"in_force", "ending", "lapsed", "not_yet", "stopped"})


@dataclass(frozen=True, kw_only=True)
class Span:
    """Something that began, and may have ended. `point` where it only happened."""

    label: Text
    start: dt.date
    until: dt.date | None
    adverse: bool = False
    point: bool = False


@dataclass(frozen=True, kw_only=True)
class Lane:
    """What of one kind is known, the earliest first."""

    label: Text
    spans: tuple[Span, ...]


@dataclass(frozen=True, kw_only=True)
class Tie:
    """Somebody or something tied to the subject on the day. `share` is in per cent, where known."""

    group: Group
    name: str
    more: Text
    share: Decimal | None = None


def lanes_of(file: CreditFile, *, states: Collection[str]) -> tuple[Lane, ...]:
    """What a picture of a file's time shows: its names, then every kind in the order of the
    sections; what is undated is left out. `states` are the kinds of which one fact holds at a
    time."""
    order = {entry.kind: place for place, entry in enumerate(_sectioned(file))}
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in file.timeline:
        if _start(entry):
            found[entry.kind].append(entry)
    kinds = sorted(found, key=lambda kind: order.get(kind, len(order)))
    names = Lane(label=NAMES, spans=tuple(_names(file)))
    lanes = [_lane(found[kind], lasting=kind in states) for kind in kinds]
    return (names, *lanes) if names.spans else tuple(lanes)


def ties_of(file: CreditFile) -> tuple[Tie, ...]:
    """Who holds it, who acts for it, and its branches, as they are on the day of the file."""
    found = (
        tie
        for section in file.sections
        for entry in section.entries
        if entry.kind in TIES and not _over(entry, file.on)
        for tie in _tie(entry)
    )
    return tuple(sorted(found, key=lambda tie: GROUPS.index(tie.group)))


def _sectioned(file: CreditFile) -> Iterator[Entry]:
    for section in file.sections:
        yield from section.entries


def _names(file: CreditFile) -> Iterator[Span]:
    """The names of which it is known since when; today's since the last of the others ended."""
    former = [other for other in file.head.former_names if other.valid_from]
    for other in sorted(former, key=lambda one: one.valid_from or dt.date.min):
        label = Text(other.name, other.name)
        start = other.valid_from or dt.date.min
        yield Span(label=label, start=start, until=other.valid_until)
    ended = [other.valid_until for other in file.head.former_names if other.valid_until]
    if ended:
        name = Text(file.head.name, file.head.name)
        yield Span(label=name, start=max(ended), until=None)


def _lane(entries: Sequence[Entry], *, lasting: bool) -> Lane:
    spans = sorted((_span(entry, lasting) for entry in entries), key=lambda span: span.start)
    return Lane(label=entries[0].kind_label, spans=tuple(spans))


def _span(entry: Entry, lasting: bool) -> Span:
    start = _start(entry)
    assert start is not None
    stands = any(mark.id in STANDING for mark in entry.marks)
    return Span(
        label=entry.headline,
        start=start,
        until=entry.valid_until,
        adverse=entry.adverse,
        point=not (lasting or stands or entry.valid_until),
    )


def _start(entry: Entry) -> dt.date | None:
    return entry.valid_from or entry.event_date


def _over(entry: Entry, on: dt.date) -> bool:
    return entry.valid_until is not None and entry.valid_until <= on


def _tie(entry: Entry) -> Iterator[Tie]:
    group, naming, saying = TIES[entry.kind]
    facts = {fact.field: fact.value for fact in entry.facts}
    if naming not in facts:
        return
    said = [facts[field] for field in saying if field in facts and field != SHARE]
    yield Tie(
        group=group,
        name=facts[naming].zh,
        more=Text("，".join(t.zh for t in said), ", ".join(t.en for t in said)),
        share=_share(facts[SHARE].zh) if SHARE in facts else None,
    )


def _share(text: str) -> Decimal | None:
    """A share in per cent; none for what cannot be one."""
    try:
        share = Decimal(text.replace(",", "").rstrip("%％"))
    except InvalidOperation:
        return None
    return share if share.is_finite() and 0 < share <= 100 else None
