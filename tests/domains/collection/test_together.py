"""Several processes take in and fold at once: nothing is lost, doubled, or seen half."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from tests.cast import entity
from tests.intake import Intake, table
from tests.state import all_rows, current_facts, value

from yuexin.domains.collection.rebuild import rebuild
from yuexin.engines.access.operations import seal
from yuexin.engines.access.queries import breaks as journal_breaks
from yuexin.engines.deliveries.queries import breaks

pytestmark = pytest.mark.usefixtures("own_database")

SENDERS = 4


def files(deliver: Intake) -> list[Path]:
    """A delivery for each sender; every one repeats an entity of the one before."""
    headers = deliver.headers("registration")
    found = []
    for sender in range(SENDERS):
        rows = [entity(n).registration() for n in range(sender * 3, sender * 3 + 4)]
        path = deliver.folder / f"{sender}.csv"
        path.write_text(table(headers, rows), encoding="utf-8")
        found.append(path)
    return found


def at_once(work: Callable[[Path], Any], paths: list[Path]) -> list[Any]:
    """Do the same with every file, all starting together, each on a connection of its own."""
    start = threading.Barrier(len(paths))

    def one(path: Path) -> Any:
        try:
            start.wait()
            return work(path)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(paths)) as pool:
        return list(pool.map(one, paths))


def test_deliveries_that_arrive_together_are_chained_and_folded_once(deliver: Intake) -> None:
    def send(path: Path) -> int:
        number = deliver.take_in("registration", path).number
        deliver.settle()
        return number

    numbers = at_once(send, files(deliver))
    assert sorted(numbers) == list(range(1, SENDERS + 1))
    assert all_rows("SELECT delivery FROM receipt ORDER BY 1") == [(n,) for n in sorted(numbers)]
    assert value("SELECT sum(rows_new) FROM receipt") == SENDERS * 3 + 1
    assert value("SELECT sum(rows_unchanged) FROM receipt") == SENDERS - 1
    assert list(breaks(home=deliver.home)) == []
    seal(now=deliver.now)
    assert list(journal_breaks()) == []
    again = rebuild(
        home=deliver.home, declarations=deliver.declarations, check=True, now=deliver.now
    )
    assert again.differences == ()


def test_one_pending_delivery_is_folded_by_one_of_many(deliver: Intake) -> None:
    paths = files(deliver)
    deliver.take_in("registration", paths[0])
    folded = at_once(lambda _: deliver.settle(), paths)
    assert sorted(folded) == [*[()] * (SENDERS - 1), (1,)]
    assert value("SELECT count(*) FROM journal_entry WHERE action = 'delivery.folded'") == 1


def test_a_reader_sees_a_delivery_whole_or_not_at_all(deliver: Intake) -> None:
    paths = files(deliver)
    deliver.path("registration", paths[0])
    before, seen = current_facts(), []
    done = threading.Event()

    def read() -> None:
        try:
            while not done.is_set():
                seen.append(value("SELECT count(*) FROM record"))
                seen.append(value("SELECT count(*) FROM public_row"))
        finally:
            connections.close_all()

    reader = threading.Thread(target=read)
    reader.start()
    try:
        deliver.path("registration", paths[1])
    finally:
        done.set()
        reader.join()
    assert len(before["record"]) == 4
    assert set(seen) <= {4, 7}
