"""The same rows in every format that is taken."""

from __future__ import annotations

import gzip
import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter
from tests.intake import table

Rows = Sequence[Mapping[str, str]]


def csv(headers: Sequence[str], rows: Rows) -> bytes:
    return table(list(headers), rows).encode()


def xlsx(headers: Sequence[str], rows: Rows) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate([dict(zip(headers, headers, strict=True)), *rows]):
            for column, header in enumerate(headers):
                sheet.write_string(place, column, row.get(header) or "")
    return out.getvalue()


def json_array(headers: Sequence[str], rows: Rows) -> bytes:
    return json.dumps(_full(headers, rows), ensure_ascii=False).encode()


def json_escaped(headers: Sequence[str], rows: Rows) -> bytes:
    return json.dumps(_full(headers, rows), indent=1).encode()


def json_member(headers: Sequence[str], rows: Rows) -> bytes:
    around = {"code": 200, "data": _full(headers, rows), "total": len(rows)}
    return json.dumps(around, ensure_ascii=False).encode()


def ndjson(headers: Sequence[str], rows: Rows) -> bytes:
    found = (json.dumps(row, ensure_ascii=False) + "\n" for row in _full(headers, rows))
    return "".join(found).encode()


def xml(headers: Sequence[str], rows: Rows) -> bytes:
    """Rows with a child element for each field."""
    lines = (
        "".join(
            f"<{_name(header)}>{_text(row.get(header, ''))}</{_name(header)}>" for header in headers
        )
        for row in rows
    )
    return _document(f"  <row>\n{line}</row>\n" for line in lines)


def xml_attributes(headers: Sequence[str], rows: Rows) -> bytes:
    """Rows with an attribute for each field that says something."""
    lines = (
        " ".join(f"{_name(name)}={_quoted(row[name])}" for name in headers if row.get(name))
        for row in rows
    )
    return _document(f"<row {line}/>\n" for line in lines)


def parquet(headers: Sequence[str], rows: Rows) -> bytes:
    columns = {name: pa.array([row.get(name) for row in rows], pa.string()) for name in headers}
    return written(pa.table(columns))


def written(columns: pa.Table, **how: object) -> bytes:
    """A table as a Parquet file."""
    out = io.BytesIO()
    pq.write_table(columns, out, **how)
    return out.getvalue()


def zipped(data: bytes, name: str = "data") -> bytes:
    """A zip of one file."""
    return zipped_all({name: data})


def zipped_all(members: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


FORMS: dict[str, Callable[[Sequence[str], Rows], bytes]] = {
    "csv": csv,
    "xlsx": xlsx,
    "json": json_array,
    "json escaped": json_escaped,
    "json in a member": json_member,
    "ndjson": ndjson,
    "xml": xml,
    "xml attributes": xml_attributes,
    "parquet": parquet,
}
PACKED: dict[str, Callable[[bytes], bytes]] = {
    "plain": lambda data: data,
    "gzip": gzip.compress,
    "zip": zipped,
}


def _full(headers: Sequence[str], rows: Rows) -> list[dict[str, str | None]]:
    return [{name: row.get(name) for name in headers} for row in rows]


def _document(rows: object) -> bytes:
    found = "".join(rows)  # type: ignore[arg-type]
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<rows>\n{found}</rows>\n'.encode()


def _name(header: str) -> str:
    """What XML lets an element be called: the column's other name, without the brackets."""
    return re.sub("（.*）", "", header)


def _text(text: str) -> str:
    return escape(text, {"\r": "&#13;"})


def _quoted(text: str) -> str:
    return quoteattr(text, {"\r": "&#13;", "\n": "&#10;", "\t": "&#9;"})
