"""Requests stand in line, and nobody waits for long for one that takes long."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier, Event

import pytest

from yuexin.base.turns import Line, Turns, waiting

NEVER = 60.0
AT_ONCE = 0.01
ROUNDS = 200


@pytest.fixture(autouse=True)
def _threads_switch_all_the_time() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def most_inside(inside: list[int]) -> int:
    """How many were inside at most, while this one came and went."""
    inside.append(1)
    most = max(len(inside) for _ in range(50))
    inside.pop()
    return most


def test_while_nobody_takes_long_there_is_one_at_a_time() -> None:
    turns = Turns(patience=NEVER)
    assert eight_at_once(turns) == [1] * 8


def eight_at_once(turns: Turns) -> list[int]:
    """How many, of eight that take one turn after another, each of them saw inside at most."""
    inside: list[int] = []
    begun = Barrier(8)

    def one_turn() -> int:
        with turns.turn():
            return most_inside(inside)

    def work() -> int:
        begun.wait(NEVER)
        return max(one_turn() for _ in range(ROUNDS))

    with ThreadPoolExecutor(max_workers=8) as threads:
        return [one.result() for one in [threads.submit(work) for _ in range(8)]]


def test_a_turn_is_given_in_the_order_of_asking() -> None:
    line, given = Line(), list[int]()
    assert line.acquire(timeout=NEVER)

    def ask(number: int) -> None:
        assert line.acquire(timeout=NEVER)
        given.append(number)
        line.release()

    with ThreadPoolExecutor(max_workers=6) as threads:
        asked = []
        for number in range(6):
            asked.append(threads.submit(ask, number))
            while len(line._asking) <= number:
                assert not asked[-1].done()
        line.release()
        assert [one.result(NEVER) for one in asked] == [None] * 6
    assert given == [0, 1, 2, 3, 4, 5]


def test_who_gives_up_asking_gets_nothing() -> None:
    line = Line()
    assert line.acquire(timeout=0)
    assert not line.acquire(timeout=0)
    line.release()
    assert line.acquire(timeout=0)


def test_who_only_waits_is_in_nobodys_way() -> None:
    turns, asked, answered = Turns(patience=NEVER), Event(), Event()

    def one_who_waits() -> None:
        with turns.turn(), waiting():
            asked.set()
            assert answered.wait(NEVER)

    with ThreadPoolExecutor(max_workers=1) as threads:
        found = threads.submit(one_who_waits)
        assert asked.wait(NEVER)
        with turns.turn():
            answered.set()
            assert not found.done(), "it stands in line again"
        found.result()


def test_who_waits_while_he_waits_gives_up_one_turn_only() -> None:
    turns = Turns(patience=NEVER)
    with turns.turn():
        with waiting():
            with turns.turn(), waiting():
                pass
            with waiting():
                pass
        assert not turns._turn.acquire(timeout=0), "it is his turn again"
    assert turns._turn.acquire(timeout=0)


@contextmanager
def one_who_takes_long(turns: Turns) -> Iterator[Future[None]]:
    """During the body somebody holds his turn."""
    held, over = Event(), Event()

    def hold() -> None:
        with turns.turn():
            held.set()
            assert over.wait(NEVER)

    with ThreadPoolExecutor(max_workers=1) as threads:
        long = threads.submit(hold)
        assert held.wait(NEVER)
        try:
            yield long
        finally:
            over.set()
        long.result()


def test_whoever_takes_long_is_passed() -> None:
    turns = Turns(patience=AT_ONCE)
    with one_who_takes_long(turns) as long:
        for _ in range(3):
            with turns.turn():
                assert not long.done()


def test_those_behind_one_who_takes_long_stand_in_one_line() -> None:
    turns = Turns(patience=0.5)
    with one_who_takes_long(turns):
        assert eight_at_once(turns) == [1] * 8


def test_who_breaks_off_gives_his_turn_back() -> None:
    turns = Turns(patience=NEVER)
    for _ in range(2):
        with pytest.raises(LookupError), turns.turn():
            raise LookupError


def test_a_request_is_answered_in_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    from yuexin import wsgi

    turns, free = Turns(patience=NEVER), []

    def broken(environ: object, start: object) -> None:
        del environ, start
        with ThreadPoolExecutor(max_workers=1) as other:
            free.append(other.submit(turns._turn.acquire, timeout=0).result())
        raise LookupError

    monkeypatch.setattr(wsgi, "_turns", turns)
    monkeypatch.setattr(wsgi, "_django", broken)
    for _ in range(2):
        with pytest.raises(LookupError):
            wsgi.application({}, None)
    assert free == [False, False]
