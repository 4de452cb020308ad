"""Digests and ids. The literal values here are stored in real receipts: they never change."""

import datetime as dt
import hashlib
import uuid
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuexin.base.digest import (
    GENESIS,
    anchor_id,
    bucket_of,
    canonical_json,
    chain,
    file_sha256,
    record_id,
    sha256_hex,
)

HEX = st.binary(max_size=8).map(sha256_hex)
KEYS = st.text(st.characters(codec="utf-8"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | KEYS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=5,
)


def test_a_file_digests_like_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "delivery.csv"
    path.write_bytes(data := b"uscc\n" * 500_000)
    assert file_sha256(path) == sha256_hex(data)


def test_canonical_json_is_sorted_dense_utf8() -> None:
    value = {"乙": [1, True, None], "a": ("x", {"c": "粤", "b": 0.5})}
    assert canonical_json(value).decode() == '{"a":["x",{"b":0.5,"c":"粤"}],"乙":[1,true,null]}'


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1.50"), '"1.5"'),
        (Decimal("1E+3"), '"1000"'),
        (Decimal("-0.00"), '"0"'),
        (dt.date(2016, 6, 24), '"2016-06-24"'),
        (dt.datetime(2016, 6, 24, tzinfo=dt.UTC), '"2016-06-24T00:00:00+00:00"'),
        (uuid.UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
    ],
)
def test_canonical_json_writes_values_as_text(value: object, text: str) -> None:
    assert canonical_json(value).decode() == text


def test_one_moment_has_one_text() -> None:
    shanghai = dt.timezone(dt.timedelta(hours=8))
    moment = dt.datetime(2016, 6, 24, 8, tzinfo=shanghai)
    assert canonical_json(moment) == canonical_json(moment.astimezone(dt.UTC))


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), Decimal("NaN"), dt.datetime(2016, 6, 24)],  # noqa: DTZ001
)
def test_what_has_no_value_has_no_canonical_json(value: object) -> None:
    with pytest.raises(ValueError, match=r"JSON"):
        canonical_json({"x": value})


@pytest.mark.parametrize("value", [{1: "a"}, {1, 2}, b"a"])
def test_what_has_no_order_or_text_key_is_a_mistake(value: object) -> None:
    with pytest.raises(TypeError):
        canonical_json(value)


@given(st.dictionaries(KEYS, JSON, max_size=5))
def test_the_order_of_keys_does_not_matter(value: dict[str, object]) -> None:
    assert canonical_json(dict(reversed(value.items()))) == canonical_json(value)


@given(HEX, st.lists(HEX), st.lists(HEX))
def test_a_chain_tells_lists_of_parts_apart(previous: str, a: list[str], b: list[str]) -> None:
    assert (chain(previous, *a) == chain(previous, *b)) is (a == b)


def test_a_chain_is_made_of_digests_only() -> None:
    assert len(chain(GENESIS)) == 64
    with pytest.raises(ValueError, match="digest"):
        chain(GENESIS, "ABC")


def test_an_anchor_is_the_digest_of_scheme_and_code() -> None:
    anchor = anchor_id("uscc", "914403001922038216")
    expected = hashlib.sha256(b"uscc\n914403001922038216").digest()[:16]
    assert anchor.bytes == expected
    assert str(anchor) == "75e6b56c-d8cf-f068-f06d-9b55649cda24"


def test_a_record_is_the_digest_of_anchor_kind_key_and_version() -> None:
    anchor = anchor_id("uscc", "914403001922038216")
    expected = hashlib.sha256(f"{anchor}\npenalty\n粤罚〔2016〕1号\n2".encode()).digest()[:16]
    assert record_id(anchor, "penalty", "粤罚〔2016〕1号", 2).bytes == expected


def test_a_chain_link_digests_each_part_with_its_length() -> None:
    part = sha256_hex(b"delivery")
    assert chain(GENESIS, part) == sha256_hex(f"64:{GENESIS}\n64:{part}\n".encode())


def test_a_scheme_of_two_lines_could_pretend_to_be_another() -> None:
    with pytest.raises(ValueError, match="one line"):
        anchor_id("uscc\nx", "y")
    with pytest.raises(ValueError, match="one line"):
        record_id(uuid.UUID(int=0), "a\nb", "c", 1)


@given(st.uuids())
def test_a_bucket_is_the_first_six_bits(anchor: uuid.UUID) -> None:
    assert bucket_of(anchor) == anchor.int >> 122
    assert 0 <= bucket_of(anchor) <= 63
