"""What the sources of a section allow to be said where the section, or part of it, is empty.

It depends on deliveries and declarations alone, never on rows that are hidden.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Hashable, Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Final, TypeVar

from yuexin.base.dates import day_text, today
from yuexin.base.regions import city_of
from yuexin.base.text import Text
from yuexin.domains.credit.types import SectionState
from yuexin.engines.declare.queries import listed
from yuexin.engines.declare.types import Declarations
from yuexin.engines.declare.types import Section as DeclaredSection
from yuexin.engines.deliveries.queries import Freshness

NAMED: Final = 4
NOTHING: Final = Text("", "")
NOT_COLLECTED: Final = Text("本平台尚未归集此类信息。", "Not collected here yet.")
S = TypeVar("S", bound=Hashable)


@dataclass(frozen=True, kw_only=True)
class Supply:
    """What one agency delivers of one kind, in whatever layouts."""

    agency: Text
    kind: Text
    first: dt.date | None
    last: dt.date | None
    late_since: dt.date | None
    provisional: bool = False


@dataclass(frozen=True, kw_only=True)
class Supplies:
    """All that feeds a section, and how it stands."""

    all: tuple[Supply, ...]

    @property
    def late(self) -> tuple[Supply, ...]:
        return tuple(item for item in self.all if item.late_since)

    @property
    def silent(self) -> tuple[Supply, ...]:
        return tuple(item for item in self.all if item.last is None)

    @property
    def begun(self) -> dt.date | None:
        """When the first of all this came, though it be after the day."""
        return min((item.first for item in self.all if item.first), default=None)

    @property
    def earliest(self) -> dt.date | None:
        """Up to when everything is in: the earliest of the last days."""
        return min((item.last for item in self.all if item.last), default=None)

    @property
    def missing(self) -> Text:
        """Which sources are overdue or have not delivered yet; nothing where all is in."""
        late, silent = _late(self.late), _silent(self.silent)
        return Text(late.zh + silent.zh, f"{late.en} {silent.en}".strip())


def supplies(
    *,
    declarations: Declarations,
    freshness: Iterable[Freshness],
    kinds: Collection[str],
    city: str,
    on: dt.date,
) -> Supplies:
    """The sources of these kinds on a day, for a subject of that city.

    A source that only serves trials, or whose agency has ended, is awaited by nobody; what it did
    deliver counts. An agency of another city is none for this subject.
    """
    resources = declarations.resources
    fed = [item for item in freshness if resources[item.resource].kind in kinds]
    fed = [item for item in fed if _reaches(declarations, item.agency, city)]
    fed = [item for item in fed if item.deliveries or _awaited(declarations, item, on)]
    fed.sort(key=lambda item: _place(declarations, item))
    grouped = groupby(fed, key=lambda item: _place(declarations, item))
    return Supplies(all=tuple(_supply(declarations, list(group)) for _, group in grouped))


def emptiness(
    *, section: DeclaredSection, found: Supplies, past: bool
) -> tuple[SectionState, Text]:
    """Which kind of empty a section is. `past`: to the public, through the law of today."""
    if not found.all:
        return "not_collected", NOT_COLLECTED
    if len(found.silent) == len(found.all):
        return "not_yet", _not_yet(found.begun)
    if found.late or found.silent:
        return ("late" if found.late else "partial"), found.missing
    if past:
        return "past", Text(
            "当日及以前交付的数据中，没有今天仍可公开的记录。此后更正、到期或退出公示的内容不再显示，"
            "所以不能由此认定当时没有。",
            "Of what was delivered by that day, nothing may still be shown. What was corrected or "
            "has left publicity since is not shown, so absence here proves nothing.",
        )
    day = day_text(found.earliest or dt.date.min)
    return "none", Text(
        f"{section.empty_zh}（截至{day.zh}交付的数据）。",
        f"{section.empty_en} (data delivered up to {day.en}).",
    )


def _not_yet(begun: dt.date | None) -> Text:
    if begun is None:
        return Text("本平台尚未收到此类数据。", "No data of this kind was delivered yet.")
    day = day_text(begun)
    return Text(
        f"到这一天为止，本平台还没有收到此类数据；最早收到是在{day.zh}。",
        f"By that day no data of this kind had been delivered; the first came on {day.en}.",
    )


def _reaches(declarations: Declarations, agency: str, city: str) -> bool:
    """Whether an agency answers for subjects of that city; who lies nowhere known is anybody's."""
    home = city_of(declarations.agencies[agency].division)
    return not home or city_of(city) in ("", home)


