"""Where things stand in the pictures of a file. The templates draw them as SVG.

Across, everything is in per cent of the picture's width, so that a phone shows the same picture
with the same letters; down, in pixels.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from yuexin.base.text import Text
from yuexin.domains.credit.pictures import Group, Lane, Span, Tie, lanes_of, ties_of
from yuexin.domains.credit.types import CreditFile
from yuexin.engines.declare.queries import current

HEADING: Final = 24
BAR: Final = 9
GAP: Final = 5
MOST_ROWS: Final = 6
AXIS: Final = 26
MOST_TICKS: Final = 5
STEPS: Final = (1, 2, 5, 10, 20, 50, 100)
# At the ends of the picture something keeps half its size free.
LEFT: Final = 2.0
RIGHT: Final = 97.0
LEAST: Final = 1.2
AHEAD: Final = dt.timedelta(days=730)

LINE: Final = 46
TITLE: Final = 30
MOST_TIES: Final = 12
WHOLE_SHARE: Final = 38.0
LONGEST_NAME: Final = 40
GROUPS: Final[dict[Group, Text]] = {
    "holder": Text("股东及出资人", "Shareholders and investors"),
    "person": Text("主要人员", "Key persons"),
    "branch": Text("分支机构", "Branches"),
}


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A span drawn: from `x`, so wide, at the height `y`. `open_end` where it has not ended or ends
    beyond the picture."""

    span: Span
    x: float
    width: float
    y: int
    open_end: bool


@dataclass(frozen=True, kw_only=True)
class DrawnLane:
    lane: Lane
    y: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """The picture of a file's time. `ticks` are years and where they stand; `today` is a place."""

    lanes: tuple[DrawnLane, ...]
    ticks: tuple[tuple[int, float], ...]
    today: float
    height: int

    @property
    def floor(self) -> int:
        return self.height - AXIS


@dataclass(frozen=True, kw_only=True)
class DrawnTie:
    """A tie at a height; `width` is that of its share, in per cent of the picture."""

    tie: Tie
    name: str
    y: int
    width: float


@dataclass(frozen=True, kw_only=True)
class DrawnGroup:
    """The ties of a kind, and how many more there are than are drawn."""

    group: Group
    label: Text
    y: int
    ties: tuple[DrawnTie, ...]
    more: int
    more_y: int


@dataclass(frozen=True, kw_only=True)
class Ties:
    """The picture of a subject's ties: what is above it, itself at `y`, what is below."""

    name: str
    y: int
    above: tuple[DrawnGroup, ...]
    below: tuple[DrawnGroup, ...]
    height: int
    all: tuple[tuple[Text, Tie], ...]


def timeline_of(file: CreditFile) -> Timeline | None:
    """The picture of a file's time; none where there is nothing dated to see."""
    kinds = current().kinds.values()
    lanes = lanes_of(file, states=[kind.id for kind in kinds if kind.temporal == "state"])
    if not lanes:
        return None
    scale = _Scale(lanes, file.on)
    drawn, y = [], 0
    for lane in lanes:
        bars, rows = _packed(lane, scale, y + HEADING)
        drawn.append(DrawnLane(lane=lane, y=y + HEADING - 7, bars=bars))
        y += HEADING + rows * (BAR + GAP)
    return Timeline(
        lanes=tuple(drawn),
        ticks=tuple(scale.ticks()),
        today=scale.place(file.on),
        height=y + GAP + AXIS,
    )


class _Scale:
    """Days as places: from the first that is known to today, or a little ahead."""

    def __init__(self, lanes: Sequence[Lane], on: dt.date) -> None:
        spans = [span for lane in lanes for span in lane.spans]
        self.first = min(on, min(span.start for span in spans))
        ends = [min(span.until, on + AHEAD) for span in spans if span.until]
        self.last = max([on, *ends, *(min(span.start, on + AHEAD) for span in spans)])

    def place(self, day: dt.date) -> float:
        whole = max((self.last - self.first).days, 1)
        share = (min(max(day, self.first), self.last) - self.first).days / whole
        return round(LEFT + share * (RIGHT - LEFT), 2)

    def ticks(self) -> Iterator[tuple[int, float]]:
        years = self.last.year - self.first.year
        step = next((step for step in STEPS if years / step <= MOST_TICKS), STEPS[-1])
        for year in range(self.first.year + 1, self.last.year + 1):
            if year % step == 0:
                yield year, self.place(dt.date(year, 1, 1))


def _packed(lane: Lane, scale: _Scale, top: int) -> tuple[tuple[Bar, ...], int]:
    """The bars of a lane in as few rows as they need beside one another; what does not find room in
    the last row lies over it."""
    ends: list[float] = []
    bars = []
    for span in lane.spans:
        bar = _bar(span, scale)
        free = (row for row, end in enumerate(ends) if end <= bar.x)
        row = next(free, min(len(ends), MOST_ROWS - 1))
        ends[row : row + 1] = [bar.x + bar.width + LEAST]
        bars.append(_lowered(bar, top + row * (BAR + GAP)))
    return tuple(bars), len(ends)


def _bar(span: Span, scale: _Scale) -> Bar:
    x = scale.place(span.start)
    beyond = span.until is None or span.until > scale.last
    end = x if span.point else scale.place(scale.last if span.until is None else span.until)
    width = round(max(end - x, LEAST), 2)
    return Bar(span=span, x=x, width=width, y=0, open_end=beyond and not span.point)


def _lowered(bar: Bar, y: int) -> Bar:
    return Bar(span=bar.span, x=bar.x, width=bar.width, y=y, open_end=bar.open_end)


def ties_picture(file: CreditFile) -> Ties | None:
    """The picture of a subject's ties; none where it has none that the reader may see."""
    ties = ties_of(file)
    if not ties:
        return None
    above, y = _groups(ties, ("holder", "person"), 0)
    below, height = _groups(ties, ("branch",), y + LINE)
    return Ties(
        name=_short(file.head.name),
        y=y,
        above=above,
        below=below,
        height=height,
        all=tuple((GROUPS[tie.group], tie) for tie in ties),
    )


def _groups(
    ties: Sequence[Tie], groups: Sequence[Group], y: int
) -> tuple[tuple[DrawnGroup, ...], int]:
    """These groups drawn from a height on, those that nobody belongs to left out, and their end."""
    drawn = []
    for group in groups:
        found = [tie for tie in ties if tie.group == group]
        if found:
            drawn.append(_group(group, found, y))
            y += TITLE + LINE * min(len(found), MOST_TIES)
            y += TITLE if len(found) > MOST_TIES else 0
    return tuple(drawn), y


def _group(group: Group, ties: Sequence[Tie], y: int) -> DrawnGroup:
    first = y + TITLE
    return DrawnGroup(
        group=group,
        label=GROUPS[group],
        y=y,
        ties=tuple(
            DrawnTie(tie=tie, name=_short(tie.name), y=first + LINE * place, width=_wide(tie))
            for place, tie in enumerate(ties[:MOST_TIES])
        ),
        more=max(0, len(ties) - MOST_TIES),
        more_y=first + LINE * MOST_TIES + 14,
    )


def _wide(tie: Tie) -> float:
    return round(float(tie.share or 0) * WHOLE_SHARE / 100, 2)


def _short(name: str) -> str:
    """A name as far as a phone has room for it, a Chinese character counted for two."""
    taken = 0
    for place, character in enumerate(name):
        taken += 1 if character.isascii() else 2
        if taken > LONGEST_NAME:
            return f"{name[: place - 1]}…"
    return name
