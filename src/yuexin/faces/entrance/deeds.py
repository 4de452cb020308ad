"""What a delegate did, in words to the owner of the firm."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from yuexin.base.text import Text

DEEDS: Final[Mapping[str, Text]] = {
    "file.read": Text("查看档案", "looked at the file"),
    "file.denied": Text("请求查看档案未获准", "asked for the file and was refused"),
    "paper.issued": Text("取得信用报告", "took a credit report"),
    "correction.confirmed": Text("确认知悉更正", "confirmed a correction"),
    "delivery.received": Text("报送年报或即时信息", "filed a report or instant information"),
    "case.opened": Text("提交申请", "opened a case"),
    "case.step": Text("办理案件的一步", "took a step of a case"),
}


def told(action: str) -> Text:
    """An action in words; one that has none yet, by its name."""
    return DEEDS.get(action, Text(action, action))
