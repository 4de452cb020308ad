"""What is taken in, what is refused at the gate, and what is refused by its receipt."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.cast import COMPANY, SOCIETY, entity
from tests.domains.collection.workbooks import packed, parts, sheet_xml, workbook
from tests.intake import Intake, table
from tests.state import all_rows, state, value

from yuexin.base.errors import Refusal
from yuexin.domains.collection.rebuild import DERIVED
from yuexin.engines.deliveries.queries import breaks

pytestmark = pytest.mark.usefixtures("undone")

Bytes = Callable[[Intake], bytes]


def register(deliver: Intake) -> bytes:
    return table(deliver.headers("registration"), [COMPANY.registration()]).encode()


def stored(deliver: Intake) -> set[str]:
    """The names of everything below the store."""
    return {path.name for path in deliver.home.deliveries.rglob("*") if path.is_file()}


def journal(action: str) -> list[Any]:
    found = all_rows("SELECT detail FROM journal_entry WHERE action = %s", action)
    return [json.loads(detail) for (detail,) in found]


AT_THE_GATE: dict[str, tuple[str, bytes, dict[str, Any]]] = {
    "RESOURCE": ("tax_returns", b"x", {"agency": "market_regulation"}),
    "PROVIDER": ("registration", b"x", {"agency": "environment"}),
    "EMPTY": ("registration", b"", {}),
    "FORMAT": ("registration", b"%PDF-1.7", {}),
    "SENT_AT": ("registration", b"x", {"sent_at": dt.datetime(2999, 1, 1, tzinfo=dt.UTC)}),
    "DIGEST": ("registration", b"x", {"declared_sha256": "0" * 64}),
}


@pytest.mark.parametrize("code", AT_THE_GATE)
def test_what_the_gate_refuses_is_not_kept(deliver: Intake, code: str) -> None:
    resource, data, said = AT_THE_GATE[code]
    before = stored(deliver)
    with pytest.raises(Refusal) as caught:
        deliver.bytes(resource, data, **said)
    assert caught.value.code == code
    assert caught.value.remedy is not None
    assert value("SELECT count(*) FROM delivery") == 0
    assert stored(deliver) == before


BY_RECEIPT: dict[str, tuple[Bytes, str]] = {
    "UTF-16": (lambda d: register(d).decode().encode("utf-16"), "ENCODING"),
    "NUL": (lambda d: register(d) + b"\0", "ENCODING"),
    "another column": (
        lambda d: register(d).replace("名称".encode(), "名字".encode(), 1), "COLUMNS",
    ),
    "no column at all": (lambda d: b"\n\n\n", "COLUMNS"),
    "a truncated archive": (lambda d: gzip.compress(register(d))[:-9], "ARCHIVE"),
    "a bomb": (lambda d: gzip.compress(b"," * (70 << 20)), "ARCHIVE"),
    "a truncated workbook": (
        lambda d: workbook(d.headers("registration"), [COMPANY.registration()])[:-30], "WORKBOOK",
    ),
    "macros": (lambda d: packed(parts(sheet_xml(), **{"xl/vbaProject.bin": b"x"})), "WORKBOOK"),
    "a zip of two texts": (
        lambda d: packed({"a.csv": register(d), "b.csv": register(d)}), "ARCHIVE"
    ),
    "half an array": (lambda d: b'[{"a": 1}, {"a"', "JSON"),
    "half a document": (lambda d: b"<rows><row><a>1</a>", "XML"),
}  # fmt: skip


@pytest.mark.parametrize("what", BY_RECEIPT)
def test_what_cannot_be_read_is_kept_and_refused_by_its_receipt(deliver: Intake, what: str) -> None:
    build, code = BY_RECEIPT[what]
    data, before = build(deliver), state()
    receipt = deliver.bytes("registration", data)
    assert receipt["state"] == "refused"
    assert receipt["refusal"]["code"] == code
    assert "处理：" in receipt["refusal"]["zh"]
    assert "What to do:" in receipt["refusal"]["en"]
    assert {receipt[f"rows_{part}"] for part in ("received", "ok", "waiting", "rejected")} == {0}
    assert state() == before
    assert hashlib.sha256(data).hexdigest() in stored(deliver)
    assert list(breaks(home=deliver.home)) == []
    assert [detail["code"] for detail in journal("delivery.refused")] == [code]


def test_a_header_without_a_field_limit_does_not_stop_the_queue(deliver: Intake) -> None:
    """One file that nobody can read must not keep every later one from being folded."""
    deliver.take_in("registration", written(deliver, "poison.csv", b"x" * 200_000))
    assert deliver("registration", [COMPANY.registration()])["rows_new"] == 1


def test_a_refused_delivery_does_not_hold_up_the_next(deliver: Intake) -> None:
    deliver.take_in("registration", written(deliver, "bad.csv", b"\xff\xff"))
    deliver.take_in("registration", written(deliver, "good.csv", register(deliver)))
    assert len(deliver.settle()) == 2
    assert all_rows("SELECT state FROM receipt ORDER BY delivery") == [("refused",), ("folded",)]


@pytest.mark.parametrize("declared", [0, 1, 3, 10**12])
def test_a_count_that_disagrees_refuses_the_whole_file(deliver: Intake, declared: int) -> None:
    rows = [COMPANY.registration(), SOCIETY.registration()]
    before = state()
    receipt = deliver("registration", rows, declared_rows=declared)
    assert (receipt["state"], receipt["refusal"]["code"]) == ("refused", "ROW_COUNT")
    assert receipt["rows_declared"] == declared
    assert state() == before


def test_a_count_and_a_digest_that_agree_are_on_the_receipt(deliver: Intake) -> None:
    digest = hashlib.sha256(register(deliver)).hexdigest()
    receipt = deliver.bytes(
        "registration", register(deliver), declared_rows=1, declared_sha256=digest.upper()
    )
    assert (receipt["state"], receipt["sha256"]) == ("folded", digest)
    assert receipt["rows_declared"] == receipt["rows_received"] == receipt["rows_new"] == 1


def test_a_header_alone_is_a_delivery_of_nothing(deliver: Intake) -> None:
    receipt = deliver("registration", [])
    assert receipt["state"] == "folded"
    assert receipt["rows_received"] == 0
    assert receipt["findings"] == []


def test_the_same_file_twice_changes_nothing(deliver: Intake) -> None:
    rows = [entity(n).registration() for n in range(20)]
    rows += [rows[0], entity(1).registration(统一社会信用代码="91440606684400012A")]
    first = deliver("registration", rows)
    assert (first["rows_new"], first["rows_unchanged"], first["rows_waiting"]) == (20, 1, 1)
    # How good a delivery was is said of each for itself.
    facts = [table for table in DERIVED if not table.startswith("delivery_")]
    before, kept = state(*facts), stored(deliver)
    second = deliver("registration", rows)
    assert (second["rows_new"], second["rows_changed"]) == (0, 0)
    assert (second["rows_unchanged"], second["rows_waiting"]) == (21, 1)
    assert state(*facts) == before
    assert stored(deliver) == kept
    assert second["batch_id"] == first["batch_id"] + 1
    assert second["ack_no"] != first["ack_no"]


def test_what_is_settled_is_not_settled_again(deliver: Intake) -> None:
    deliver("registration", [COMPANY.registration()])
    before = state()
    assert deliver.settle() == ()
    assert state() == before


NAMES = [b"\xb5\xc7\xbc\xc7.csv", b"a\nb.csv", b"-rf.csv", "登".encode() * 80 + b".csv", b"%s.csv"]


@pytest.mark.parametrize("name", NAMES, ids=["GBK bytes", "a line end", "an option", "long", "%s"])
def test_a_file_of_any_name_is_taken_or_refused_in_words(deliver: Intake, name: bytes) -> None:
    """A name in GBK bytes is what an archive from an older system unpacks to."""
    path = Path(os.fsdecode(os.path.join(os.fsencode(deliver.folder), name)))
    path.write_bytes(register(deliver))
    kept = stored(deliver)
    refused: Refusal | None = None
    try:
        assert deliver.path("registration", path)["rows_new"] == 1
    except Refusal as refusal:
        refused = refusal
    assert refused is None or (refused.remedy and stored(deliver) == kept)


def test_a_link_to_no_delivery_is_refused_in_words(deliver: Intake) -> None:
    with pytest.raises(Refusal):
        deliver("registration", [COMPANY.registration()], linked_to=99)


def test_a_corrected_file_is_linked_to_the_first(deliver: Intake) -> None:
    first = deliver("registration", [COMPANY.registration(登记状态="休眠")])
    assert (first["rows_rejected"], first["rows_new"]) == (1, 0)
    second = deliver("registration", [COMPANY.registration()], linked_to=first["batch_id"])
    assert second["linked_to"] == first["batch_id"]
    assert second["rows_new"] == 1


def written(deliver: Intake, name: str, data: bytes) -> Path:
    path = deliver.folder / name
    path.write_bytes(data)
    return path
