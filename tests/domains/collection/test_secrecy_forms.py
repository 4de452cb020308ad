"""A mark is seen in every format, packed or not, read whole or not."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence

import pyarrow as pa
import pytest
from tests.cast import COMPANY
from tests.domains.collection.forms import FORMS, PACKED, written, zipped
from tests.domains.collection.test_secrecy import SECRET, TOLD, marked, refused
from tests.domains.collection.test_secrecy_hidden import kept, not_kept
from tests.intake import Intake, Row

pytestmark = pytest.mark.usefixtures("undone")

OBJECTS = [form for form in FORMS if form not in ("csv", "xlsx")]
TEXTS = [form for form in OBJECTS if form != "parquet"]


def written_in(form: str, headers: Sequence[str], rows: Sequence[Row]) -> bytes:
    return FORMS[form](headers, rows)


@pytest.mark.parametrize("packing", PACKED)
@pytest.mark.parametrize("form", OBJECTS)
def test_a_mark_in_one_row_refuses_the_whole_file(
    deliver: Intake, form: str, packing: str
) -> None:
    for mark in (SECRET, "内部"):
        data = written_in(form, deliver.headers("registration"), marked(mark))
        refused(deliver, PACKED[packing](data))


@pytest.mark.parametrize("packing", PACKED)
@pytest.mark.parametrize("form", OBJECTS)
def test_a_file_without_a_mark_is_taken(deliver: Intake, form: str, packing: str) -> None:
    rows = [COMPANY.registration(密级="公开", 经营范围="机密")]
    data = written_in(form, deliver.headers("registration"), rows)
    assert deliver.bytes("registration", PACKED[packing](data))["rows_new"] == 1


@pytest.mark.parametrize("packing", PACKED)
@pytest.mark.parametrize("form", OBJECTS)
@pytest.mark.parametrize("resource", ["register_extract", "penalties_2018"])
def test_a_heading_nobody_declared_tells_secrecy(
    deliver: Intake, form: str, packing: str, resource: str
) -> None:
    """Under any name for it, in a layout with a column for it and in one without."""
    headers = [name for name in deliver.headers(resource) if name != "密级"]
    for heading in ("MJ", "秘密等级", "是否涉密"):
        rows = [{**dict.fromkeys(headers, TOLD), heading: word} for word in ("公开", "内部")]
        data = written_in(form, [*headers, heading], rows)
        refused(deliver, PACKED[packing](data), resource=resource)


@pytest.mark.parametrize("form", TEXTS)
def test_a_mark_in_a_file_that_ends_early_is_seen(deliver: Intake, form: str) -> None:
    for headers in (["经营范围"], ["密级"]):
        data = written_in(form, [*headers, "企业名称"], [{headers[0]: "机密", "企业名称": TOLD}] * 3)
        for cut in (3, 30):
            refused(deliver, data[:-cut], resource="register_extract")
            refused(deliver, gzip.compress(data)[:-cut], resource="register_extract")
    data = written_in(form, ["密级", "企业名称"], [{"密级": "内部", "企业名称": TOLD}] * 3)
    refused(deliver, data[:-3], resource="register_extract")


@pytest.mark.parametrize("form", ["json", "json escaped", "ndjson", "xml"])
def test_a_key_that_comes_late_tells_secrecy(deliver: Intake, form: str) -> None:
    headers = deliver.headers("register_extract")
    rows = [COMPANY.extract() for _ in range(2_000)]
    data = written_in(form, headers, rows).decode()
    late = written_in(form, [*headers, "密级"], [COMPANY.extract(密级="内部", 经营范围=TOLD)]).decode()
    if form.startswith("json"):
        joined = data.rstrip().rstrip("]") + "," + late.lstrip().lstrip("[")
    elif form == "ndjson":
        joined = data + late
    else:
        joined = data[: data.rindex("</rows>")] + late[late.index("<rows>") + 6 :]
    refused(deliver, joined.encode(), resource="register_extract")


def test_a_mark_beside_the_rows_is_seen(deliver: Intake) -> None:
    headers = deliver.headers("register_extract")
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
        refused(deliver, text.encode(), resource="register_extract")


def table(**more: pa.Array) -> pa.Table:
    row = COMPANY.extract(经营范围=TOLD)
    return pa.table({name: pa.array([value]) for name, value in row.items()} | more)


def test_a_mark_anywhere_in_parquet_is_seen(deliver: Intake) -> None:
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
            refused(deliver, data, resource="register_extract")


def test_parquet_that_nobody_can_open_is_not_kept(deliver: Intake) -> None:
    assert not_kept(deliver, written(table())[:-9], resource="register_extract") == "PARQUET"


def test_a_name_within_a_packed_file_is_seen(deliver: Intake) -> None:
    for form in FORMS:
        data = written_in(form, deliver.headers("registration"), [COMPANY.registration(经营范围=TOLD)])
        refused(deliver, zipped(data, "机密名单"))


@pytest.mark.parametrize("form", ["json", "ndjson", "xml"])
def test_a_broken_file_without_a_mark_is_kept_to_be_looked_at(deliver: Intake, form: str) -> None:
    data = written_in(form, deliver.headers("registration"), [COMPANY.registration()] * 3)
    code = {"json": "JSON", "xml": "XML", "ndjson": ""}[form]
    assert kept(deliver, data[:-9]) == code
