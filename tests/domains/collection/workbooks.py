"""Workbooks, good ones and dangerous ones, written part by part."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import xlsxwriter

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PROLOGUE = '<?xml version="1.0" encoding="UTF-8"?>'
SHEET = "xl/worksheets/sheet1.xml"


def workbook(headers: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """What a spreadsheet program would have saved."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, headers)
        for place, row in enumerate(rows, start=1):
            for column, header in enumerate(headers):
                if row.get(header) not in (None, ""):
                    sheet.write(place, column, row[header])
    return out.getvalue()


def parts(sheet: str, **more: str | bytes) -> dict[str, str | bytes]:
    """The parts of a workbook around the XML of its one sheet."""
    return {
        "[Content_Types].xml": f'{PROLOGUE}<Types xmlns="http://schemas.openxmlformats.org/package/'
        '2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'{PROLOGUE}<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{PROLOGUE}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="s" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{PROLOGUE}<Relationships xmlns="{PACKAGE}"><Relationship '
        f'Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        SHEET: sheet,
    } | more


def packed(members: Mapping[str, str | bytes]) -> bytes:
    """These parts as one archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def sheet_xml(*cells: str) -> str:
    """A sheet of these rows of cells, as XML."""
    rows = "".join(f"<row>{row}</row>" for row in cells)
    return f'{PROLOGUE}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def text_cell(text: str, reference: str = "") -> str:
    where = f' r="{reference}"' if reference else ""
    return f'<c{where} t="inlineStr"><is><t>{text}</t></is></c>'


def header_cells(headers: Sequence[str]) -> str:
    return "".join(text_cell(header) for header in headers)