def _place(declarations: Declarations, item: Freshness) -> tuple[int, int]:
    """The source an item belongs to, in the declared order."""
    kind = declarations.resources[item.resource].kind
    agencies, kinds = list(declarations.agencies), list(declarations.kinds)
    return (agencies.index(item.agency), kinds.index(kind))


def _awaited(declarations: Declarations, item: Freshness, on: dt.date) -> bool:
    ended = declarations.agencies[item.agency].valid_to
    return not declarations.resources[item.resource].testing_only and (ended is None or on < ended)


def _supply(declarations: Declarations, items: list[Freshness]) -> Supply:
    kind = declarations.kinds[declarations.resources[items[0].resource].kind]
    received = [item.last_received_at for item in items if item.last_received_at]
    begun = [item.first_received_at for item in items if item.first_received_at]
    late = min(
        ((item.late_since, item.provisional) for item in items if item.late_since), default=None
    )
    return Supply(
        agency=declarations.agencies[items[0].agency].label,
        kind=kind.label,
        first=today(min(begun)) if begun else None,
        last=today(max(received)) if received else None,
        late_since=late[0] if late else None,
        provisional=late is not None and late[1],
    )


def _late(late: tuple[Supply, ...]) -> Text:
    if not late:
        return NOTHING
    named = _some([_since(name, since) for name, since in _by_agency(late, _late_from)])
    return Text(
        f"{named.zh}未按期交付，此处可能不完整。",
        f"Deliveries overdue: {named.en}. What stands here may be incomplete.",
    )


def _late_from(item: Supply) -> tuple[dt.date, bool]:
    return (item.late_since or dt.date.min, item.provisional)


def _since(name: Text, since: tuple[dt.date, bool]) -> Text:
    day, provisional = since
    said = Text(f"{name.zh}自{day_text(day).zh}起", f"{name.en} since {day_text(day).en}")
    if not provisional:
        return said
    return Text(
        f"{said.zh}（该年节假日安排尚未公布，暂按周一至周五计）",
        f"{said.en} (provisional: that year's holidays are not announced, so Monday to Friday "
        "count)",
    )


def _silent(silent: tuple[Supply, ...]) -> Text:
    if not silent:
        return NOTHING
    named = _some([name for name, _ in _by_agency(silent, lambda _: None)])
    return Text(
        f"{named.zh}尚未交付过，此处可能不完整。",
        f"Not delivered yet: {named.en}. What stands here may be incomplete.",
    )


def _by_agency(items: tuple[Supply, ...], since: Callable[[Supply], S]) -> list[tuple[Text, S]]:
    """Each agency with its kinds, as one name, and what they share."""
    grouped: dict[tuple[Text, S], list[Text]] = {}
    for item in items:
        grouped.setdefault((item.agency, since(item)), []).append(item.kind)
    return [(_name(agency, kinds), shared) for (agency, shared), kinds in grouped.items()]


def _name(agency: Text, kinds: list[Text]) -> Text:
    named = listed(kinds)
    return Text(f"{agency.zh}的{named.zh}", f"{named.en} ({agency.en})")


def _some(texts: list[Text]) -> Text:
    """The first few by name, the others by number."""
    named = listed(texts[:NAMED])
    more = len(texts) - NAMED
    if more <= 0:
        return named
    return Text(f"{named.zh}等 {len(texts)} 项", f"{named.en} and {more} more")
