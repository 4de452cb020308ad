"""Reads: receipts with their sentences, what waits and what is in quarantine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from itertools import islice
from typing import Any

from django.db.models import Count

from yuexin.base.text import Text
from yuexin.domains.collection.models import Quarantined, Waiting
from yuexin.engines.declare.types import RequiredWhen, Resource
from yuexin.engines.deliveries.models import Delivery, Receipt
from yuexin.engines.deliveries.queries import (
    ALGORITHM,
    adopted,
    kept,
    later_acts,
    public_key,
    read_under,
    repeats,
    statement,
)
from yuexin.home.folder import Home

CONSUMER = "yuexin"
ERRORS_LISTED = 50
GROUP = 500
VALUE_LISTED = 80
RULES = {
    "REQUIRED": Text("必填项为空", "a required value is missing"),
    "TYPE": Text("不符合该列的数据类型", "not a value of this column's type"),
    "RANGE": Text("超出规定的数值范围", "a number outside the declared bounds"),
    "LENGTH": Text("超过规定长度", "longer than the standard allows"),
    "CODE_LIST": Text("不在代码表中", "not in the code list"),
    "CODE_CHECK": Text("代码校验未通过", "the code fails its check"),
    "CODE_DATE": Text("代码在该日期不在使用期内", "a code that was not in use on that date"),
    "CONTROL": Text(
        "含有不可见字符或换行，已去除",
        "held invisible characters or line breaks, which were removed",
    ),
    "SHAPE": Text("列数与表头不符", "the row has another number of fields than the header"),
}
REMEDIES = {
    "REQUIRED": Text("补填这一列", "fill this column"),
    "TYPE": Text(
        "按该列类型填写，日期如 2024-03-05，金额只写数字",
        "write what the column's type asks for: a date like 2024-03-05, an amount in digits",
    ),
    "RANGE": Text("核对数值和单位", "check the number and its unit"),
    "LENGTH": Text("缩短内容，或拆到备注", "shorten it"),
    "CODE_LIST": Text("改为代码表中的值", "use a value of the code list"),
    "CODE_CHECK": Text("对照证照逐位核对代码", "compare each character with the certificate"),
    "CODE_DATE": Text("改用当日在用的代码", "use a code that was in use on that day"),
    "CONTROL": Text("导出前去除不可见字符", "remove them before the export"),
    "SHAPE": Text(
        "补齐或去掉多余的分隔符，使列数与表头相同",
        "give the row as many fields as the header has",
    ),
    "": Text(
        "对照原始决定更正后，关联本批次重新交付",
        "correct it by the original decision and deliver it again, linked to this delivery",
    ),
}
REASONS = {
    "NO_CODE": Text("没有任何代码", "the row names no code"),
    "CODE_CHECK": Text("代码校验未通过", "the code fails its check"),
    "UNREGISTERED": Text("代码有效但尚无登记信息", "a valid code that no register knows yet"),
    "NUMBER_UNKNOWN": Text("旧号码没有对应主体", "an old number that leads to nobody"),
    "NAME_DISAGREES": Text("名称与代码对应的主体不符", "the name is not one this code ever had"),
    "NATURAL_PERSON": Text("相对人为自然人，不进入主体档案", "a natural person's row"),
    "OUTDATED": Text("等待期间，之后的交付已有新内容", "a later delivery said otherwise meanwhile"),
    "SAID_ELSEWHERE": Text("另一机关已交付同一事项", "another agency delivered this fact"),
    "NOTHING_TO_WITHDRAW": Text("没有可撤回的记录", "nothing of this row is left to take back"),
    "SAME_KEY": Text("同一交付中同一事项内容不同", "the delivery says two things of one fact"),
}


def receipt(*, number: int, home: Home) -> dict[str, Any] | None:
    """The receipt of a delivery as domain rule 9.3 lists it, or none before it is loaded.

    `signature` is over the canonical JSON of the keys named in `over`. `errors` holds the first
    rejected rows; `errors` of this module gives them all. `sentences` says each rule in words.
    `later` tells what was erased or read again since; what was signed stays as it was issued.
    """
    row = Receipt.objects.select_related("delivery").filter(delivery_id=number).first()
    if row is None:
        return None
    delivery = row.delivery
    resource = layout_of(delivery)
    signed = statement(row)
    return {
        **signed,
        "resource": delivery.resource,
        "resource_code": resource.code,
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
            item["rule"]: sentence(resource=resource, rule=item["rule"])._asdict()
            for item in row.findings
        },
        "errors": list(islice(errors(number=number, rows=ERRORS_LISTED), ERRORS_LISTED)),
        "waiting": waiting_by_reason(delivery=number),
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
    resource = layout_of(Delivery.objects.get(number=number))
    rejected = Quarantined.objects.filter(delivery=number).order_by("row")
    for row in rejected[:rows].iterator():
        yield from _told(resource, row)


def error_groups(*, number: int) -> Iterator[list[dict[str, Any]]]:
    """The same, all of it, a group of rows at a time; nothing stays open between two groups."""
    resource = layout_of(Delivery.objects.get(number=number))
    rejected = Quarantined.objects.filter(delivery=number).order_by("row")
    group = list(rejected[:GROUP])
    while group:
        yield [error for row in group for error in _told(resource, row)]
        group = list(rejected.filter(row__gt=group[-1].row)[:GROUP])


def _told(resource: Resource, row: Quarantined) -> Iterator[dict[str, Any]]:
    for finding in row.findings:
        if finding["severity"] == "reject":
            yield {
                "row": row.row,
                "field": finding["column"],
                "rule": finding["rule"],
                "sentence": sentence(resource=resource, rule=finding["rule"])._asdict(),
                "value_masked": (finding["value"] or "")[:VALUE_LISTED],
            }


def layout_of(delivery: Delivery) -> Resource:
    """The layout that the delivery is read by now."""
    digest = read_under().get(delivery.number, delivery.declarations_id)
    return adopted(digest).resources[delivery.resource]


def sentence(*, resource: Resource, rule: str) -> Text:
    """What a finding's rule means, in words."""
    if rule in RULES:
        return RULES[rule]
    for item in resource.required_when:
        if item.id == rule:
            return _requirement(item)
    for order in resource.not_after:
        if order.id == rule:
            second = "交付日" if order.second == "today" else order.second
            return Text(
                f"“{order.first}”晚于“{second}”", f"{order.first} lies after {order.second}"
            )
    return Text(rule, rule)


def _requirement(rule: RequiredWhen) -> Text:
    """What a required value lacks: a number that must be above zero may be there and be none."""
    zh, en = ("必填且应大于 0", "above 0") if rule.positive else ("必填", "filled")
    return Text(
        f"“{rule.column}”含“{rule.contains}”时“{rule.require}”{zh}",
        f"where {rule.column} holds {rule.contains}, {rule.require} must be {en}",
    )


def waiting_by_reason(*, delivery: int | None = None) -> dict[str, int]:
    """How many rows wait, by reason; of one delivery or of all."""
    rows = Waiting.objects.all() if delivery is None else Waiting.objects.filter(delivery=delivery)
    counted = rows.values("reason").annotate(rows=Count("row")).order_by("reason")
    return {item["reason"]: item["rows"] for item in counted}
