"""`yuexin subject`, `yuexin code`, `yuexin search` and `yuexin batch`."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import json
import sys
from pathlib import Path
from typing import Any, BinaryIO

import click

from yuexin.base.codes import Verdict, identify, mask_id_number, without_id_numbers
from yuexin.base.dates import SHANGHAI, today
from yuexin.base.errors import printable
from yuexin.domains.subjects.names import UNNAMED
from yuexin.faces.console.session import refusals_as_sentences, say, session, utf8, written
from yuexin.faces.shared.days import past_day
from yuexin.faces.shared.typed import repeatable

NOT_FOUND = 1


@click.command()
@click.argument("code", callback=utf8)
@click.option("--on", default="", help="A past day, as 2024-03-05.")
@click.option(
    "--purpose",
    default="",
    callback=utf8,
    help="An officer's purpose; without one, the public file.",
)
@click.option("--owner", is_flag=True, help="The file as the entity itself may see it.")
@click.option("--json", "as_json", is_flag=True)
def subject(code: str, on: str, purpose: str, owner: bool, as_json: bool) -> None:
    """Print the credit file of one entity."""
    with refusals_as_sentences():
        day = past_day(on, now=dt.datetime.now(dt.UTC))
    with session():
        from yuexin.domains.credit.queries import credit_file
        from yuexin.engines.access.types import PUBLIC, Actor

        now = dt.datetime.now(dt.UTC)
        wanted = identify(code).code
        actor = Actor(id="operator", role="clerk", purpose=purpose) if purpose else PUBLIC
        if owner:
            actor = Actor(id="operator", role="owner", subject_code=wanted)
        found = credit_file(actor=actor, code=wanted, on=day, now=now)
        if found is None:
            click.echo(f"没有 no such entity: {wanted}", err=True)
            raise SystemExit(NOT_FOUND)
        say(plain(found), as_json=as_json, text=_file_text(found))


@click.command()
@click.option("--json", "as_json", is_flag=True)
def code(as_json: bool) -> None:
    """Check codes from standard input: one verdict per line."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    day = today(dt.datetime.now(dt.UTC))
    # A closed standard input is none at all.
    for line in sys.stdin or ():
        verdict = identify(line.strip(), on=day)
        shown = _shown(verdict)
        problems = [problem.code for problem in verdict.problems]
        said = {
            "code": shown,
            "scheme": verdict.scheme,
            "valid": verdict.valid,
            "problems": problems,
            "suggestion": "" if verdict.scheme == "id_number" else verdict.suggestion or "",
        }
        word = "有效 valid" if verdict.valid else "无效 invalid"
        why = "；".join(problem.text.zh for problem in verdict.problems)
        if said["suggestion"]:
            why += f"；是否为 did you mean {said['suggestion']}"
        say(said, as_json=as_json, text=f"{shown}\t{word}\t{','.join(problems)}\t{why}")


def _shown(verdict: Verdict) -> str:
    """The code on one line, a person's number masked wherever it stands."""
    if verdict.scheme == "id_number":
        return mask_id_number(verdict.code)
    return verdict.code if verdict.valid else printable(without_id_numbers(verdict.code))


