"""What of the declarations no official has confirmed, found by one walk over all of them.

Whatever carries `confirmed` is found, wherever it stands: nothing has to be named here to be told.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

WORDS: Final = {
    "Acting": "acting",
    "CheckPeriod": "check",
    "CodeList": "codes",
    "Exit": "way off",
    "FollowUp": "follow-up",
    "MeasureItem": "measure item",
    "RandomShare": "share",
    "Regime": "list",
}
"""What operators call a thing, where not as its class is called."""

ALONE: Final = frozenset({"Handling"})
"""Of what there is one only, which therefore has no id: it tells what its parts belong to."""

TOGETHER: Final = {"Measure": ("measures", "sheet")}
"""What is counted by one of its fields, where that says something, instead of told one by one."""


def unconfirmed_in(declared: Any) -> Iterator[str]:
    """A line for each thing that carries `confirmed: false`, with what it is a part of; those that
    are counted come where the first of them stands."""
    found = list(_walk(declared, ()))
    counted = Counter(line for line, together in found if together)
    told = dict.fromkeys(found)
    for line, together in told:
        yield f"{line}: {counted[line]}" if together else line


def grouped(lines: Iterable[str]) -> Mapping[str, Sequence[str]]:
    """The same by their first word, what they are, to be read: `law` has these, `process` those."""
    found: dict[str, list[str]] = {}
    for line in lines:
        word, _, rest = line.partition(" ")
        found.setdefault(word, []).append(rest or word)
    return found


def _walk(thing: Any, within: tuple[str, ...]) -> Iterator[tuple[str, bool]]:
    if isinstance(thing, Mapping):
        thing = tuple(thing.values())
    if isinstance(thing, tuple | list):
        for one in thing:
            yield from _walk(one, within)
    elif dataclasses.is_dataclass(thing):
        here = (*within, *_called(thing))
        if getattr(thing, "confirmed", True) is False:
            yield _line(thing, here)
        for field in dataclasses.fields(thing):
            yield from _walk(getattr(thing, field.name), here)


def _line(thing: Any, here: tuple[str, ...]) -> tuple[str, bool]:
    word, field = TOGETHER.get(type(thing).__name__, ("", ""))
    if word:
        return f"{word} {getattr(thing, field) or thing.id}", True
    return " ".join(here), False


def _called(thing: Any) -> tuple[str, ...]:
    """The word for a thing and its id; a version is told by its first day alone. What has neither
    is no thing of its own."""
    name = type(thing).__name__
    word = WORDS.get(name, _plain(name))
    if own := getattr(thing, "id", ""):
        return (f"{word} {own}",)
    if name.endswith("Version"):
        return (f"from {thing.valid_from}",)
    if name in ALONE or getattr(thing, "confirmed", True) is False:
        told = getattr(thing, "kind", "") or getattr(thing, "valid_from", "")
        return (f"{word} {told}".strip(),)
    return ()


def _plain(name: str) -> str:
    """The words of a class: a `CaseClock` is a clock, since a case has clocks."""
    parts = "".join(f" {char.lower()}" if char.isupper() else char for char in name).split()
    return " ".join(parts[1:] if len(parts) > 1 and parts[0] == "case" else parts)
