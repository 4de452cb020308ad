"""`yuexin rebuild`, `yuexin relink`, `yuexin verify` and `yuexin doctor`."""

from __future__ import annotations

import dataclasses
import datetime as dt
import platform
import shutil
from collections.abc import Sequence
from typing import Any

import click

from yuexin.faces.console.session import present, progress_bar, say, session

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
@click.option("--dry-run", is_flag=True, help="Say what would be judged and change nothing.")
@click.option("--json", "as_json", is_flag=True)
def relink(dry_run: bool, as_json: bool) -> None:
    """Compare what still waits again, with the weights and the registers of today."""
    with session(), progress_bar() as bar:
        from yuexin.domains.collection import relink as again
        from yuexin.engines.access.types import OPERATOR
        from yuexin.engines.declare.queries import current

        task = bar.add_task("比对 compare", total=None)
        asked: dict[str, Any] = {
            "declarations": current(),
            "actor": OPERATOR,
            "progress": lambda _, done, of: bar.update(task, completed=done, total=of),
        }
        found = again.foresee(**asked) if dry_run else again.relink(**asked, clock=present)
        said = {**dataclasses.asdict(found), "dry_run": dry_run}
        say(said, as_json=as_json, text=_relinked(found, dry_run))


def _relinked(found: Any, dry_run: bool) -> str:
    lines = [f"比对 {found.compared} 个等待中的提及 mentions that wait were compared"]
    if found.is_nothing:
        return "\n".join([*lines, "与上次所认定一致，无新认定 nothing new is to be said"])
    lines += [
        f"  自动认定 linked {found.linked}（等待中的行 rows that waited {found.rows}）",
        f"  请人认定 left to people {found.asked}",
        f"  不再询问 no longer asked about {found.dropped}",
    ]
    lines += [
        f"  {one.delivery}/{one.row} {one.name} → {one.code} {one.verdict}"
        + ("" if one.weight is None else f" {one.weight:+.1f}")
        for one in found.shown
    ]
    hint = "未作更改；去掉 --dry-run 执行 nothing was changed; without --dry-run it is done"
    return "\n".join([*lines, hint] if dry_run else lines)


@click.command()
@click.option("--json", "as_json", is_flag=True)
def verify(as_json: bool) -> None:
    """Check the chain of deliveries, every stored file, the journal's seals, the pool, and what is
    on record of reports."""
    with session() as home:
        from yuexin.domains.collection.verification import verify as run

        found = run(home=home, now=dt.datetime.now(dt.UTC))
        backups = _backups()
        word = "完好 clean" if not found.problems else "有问题 BROKEN"
        text = f"{found.deliveries} 次交付 deliveries, head {found.head[:16]}: {word}"
        lines = [
            f"交付 delivery {one.delivery}: 已依“{one.order}”删除部分内容 redacted under "
            f"{one.order} ({one.basis})"
            for one in found.redacted
        ]
        said = {**dataclasses.asdict(found), "backups": backups}
        lines += [*_notices(backups), *found.problems]
        say(said, as_json=as_json, text="\n".join([text, *lines]))
        problems = found.problems
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

        from yuexin.engines.declare.queries import current, grouped
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
        open_ones = grouped(current().unconfirmed)
        told = {**said, "unconfirmed": "".join(map(_group, open_ones, open_ones.values()))}
        text = "\n".join(f"{name}: {value}" for name, value in told.items())
        say(said, as_json=as_json, text=text)


def _group(word: str, lines: Sequence[str]) -> str:
    """What is open of one kind, on a line below."""
    return f"\n  {word} ({len(lines)}): {'; '.join(lines)}"
