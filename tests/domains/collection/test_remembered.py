"""Counts over everything: once for each state of the deliveries, and once for all who ask."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Event

import pytest
from django.db import connection
from tests.cast import COMPANY
from tests.intake import Intake
from tests.state import undone

from yuexin.engines.deliveries.remembered import MOST, remembered

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def numbers() -> Iterator[int]:
    return count(1)


def test_what_was_counted_stands_until_something_is_delivered(
    deliver: Intake, numbers: Iterator[int]
) -> None:
    def asked() -> int:
        return remembered(key=("until delivered",), count=lambda: next(numbers))

    with undone():
        assert (asked(), asked()) == (1, 1)
        deliver("registration", [COMPANY.registration()])
        assert (asked(), asked()) == (2, 2)
    assert asked() == 3


def test_what_failed_is_counted_again(numbers: Iterator[int]) -> None:
    def fails() -> int:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        remembered(key=("fails",), count=fails)
    assert remembered(key=("fails",), count=lambda: next(numbers)) == 1


def test_what_was_asked_for_last_is_forgotten_last(numbers: Iterator[int]) -> None:
    def asked(name: object) -> int:
        return remembered(key=("last", name), count=lambda: next(numbers))

    first, second = asked("first"), asked("second")
    for other in range(MOST - 2):
        asked(other)
    assert asked("first") == first
    asked("one more")
    assert asked("first") == first
    assert asked("second") > second


def test_many_who_ask_at_once_are_answered_by_one_count(numbers: Iterator[int]) -> None:
    begun, go_on = Event(), Event()

    def slow() -> int:
        begun.set()
        assert go_on.wait(timeout=60)
        return next(numbers)

    def asked(_: int) -> int:
        try:
            return remembered(key=("at once",), count=slow)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = [pool.submit(asked, one) for one in range(4)]
        assert begun.wait(timeout=60)
        go_on.set()
        assert [answer.result() for answer in answers] == [1, 1, 1, 1]
