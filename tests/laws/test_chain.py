"""Nothing received is lost or altered unseen: the chain breaks on any changed byte (law 1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from tests.cast import AUDITOR, CLERK, COMPANY, OPERATOR, SOCIETY
from tests.intake import Intake
from tests.laws.events import worlds
from tests.state import all_rows, execute, undone, value

from yuexin.base.errors import Refusal
from yuexin.domains.collection.operations import settle_pending
from yuexin.engines.access.operations import note, seal
from yuexin.engines.access.queries import breaks as journal_breaks
from yuexin.engines.deliveries.queries import breaks, folded
from yuexin.engines.deliveries.store import place_of

pytestmark = pytest.mark.usefixtures("database")

TRUTH = ("delivery", "receipt", "adoption", "journal_entry", "journal_seal")
DELIVERY = (
    "resource", "agency", "channel", "file_name", "format", "size_bytes", "sha256", "declared_rows",
    "declared_sha256", "linked_to_id", "sent_at", "submitted_by", "received_at", "declarations_id",
    "previous", "chain",
)  # fmt: skip
RECEIPT = (
    "rows_new = rows_new + 1, rows_ok = rows_ok + 1, rows_received = rows_received + 1",
    "state = 'refused'",
    "refusal = '{}'",
    "findings = '[{}]'",
    "loaded_at = loaded_at + interval '1 microsecond'",
    "signature = ''",
    "signature = repeat('0', 128)",
)
ENTRY = ("stream", "at", "actor", "action", "thing", "detail")
SEAL = ("stream", "entries", "digest", "previous", "chain")
OTHER = {
    "bigint": "coalesce({0}, 0) + 1",
    "timestamp with time zone": "coalesce({0}, now()) + interval '1 microsecond'",
    "jsonb": "{0} || '{{\"x\": 1}}'",
}


@pytest.fixture
def three(deliver: Intake) -> Iterator[Intake]:
    """Three deliveries and a sealed journal; what a test does to them is taken back."""
    if not value("SELECT count(*) FROM delivery"):
        deliver("registration", [COMPANY.registration(), SOCIETY.registration()])
        deliver("penalties_2018", [COMPANY.penalty()], agency="environment", declared_rows=1)
        deliver("registration", [COMPANY.registration(登记状态="2")], linked_to=1)
        for actor in (CLERK, AUDITOR):
            note(stream="look", actor=actor, action="seen", thing=COMPANY.uscc, now=deliver.now)
        seal(now=deliver.now)
    with undone():
        yield deliver


@contextmanager
def tampered(statement: str) -> Iterator[None]:
    """The database after somebody with all rights to it changed something; restored at the end."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in TRUTH:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        cursor.execute(statement)
        assert cursor.rowcount
        yield
        transaction.set_rollback(True)


def changed(table: str, column: str, where: str) -> str:
    """A statement that gives a column of one row another value of its type."""
    kind = value(
        "SELECT data_type FROM information_schema.columns "
        "WHERE table_name = %s AND column_name = %s",
        table,
        column,
    )
    expression = OTHER.get(kind, "translate({0}, '0123456789abcdef', '123456789abcdef0') || 'x'")
    if kind == "character varying":
        expression = "left(translate({0} || '0', '0123456789abcdef', '123456789abcdef0'), 64)"
    return f"UPDATE {table} SET {column} = {expression.format(column)} WHERE {where}"


def test_an_untouched_chain_holds(three: Intake) -> None:
    assert list(breaks(home=three.home)) == []
    assert list(journal_breaks()) == []


@pytest.mark.parametrize("number", [2, 3])
@pytest.mark.parametrize("column", DELIVERY)
def test_a_changed_delivery_breaks_the_chain(three: Intake, column: str, number: int) -> None:
    with tampered(changed("delivery", column, f"number = {number}")):
        assert number in {one.number for one in breaks(home=three.home)}


@pytest.mark.parametrize("number", [1, 2])
def test_a_removed_delivery_breaks_the_chain(three: Intake, number: int) -> None:
    with tampered(f"DELETE FROM delivery WHERE number = {number}"):
        assert list(breaks(home=three.home))


def test_deliveries_that_changed_places_break_the_chain(three: Intake) -> None:
    swap = "UPDATE delivery SET number = CASE number WHEN 1 THEN 12 ELSE 11 END WHERE number < 3"
    with tampered(swap):
        assert list(breaks(home=three.home))


@pytest.mark.parametrize("change", RECEIPT)
def test_a_changed_receipt_is_not_as_it_was_signed(three: Intake, change: str) -> None:
    with tampered(f"UPDATE receipt SET {change} WHERE delivery = 2"):
        assert [one.number for one in breaks(home=three.home)] == [2]


@pytest.mark.parametrize("column", ENTRY)
def test_a_changed_entry_breaks_its_seal(three: Intake, column: str) -> None:
    assert three
    first = "id = (SELECT min(id) FROM journal_entry)"
    with tampered(changed("journal_entry", column, first)):
        assert list(journal_breaks())


@pytest.mark.parametrize("column", SEAL)
def test_a_changed_seal_breaks_the_journal(three: Intake, column: str) -> None:
    note(stream="change", actor=CLERK, action="x", thing="y", now=three.now)
    seal(now=three.now)
    with tampered(changed("journal_seal", column, "stream = 'change' AND number = 1")):
        assert list(journal_breaks())


def test_a_removed_entry_breaks_its_seal(three: Intake) -> None:
    assert three
    with tampered("DELETE FROM journal_entry WHERE id = (SELECT max(id) FROM journal_entry)"):
        assert list(journal_breaks())


