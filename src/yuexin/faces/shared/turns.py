"""One request at a time in each process, as long as none takes long.

Python runs one thread at a time. Threads that compute side by side only take turns in the middle
of their work, and each comes to its end as late as the last: whoever asks the database often waits
for all the others after each answer. So requests stand in line instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

# Longer than what stands in line takes, where it is pages; shorter than a visitor notices.
PATIENCE_SECONDS: Final = 0.25


class Turns:
    """A line of requests. Whoever holds his turn for too long goes on, but no longer holds it.

    So an upload on a slow line, or a page that counts everything, keeps nobody waiting for longer
    than `patience` seconds, and after that keeps nobody waiting at all.
    """

    def __init__(self, patience: float = PATIENCE_SECONDS) -> None:
        self._patience = patience
        self._turn = Lock()
        self._passing = Lock()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """During the body it is the caller's turn, or was until he took too long."""
        mine = self._turn
        while not mine.acquire(timeout=self._patience):
            mine = self._passed_on(mine)
        try:
            yield
        finally:
            mine.release()

    def _passed_on(self, overdue: Lock) -> Lock:
        """The turn that is to be waited for instead of one held for too long."""
        with self._passing:
            if self._turn is overdue:
                self._turn = Lock()
            return self._turn
