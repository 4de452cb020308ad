"""One request computes at a time in each process, as long as none takes long.

Python runs one thread at a time. Threads that compute side by side only take turns in the middle
of their work, and each comes to its end as late as the last: whoever asks the database often waits
for all the others after each answer. So requests stand in line instead. A streamed answer leaves
the line with its first byte.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, local
from typing import Final

# Longer than what stands in line takes, where it is pages; shorter than a visitor notices.
PATIENCE_SECONDS: Final = 0.25

_here: Final = local()


class Line:
    """A lock that is given to those who asked for it in the order in which they asked."""

    def __init__(self) -> None:
        self._own = Lock()
        self._held = False
        self._asking: deque[Lock] = deque()

    def acquire(self, *, timeout: float) -> bool:
        """Whether the lock was given within so many seconds."""
        with self._own:
            if not self._held:
                self._held = True
                return True
            place = Lock()
            place.acquire()
            self._asking.append(place)
        if place.acquire(timeout=timeout):
            return True
        with self._own:
            if place not in self._asking:
                return True
            self._asking.remove(place)
            return False

    def release(self) -> None:
        """Give the lock to whoever asked first."""
        with self._own:
            if self._asking:
                self._asking.popleft().release()
            else:
                self._held = False


class Turns:
    """A line of requests, in which nobody waits for the same one for more than `patience` seconds.

    Who has waited that long passes whoever holds the turn: he goes on, beside the others, and those
    that come later no longer wait for him. So an upload on a slow line, or a page that counts
    everything, holds up each of the others once at most.
    """

    def __init__(self, patience: float = PATIENCE_SECONDS) -> None:
        self._patience = patience
        self._turn = Line()
        self._passing = Lock()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """During the body it is the caller's turn, or was until somebody passed him."""
        _here.turns, _here.mine = self, self._taken()
        try:
            yield
        finally:
            _here.mine.release()
            _here.turns = None

    @contextmanager
    def aside(self) -> Iterator[None]:
        """During the body the caller, whose turn it is, only waits; then he stands in line."""
        _here.mine.release()
        _here.turns = None
        try:
            yield
        finally:
            _here.turns, _here.mine = self, self._taken()

    def _taken(self) -> Line:
        mine = self._turn
        while not mine.acquire(timeout=self._patience):
            mine = self._passed_on(mine)
        return mine

    def _passed_on(self, overdue: Line) -> Line:
        """The turn that is to be waited for instead of one waited for too long."""
        with self._passing:
            if self._turn is overdue:
                self._turn = Line()
            return self._turn


@contextmanager
def waiting() -> Iterator[None]:
    """During the body this thread only waits for something else, and is in nobody's way."""
    turns: Turns | None = getattr(_here, "turns", None)
    if turns is None:
        yield
        return
    with turns.aside():
        yield
