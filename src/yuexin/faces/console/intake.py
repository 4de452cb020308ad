"""`yuexin sample` and `yuexin deliver`."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from yuexin.base.dates import today
from yuexin.base.errors import Refusal, printable
from yuexin.base.text import Text
from yuexin.faces.console.manifest import MOST_ROWS, SHA256, Item, manifest_items, moment_of
from yuexin.faces.console.receipts import receipt_of, receipt_text
from yuexin.faces.console.session import (
    REFUSED,
    present,
    print_refusal,
    progress_bar,
    refusals_as_sentences,
    say,
    session,
)
from yuexin.home.folder import Home


def _sha256(context: click.Context, parameter: click.Parameter, value: str) -> str:
    del context, parameter
    digest = value.strip()
    if digest and not SHA256.fullmatch(digest):
        raise click.BadParameter("应为 64 位十六进制数 not 64 hexadecimal digits")
    return digest


def _moment(context: click.Context, parameter: click.Parameter, value: str) -> dt.datetime | None:
    del context, parameter
    moment = moment_of(value)
    if value and moment is None:
        raise click.BadParameter("应为 ISO 8601 时间 not a moment of ISO 8601")
    return moment


@click.command()
@click.option("--subjects", type=click.IntRange(40, 2_000_000), default=5_000, show_default=True)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True)
@click.option("--seed", type=int, default=20160624, show_default=True)
@click.option("--json", "as_json", is_flag=True)
def sample(subjects: int, out: Path, seed: int, as_json: bool) -> None:
    """Make a sample province: deliveries as agencies send them, the truth beside them."""
    from yuexin.sample.province import generate

    if (out / "deliveries").exists():
        raise click.UsageError(
            f"{out} 已有示例；另选目录。 It holds a sample; name another folder."
        )
    with refusals_as_sentences(), progress_bar() as bar:
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
@click.option(
    "--sha256", default="", callback=_sha256, help="Digest declared by the sender, 64 hex digits."
)
@click.option(
    "--sent-at", default="", callback=_moment, help="When the sender sent it, by ISO 8601."
)
@click.option("--secrecy", default="", help="Secrecy mark declared by the sender.")
@click.option("--skip-known", is_flag=True, help="Pass over files whose bytes were delivered.")
@click.option("--linked-to", type=int, default=None, help="The delivery whose rows are corrected.")
@click.option("--withdraw", is_flag=True, help="Take back the rows that the files list.")
@click.option("--json", "as_json", is_flag=True)
def deliver(
    paths: tuple[Path, ...],
    resource: str,
    agency: str,
    rows: int | None,
    sha256: str,
    sent_at: dt.datetime | None,
    secrecy: str,
    skip_known: bool,
    linked_to: int | None,
    withdraw: bool,
    as_json: bool,
) -> None:
    """Deliver files, or a folder with a manifest.json, and print a receipt for each."""
    refused = False
    with session() as home, progress_bar() as bar:
        task = bar.add_task("交付 deliver", total=None)
        given = Item(
            path=Path(),
            resource=resource,
            agency=agency,
            rows=rows,
            sha256=sha256,
            sent_at=sent_at,
            secrecy=secrecy,
            intent="withdraw" if withdraw else "report",
        )
        items = [item for path in paths for item in _items(path, given)]
        for item in items:
            if skip_known and _known(item):
                continue
            name = printable(item.path.name)
            bar.update(task, description=name, completed=0)
            try:
                receipt = _deliver_one(
                    home,
                    item,
                    linked_to,
                    lambda what, done: bar.update(
                        task,
                        description=f"{name} {what}",  # noqa: B023
                        completed=done,
                    ),
                )
            except Refusal as refusal:
                refused = True
                print_refusal(refusal, about=item.path.name)
                if as_json:
                    say(_refused(item, refusal), as_json=True, text="")
                continue
            refused = refused or receipt["state"] == "refused"
            say(receipt, as_json=as_json, text=receipt_text(receipt))
    if refused:
        raise SystemExit(REFUSED)


def _deliver_one(home: Home, item: Item, linked_to: int | None, progress: Any) -> Any:
    from yuexin.domains.collection.operations import settle_pending, take_in
    from yuexin.engines.access.types import OPERATOR
    from yuexin.engines.declare.queries import current

    kept = take_in(
        home=home,
        path=item.path,
        resource=item.resource,
        agency=item.agency,
        declarations=current(),
        actor=OPERATOR,
        now=present(),
        secrecy=item.secrecy,
        declared_rows=item.rows,
        declared_sha256=item.sha256,
        sent_at=item.sent_at,
        intent=item.intent,
        linked_to=linked_to,
    )
    settle_pending(home=home, actor=OPERATOR, clock=present, progress=progress)
    return receipt_of(kept.number, home)


def _refused(item: Item, refusal: Refusal) -> dict[str, Any]:
    """What stands in place of a receipt for a file that was not even kept."""
    said = {"code": refusal.code, "zh": refusal.sentence("zh"), "en": refusal.sentence("en")}
    return {"state": "refused", "file_name": printable(item.path.name), "refusal": said}


def _known(item: Item) -> bool:
    from yuexin.base.digest import file_sha256
    from yuexin.engines.deliveries.queries import is_known

    return is_known(sha256=file_sha256(item.path), resource=item.resource)


def _items(path: Path, given: Item) -> Iterator[Item]:
    """What a path on the command line stands for, with what was said there."""
    from yuexin.engines.declare.queries import current

    if path.is_dir():
        for item in manifest_items(path):
            yield replace(item, secrecy=given.secrecy or item.secrecy, intent=given.intent)
        return
    require_file(path)
    declared = current().resources.get(given.resource)
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
    yield replace(given, path=path, agency=given.agency or declared.providers[0])


def require_file(path: Path) -> None:
    """Look before anything opens it: a device never ends."""
    if not (path.is_file() or path.is_fifo()):
        what = Text("不是文件，未读取", "this is no file; it was not read")
        remedy = Text("先存为文件再交付", "save it as a file and deliver that")
    elif not os.access(path, os.R_OK):
        what = Text("没有读取该文件的权限", "you may not read this file")
        remedy = Text("请授予读取权限后重试", "allow yourself to read it, then deliver it again")
    else:
        return
    raise Refusal(code="NOT_A_FILE", what=what, where=path.name, remedy=remedy)