@click.command()
@click.argument("text", callback=utf8)
@click.option("--page", type=click.IntRange(1, 50), default=1)
@click.option("--city", default="", help="A division, as 440100.")
@click.option("--type", "entity_type", default="", help="A type of entity, as 1130.")
@click.option("--status", default="", help="An outcome of the rule of status, as alive.")
@click.option("--since", default="", help="Established on this day or later, as 2024-03-05.")
@click.option("--until", default="", help="Established on this day or earlier.")
@click.option("--csv", "as_csv", is_flag=True, help="All hits that are counted, as CSV.")
@click.option("--json", "as_json", is_flag=True)
def search(text: str, page: int, as_csv: bool, as_json: bool, **filters: str) -> None:
    """Find entities by a scrap of a name, its pinyin, a code or an old number."""
    with refusals_as_sentences(), session():
        from yuexin.domains.credit.queries import export
        from yuexin.domains.credit.queries import search as find
        from yuexin.engines.access.types import PUBLIC
        from yuexin.faces.shared.errors import csv_lines
        from yuexin.faces.shared.searching import query_from, readable, table

        query, now = query_from(filters, text=readable(text), page=page), dt.datetime.now(dt.UTC)
        if as_csv:
            click.echo(csv_lines(table(export(actor=PUBLIC, query=query, now=now))), nl=False)
            return
        found = find(actor=PUBLIC, query=query, now=now)
        lines = [
            f"{hit.code}  {hit.status.zh}  {hit.name or UNNAMED.zh}  {hit.why.zh}"
            for hit in found.hits
        ]
        if found.hint:
            lines.insert(0, found.hint.zh + (f" → {found.suggestion}" if found.suggestion else ""))
        lines.append(f"{found.total}{'+' if found.capped else ''} 条 hits")
        say(plain(found), as_json=as_json, text="\n".join(lines))


@click.command()
@click.argument("file", type=click.File("rb"))
@click.option(
    "--out",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="The file to write, .csv or .xlsx; without it CSV is printed.",
)
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One line for each line of the list.")
def batch(file: BinaryIO, out: Path | None, language: str, as_json: bool) -> None:
    """Look up a list of names or codes: XLSX, CSV or text, - for standard input."""
    with session() as home:
        from yuexin.domains.credit.queries import checked
        from yuexin.engines.access.types import PUBLIC
        from yuexin.faces.shared.answered import as_csv, as_xlsx, table
        from yuexin.faces.shared.listing import MOST_BYTES, uploaded

        now = dt.datetime.now(dt.UTC)
        home.scratch.mkdir(parents=True, exist_ok=True)
        listing = uploaded(data=file.read(MOST_BYTES + 1), folder=home.scratch)
        found = checked(actor=PUBLIC, lines=listing.lines, now=now)
        if as_json:
            for row, one in zip(listing.rows, found, strict=True):
                say({"row": row.number, **plain(one), "line": repeatable(one.line)}, as_json=True)
            return
        rows = table(listing=listing, checked=found, now=now, language=language)
        if out is None:
            click.echo(as_csv(rows).decode("utf-8-sig"), nl=False)
        else:
            write = as_xlsx if out.suffix.lower() == ".xlsx" else as_csv
            out.write_bytes(write(rows))


def plain(value: Any) -> Any:
    """A frozen result as plain data for JSON, texts as {zh, en}."""
    return json.loads(json.dumps(_asdict(value), ensure_ascii=False, default=written))


def _asdict(value: Any) -> Any:
    if hasattr(value, "_asdict"):
        return value._asdict()
    if dataclasses.is_dataclass(value):
        return {f.name: _asdict(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, tuple | list):
        return [_asdict(item) for item in value]
    return value


def _file_text(found: Any) -> str:
    head = found.head
    lines = [f"{head.name}  {head.code}", f"{head.type_label.zh}  {head.city.zh}"]
    lines += [f"{v.label.zh}：{v.outcome_label.zh}" for v in head.verdicts]
    for section in found.sections:
        lines.append(f"\n【{section.label.zh}】{section.note.zh}")
        for entry in section.entries:
            marks = " ".join(mark.label.zh for mark in entry.marks)
            lines.append(
                f"- {entry.kind_label.zh} {entry.event_date or ''} {entry.headline.zh} {marks}"
            )
            lines += [f"    {fact.label.zh}：{fact.value.zh}" for fact in entry.facts]
            source = entry.source
            lines.append(
                f"    来源：{source.agency_label.zh} 交付 {source.delivery} 第 {source.row} 行 "
                f"{source.received_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
            )
    return "\n".join(lines)
