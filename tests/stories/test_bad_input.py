"""What comes wrong is refused with its reason, and nothing wrong is said of anybody."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.intake import Row
from tests.stories.province import TODAY, ago
from tests.stories.town import Town
from tests.stories.townsfolk import RIVAL

CITY = "guangzhou_market_regulation"
ENTRY: Row = {
    "统一社会信用代码": RIVAL.uscc, "名称": RIVAL.name, "列入日期": ago(9),
    "列入经营异常名录原因": "4", "列入决定文书号": "示例异〔2026〕9号",
    "作出决定机关（列入）": "广州市市场监督管理局",
    "作出决定机关（列入）代码": "11440100MBYX00280R",
}  # fmt: skip
"""An entry that the city decided, and that the province tells as well."""
FILE = f"/s/{RIVAL.uscc}"


def removal(day: str, reason: str) -> Row:
    return {**ENTRY, "移出日期": day, "移出经营异常名录原因": reason, "列入状态": "已移出"}


def test_two_agencies_that_lift_at_once_lift_it_once(town: Town) -> None:
    """Whoever comes second contradicts the first: it waits for a person, and the entry is gone."""
    town.deliver("abnormal_operations", ENTRY, agency=CITY)
    town.visitor().until(FILE, ENTRY["列入决定文书号"])
    said = {
        CITY: removal(ago(1), "恢复联系"),
        "market_regulation": removal(TODAY.isoformat(), "变更住所"),
    }
    with ThreadPoolExecutor() as at_once:
        receipts = list(
            at_once.map(
                lambda agency: town.deliver("abnormal_operations", said[agency], agency=agency),
                said,
            )
        )
    assert sorted(one["rows_changed"] for one in receipts) == [0, 1]
    (waiting,) = [one["waiting"] for one in receipts if one["waiting"]]
    assert waiting == {"SAID_ELSEWHERE": 1}
    assert town.outlets(RIVAL.uscc, ENTRY["列入决定文书号"]) == set()
