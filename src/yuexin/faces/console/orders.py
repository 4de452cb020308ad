"""`yuexin erase` and `yuexin reprocess`: shown first, done with `--yes`."""

from __future__ import annotations

import datetime as dt
import os
from typing import Any, Final

import click

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.faces.console.ask import plain
from yuexin.faces.console.session import say, session, utf8

PAGES_SHOWN: Final = 20
BACKUP_DAYS: Final = 30
LONGEST_BACKUP_DAYS: Final = 3_660
NUMBER: Final = click.IntRange(1, 2**63 - 1)


@click.command()
@click.option("--order", required=True, callback=utf8, help="The number of the order.")
@click.option("--basis", required=True, callback=utf8, help="A declared law, with :article.")
@click.option("--issued-by", required=True, callback=utf8, help="The body that ordered it.")
@click.option("--reason", required=True, callback=utf8)
@click.option("--delivery", "deliveries", required=True, multiple=True, type=NUMBER)
@click.option("--row", "rows", multiple=True, type=NUMBER, help="Of one delivery; else all rows.")
@click.option("--column", "columns", multiple=True, help="Only these cells of the rows.")
@click.option("--subject", default="", callback=utf8, help="Only rows that name this code.")
@click.option("--yes", is_flag=True, help="Erase. Without it nothing is changed.")
@click.option("--json", "as_json", is_flag=True)
def erase(
    order: str,
    basis: str,
    issued_by: str,
    reason: str,
    deliveries: tuple[int, ...],
    rows: tuple[int, ...],
    columns: tuple[str, ...],
    subject: str,
    yes: bool,
    as_json: bool,
) -> None:
    """Erase rows or cells by a lawful order; show first what that takes."""
    with session() as home:
        from yuexin.base.codes import normalise_code
        from yuexin.domains.collection import erasure
        from yuexin.domains.collection.reading.redacted import Scope
        from yuexin.engines.access.types import OPERATOR
        from yuexin.engines.declare.queries import current
        from yuexin.engines.deliveries.types import Order

        _refuse_rows_of_several(deliveries, rows)
        asked: dict[str, Any] = {
            "home": home,
            "order": Order(order_number=order, basis=basis, issued_by=issued_by, reason=reason),
            "deliveries": deliveries,
            "scope": Scope(rows=frozenset(rows), columns=columns, naming=normalise_code(subject)),
            "declarations": current(),
            "now": dt.datetime.now(dt.UTC),
        }
        if yes:
            done = erasure.erase(**asked, backup_days=backup_days(), actor=OPERATOR)
            say(plain(done), as_json=as_json, text=_done(done, order))
        else:
            found = erasure.foresee(**asked)
            say(plain(found), as_json=as_json, text=_foreseen(found))


@click.command()
@click.option("--resource", default="", callback=utf8, help="Only deliveries of this resource.")
@click.option("--kind", default="", callback=utf8, help="Only deliveries that give this kind.")
@click.option("--yes", is_flag=True, help="Apply. Without it nothing is changed.")
@click.option("--expect", default="", help="The digest of the difference that was shown.")
@click.option("--json", "as_json", is_flag=True)
def reprocess(resource: str, kind: str, yes: bool, expect: str, as_json: bool) -> None:
    """Read deliveries again under the declarations of today; show first what that changes."""
    with session() as home:
        from yuexin.domains.collection import reprocess as reading
        from yuexin.engines.access.types import OPERATOR
        from yuexin.engines.declare.queries import current

        asked: dict[str, Any] = {
            "home": home,
            "declarations": current(),
            "resource": resource,
            "kind": kind,
            "actor": OPERATOR,
            "now": dt.datetime.now(dt.UTC),
        }
        found = reading.reprocess(**asked, expect=expect) if yes else reading.difference(**asked)
        say(plain(found), as_json=as_json, text=_difference(found))


def _difference(found: Any) -> str:
    if found.is_nothing:
        return "没有差异 nothing would change"
    lines = [f"重新读取 {len(found.deliveries)} 次交付 deliveries read again"]
    for one in found.kinds:
        lines.append(
            f"{one.kind}: 新增 new {one.new}  变更 changed {one.changed}  消失 gone {one.gone}"
            f"  转为公开 published {one.published}  不再公开 withdrawn {one.withdrawn}"
        )
        lines += [f"  {name} {count}" for name, count in one.fields]
    moved = found.moved
    lines.append(
        f"隔离 quarantine +{moved.into_quarantine} −{moved.out_of_quarantine}"
        f"  等待 waiting +{moved.into_waiting} −{moved.out_of_waiting}"
        f" ±{moved.waiting_otherwise}"
    )
    lines += [f"  {address}" for address in found.examples]
    if found.number is not None:
        lines.append(f"已执行 applied: reading {found.number}")
    else:
        lines.append(
            f"未作更改；执行 nothing was changed; apply with: --yes --expect {found.digest}"
        )
    return "\n".join(lines)


def backup_days() -> int:
    """How long backups may hold what was erased: `YUEXIN_BACKUP_DAYS`."""
    given = os.environ.get("YUEXIN_BACKUP_DAYS", str(BACKUP_DAYS))
    if not given.isdecimal() or int(given) > LONGEST_BACKUP_DAYS:
        raise Refusal(
            code="SETTING",
            what=Text("备份保留天数须为整数", "the days that backups are kept are a whole number"),
            where="YUEXIN_BACKUP_DAYS",
            rule=f"0 to {LONGEST_BACKUP_DAYS}",
            remedy=Text(f"例如 {BACKUP_DAYS}", f"{BACKUP_DAYS}, for instance"),
        )
    return int(given)


def _refuse_rows_of_several(deliveries: tuple[int, ...], rows: tuple[int, ...]) -> None:
    if rows and len(set(deliveries)) > 1:
        raise Refusal(
            code="ROW",
            what=Text("行号只能用于一次交付", "rows are of one delivery"),
            where="--row",
            remedy=Text("每次交付执行一次", "run the command once for each delivery"),
        )


def _parts(parts: Any) -> list[str]:
    lines = []
    for part in parts:
        spans = "、".join(f"{a}" if a == b else f"{a}–{b}" for a, b in part.rows)
        cells = f" 列 columns {'、'.join(part.columns)}" if part.columns else ""
        lines.append(
            f"交付 delivery {part.delivery} {part.file_name}: 行 rows {spans or '—'} "
            f"({part.count}/{part.of}){cells}"
        )
        lines.append(
            f"  记录 records {part.records}  等待 waiting {part.waiting}"
            f"  隔离 quarantined {part.quarantined}  公开页 pages {len(part.pages)}"
        )
        lines += [f"    {address}" for address in part.pages[:PAGES_SHOWN]]
    return lines


def _foreseen(found: Any) -> str:
    if found.is_nothing:
        return "\n".join([*_parts(found.parts), "已无可删除的内容 nothing is left to erase"])
    hint = "未作更改；加 --yes 执行，文件与全部衍生数据将一并删除 nothing was changed; --yes erases"
    return "\n".join([*_parts(found.parts), hint])


def _done(done: Any, order: str) -> str:
    if done.number is None:
        return "\n".join([*_parts(done.parts), "已无可删除的内容 nothing is left to erase"])
    return "\n".join(
        [
            *_parts(done.parts),
            f"已依“{order}”删除 erased under {order}，erasure {done.number}",
            f"  公开地址失效 addresses gone {len(done.gone)}"
            f"  重新计数的交付 deliveries recounted {done.recounted}",
            f"  备份 backups: 含有原件的备份须在 {done.backups_until} 前销毁 "
            f"those that hold the bytes must be destroyed by that day",
        ]
    )
