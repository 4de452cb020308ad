"""`yuexin receipt`, and a receipt in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import click

from yuexin.base.dates import SHANGHAI
from yuexin.base.errors import Refusal, printable
from yuexin.base.text import Text
from yuexin.faces.console.session import say, session
from yuexin.faces.shared.errors import error_table
from yuexin.home.folder import Home

NOT_FOUND: Final = 1
ROWS_SHOWN: Final = 8


@click.command()
@click.argument("number", type=click.IntRange(1, 2**63 - 1))
@click.option(
    "--errors",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    help="Write every rejected row's findings to this CSV file, for the agency.",
)
@click.option("--json", "as_json", is_flag=True)
def receipt(number: int, file: Path | None, as_json: bool) -> None:
    """Print the receipt of a delivery again."""
    with session() as home:
        found = receipt_of(number, home)
        if found is None:
            click.echo(f"没有回执 no receipt: {number}", err=True)
            raise SystemExit(NOT_FOUND)
        if file is not None:
            _write_errors(number, file)
        say(found, as_json=as_json, text=receipt_text(found))


def receipt_of(number: int, home: Home) -> Any:
    """The receipt of a delivery, or none while it has none."""
    from yuexin.domains.collection.queries import receipt as find

    return find(number=number, home=home)


def receipt_text(found: dict[str, Any]) -> str:
    """A receipt for a person: the counts, the commonest findings, the first rejected rows."""
    head = f"回执 receipt {found['batch_id']}  {printable(found['file_name'])}  {found['state']}"
    if found["state"] == "refused":
        zh, en = (printable(found["refusal"][language]) for language in ("zh", "en"))
        return "\n".join([f"{head}\n  {zh}\n  {en}", *_later(found)])
    counts = (
        f"  收到 received {found['rows_received']}  新增 new {found['rows_new']}"
        f"  变更 changed {found['rows_changed']}  无变化 unchanged {found['rows_unchanged']}"
        f"  等待 waiting {found['rows_waiting']}  退回 rejected {found['rows_rejected']}"
    )
    if found["repeats"]:
        head += f"  与交付 {found['repeats']} 文件相同 the same file as before"
    why = found["sentences"]
    findings = [
        printable(f"  {f['column']} {f['rule']}: {why[f['rule']]['zh']}（{f['rows']}/{f['of']}）")
        for f in found["findings"][:ROWS_SHOWN]
    ]
    rows = [
        printable(f"  第 {e['row']} 行 row: {e['field']} {e['rule']} {e['value_masked']}")
        for e in found["errors"][:ROWS_SHOWN]
    ]
    more = [f"  全部退回行 all of them: yuexin receipt {found['batch_id']} --errors FILE.csv"]
    since = _resolved(found)
    return "\n".join(
        [head, counts, *since, *findings, *rows, *(more if rows else []), *_later(found)]
    )


def _resolved(found: dict[str, Any]) -> list[str]:
    """What became of the rows that waited."""
    from yuexin.domains.collection.resolved_sql import HOWS

    return [f"  {HOWS[how].zh} {HOWS[how].en} {rows}" for how, rows in found["resolved"].items()]


def _later(found: dict[str, Any]) -> list[str]:
    """What was done since the receipt was issued: it stands as it was signed."""
    lines = []
    for act in found["later"]:
        moment = f"{act['at'].astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
        if act["act"] == "erasure":
            rows = sum(last - first + 1 for first, last in act["rows"])
            lines.append(
                f"  {moment} 依“{act['said']}”删除 {rows} 行的内容 "
                f"erased under {act['said']}: {rows} rows"
            )
        else:
            lines.append(f"  {moment} 按新目录重新读取 read again under {act['said'][:16]}")
    return lines


def _write_errors(number: int, file: Path) -> None:
    from yuexin.domains.collection.queries import error_groups
    from yuexin.engines.access.operations import note
    from yuexin.engines.access.types import OPERATOR

    written: list[int] = []
    try:
        # Excel takes a file without the mark for one in the system's own encoding.
        with file.open("x", encoding="utf-8-sig", newline="") as out:
            for lines in error_table(_counted(error_groups(number=number), written)):
                out.write(lines)
    except (FileExistsError, FileNotFoundError, PermissionError) as error:
        raise Refusal(
            code="ERRORS_FILE",
            what=Text("不能新建该文件", "this file cannot be made anew"),
            where=str(file),
            rule=error.strerror or "",
            remedy=Text("换一个尚不存在的文件名", "name a file that does not exist yet"),
        ) from error
    now = dt.datetime.now(dt.UTC)
    thing = f"delivery/{number}"
    note(
        stream="look", actor=OPERATOR, action="errors.read", thing=thing, now=now, rows=sum(written)
    )


def _counted(groups: Iterator[list[Any]], sizes: list[int]) -> Iterator[list[Any]]:
    """The same groups, whose sizes are kept."""
    for group in groups:
        sizes.append(len(group))
        yield group
