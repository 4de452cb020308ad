"""Requests stand in line, and nobody waits for long for one that takes long."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

from yuexin.faces.shared.turns import Turns

NEVER = 60.0
AT_ONCE = 0.01


def test_while_nobody_takes_long_there_is_one_at_a_time() -> None:
    turns = Turns(patience=NEVER)
    inside: list[int] = []
    most: list[int] = []
    begun = Barrier(8)

    def work() -> None:
        begun.wait()
        for n in range(200):
            with turns.turn():
                inside.append(n)
                most.append(len(inside))
                inside.pop()

    with ThreadPoolExecutor(max_workers=8) as threads:
        for done in [threads.submit(work) for _ in range(8)]:
            done.result()
    assert (len(most), set(most)) == (1600, {1})


def test_whoever_takes_long_is_passed() -> None:
    turns, held, over = Turns(patience=AT_ONCE), Event(), Event()

    def long_one() -> None:
        with turns.turn():
            held.set()
            assert over.wait(NEVER)

    with ThreadPoolExecutor(max_workers=2) as threads:
        long = threads.submit(long_one)
        assert held.wait(NEVER)
        for _ in range(3):
            with turns.turn():
                assert not long.done()
        over.set()
        long.result()


def test_those_behind_one_who_takes_long_stand_in_one_line() -> None:
    turns, held, over = Turns(patience=0.5), Event(), Event()
    inside: list[int] = []
    most: list[int] = []

    def long_one() -> None:
        with turns.turn():
            held.set()
            assert over.wait(NEVER)

    def short_one() -> None:
        with turns.turn():
            inside.append(1)
            most.append(len(inside))
            inside.pop()

    with ThreadPoolExecutor(max_workers=9) as threads:
        long = threads.submit(long_one)
        assert held.wait(NEVER)
        for done in [threads.submit(short_one) for _ in range(8)]:
            done.result()
        over.set()
        long.result()
    assert most == [1] * 8


def test_who_breaks_off_gives_his_turn_back() -> None:
    turns = Turns(patience=NEVER)
    for _ in range(2):
        try:
            with turns.turn():
                raise LookupError
        except LookupError:
            continue
