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
# While one computes, the database works for the other. More would wait for each other after every
# answer of it, and all come to their end later.
BEGUN_AT_ONCE: Final = 2

_here: Final = local()


class Line:
    """Places that are given to those who asked for one in the order in which they asked."""

    def __init__(self, places: int = 1) -> None:
        self._own = Lock()
        self._free = places
        self._asking: deque[Lock] = deque()

    def acquire(self, *, timeout: float) -> bool:
        """Whether a place was given within so many seconds."""
        with self._own:
            if self._free:
                self._free -= 1
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
        """Give the place to whoever asked first."""
        with self._own:
            if self._asking:
                self._asking.popleft().release()
            else:
                self._free += 1


class Queue:
    """A line that is left behind where somebody stood in it for more than `patience` seconds.

    He passes those who hold its places: he stands in a new line, as do all who come later.
    """

    def __init__(self, *, places: int, patience: float) -> None:
        self._places = places
        self._patience = patience
        self._line = Line(places)
        self._passing = Lock()

    def taken(self) -> Line:
        """The line in which the caller has a place now, which he is to give back."""
        mine = self._line
        while not mine.acquire(timeout=self._patience):
            mine = self._passed_on(mine)
        return mine

    def _passed_on(self, overdue: Line) -> Line:
        """The line that is to be stood in instead of one that was stood in for too long."""
        with self._passing:
            if self._line is overdue:
                self._line = Line(self._places)
            return self._line


class Turns:
    """Turns of requests, of which few are begun at once: nobody waits for the same ones for more
    than `patience` seconds.

    Who has waited that long passes whoever holds the turn: he goes on, beside the others, and those
    that come later no longer wait for him. So an upload on a slow line, or a page that counts
    everything, holds up each of the others once at most.
    """

    def __init__(self, patience: float = PATIENCE_SECONDS) -> None:
        self._entrance = Queue(places=BEGUN_AT_ONCE, patience=patience)
        self._turn = Queue(places=1, patience=patience)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """During the body it is the caller's turn, or was until somebody passed him."""
        entrance = self._entrance.taken()
        try:
            _here.turns, _here.mine = self, self._turn.taken()
            try:
                yield
            finally:
                _here.mine.release()
                _here.turns = None
        finally:
            entrance.release()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """During the body the caller, whose turn it is, only waits; then he stands in line."""
        _here.mine.release()
        _here.turns = None
        try:
            yield
        finally:
            _here.turns, _here.mine = self, self._turn.taken()


@contextmanager
def waiting() -> Iterator[None]:
    """During the body this thread only waits for something else, and is in nobody's way."""
    turns: Turns | None = getattr(_here, "turns", None)
    if turns is None:
        yield
        return
    with turns.aside():
        yield
