"""What must hold after every accident, asked of the programs and of the database itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.faults.files import Sent
from tests.faults.programs import Platform

DELIVERIES = """
SELECT d.number, d.chain, coalesce(r.state, '') FROM delivery d
LEFT JOIN receipt r ON r.delivery = d.number WHERE d.sha256 = %s ORDER BY d.number
"""
RECEIPTS = """
SELECT count(*), sum(rows_new), sum(rows_changed), min(rows_received), max(rows_received),
    min(rows_rejected), max(rows_rejected)
FROM delivery d JOIN receipt r ON r.delivery = d.number WHERE d.sha256 = %s
"""
# Two facts that stand at once under one key, rows that stand in two places, numbers given twice.
DOUBLED = """
SELECT (SELECT count(*) FROM (SELECT FROM record WHERE superseded_at IS NULL
            GROUP BY subject, kind, source_key HAVING count(*) > 1) doubled)
     + (SELECT count(*) FROM (SELECT FROM record GROUP BY delivery, row
            HAVING count(*) > 1) doubled)
     + (SELECT count(*) FROM record JOIN waiting USING (delivery, row))
     + (SELECT count(*) FROM record JOIN quarantined USING (delivery, row))
     + (SELECT count(*) - count(DISTINCT record) FROM public_row)
     + (SELECT count(*) - count(DISTINCT code) FROM subject)
"""
STANDING = "SELECT count(*) FROM record WHERE delivery = ANY(%s)"


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """A delivery of a file, as the database knows it."""

    number: int
    chain: str
    state: str


def deliveries_of(platform: Platform, sent: Sent) -> list[Delivered]:
    rows = platform.rows(DELIVERIES, sent.sha256)
    return [Delivered(number=number, chain=chain, state=state) for number, chain, state in rows]


def standing(found: list[Delivered]) -> str:
    """In words, how far the first intake of a file had come."""
    if not found:
        return "not acknowledged"
    return "folded" if found[0].state else "acknowledged, not folded"


def put_in_order(platform: Platform, sent: Sent) -> None:
    """What an operator does: start what died, fold what waits, deliver what is not known."""
    if platform.server is None:
        platform.start_server()
    platform.console("work", "--once")
    if not deliveries_of(platform, sent):
        platform.console(*sent.words)
    assert [one.state for one in deliveries_of(platform, sent)] == ["folded"]


def deliver_again(platform: Platform, sent: Sent) -> dict[str, Any]:
    """Deliver what was delivered before: nothing new, nothing changed."""
    receipt: dict[str, Any] = platform.console(*sent.words).json()
    assert (receipt["rows_new"], receipt["rows_changed"]) == (0, 0), receipt
    assert receipt["rows_received"] == sent.new + sent.rejected, receipt
    return receipt


def assert_counted_once(platform: Platform, sent: Sent) -> None:
    """Every delivery of the file has its receipt, and each row is new in exactly one of them."""
    found = deliveries_of(platform, sent)
    assert [one for one in found if one.state != "folded"] == []
    rows = sent.new + sent.rejected
    receipts = platform.rows(RECEIPTS, sent.sha256)
    assert receipts == [(len(found), sent.new, 0, rows, rows, sent.rejected, sent.rejected)]
    assert platform.rows(STANDING, [one.number for one in found]) == [(sent.new,)]
    assert platform.rows(DOUBLED) == [(0,)]


def assert_sound(platform: Platform) -> None:
    """What is stored verifies, and making it again makes the same."""
    verified = platform.console("verify", "--json").json()
    assert verified["problems"] == []
    assert platform.console("rebuild", "--check", "--json").json()["differences"] == []
    assert platform.rows("SELECT max(number), count(*) FROM delivery") == [
        (verified["deliveries"], verified["deliveries"])
    ]
