"""Whether the law has a fact public on a day: a judge beside the product.

Plain Python over the rows as agencies sent them. Of the product it takes the numbers that are
declared (which class is public for how many months, since when) and nothing else: neither its
conditions, nor its SQL, nor what it kept.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence

from yuexin.base.dates import add_months
from yuexin.engines.declare.types import Term, TermVersion

Row = Mapping[str, str]
ONE_DAY = dt.timedelta(days=1)
NEVER = dt.date.min
ALWAYS = dt.date.max

HEAVIER = {
    "罚款", "没收违法所得", "没收非法财物", "没收违法所得或非法财物", "暂扣许可证件",
    "降低资质等级", "吊销许可证件", "暂扣或者吊销证照", "限制开展生产经营活动", "责令停产停业",
    "责令关闭", "限制从业", "行政拘留",
}  # fmt: skip
STANDSTILL = {"责令停产停业", "责令关闭"}
SERIOUS = STANDSTILL | {"降低资质等级", "限制开展生产经营活动", "限制从业"}
SECTORS = ("食品", "药品", "特种设备", "安全生产", "消防")
SECTOR_LAWS = ("食品安全法", "药品管理法", "特种设备", "安全生产", "消防")
OFF = {"撤销", "已修复", "封存", "其他"}


def is_public(*, kind: str, row: Row, day: dt.date, terms: Mapping[str, Term]) -> bool:
    """Whether what is told here must be shown on the day. What the law does not open must not."""
    if kind == "abnormal_operation":
        return row["列入状态"] == "列入"
    if kind == "licence":
        return _is_a_body(row, "XK") and row["XK_ZT"] not in OFF and not row.get("XK_BGSYY")
    if not _is_a_body(row, "CF") or row.get("CF_ZT", "") in OFF or row.get("CF_BGSYY"):
        return False
    return day <= last_day(row=row, on=day, term=terms["penalty_publicity"])


def last_day(*, row: Row, on: dt.date, term: Term) -> dt.date:
    """The last day of a penalty's publicity, by the law as it stands on a day."""
    decided = dt.date.fromisoformat(row["CF_JDRQ"])
    versions = sorted(term.versions, key=lambda one: one.valid_from)
    own = [one for one in versions if one.valid_from <= decided][-1]
    given = dt.date.fromisoformat(row["CF_GSJZQ"]) if row.get("CF_GSJZQ") else ALWAYS
    end = _end(row, decided, own)
    for version in versions:
        if version.clause == "old_law" or not decided < version.valid_from <= on:
            continue
        if min(end, given) < version.valid_from:
            continue  # What has ended is not brought back, nor ended again.
        later = max(_end(row, decided, version), version.valid_from - ONE_DAY)
        if version.clause == "new_law" or later < end:
            end = later
    return min(end, given)


def _end(row: Row, decided: dt.date, version: TermVersion) -> dt.date:
    (said,) = [one for one in version.classes if one.id == _class(row, version.valid_from)]
    return add_months(decided, said.months_max) if said.publish else NEVER


def _class(row: Row, since: dt.date) -> str:
    """The class of a penalty by the law that began on a day."""
    kinds = {one.strip() for one in re.split("[;；,，、|]", row["CF_CFLB"])}
    revoked = any(one.startswith("吊销") for one in kinds)
    if "暂扣或者吊销证照" in kinds and "吊销" in row["CF_NR"] and "暂扣" not in row["CF_NR"]:
        revoked = True
    other = any(one.startswith("其他-") for one in kinds)
    minor = row.get("CF_SYCX") == "简易程序" or not (kinds & HEAVIER or other or revoked)
    if since < dt.date(2019, 7, 1):
        return "any"
    if since < dt.date(2023, 5, 1):
        return "serious" if kinds & STANDSTILL or revoked else "general"
    if since < dt.date(2026, 4, 1):
        return "minor" if minor else "protected_sector" if _sector(row) else "other"
    return "serious" if kinds & SERIOUS or revoked else "minor" if minor else "general"


def _sector(row: Row) -> bool:
    return any(word in row["CF_WFXW"] for word in SECTORS) or any(
        word in row["CF_YJ"] for word in SECTOR_LAWS
    )


def _is_a_body(row: Row, prefix: str) -> bool:
    """No natural person, and none of whom nothing says otherwise."""
    numbers: Sequence[str] = [
        row.get(f"{prefix}_XDR_{name}", "") for name in ("SHXYM", "ZZJG", "GSZC")
    ]
    return row[f"{prefix}_XDR_LB"] != "自然人" and any(numbers)
