"""`yuexin verify-report`."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path
from typing import Any, Final

import click

from yuexin.base.dates import SHANGHAI
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.faces.console.session import refusals_as_sentences, say, session, utf8

NOT_TO_BE_USED: Final = 1


@click.command("verify-report")
@click.argument(
    "file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--number", default="", callback=utf8, help="The report's number, with --code.")
@click.option("--code", default="", callback=utf8, help="Its check code.")
@click.option("--json", "as_json", is_flag=True)
def verify_report(file: Path | None, number: str, code: str, as_json: bool) -> None:
    """Is a credit report genuine, and does it still hold? By its FILE, or by number and code."""
    with refusals_as_sentences():
        if bool(file) == bool(number and code):
            raise _neither()
    with session():
        found = _checked(file, number, code)
        say(dataclasses.asdict(found), as_json=as_json, text=_text(found))
        if found.outcome != "same":
            raise SystemExit(NOT_TO_BE_USED)


def _checked(file: Path | None, number: str, code: str) -> Any:
    from yuexin.domains.credit.checking import check_file, check_number
    from yuexin.engines.papers.queries import LARGEST_BYTES

    now = dt.datetime.now(dt.UTC)
    if file is None:
        return check_number(number=number, code=code, now=now)
    with file.open("rb") as stream:
        return check_file(data=stream.read(LARGEST_BYTES + 1), now=now)


def _text(found: Any) -> str:
    lines = [f"{found.said.zh} {found.said.en}", f"  {found.todo.zh}", f"  {found.todo.en}"]
    if found.correction:
        lines[1:1] = [f"  {found.correction.zh}", f"  {found.correction.en}"]
    if found.issued_at:
        issued = f"{found.issued_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
        lines.insert(1, f"  {found.number}  {issued}  {found.code}  {found.name}".rstrip())
    return "\n".join(lines)


def _neither() -> Refusal:
    return Refusal(
        code="ARGUMENT",
        what=Text(
            "请给出报告文件，或者编号和校验码",
            "name the report's file, or else its number and its check code",
        ),
        remedy=Text(
            "如 yuexin verify-report 报告.pdf",
            "as in yuexin verify-report report.pdf",
        ),
    )
