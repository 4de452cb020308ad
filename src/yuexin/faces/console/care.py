"""`yuexin rebuild`, `yuexin verify` and `yuexin doctor`."""

from __future__ import annotations

import dataclasses
import datetime as dt
import platform
import shutil
from typing import Any

import click

from yuexin.faces.console.session import say, session

BROKEN = 1


@click.command()
@click.option("--check", is_flag=True, help="Compare with what lives and change nothing.")
@click.option("--json", "as_json", is_flag=True)
def rebuild(check: bool, as_json: bool) -> None:
    """Make everything derived again from the deliveries."""
    with session() as home:
        from yuexin.domains.collection.rebuild import rebuild as run
        from yuexin.engines.access.operations import note
        from yuexin.engines.access.types import OPERATOR
        from yuexin.engines.declare.queries import current

        now = dt.datetime.now(dt.UTC)
        found = run(home=home, declarations=current(), check=check, now=now)
        note(
            stream="change",
            actor=OPERATOR,
            action="rebuild.check" if check else "rebuild",
            thing="derived",
            now=now,
            differences=len(found.differences),
        )
        word = "与现状一致 equal" if not found.differences else "与现状不同 DIFFERENT"
        lines = [f"重放 {found.deliveries} 次交付 deliveries replayed: {word}"]
        lines += [f"  {table} {rows}" for table, rows in found.rows.items()]
        lines += [f"  {d.table}: -{d.missing} +{d.surplus} {d.example}" for d in found.differences]
        say(dataclasses.asdict(found), as_json=as_json, text="\n".join(lines))
        if check and found.differences:
            raise SystemExit(BROKEN)


@click.command()
@click.option("--json", "as_json", is_flag=True)
def verify(as_json: bool) -> None:
    """Check the chain of deliveries, every stored file, the journal's seals and the pool."""
    with session() as home:
        from yuexin.engines.access import queries as journal
        from yuexin.engines.access.operations import seal
        from yuexin.engines.deliveries import queries as deliveries
        from yuexin.engines.deliveries.models import Delivery
        from yuexin.engines.lake import queries as lake

        sealed = seal(now=dt.datetime.now(dt.UTC))
        problems = [f"delivery {b.number}: {b.problem}" for b in deliveries.breaks(home=home)]
        problems += [f"journal {b.stream} {b.number}: {b.problem}" for b in journal.breaks()]
        problems += [f"pool {b}" for b in lake.breaks(lake=home.lake)]
        redacted = [
            {"delivery": number, "order": order, "basis": basis}
            for number, order, basis in deliveries.redacted_under()
        ]
        backups = _backups()
        last = Delivery.objects.order_by("-number").first()
        said: dict[str, Any] = {
            "deliveries": last.number if last else 0,
            "head": last.chain if last else "",
            "sealed_now": sealed,
            "redacted": redacted,
            "backups": backups,
            "problems": problems,
        }
        word = "完好 clean" if not problems else "有问题 BROKEN"
        text = f"{said['deliveries']} 次交付 deliveries, head {said['head'][:16]}: {word}"
        lines = [
            f"交付 delivery {one['delivery']}: 已依“{one['order']}”删除部分内容 redacted under "
            f"{one['order']} ({one['basis']})"
            for one in redacted
        ]
        say(said, as_json=as_json, text="\n".join([text, *lines, *_notices(backups), *problems]))
        if problems:
            raise SystemExit(BROKEN)


def _backups() -> list[dict[str, Any]]:
    """Orders whose bytes backups may still hold, and until when."""
    from yuexin.base.dates import today
    from yuexin.engines.deliveries.queries import bounded_backups

    found = bounded_backups(on=today(dt.datetime.now(dt.UTC)))
    return [{"order": one.order_number, "until": str(one.backups_until)} for one in found]


def _notices(backups: list[dict[str, Any]]) -> list[str]:
    return [
        f"备份 backups: “{one['order']}”删除的内容，旧备份须在 {one['until']} 前销毁 "
        f"older ones still hold it and must be destroyed by that day"
        for one in backups
    ]


@click.command()
@click.option("--json", "as_json", is_flag=True)
def doctor(as_json: bool) -> None:
    """Say what this installation is and what an operator should know."""
    with session() as home:
        from django.db import connection

        from yuexin.engines.declare.queries import current
        from yuexin.engines.deliveries.operations import sweep
        from yuexin.engines.deliveries.queries import unsettled

        swept = sweep(store=home.deliveries, now=dt.datetime.now(dt.UTC))
        with connection.cursor() as cursor:
            cursor.execute("SELECT version()")
            version = cursor.fetchone()[0]
        said = {
            "home": str(home.path),
            "python": platform.python_version(),
            "database": version.split(" on ")[0],
            "free_bytes": shutil.disk_usage(home.path).free,
            "declarations": current().digest,
            "unconfirmed": list(current().unconfirmed),
            "for_testing": list(current().for_testing),
            "unsettled": [kept.number for kept in unsettled(store=home.deliveries)],
            "abandoned_files_swept": swept,
            "backups_to_destroy": _backups(),
        }
        text = "\n".join(f"{name}: {value}" for name, value in said.items())
        say(said, as_json=as_json, text=text)
