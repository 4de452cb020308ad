"""Reads: receipts with their sentences, what waits and what is in quarantine."""

from __future__ import annotations

from typing import Any

from django.db.models import Count

from yuexin.base.text import Text
from yuexin.domains.collection.models import Waiting
from yuexin.engines.declare.types import Resource
from yuexin.engines.deliveries.models import Receipt
from yuexin.engines.deliveries.queries import adopted

RULES = {
    "REQUIRED": Text("必填项为空", "a required value is missing"),
    "TYPE": Text("不符合该列的数据类型", "not a value of this column's type"),
    "RANGE": Text("超出规定的数值范围", "a number outside the declared bounds"),
    "LENGTH": Text("超过规定长度", "longer than the standard allows"),
    "CODE_LIST": Text("不在代码表中", "not in the code list"),
    "CODE_CHECK": Text("代码校验未通过", "the code fails its check"),
    "CONTROL": Text("含有不可见字符，已去除", "held invisible characters, which were removed"),
    "SHAPE": Text("列数与表头不符", "the row has another number of fields than the header"),
}
REASONS = {
    "NO_CODE": Text("没有任何代码", "the row names no code"),
    "CODE_CHECK": Text("代码校验未通过", "the code fails its check"),
    "UNREGISTERED": Text("代码有效但尚无登记信息", "a valid code that no register knows yet"),
    "NUMBER_UNKNOWN": Text("旧号码没有对应主体", "an old number that leads to nobody"),
    "NAME_DISAGREES": Text("名称与代码对应的主体不符", "the name is not one this code ever had"),
    "NATURAL_PERSON": Text("相对人为自然人，不进入主体档案", "a natural person's row"),
    "OUTDATED": Text("等待期间，之后的交付已有新内容", "a later delivery said otherwise meanwhile"),
    "SAME_KEY": Text("同一交付中同一事项内容不同", "the delivery says two things of one fact"),
}


def receipt(*, number: int) -> dict[str, Any]:
    """A receipt with all that domain rule 9.3 lists, each finding with its sentence."""
    row = Receipt.objects.select_related("delivery").get(delivery_id=number)
    delivery = row.delivery
    resource = adopted(delivery.declarations_id).resources[delivery.resource]
    return {
        "number": number,
        "state": row.state,
        "refusal": row.refusal,
        "resource": delivery.resource,
        "resource_code": resource.code,
        "agency": delivery.agency,
        "channel": delivery.channel,
        "file_name": delivery.file_name,
        "size_bytes": delivery.size_bytes,
        "sha256": delivery.sha256,
        "chain": delivery.chain,
        "linked_to": delivery.linked_to_id,
        "received_at": delivery.received_at,
        "loaded_at": row.loaded_at,
        "rows_declared": delivery.declared_rows,
        "rows_received": row.rows_received,
        "rows_ok": row.rows_ok,
        "rows_new": row.rows_new,
        "rows_changed": row.rows_changed,
        "rows_unchanged": row.rows_unchanged,
        "rows_waiting": row.rows_waiting,
        "rows_rejected": row.rows_rejected,
        "findings": [
            {**item, "sentence": sentence(resource=resource, rule=item["rule"])._asdict()}
            for item in row.findings
        ],
        "waiting": waiting_by_reason(delivery=number),
    }


def sentence(*, resource: Resource, rule: str) -> Text:
    """What a finding's rule means, in words."""
    if rule in RULES:
        return RULES[rule]
    for item in resource.required_when:
        if item.id == rule:
            return Text(
                f"“{item.column}”含“{item.contains}”时“{item.require}”必填",
                f"where {item.column} holds {item.contains}, {item.require} must be filled",
            )
    for order in resource.not_after:
        if order.id == rule:
            second = "交付日" if order.second == "today" else order.second
            return Text(
                f"“{order.first}”晚于“{second}”", f"{order.first} lies after {order.second}"
            )
    return Text(rule, rule)


def waiting_by_reason(*, delivery: int | None = None) -> dict[str, int]:
    """How many rows wait, by reason; of one delivery or of all."""
    rows = Waiting.objects.all() if delivery is None else Waiting.objects.filter(delivery=delivery)
    counted = rows.values("reason").annotate(rows=Count("row")).order_by("reason")
    return {item["reason"]: item["rows"] for item in counted}
