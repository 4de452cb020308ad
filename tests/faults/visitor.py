"""Somebody who reads the front page all the time, whatever happens to those who serve it."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import httpx
from tests.faults.programs import Platform, Shown, counted, until
from tests.stories.site import PATIENCE_SECONDS

PAUSE_SECONDS = 0.05


class Visitor:
    """What was read: each pair of numbers when it first differed from the one before."""

    def __init__(self, client: httpx.Client, reader: ThreadPoolExecutor) -> None:
        self.seen: list[Shown] = []
        self.failures: Counter[str] = Counter()
        self._answered = 0
        self._client = client
        self._leaving = threading.Event()
        self._reading: Future[None] = reader.submit(self._read_on)

    def waits_for(self, shown: Shown) -> None:
        """Until the page says this, without anybody doing anything about it."""
        self._until(lambda: self.seen[-1:] == [shown], f"a page that says {shown}")

    def is_answered(self, *, seconds: float = PATIENCE_SECONDS) -> None:
        """Until a visit that begins from now on is answered with a page."""
        enough = self._answered + 2
        self._until(lambda: self._answered >= enough, "a page", seconds=seconds)

    def leave(self) -> None:
        """Stop reading; fails when a page was half broken."""
        self._leaving.set()
        self._reading.result(PATIENCE_SECONDS)

    def _until(
        self, condition: Callable[[], bool], what: str, *, seconds: float = PATIENCE_SECONDS
    ) -> None:
        until(lambda: self._reading.done() or condition(), what, seconds=seconds)
        if self._reading.done():
            self._reading.result()

    def _read_on(self) -> None:
        while not self._leaving.wait(PAUSE_SECONDS):
            self._read()

    def _read(self) -> None:
        try:
            answer = self._client.get("/")
        except httpx.TransportError as error:
            self.failures[type(error).__name__] += 1
            return
        if answer.status_code >= 500:
            self.failures[str(answer.status_code)] += 1
            return
        assert answer.status_code == 200, answer.status_code
        shown = counted(answer.text)
        self._answered += 1
        if self.seen[-1:] != [shown]:
            self.seen.append(shown)


@contextmanager
def visiting(platform: Platform) -> Iterator[Visitor]:
    """A visitor during the body, who has read the page before it begins."""
    with platform.visitor() as client, ThreadPoolExecutor(max_workers=1) as reader:
        visitor = Visitor(client, reader)
        try:
            visitor.is_answered()
            yield visitor
        finally:
            visitor.leave()
