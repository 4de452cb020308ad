"""What is counted over everything, remembered until something was delivered, folded, undone or
judged again."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final, TypeVar, cast

from yuexin.engines.statements.queries import fetched

T = TypeVar("T")
Key = tuple[Hashable, ...]

# Of one name. What visitors vary, such as a day, displaces nothing else that was counted.
MOST: Final = 64
# Deliveries are folded in the order of their numbers, so the last receipt stands for all.
STATE: Final = """
SELECT concat_ws(' ',
    (SELECT delivery FROM receipt ORDER BY delivery DESC LIMIT 1),
    (SELECT chain FROM delivery ORDER BY number DESC LIMIT 1),
    (SELECT chain FROM erasure ORDER BY number DESC LIMIT 1),
    (SELECT chain FROM reading ORDER BY number DESC LIMIT 1),
    (SELECT times FROM judging))
"""
"""How deliveries and verdicts stand: one text, of one row."""


@dataclass(eq=False)
class _Count:
    """One count, and the state of the deliveries and verdicts for which it holds."""

    counting: Lock = field(default_factory=Lock)
    state: str | None = None
    value: Any = None


_counts: dict[Hashable, dict[Key, _Count]] = {}
_finding: Final = Lock()


def remembered(*, key: Key, count: Callable[[], T], state: str | None = None) -> T:
    """What `count` gives, or gave while deliveries and verdicts stood as they stand now.

    `key` begins with the name of what is counted, and holds everything it depends on besides
    them. Whoever asks for it while it is counted waits for that count. A caller who has just read
    `STATE` together with something else gives it.
    """
    if state is None:
        ((state,),) = fetched(STATE, {})
    found = _count_of(key)
    with found.counting:
        if found.state != state:
            found.value = count()
            found.state = state
        return cast(T, found.value)


def _count_of(key: Key) -> _Count:
    with _finding:
        counts = _counts.setdefault(key[0], {})
        if key not in counts and len(counts) >= MOST:
            del counts[next(iter(counts))]
        # What was asked for last is forgotten last.
        found = counts.pop(key, None) or _Count()
        counts[key] = found
        return found
