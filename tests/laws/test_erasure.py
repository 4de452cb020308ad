"""A lawful erasure leaves nothing behind, and rebuilding equals living after it (laws 1 and 2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st
from tests.cast import COMPANY, OPERATOR, SOCIETY
from tests.intake import Intake
from tests.laws.events import HISTORIES, Sent, live, worlds
from tests.state import all_rows, execute, state, undone, value

from yuexin.base.errors import Refusal
from yuexin.domains.collection.erasure import Erased, erase, finish, foresee
from yuexin.domains.collection.reading.redacted import Scope
from yuexin.domains.collection.rebuild import rebuild
from yuexin.engines.deliveries.queries import breaks, redacted_under
from yuexin.engines.deliveries.store import place_of, place_of_copy
from yuexin.engines.deliveries.types import Order

pytestmark = pytest.mark.usefixtures("database")

ORDER = Order(
    order_number="粤数删〔2026〕1号",
    basis="guangdong-credit-regulation",
    issued_by="广东省政务服务和数据管理局",
    reason="依申请删除",
)
WORD = "无人见过之字"


def asked(deliver: Intake, deliveries: Sequence[int], scope: Scope, order: Order) -> dict[str, Any]:
    return {
        "home": deliver.home,
        "order": order,
        "deliveries": deliveries,
        "scope": scope,
        "declarations": deliver.declarations,
        "now": deliver.now,
    }


def erased(deliver: Intake, *deliveries: int, order: Order = ORDER, **scope: Any) -> Erased:
    said = asked(deliver, deliveries, Scope(**scope), order)
    return erase(**said, backup_days=30, actor=OPERATOR)


def differences(deliver: Intake) -> tuple[Any, ...]:
    return rebuild(
        home=deliver.home, declarations=deliver.declarations, check=True, now=deliver.now
    ).differences


def problems(deliver: Intake) -> list[str]:
    return [one.problem for one in breaks(home=deliver.home)]


def holders(deliver: Intake, word: str) -> list[str]:
    """Every table and file in which the word still stands."""
    named = all_rows(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' "
        "AND table_type = 'BASE TABLE'"
    )
    tables = [
        table for (table,) in named
        if table != "adoption"
        and value(f"SELECT count(*) FROM {table} t WHERE to_jsonb(t)::text LIKE %s", f"%{word}%")
    ]  # fmt: skip
    files = [path for path in deliver.home.path.rglob("*") if path.is_file()]
    return tables + [path.name for path in files if word.encode() in path.read_bytes()]


@pytest.fixture
def world(deliver: Intake) -> Iterator[Intake]:
    with undone():
        yield deliver


def test_of_an_erased_row_nothing_is_left(world: Intake) -> None:
    world("registration", [COMPANY.registration(), SOCIETY.registration()])
    second = world("penalties_2018", [SOCIETY.penalty(), COMPANY.penalty(CF_SY=WORD)])
    number = second["batch_id"]
    original = place_of(store=world.home.deliveries, sha256=second["sha256"])
    assert {"record", "public_row", second["sha256"]} <= set(holders(world, WORD))
    done = erased(world, number, rows=frozenset({2}))
    assert (done.number, done.parts[0].count, done.parts[0].of) == (1, 1, 2)
    assert holders(world, WORD) == []
    assert not original.exists()
    assert value("SELECT count(*) FROM record WHERE kind = 'penalty'") == 1
    assert problems(world) == []
    assert differences(world) == ()
    assert list(redacted_under()) == [(number, ORDER.order_number, ORDER.basis)]