def test_a_removed_seal_breaks_the_journal(three: Intake) -> None:
    note(stream="change", actor=CLERK, action="x", thing="y", now=three.now)
    seal(now=three.now)
    with tampered("DELETE FROM journal_seal WHERE stream = 'change' AND number = 1"):
        assert list(journal_breaks())


def test_changed_declarations_of_the_past_are_seen(three: Intake) -> None:
    """What a delivery was read under decides what it says: its archive is part of the truth."""
    with tampered(
        "UPDATE adoption SET archive = set_byte(archive, 200, get_byte(archive, 200) # 1)"
    ):
        assert list(breaks(home=three.home))


@worlds(30)
@given(place=st.integers(0), bit=st.integers(0, 7), number=st.integers(1, 3))
def test_any_changed_bit_of_a_stored_file_is_seen(
    three: Intake, place: int, bit: int, number: int
) -> None:
    path = stored(three, number)
    whole = path.read_bytes()
    spoiled = bytearray(whole)
    spoiled[place % len(whole)] ^= 1 << bit
    with replaced(path, bytes(spoiled)):
        (found,) = breaks(home=three.home)
        assert (found.number, found.problem) == (number, "the stored file was changed")
    assert list(breaks(home=three.home)) == []


@pytest.mark.parametrize(
    "spoil", [lambda data: data[:-1], lambda data: data + b"\n", lambda _: b""]
)
def test_a_shorter_or_longer_file_is_seen(three: Intake, spoil: object) -> None:
    assert callable(spoil)
    path = stored(three, 2)
    with replaced(path, spoil(path.read_bytes())):
        assert [one.number for one in breaks(home=three.home)] == [2]


def test_a_missing_file_is_seen(three: Intake) -> None:
    path = stored(three, 2)
    path.rename(path.with_suffix(".away"))
    try:
        assert [one.problem for one in breaks(home=three.home)] == ["the stored file is missing"]
    finally:
        path.with_suffix(".away").rename(path)


def test_a_spoiled_file_of_the_same_length_is_not_kept_for_the_same_bytes(three: Intake) -> None:
    """Delivered once more, the file is whole again: the copy that is there is not trusted."""
    path = stored(three, 2)
    whole = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(bytes(reversed(whole)))
    three.bytes("penalties_2018", whole, agency="environment")
    kept = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(whole)
    path.chmod(0o400)
    assert kept == whole


HOLDS = {
    "detail": "journal_entry", "sha256": "delivery", "rows_new": "receipt", "archive": "adoption",
    "chain": "journal_seal",
}  # fmt: skip


@pytest.mark.parametrize("table", TRUTH)
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_database_itself_refuses_to_forget(three: Intake, table: str, statement: str) -> None:
    refuses(three, statement.format(table))


@pytest.mark.parametrize("column", HOLDS)
def test_the_database_itself_refuses_to_rewrite(three: Intake, column: str) -> None:
    refuses(three, f"UPDATE {HOLDS[column]} SET {column} = {column}")


def refuses(three: Intake, statement: str) -> None:
    assert three
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(DatabaseError, match=r"never changed|append-only"), transaction.atomic():
        execute(statement)


def test_an_acknowledged_delivery_can_be_folded_by_whoever_comes_next(three: Intake) -> None:
    path = three.folder / "later.csv"
    path.write_bytes(stored(three, 1).read_bytes())
    kept = three.take_in("registration", path)
    assert kept.number not in {one.number for one in folded(store=three.home.deliveries)}
    later = three.now + dt.timedelta(days=3)
    assert three.settle(now=later) == (kept.number,)
    known = all_rows(
        "SELECT received_at, loaded_at FROM receipt JOIN delivery ON number = delivery"
    )
    assert (three.now, later) in known


def test_a_receipt_says_when_its_delivery_was_folded(three: Intake) -> None:
    """Not when the round began that came to it."""
    numbers = []
    for part in ("a", "b"):
        path = three.folder / f"{part}.csv"
        path.write_bytes(stored(three, 1).read_bytes())
        numbers.append(three.take_in("registration", path).number)
    seen: list[tuple[int, dt.datetime]] = []

    def clock() -> dt.datetime:
        number = numbers[len(seen)]
        found = value("SELECT count(*) FROM delivery_measure WHERE delivery = %s", number)
        seen.append((found, three.now + dt.timedelta(seconds=1 + len(seen))))
        return seen[-1][1]

    settle_pending(home=three.home, actor=OPERATOR, clock=clock)
    told = all_rows(
        "SELECT loaded_at FROM receipt WHERE delivery = ANY(%s) ORDER BY delivery", numbers
    )
    assert told == [(moment,) for _, moment in seen]
    assert all(found for found, _ in seen), "it was folded before the clock was asked"


def test_a_stored_file_that_was_changed_is_not_folded(three: Intake) -> None:
    """What was acknowledged is what is read, or nothing is."""
    path = three.folder / "later.csv"
    path.write_bytes(stored(three, 1).read_bytes() + b"\n")
    kept = three.take_in("registration", path)
    with replaced(kept.path, stored(three, 3).read_bytes()), suppress(Refusal):
        three.settle()
    assert kept.number not in {one.number for one in folded(store=three.home.deliveries)}


def stored(deliver: Intake, number: int) -> Path:
    sha256 = value("SELECT sha256 FROM delivery WHERE number = %s", number)
    return place_of(store=deliver.home.deliveries, sha256=sha256)


@contextmanager
def replaced(path: Path, data: bytes) -> Iterator[None]:
    """The stored file with other contents, for a while."""
    whole = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(data)
    try:
        yield
    finally:
        path.write_bytes(whole)
        path.chmod(0o400)
