"""The gate: what may not even be kept. State secrets never enter (Opinions V.4)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import polars as pl

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.collection.reading.batches import opened
from yuexin.engines.declare.types import Resource
from yuexin.engines.deliveries.types import Submission

NOT_SECRET = ("", "无", "非密", "公开", "不涉密", "none")
MARKED_NAME = re.compile("绝密|机密|秘密[★*]|[（(【\\[]秘密")
ZIP = b"PK\x03\x04"


def sniff_format(path: Path) -> Literal["csv", "xlsx"]:
    """The format by the first bytes, never by the name alone."""
    with path.open("rb") as stream:
        head = stream.read(8)
    if not head:
        raise _refusal(
            "EMPTY", "文件为空", "the file is empty", "重新导出后交付", "export it again"
        )
    if head.startswith(ZIP):
        return "xlsx"
    if head.startswith((b"\xd0\xcf\x11\xe0", b"%PDF", b"Rar!", b"7z\xbc\xaf")):
        raise _refusal(
            "FORMAT",
            "不支持的文件格式",
            "this file format is not taken",
            "另存为 CSV 或 XLSX",
            "save it as CSV or XLSX",
        )
    return "csv"


def refuse_secret(
    *, path: Path, submission: Submission, resource: Resource, mark: str, scratch: Path
) -> None:
    """Refuse a delivery that declares a secrecy mark: in its own data, its name or a column."""
    if mark.strip() not in NOT_SECRET or MARKED_NAME.search(submission.file_name):
        raise _secret(submission.file_name)
    if not resource.secrecy_column:
        return
    cell = pl.col(resource.secrecy_column).str.strip_chars().fill_null("")
    try:
        with opened(
            path=path, form=submission.format, resource=resource, scratch=scratch
        ) as batches:
            for rows in batches:
                marked = rows.frame.filter(~cell.is_in(NOT_SECRET))
                if marked.height:
                    raise _secret(f"{submission.file_name}:{marked['__row'][0]}")
    except Refusal as refusal:
        if refusal.code == "SECRET":
            raise
        # What cannot be read is kept and refused by its receipt, not at the gate.


def _secret(where: str) -> Refusal:
    return Refusal(
        code="SECRET",
        what=Text(
            "交付申报了密级，未接收", "the delivery declares a secrecy mark; it was not kept"
        ),
        where=where,
        rule="Opinions V.4",
        remedy=Text(
            "涉密数据不得进入本平台；去除涉密内容并经保密审查后再交付",
            "secret data may not enter; deliver what a secrecy review has cleared",
        ),
    )


def _refusal(code: str, zh: str, en: str, remedy_zh: str, remedy_en: str) -> Refusal:
    remedy = Text(remedy_zh, remedy_en)
    return Refusal(code=code, what=Text(zh, en), rule="catalogue", remedy=remedy)
