"""A mark is seen in every format, packed or not, read whole or not."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence

import pyarrow as pa
import pytest
from tests.cast import COMPANY
from tests.domains.collection.forms import FORMS, PACKED, written, zipped
from tests.domains.collection.reads import Reads
from tests.domains.collection.test_secrecy import SECRET, TOLD, marked
from tests.intake import Row

from yuexin.base.errors import Refusal
from yuexin.domains.collection.gate import refuse_secret, sniff_format
from yuexin.engines.deliveries.types import Submission

OBJECTS = [form for form in FORMS if form not in ("csv", "xlsx")]
TEXTS = [form for form in OBJECTS if form != "parquet"]


def passed(reads: Reads, data: bytes, *, resource: str = "registration") -> None:
    """Bring a file before the gate. Raises a `Refusal` where that keeps it out."""
    path = reads.folder / "given"
    path.write_bytes(data)
    submission = Submission(
        resource=resource,
        agency="any",
        channel="console",
        file_name="given",
        format=sniff_format(path),
    )
    scratch = reads.folder / "scratch"
    refuse_secret(
        path=path,
        submission=submission,
        resource=reads.resources[resource],
        mark="",
        scratch=scratch,
    )
    assert list(scratch.iterdir()) == [], "a scratch copy was left behind"


def code_of(reads: Reads, data: bytes, *, resource: str = "registration") -> str:
    with pytest.raises(Refusal) as caught:
        passed(reads, data, resource=resource)
    assert list((reads.folder / "scratch").iterdir()) == [], "a scratch copy was left behind"
    assert TOLD not in caught.value.sentence("zh")
    return caught.value.code


def refused(reads: Reads, data: bytes, *, resource: str = "registration") -> None:
    assert code_of(reads, data, resource=resource) == "SECRET"


def headers_of(reads: Reads, resource: str) -> list[str]:
    return reads.of(resource).headers


def written_in(form: str, headers: Sequence[str], rows: Sequence[Row]) -> bytes:
    return FORMS[form](headers, rows)


@pytest.mark.parametrize("packing", PACKED)
@pytest.mark.parametrize("form", OBJECTS)
def test_a_mark_in_one_row_refuses_the_whole_file(reads: Reads, form: str, packing: str) -> None:
    for mark in (SECRET, "内部"):
        data = written_in(form, headers_of(reads, "registration"), marked(mark))
        refused(reads, PACKED[packing](data))


@pytest.mark.parametrize("packing", PACKED)
@pytest.mark.parametrize("form", OBJECTS)
def test_a_file_without_a_mark_is_taken(reads: Reads, form: str, packing: str) -> None:
    rows = [COMPANY.registration(密级="公开", 经营范围="机密")]
    data = written_in(form, headers_of(reads, "registration"), rows)
    passed(reads, PACKED[packing](data))


@pytest.mark.parametrize("packing", PACKED)
@pytest.mark.parametrize("form", OBJECTS)
@pytest.mark.parametrize("resource", ["register_extract", "penalties_2018"])
def test_a_heading_nobody_declared_tells_secrecy(
    reads: Reads, form: str, packing: str, resource: str
) -> None:
    """Under any name for it, in a layout with a column for it and in one without."""
    headers = [name for name in headers_of(reads, resource) if name != "密级"]
    for heading in ("MJ", "秘密等级", "是否涉密"):
        rows = [{**dict.fromkeys(headers, TOLD), heading: word} for word in ("公开", "内部")]
        data = written_in(form, [*headers, heading], rows)
        refused(reads, PACKED[packing](data), resource=resource)


@pytest.mark.parametrize("form", TEXTS)
def test_a_mark_in_a_file_that_ends_early_is_seen(reads: Reads, form: str) -> None:
    for headers in (["经营范围"], ["密级"]):
        data = written_in(
            form, [*headers, "企业名称"], [{headers[0]: "机密", "企业名称": TOLD}] * 3
        )
        for cut in (3, 30):
            refused(reads, data[:-cut], resource="register_extract")
            refused(reads, gzip.compress(data)[:-cut], resource="register_extract")
    data = written_in(form, ["密级", "企业名称"], [{"密级": "内部", "企业名称": TOLD}] * 3)
    refused(reads, data[:-3], resource="register_extract")


@pytest.mark.parametrize("form", ["json", "json escaped", "ndjson", "xml"])
def test_a_key_that_comes_late_tells_secrecy(reads: Reads, form: str) -> None:
    headers = headers_of(reads, "register_extract")
    rows = [COMPANY.extract() for _ in range(2_000)]
    data = written_in(form, headers, rows).decode()
    late = written_in(
        form, [*headers, "密级"], [COMPANY.extract(密级="内部", 经营范围=TOLD)]
    ).decode()
    if form.startswith("json"):
        joined = data.rstrip().rstrip("]") + "," + late.lstrip().lstrip("[")
    elif form == "ndjson":
        joined = data + late
    else:
        joined = data[: data.rindex("</rows>")] + late[late.index("<rows>") + 6 :]
    refused(reads, joined.encode(), resource="register_extract")


def test_a_mark_beside_the_rows_is_seen(reads: Reads) -> None:
    headers = headers_of(reads, "register_extract")
    row = COMPANY.extract(经营范围=TOLD)
    array = json.dumps([row], ensure_ascii=False)
    element = written_in("xml", headers, [row]).decode()
    for text in (
        f'{{"密级": "内部", "data": {array}}}',
        f'{{"data": {array}, "title": "机密★10年"}}',
        f'{{"data": {array}, "title": "\\u673a\\u5bc6"}}',
        element.replace("<rows>", '<rows 密级="内部">'),
        element.replace("<rows>", '<rows title="机密 ★ 10年">'),
        element.replace("<rows>", "<rows><密级>内部</密级>"),
        element.replace("<rows>", "<!-- 机密★长期 --><rows>"),
        element.replace("</rows>", "<!-- 绝密 --></rows>"),
        element + "<!-- 秘密 -->",
        element.replace("<rows>", "<rows><?mark 机密?>"),
    ):
        refused(reads, text.encode(), resource="register_extract")


def table(**more: pa.Array) -> pa.Table:
    row = COMPANY.extract(经营范围=TOLD)
    return pa.table({name: pa.array([value]) for name, value in row.items()} | more)


def test_a_mark_anywhere_in_parquet_is_seen(reads: Reads) -> None:
    plain = table()
    noted = plain.schema.field("企业名称").with_metadata({"note": "密级：机密★10年"})
    for columns in (
        plain.replace_schema_metadata({"密级": "内部"}),
        plain.replace_schema_metadata({"title": "机密名单"}),
        plain.cast(plain.schema.set(plain.schema.get_field_index("企业名称"), noted)),
        table(机密=pa.array(["x"])),
        table(没有=pa.array(["绝密"])),
        table(没有=pa.array([["绝密"]])),
        table(没有=pa.array([{"密级": "绝密"}])),
        table(密级=pa.array(["内部"]).dictionary_encode()),
    ):
        for data in (written(columns), zipped(written(columns)), gzip.compress(written(columns))):
            refused(reads, data, resource="register_extract")


def test_parquet_that_nobody_can_open_is_not_kept(reads: Reads) -> None:
    assert code_of(reads, written(table())[:-9], resource="register_extract") == "PARQUET"


def test_a_name_within_a_packed_file_is_seen(reads: Reads) -> None:
    for form in FORMS:
        data = written_in(
            form, headers_of(reads, "registration"), [COMPANY.registration(经营范围=TOLD)]
        )
        refused(reads, zipped(data, "机密名单"))


@pytest.mark.parametrize("form", TEXTS)
def test_a_broken_file_without_a_mark_is_kept_to_be_looked_at(reads: Reads, form: str) -> None:
    rows = [COMPANY.registration(经营范围="计算机密码产品，商业秘密")] * 3
    data = written_in(form, headers_of(reads, "registration"), rows)
    passed(reads, data[:-9])
    passed(reads, gzip.compress(data)[:-9])
