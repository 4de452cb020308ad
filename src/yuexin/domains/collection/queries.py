"""Reads: receipts with their sentences, what waits and what is in quarantine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import Count

from yuexin.base.text import Text
from yuexin.domains.collection.layout import Layout, layout_of
from yuexin.domains.collection.models import LedRow, Quarantined, Waiting
from yuexin.domains.collection.resolved_sql import COUNTS, HOWS, MAY_BE_LED, How
from yuexin.engines.deliveries.models import Delivery, Receipt
from yuexin.engines.deliveries.queries import (
    ALGORITHM,
    kept,
    later_acts,
    public_key,
    repeats,
    statement,
)
from yuexin.home.folder import Home

CONSUMER = "yuexin"
ERRORS_LISTED = 50
GROUP = 500
VALUE_LISTED = 80
REASONS = {
    "NO_CODE": Text("没有任何代码", "the row names no code"),
    "CODE_CHECK": Text("代码校验未通过", "the code fails its check"),
    "UNREGISTERED": Text("代码有效但尚无登记信息", "a valid code that no register knows yet"),
    "NUMBER_UNKNOWN": Text("旧号码没有对应主体", "an old number that matches no entity"),
    "NAME_DISAGREES": Text("名称与代码对应的主体不符", "the name is not one this code ever had"),
    "CODE_REUSED": Text(
        "同一代码，名称与成立日期都不同", "the same code, with another name and founding"
    ),
    "JUDGED_DIFFERENT": Text("经人认定不属于该代码的主体", "a person judged it to be another's"),
    "NATURAL_PERSON": Text("相对人为自然人，不进入主体档案", "a natural person's row"),
    "OUTDATED": Text("等待期间，之后的交付已有新内容", "a later delivery said otherwise meanwhile"),
    "SAID_ELSEWHERE": Text("另一机关已交付同一事项", "another agency delivered this fact"),
    "DECIDED_SINCE": Text(
        "经办件决定不再公示，这一行没有关联那次决定",
        "a case ended its publicity, and the row is not linked to that decision",
    ),
    "NOTHING_TO_WITHDRAW": Text("没有可撤回的记录", "nothing of this row is left to take back"),
    "SAME_KEY": Text("同一交付中同一事项内容不同", "the delivery says two things of one fact"),
}


def receipt(*, number: int, home: Home) -> dict[str, Any] | None:
    """The receipt of a delivery as domain rule 9.3 lists it, or none before it is loaded.

    `signature` is over the canonical JSON of the keys named in `over`. `errors` holds the first
    rejected rows; `errors` of this module gives them all. `sentences` says each rule in words.
    `waiting` and `resolved` tell how it stands now, `later` what was erased or read again since;
    what was signed stays as it was issued.
    """
    row = Receipt.objects.select_related("delivery").filter(delivery_id=number).first()
    if row is None:
        return None
    delivery = row.delivery
    layout = layout_of(delivery)
    signed = statement(row)
    return {
        **signed,
        "resource": delivery.resource,
        "resource_code": layout.resource.code,
        "provider": delivery.agency,
        "consumer": CONSUMER,
        "mode": "file",
        "channel": delivery.channel,
        "file_name": delivery.file_name,
        "size_bytes": delivery.size_bytes,
        "sha256": delivery.sha256,
        "intent": delivery.intent,
        "repeats": repeats(kept(delivery, store=home.deliveries)),
        "linked_to": delivery.linked_to_id,
        "sent_at": delivery.sent_at,
        "received_at": delivery.received_at,
        "rows_declared": delivery.declared_rows,
        "sentences": {
            item["rule"]: layout.sentence(item["rule"])._asdict() for item in row.findings
        },
        "errors": list(islice(errors(number=number, rows=ERRORS_LISTED), ERRORS_LISTED)),
        "waiting": waiting_by_reason(delivery=number),
        "resolved": resolved_by_how(delivery=number),
        "later": [asdict(act) for act in later_acts(number=number)],
        "signature": {
            "algorithm": ALGORITHM,
            "public_key": public_key(home=home),
            "value": row.signature,
            "over": sorted(signed),
        },
    }


def errors(*, number: int, rows: int | None = None) -> Iterator[dict[str, Any]]:
    """Why each rejected row of a delivery was rejected, in their order; of the first `rows` or all.

    `row` counts from 1 below the header; a personal value is masked.
    """
    layout = layout_of(Delivery.objects.get(number=number))
    rejected = Quarantined.objects.filter(delivery=number).order_by("row")
    for row in rejected[:rows].iterator():
        yield from _told(layout, row)


def error_groups(*, number: int) -> Iterator[list[dict[str, Any]]]:
    """The same, all of it, a group of rows at a time; nothing stays open between two groups."""
    layout = layout_of(Delivery.objects.get(number=number))
    rejected = Quarantined.objects.filter(delivery=number).order_by("row")
    group = list(rejected[:GROUP])
    while group:
        yield [error for row in group for error in _told(layout, row)]
        group = list(rejected.filter(row__gt=group[-1].row)[:GROUP])


def _told(layout: Layout, row: Quarantined) -> Iterator[dict[str, Any]]:
    for finding in row.findings:
        if finding["severity"] == "reject":
            yield {
                "row": row.row,
                "field": finding["column"],
                "rule": finding["rule"],
                "sentence": layout.sentence(
                    finding["rule"], header=finding["column"], value=finding["value"] or ""
                )._asdict(),
                "value_masked": (finding["value"] or "")[:VALUE_LISTED],
            }


def waiting_by_reason(*, delivery: int | None = None) -> dict[str, int]:
    """How many rows wait, by reason; of one delivery or of all."""
    rows = Waiting.objects.all() if delivery is None else Waiting.objects.filter(delivery=delivery)
    counted = rows.values("reason").annotate(rows=Count("row")).order_by("reason")
    return {item["reason"]: item["rows"] for item in counted}


def resolved_by_how(*, delivery: int) -> dict[How, int]:
    """How many rows of a delivery that had waited were placed how, or wait again; `joined` are
    among the others."""
    if not _ever_waited(delivery):
        return {}
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, {"delivery": delivery, "reasons": MAY_BE_LED})
        found = cursor.fetchall()
    counted: dict[How, int] = {how: rows for how, rows, _ in found}
    if joined := sum(rows for _, _, rows in found):
        counted["joined"] = joined
    return {how: counted[how] for how in HOWS if how in counted}


def _ever_waited(delivery: int) -> bool:
    """Whether rows of a delivery waited, be it for as long as it took to fold it."""
    of_delivery = (table.objects.filter(delivery=delivery) for table in (LedRow, Waiting))
    waited = Receipt.objects.filter(delivery_id=delivery, rows_waiting__gt=0).exists()
    return waited or any(rows.exists() for rows in of_delivery)
