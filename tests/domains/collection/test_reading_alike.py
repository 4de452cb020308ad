"""The same rows give the same columns, whatever format and packing they come in."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.domains.collection.forms import FORMS, PACKED
from tests.domains.collection.reads import Reads

from yuexin.domains.collection.gate import sniff_format

TEXT = st.text(
    st.sampled_from("家具业a1., ;\"'{}[]<>&=:\\/\n\t\r \u3000𠮷-+eE%^~|`"), min_size=1, max_size=12
).filter(lambda text: text.strip() == text)


@pytest.mark.parametrize("packing", PACKED)
@pytest.mark.parametrize("form", FORMS)
def test_every_format_is_told_by_its_first_bytes(reads: Reads, form: str, packing: str) -> None:
    path = reads.folder / "of_no_name"
    path.write_bytes(PACKED[packing](FORMS[form](reads.headers, [reads.row] * 3)))
    assert sniff_format(path) == form.split()[0]


@pytest.mark.parametrize("packing", PACKED)
@pytest.mark.parametrize("form", FORMS)
def test_every_format_gives_the_same_columns(reads: Reads, form: str, packing: str) -> None:
    rows = [reads.row, reads.row | {"经营范围": "甲"}, {"企业名称": "乙"}]
    found = reads(PACKED[packing](FORMS[form](reads.headers, rows)))
    expected = reads(FORMS["csv"](reads.headers, rows))
    assert found.misshapen.is_empty()
    assert found.frame.equals(expected.frame)


@pytest.mark.parametrize("form", FORMS)
def test_many_rows_are_numbered_through_all_batches(reads: Reads, form: str) -> None:
    headers = ["统一社会信用代码", "企业名称", "注册日期"]
    rows = [dict.fromkeys(headers, f"x{n}") for n in range(60_001)]
    found = reads(FORMS[form](headers, rows))
    assert found.numbers == list(range(1, 60_002))
    assert found.frame["企业名称"].to_list() == [f"x{n}" for n in range(60_001)]


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    rows=st.lists(
        st.fixed_dictionaries(
            {"企业名称": TEXT, "统一社会信用代码": TEXT, "注册日期": TEXT},
            optional={"经营范围": TEXT, "注册地址": TEXT},
        ),
        min_size=1,
        max_size=5,
    )
)
def test_any_text_is_the_same_in_every_format(reads: Reads, rows: list[Mapping[str, str]]) -> None:
    headers = ["企业名称", "统一社会信用代码", "经营范围", "注册地址", "注册日期"]
    expected = [[row.get(header) for header in headers] for row in rows]
    for form, write in FORMS.items():
        found = reads(write(headers, rows))
        assert found.misshapen.is_empty(), form
        assert [list(row) for row in found.frame.select(headers).rows()] == expected, form
