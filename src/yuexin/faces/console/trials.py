"""`yuexin try`: what a file's receipt would say, before it is delivered."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from yuexin.base.errors import printable
from yuexin.faces.console.ask import plain
from yuexin.faces.console.intake import require_file
from yuexin.faces.console.session import present, say, session, utf8

FINDINGS_SHOWN: Final = 8


@click.command("try")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--resource", required=True, callback=utf8, help="The declared resource.")
@click.option("--agency", default="", callback=utf8, help="The agency; its first one if not given.")
@click.option("--withdraw", is_flag=True, help="Try it as a list of rows to be taken back.")
@click.option("--json", "as_json", is_flag=True)
def try_(path: Path, resource: str, agency: str, withdraw: bool, as_json: bool) -> None:
    """Say what would become of a file's rows. Nothing is kept."""
    with session() as home:
        from yuexin.domains.collection.rooms.trials import try_view
        from yuexin.domains.collection.types import Offer
        from yuexin.engines.access.types import OPERATOR
        from yuexin.engines.declare.queries import current

        require_file(path)
        declared = current().resources.get(resource)
        offer = Offer(
            resource=resource,
            agency=agency or (declared.providers[0] if declared else ""),
            channel="console",
            file_name=printable(path.name),
            intent="withdraw" if withdraw else "report",
        )
        with path.open("rb") as stream:
            found = try_view(
                home=home,
                stream=stream,
                offer=offer,
                declarations=current(),
                actor=OPERATOR,
                now=present(),
            )
        say(plain(found), as_json=as_json, text=_told(found))


def _told(found: Any) -> str:
    lines = [
        f"试 tried {printable(found.file_name)}：未存档，未交付 nothing was kept",
        f"  看了 looked at {found.received}  通过 passed {found.passed}"
        f"  等待 would wait {found.waits}  退回 rejected {found.rejected}",
    ]
    if found.compared:
        lines.append(
            f"  比对 compared {found.compared}：通过的里面自动比对 of the passed, matched "
            f"{found.matched}；等待的里面请人认定 of the waiting, asked {found.asked}"
        )
    lines += [f"  {one.reason} {one.label.zh} {one.label.en} {one.rows}" for one in found.waiting]
    lines += [
        printable(f"  {one.column} {one.rule}: {one.sentence.zh}（{one.rows}/{one.of}）")
        for one in found.findings[:FINDINGS_SHOWN]
    ]
    if found.compares_part:
        lines.append("  只比对了前面的行 only the first rows were compared")
    return "\n".join(lines)
