"""The functions of identity and of search are the same in SQL and in Python."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.state import all_rows, value

from yuexin.base.digest import BUCKETS, anchor_id, bucket_of, record_id
from yuexin.base.text import bigrams, normalise_name
from yuexin.engines.lake import operations as lake

pytestmark = pytest.mark.usefixtures("database")

# PostgreSQL keeps no NUL, UTF-8 no surrogates; intake refuses both.
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)
NAMES = st.one_of(TEXT, st.text("广州深圳示例有限公司(（ ab１", max_size=20))
LINE = TEXT.map(lambda text: text.replace("\n", " "))
few = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


def in_sql(expression: str, *columns: list[Any]) -> list[Any]:
    """What an expression over `a`, `b`, … gives for each place of these columns."""
    arrays = ", ".join("%s::text[]" for _ in columns)
    names = ", ".join("abcd"[: len(columns)])
    found = all_rows(
        f"SELECT {expression} FROM unnest({arrays}) WITH ORDINALITY AS g({names}, place) "
        "ORDER BY place",
        *([str(item) for item in column] for column in columns),
    )
    return [answer for (answer,) in found]


@few
@given(st.lists(st.tuples(LINE, TEXT), max_size=20))
@example([("uscc", "91440606684400012K"), ("reg_no", ""), ("", "\n"), ("uscc", "\U0010ffff")])
def test_anchors(pairs: list[tuple[str, str]]) -> None:
    schemes, codes = [scheme for scheme, _ in pairs], [code for _, code in pairs]
    expected = [anchor_id(scheme, code) for scheme, code in pairs]
    assert in_sql("anchor_id(a, b)", schemes, codes) == expected


@few
@given(st.lists(st.tuples(st.uuids(), LINE, TEXT, st.integers(1, 2**31 - 1)), max_size=20))
def test_records(given_: list[tuple[UUID, str, str, int]]) -> None:
    expected = [record_id(*one) for one in given_]
    columns = [list(column) for column in zip(*given_, strict=True)] or [[], [], [], []]
    assert in_sql("record_id(a::uuid, b, c, d::integer)", *columns) == expected


@few
@given(st.lists(NAMES, max_size=20))
@example(["", "a", "示", "示例", "aA", "ﬁn", "e\u0301a", "𠮷𠮷𠮷", "((", "(（"])
def test_bigrams(names: list[str]) -> None:
    keys = [key for name in names if (key := normalise_name(name))]
    found = all_rows(
        "SELECT pairs FROM unnest(%s::text[]) WITH ORDINALITY AS g(key, place) "
        "CROSS JOIN LATERAL bigrams(key) AS pairs ORDER BY place",
        keys,
    )
    assert [tuple(pairs) for (pairs,) in found] == [bigrams(key) for key in keys]


@few
@given(st.lists(st.uuids(), max_size=20))
def test_buckets(anchors: list[UUID]) -> None:
    found = in_sql("get_byte(uuid_send(a::uuid), 0) >> 2", anchors)
    assert found == [bucket_of(anchor) for anchor in anchors]
    assert lake.BUCKETS == BUCKETS


def test_text_is_compared_by_code_point() -> None:
    """What is sorted in SQL is sorted alike in Python: neither by a dictionary nor by a region."""
    names = ["b", "B", "a", "示", "甲", "(", "1", "𠮷", "é", "z"]
    found = in_sql("array_agg(a) OVER (ORDER BY a ROWS UNBOUNDED PRECEDING)", names)
    assert max(found, key=len) == sorted(names)
    assert value("SELECT upper('é') = 'É'"), "letters beyond ASCII are known as letters"
