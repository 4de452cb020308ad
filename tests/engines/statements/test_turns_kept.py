"""Whoever may hold what others wait for keeps his turn; who stands alone gives it up meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction

from yuexin.engines.statements import queries
from yuexin.engines.statements.queries import fetched


@pytest.mark.usefixtures("database")
def test_a_turn_is_given_up_alone_and_outside_of_a_transaction_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waits: list[str] = []

    @contextmanager
    def waiting() -> Iterator[None]:
        waits.append("given up")
        yield

    monkeypatch.setattr(queries, "waiting", waiting)
    with transaction.atomic():
        assert fetched("SELECT %(number)s::int", {"number": 7}, alone=True) == [(7,)]
    assert fetched("SELECT %(number)s::int", {"number": 7}) == [(7,)]
    assert waits == []
    assert fetched("SELECT %(number)s::int", {"number": 8}, alone=True) == [(8,)]
    assert waits == ["given up"]
