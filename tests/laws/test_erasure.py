"""A lawful erasure leaves nothing behind, and rebuilding equals living after it (laws 1 and 2)."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from tests.cast import COMPANY, OPERATOR, SOCIETY
from tests.intake import Intake, table
from tests.laws.events import HISTORIES, Sent, live, worlds
from tests.laws.test_reprocess import CLOSED, HISTORY, SWAPPED, applied, declared
from tests.state import all_rows, current_facts, execute, state, undone, value

from yuexin.base.errors import Refusal
from yuexin.domains.collection.erasure import Erased, erase, foresee
from yuexin.domains.collection.finishing import finish
from yuexin.domains.collection.operations import try_out
from yuexin.domains.collection.queries import receipt
from yuexin.domains.collection.reading.redacted import Scope
from yuexin.domains.collection.rebuild import rebuild
from yuexin.domains.collection.types import Offer
from yuexin.engines.deliveries.queries import breaks, redacted_under
from yuexin.engines.deliveries.store import place_of, place_of_copy
from yuexin.engines.deliveries.types import Order
from yuexin.engines.lake.operations import fold_pool
from yuexin.engines.lake.queries import breaks as pool_breaks
from yuexin.engines.lake.queries import scan

pytestmark = pytest.mark.usefixtures("database")

ORDER = Order(
    order_number="粤数删〔2026〕1号",
    basis="guangdong-credit-regulation",
    issued_by="广东省政务服务和数据管理局",
    reason="依申请删除",
)
OTHER = replace(ORDER, order_number="粤数删〔2026〕2号")
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
    finish(home=deliver.home)  # what the test before took back in the database only
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


def test_erased_cells_leave_the_rest_of_their_row(world: Intake) -> None:
    """Also a required one: it was there when it was read."""
    world("registration", [COMPANY.registration()])
    number = world("penalties_2018", [COMPANY.penalty(CF_SY=WORD, CF_FRDB=WORD)])["batch_id"]
    erased(world, number, columns=("CF_SY", "CF_FRDB"))
    assert holders(world, WORD) == []
    left = "body->>'violation_type', body ? 'facts', body ? 'legal_rep'"
    assert all_rows(f"SELECT {left} FROM record WHERE kind = 'penalty'") == [
        (COMPANY.penalty()["CF_WFXW"], False, False)
    ]
    assert value("SELECT count(*) FROM quarantined") == 0
    assert (problems(world), differences(world)) == ([], ())


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_rows_keep_their_numbers_and_misshapen_ones_go_whole(world: Intake, encoding: str) -> None:
    world("registration", [COMPANY.registration(), SOCIETY.registration()])
    rows = [
        COMPANY.change(),
        COMPANY.change(变更日期="2016-08-02"),
        SOCIETY.change(变更后=WORD),
        SOCIETY.change(变更日期="2016-08-04"),
    ]
    lines = table(world.headers("registration_changes"), rows).splitlines()
    lines[2] += f",多出一列,{WORD}"
    data = "\n".join(lines).encode(encoding)
    first = world.bytes("registration_changes", data)
    before = all_rows("SELECT row FROM record WHERE kind = 'registration_change' ORDER BY row")
    erased(world, first["batch_id"], rows=frozenset({2, 3}))
    assert holders(world, WORD) == []
    after = all_rows("SELECT row FROM record WHERE kind = 'registration_change' ORDER BY row")
    assert (before, after) == ([(1,), (3,), (4,)], [(1,), (4,)])
    counts = "rows_received, rows_new, rows_rejected, rows_erased"
    assert all_rows(f"SELECT {counts} FROM recount") == [(4, 2, 0, 2)]
    assert (problems(world), differences(world)) == ([], ())


def test_what_founded_a_subject_takes_the_subject_and_lets_its_rows_wait(world: Intake) -> None:
    one = world("registration", [SOCIETY.registration(), COMPANY.registration()])["batch_id"]
    world("penalties_2018", [COMPANY.penalty()])
    done = erased(world, one, naming=COMPANY.uscc)
    assert done.parts[0].rows == ((2, 2),)
    assert value("SELECT count(*) FROM subject") == 1
    assert all_rows("SELECT delivery, reason FROM waiting") == [(one + 1, "UNREGISTERED")]
    assert done.recounted == 2
    assert set(done.gone) == {record for (record,) in all_rows(
        "SELECT record FROM erased_page")}  # fmt: skip
    assert (problems(world), differences(world)) == ([], ())


def test_what_another_delivery_said_of_the_fact_stays(world: Intake) -> None:
    world("registration", [COMPANY.registration()])
    first = world("penalties_2018", [COMPANY.penalty()])
    world("penalties_2018", [COMPANY.penalty(), COMPANY.penalty("2")])
    done = erased(world, first["batch_id"])
    assert all_rows("SELECT DISTINCT delivery FROM record WHERE kind = 'penalty'") == [
        (first["batch_id"] + 1,)
    ]
    assert done.gone == ()
    assert (problems(world), differences(world)) == ([], ())


def test_every_delivery_of_the_same_bytes_is_reached(world: Intake) -> None:
    world("registration", [COMPANY.registration()])
    first = world("penalties_2018", [COMPANY.penalty(CF_SY=WORD), COMPANY.penalty("2")])
    world("penalties_2018", [COMPANY.penalty(CF_SY=WORD), COMPANY.penalty("2")])
    number = first["batch_id"]
    done = erased(world, number, rows=frozenset({1}))
    assert [part.delivery for part in done.parts] == [number, number + 1]
    assert holders(world, WORD) == []
    erased(world, number + 1, rows=frozenset({2}), order=OTHER)
    assert value("SELECT count(*) FROM record WHERE kind = 'penalty'") == 0
    assert (problems(world), differences(world)) == ([], ())


def test_files_that_differ_in_what_was_erased_keep_each_its_own_copy(world: Intake) -> None:
    world("registration", [COMPANY.registration(), SOCIETY.registration()])
    rows = [COMPANY.penalty("2"), SOCIETY.penalty("3")]
    sent = [world("penalties_2018", [COMPANY.penalty(CF_SY=f"{WORD}{n}"), *rows]) for n in (1, 2)]
    first, second = (one["batch_id"] for one in sent)
    erased(world, first, second, rows=frozenset({1}))
    erased(world, first, rows=frozenset({2}), order=OTHER)
    assert len(list(world.home.deliveries.rglob("*.redacted"))) == 2
    assert all_rows(
        "SELECT delivery, row FROM record WHERE kind = 'penalty' ORDER BY row"
    ) == [(second, 2), (first, 3)]  # fmt: skip
    assert (problems(world), differences(world)) == ([], ())


def test_erasing_twice_changes_nothing(world: Intake) -> None:
    number = world("registration", [COMPANY.registration(), SOCIETY.registration()])["batch_id"]
    erased(world, number, rows=frozenset({1}))
    before = state(), value("SELECT count(*) FROM erasure")
    assert erased(world, number, rows=frozenset({1}), order=OTHER).number is None
    assert (state(), value("SELECT count(*) FROM erasure")) == before


def test_what_is_shown_first_changes_nothing(world: Intake) -> None:
    world("registration", [COMPANY.registration()])
    number = world("penalties_2018", [COMPANY.penalty()])["batch_id"]
    before = state()
    found = foresee(**asked(world, [number], Scope(), ORDER))
    (part,) = found.parts
    assert (part.count, part.of, part.records, len(part.pages)) == (1, 1, 1, 1)
    assert (state(), value("SELECT count(*) FROM erasure"), problems(world)) == (before, 0, [])
    assert list((world.home.deliveries).rglob("*.redacted")) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"order": ("order_number", " ")}, "ORDER"),
        ({"order": ("issued_by", "")}, "ORDER"),
        ({"order": ("reason", "")}, "ORDER"),
        ({"order": ("basis", "no-such-law:3")}, "BASIS"),
        ({"order": ("basis", "company-registration-regulation")}, "BASIS"),
        ({"deliveries": [99]}, "DELIVERY"),
        ({"scope": Scope(rows=frozenset({3}))}, "ROW"),
        ({"scope": Scope(columns=("没有",))}, "COLUMN"),
        ({"scope": Scope(columns=("CF_XDR_SHXYM",))}, "COLUMN"),
        ({"scope": Scope(columns=("CF_WSH",))}, "COLUMN"),
    ],
)
def test_an_order_that_does_not_hold_is_refused(
    world: Intake, change: dict[str, Any], code: str
) -> None:
    number = world("penalties_2018", [COMPANY.penalty()])["batch_id"]
    said = asked(world, [number], Scope(), ORDER)
    if "order" in change:
        name, text = change["order"]
        change = {"order": replace(ORDER, **{name: text})}
    before = state()
    for act in (foresee, partial(erase, backup_days=30, actor=OPERATOR)):
        with pytest.raises(Refusal) as refused:
            act(**(said | change))
        assert refused.value.code == code
    assert state() == before


def test_what_has_no_receipt_yet_is_refused(world: Intake) -> None:
    path = world.folder / "later.csv"
    path.write_text(",".join(world.headers("registration")), "utf-8")
    kept = world.take_in("registration", path)
    with pytest.raises(Refusal, match="尚未处理"):
        erased(world, kept.number)


def test_the_erased_file_is_not_taken_again(world: Intake) -> None:
    rows = [COMPANY.registration(经营范围=WORD), SOCIETY.registration()]
    number = world("registration", rows)["batch_id"]
    erased(world, number, rows=frozenset({1}))
    with pytest.raises(Refusal) as refused:
        world("registration", rows)
    assert refused.value.code == "ERASED"
    assert ORDER.order_number in refused.value.sentence("zh")
    data = table(world.headers("registration"), rows).encode()
    offer = Offer(
        resource="registration", agency="market_regulation", channel="console", file_name="a.csv"
    )
    for digest, code in (("", "ERASED"), ("0" * 64, "DIGEST")):
        with pytest.raises(Refusal) as untried:
            try_out(
                home=world.home,
                stream=io.BytesIO(data),
                offer=replace(offer, declared_sha256=digest),
                declarations=world.declarations,
                actor=OPERATOR,
                now=world.now,
            )
        assert untried.value.code == code
    assert holders(world, WORD) == []
    assert problems(world) == []


def test_a_refused_delivery_can_be_erased_whole(world: Intake) -> None:
    refused = world.bytes("registration", f"没有的列\n{WORD}\n".encode())
    assert refused["state"] == "refused"
    erased(world, refused["batch_id"])
    assert holders(world, WORD) == []
    assert (problems(world), differences(world)) == ([], ())


def test_the_pool_forgets(world: Intake) -> None:
    world("registration", [COMPANY.registration(), SOCIETY.registration()])
    number = world("penalties_2018", [COMPANY.penalty(CF_SY=WORD)])["batch_id"]

    def pooled() -> list[str]:
        fold_pool(lake=world.home.lake, declarations=world.declarations, now=world.now, threshold=1)
        frame = scan(lake=world.home.lake, kind="penalty") if value(
            "SELECT count(*) FROM pool_file WHERE kind = 'penalty'"
        ) else None  # fmt: skip
        return [] if frame is None else frame.collect()["field_facts"].to_list()

    assert pooled() == [WORD]
    files = set(world.home.lake.rglob("*.parquet"))
    erased(world, number)
    left = set(world.home.lake.rglob("*.parquet"))
    assert {path for path in files - left if "kind=penalty" in str(path)}
    assert not any("kind=penalty" in str(path) for path in left)
    assert list(pool_breaks(lake=world.home.lake)) == []
    assert pooled() == []


def test_a_receipt_stays_as_issued_and_tells_what_came_later(world: Intake) -> None:
    first = world("registration", [COMPANY.registration(), SOCIETY.registration()])
    erased(world, first["batch_id"], rows=frozenset({2}))
    again = receipt(number=first["batch_id"], home=world.home)
    assert again is not None
    assert {**again, "later": []} == first
    (later,) = again["later"]
    assert (later["act"], later["said"], later["rows"]) == (
        "erasure",
        ORDER.order_number,
        ((2, 2),),
    )


def test_the_page_of_an_erased_record_is_gone_and_says_why(world: Intake, client: Client) -> None:
    world("registration", [COMPANY.registration()])
    number = world("penalties_2018", [COMPANY.penalty(CF_SY=WORD)])["batch_id"]
    (address,) = foresee(**asked(world, [number], Scope(), ORDER)).parts[0].pages
    assert client.get(address).status_code == 200
    erased(world, number)
    answer = client.get(address)
    text = answer.content.decode()
    assert answer.status_code == 410
    assert ORDER.order_number in text
    assert WORD not in text
    assert COMPANY.penalty()["CF_WSH"] not in text
    never = address.rsplit("/", 1)[0] + "/00000000-0000-0000-0000-000000000000"
    assert client.get(never).status_code == 404


def test_a_record_that_was_never_public_leaves_no_trace(world: Intake, client: Client) -> None:
    world("registration", [COMPANY.registration()])
    number = world("penalties_2018", [COMPANY.penalty(CF_ZT="撤销")])["batch_id"]
    ((record,),) = all_rows("SELECT id FROM record WHERE kind = 'penalty'")
    erased(world, number)
    assert client.get(f"/s/{COMPANY.uscc}/records/{record}").status_code == 404


def test_an_erasure_reaches_what_was_read_again_and_the_other_way_round(world: Intake) -> None:
    live(world, HISTORY)
    number = world("penalties_2018", [COMPANY.penalty("9"), SOCIETY.penalty("8")])["batch_id"]
    applied(world, declared(*SWAPPED))
    of_number = "SELECT count(*) FROM record WHERE delivery = %s"
    assert value(of_number, number) == 4
    tomorrow = replace(world, now=world.now + dt.timedelta(days=1))
    erased(tomorrow, number, rows=frozenset({1}))
    assert value(of_number, number) == 2
    assert differences(tomorrow) == ()
    applied(world, declared(*CLOSED, *SWAPPED))
    assert differences(tomorrow) == ()
    erased(tomorrow, number, rows=frozenset({2}), order=OTHER)
    assert value(of_number, number) == 0
    assert (problems(tomorrow), differences(tomorrow)) == ([], ())


TAMPERING = {
    "erasure": ("order_number", "reason", "basis", "issued_by", "done_by"),
    "redaction": ("before_sha256", "after_sha256"),
}


@pytest.mark.parametrize(
    ("table", "column"), [(table, one) for table, names in TAMPERING.items() for one in names]
)
def test_a_changed_erasure_breaks_its_chain(world: Intake, table: str, column: str) -> None:
    number = world("registration", [COMPANY.registration(), SOCIETY.registration()])["batch_id"]
    erased(world, number, rows=frozenset({1}))
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        execute(f"UPDATE {table} SET {column} = 'x'")
    execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
    execute(f"UPDATE {table} SET {column} = 'x'")
    assert problems(world)


def test_a_changed_or_missing_copy_and_a_file_that_came_back_are_seen(world: Intake) -> None:
    first = world("registration", [COMPANY.registration(), SOCIETY.registration()])
    store = world.home.deliveries
    original = place_of(store=store, sha256=first["sha256"])
    whole = original.read_bytes()
    erased(world, first["batch_id"], rows=frozenset({1}))
    (copy,) = store.rglob("*.redacted")
    text = copy.read_bytes()
    copy.chmod(0o600)
    copy.write_bytes(text.replace(b"1", b"2"))
    assert problems(world) == ["the redacted copy was changed"]
    copy.rename(copy.with_suffix(".away"))
    assert problems(world) == ["the redacted copy is missing"]
    copy.with_suffix(".away").rename(copy)
    copy.write_bytes(text)
    original.write_bytes(whole)
    assert problems(world) == [f"the erased file {original.name} is still there"]
    assert finish(home=world.home) == 1
    assert problems(world) == []


def test_a_copy_whose_erasure_never_committed_is_dropped(world: Intake) -> None:
    first = world("registration", [COMPANY.registration()])
    stray = place_of_copy(store=world.home.deliveries, sha256=first["sha256"])
    stray.write_bytes(b"{}\n")
    assert finish(home=world.home) == 1
    assert not stray.exists()


@worlds(6)
@given(history=HISTORIES, data=st.data())
def test_erased_is_as_if_it_had_never_been_said(
    deliver: Intake, history: list[Sent], data: st.DataObject
) -> None:
    """And rebuilding equals living, also after what is delivered later."""
    place = data.draw(st.integers(0, len(history) - 1))
    rows = history[place].rows
    row = data.draw(st.integers(1, max(len(rows), 1)))
    with undone():
        receipts = live(deliver, history)
        if rows:
            erased(deliver, int(str(receipts[place]["batch_id"])), rows=frozenset({row}))
        assert differences(deliver) == ()
        assert problems(deliver) == []
        found = current_facts()
        deliver("registration", [SOCIETY.registration(), COMPANY.registration(登记状态="4")])
        assert differences(deliver) == ()
    without = [
        replace(sent, rows=[*sent.rows[: row - 1], *sent.rows[row:]])
        if (sent.resource, list(sent.rows)) == (history[place].resource, list(rows))
        else sent
        for sent in history
    ]
    with undone():
        live(deliver, without)
        assert current_facts() == found
