"""`yuexin sample` and `yuexin deliver`."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from yuexin.base.dates import today
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.faces.console.session import NOTES, REFUSED, refusals_as_sentences, say, session
from yuexin.home.folder import Home

MANIFEST = "manifest.json"
MOST_ROWS = 2**63
SHA256 = re.compile("[0-9a-fA-F]{64}")
NOT_A_FILE = "{name} 不是文件，未读取。 It is no file; it was not read."


@dataclass(frozen=True, kw_only=True)
class Item:
    """One file to deliver, and what is said of it."""

    path: Path
    resource: str
    agency: str
    rows: int | None = None
    sha256: str = ""


@click.command()
@click.option("--subjects", type=click.IntRange(40, 2_000_000), default=5_000, show_default=True)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True)
@click.option("--seed", type=int, default=20160624, show_default=True)
@click.option("--json", "as_json", is_flag=True)
def sample(subjects: int, out: Path, seed: int, as_json: bool) -> None:
    """Make a sample province: deliveries as agencies send them, the truth beside them."""
    from yuexin.sample import generate

    if (out / "deliveries").exists():
        raise click.UsageError(
            f"{out} 已有示例；另选目录。 It holds a sample; name another folder."
        )
    with refusals_as_sentences(), _bar() as bar:
        task = bar.add_task("生成示例 sample", total=None)
        manifest = generate(
            subjects=subjects,
            out=out,
            today=today(dt.datetime.now(dt.UTC)),
            seed=seed,
            progress=lambda what, done, total: bar.update(
                task, description=what, completed=done, total=total
            ),
        )
    files = len(manifest.deliveries)
    say({"out": str(out), "files": files}, as_json=as_json, text=f"{out}: {files} files")


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--resource", default="", help="The declared resource; a manifest.json names its own."
)
@click.option("--agency", default="", help="The providing agency; its first one when not given.")
@click.option(
    "--rows",
    type=click.IntRange(0, MOST_ROWS - 1),
    default=None,
    help="Rows declared by the sender.",
)
@click.option("--sha256", default="", help="Digest declared by the sender.")
@click.option("--secrecy", default="", help="Secrecy mark declared by the sender.")
@click.option("--skip-known", is_flag=True, help="Pass over files whose bytes were delivered.")
@click.option("--linked-to", type=int, default=None, help="The delivery whose rows are corrected.")
@click.option("--json", "as_json", is_flag=True)
def deliver(
    paths: tuple[Path, ...],
    resource: str,
    agency: str,
    rows: int | None,
    sha256: str,
    secrecy: str,
    skip_known: bool,
    linked_to: int | None,
    as_json: bool,
) -> None:
    """Deliver files, or a folder with a manifest.json, and print a receipt for each."""
    refused = False
    with session() as home, _bar() as bar:
        task = bar.add_task("交付 deliver", total=None)
        items = [item for path in paths for item in _items(path, resource, agency, rows, sha256)]
        for item in items:
            if not (item.path.is_file() or item.path.is_fifo()):
                refused = True
                NOTES.print(NOT_A_FILE.format(name=ascii(item.path.name)), markup=False)
                continue
            if skip_known and _known(item):
                continue
            bar.update(task, description=item.path.name, completed=0)
            try:
                receipt = _deliver_one(
                    home,
                    item,
                    secrecy,
                    linked_to,
                    lambda what, done: bar.update(
                        task,
                        description=f"{item.path.name} {what}",  # noqa: B023
                        completed=done,
                    ),
                )
            except Refusal as refusal:
                refused = True
                NOTES.print(refusal.sentence("zh"), markup=False)
                NOTES.print(refusal.sentence("en"), markup=False)
                continue
            refused = refused or receipt["state"] == "refused"
            say(receipt, as_json=as_json, text=_receipt_text(receipt))
    if refused:
        raise SystemExit(REFUSED)


def _deliver_one(
    home: Home, item: Item, secrecy: str, linked_to: int | None, progress: Any
) -> dict[str, Any]:
    from yuexin.domains.collection.operations import settle_pending, take_in
    from yuexin.domains.collection.queries import receipt
    from yuexin.engines.access.types import OPERATOR
    from yuexin.engines.declare.queries import current

    kept = take_in(
        home=home,
        path=item.path,
        resource=item.resource,
        agency=item.agency,
        declarations=current(),
        actor=OPERATOR,
        now=dt.datetime.now(dt.UTC),
        secrecy=secrecy,
        declared_rows=item.rows,
        declared_sha256=item.sha256,
        linked_to=linked_to,
    )
    settle_pending(home=home, actor=OPERATOR, now=dt.datetime.now(dt.UTC), progress=progress)
    return receipt(number=kept.number)


def _known(item: Item) -> bool:
    from yuexin.base.digest import file_sha256
    from yuexin.engines.deliveries.queries import is_known

    return is_known(sha256=file_sha256(item.path), resource=item.resource)


def _items(path: Path, resource: str, agency: str, rows: int | None, sha256: str) -> Iterator[Item]:
    from yuexin.engines.declare.queries import current

    if path.is_dir():
        yield from _manifest_items(path)
        return
    declared = current().resources.get(resource)
    if declared is None:
        known = ", ".join(current().resources)
        raise Refusal(
            code="RESOURCE",
            what=Text(
                "请用 --resource 指明目录中的资源", "name a declared resource with --resource"
            ),
            where=path.name,
            remedy=Text(f"可选：{known}", f"one of: {known}"),
        )
    yield Item(
        path=path,
        resource=resource,
        agency=agency or declared.providers[0],
        rows=rows,
        sha256=sha256,
    )


def _manifest_items(folder: Path) -> Iterator[Item]:
    manifest = folder / MANIFEST
    try:
        for entry in json.loads(manifest.read_text("utf-8-sig")):
            path = (folder / entry["file"]).resolve()
            if not path.is_relative_to(folder.resolve()):
                raise ValueError(f"{entry['file']} lies outside the folder")
            rows, sha256 = entry.get("declared_rows"), entry.get("sha256", "")
            # What is chained is read back from the database: only what it holds may be said.
            if rows is not None and (type(rows) is not int or not 0 <= rows < MOST_ROWS):
                raise ValueError(f"declared_rows of {entry['file']} is no number of rows")
            if not isinstance(sha256, str) or (sha256 and not SHA256.fullmatch(sha256)):
                raise ValueError(f"sha256 of {entry['file']} is no digest")
            yield Item(
                path=path,
                resource=str(entry["resource"]),
                agency=str(entry["agency"]),
                rows=rows,
                sha256=sha256,
            )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Refusal(
            code="MANIFEST",
            what=Text(f"manifest.json 无法使用：{error}", f"manifest.json is no use: {error}"),
            where=str(folder),
            remedy=Text("逐个文件交付并指明 --resource", "deliver single files with --resource"),
        ) from error


def _receipt_text(receipt: dict[str, Any]) -> str:
    head = f"回执 receipt {receipt['number']}  {receipt['file_name']}  {receipt['state']}"
    if receipt["state"] == "refused":
        return f"{head}\n  {receipt['refusal']['zh']}\n  {receipt['refusal']['en']}"
    counts = (
        f"  收到 received {receipt['rows_received']}  新增 new {receipt['rows_new']}"
        f"  变更 changed {receipt['rows_changed']}  无变化 unchanged {receipt['rows_unchanged']}"
        f"  等待 waiting {receipt['rows_waiting']}  退回 rejected {receipt['rows_rejected']}"
    )
    findings = [
        f"  {f['column']} {f['rule']}: {f['sentence']['zh']}（{f['rows']}/{f['of']}）"
        for f in receipt["findings"][:8]
    ]
    return "\n".join([head, counts, *findings])


def _bar() -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=NOTES,
        transient=True,
    )
