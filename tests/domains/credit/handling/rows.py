"""Rows of lists, as their agencies send them."""

from __future__ import annotations

from tests.cast import Entity


def debtor(of: Entity, number: str = "1", **changes: str) -> dict[str, str]:
    """A row of the list of dishonest judgement debtors."""
    row = {
        "主体名称": of.name,
        "主体类别": "法人及非法人组织",
        "统一社会信用代码": of.uscc,
        "法定代表人或者负责人姓名": "陈示例",
        "执行案号": f"（2025）粤0606执示例{number}号",
        "执行法院": "佛山市顺德区人民法院",
        "立案时间": "2025-01-06",
        "执行依据文号": "（2024）粤06民终示例号",
        "作出执行依据单位": "佛山市示例中级人民法院",
        "被执行人的履行情况": "全部未履行",
        "失信被执行人行为具体情形": "有履行能力而拒不履行生效法律文书确定义务",
        "生效法律文书确定的义务": "支付货款及利息",
        "发布时间": "2025-03-03",
        "名单状态": "公布",
    }
    return row | changes


def barred(of: Entity, **changes: str) -> dict[str, str]:
    """A row of the record of grave dishonesty in government procurement."""
    row = {
        "主体类别": "法人及非法人组织",
        "统一社会信用代码": of.uscc,
        "企业名称": of.name,
        "严重违法失信行为的具体情形": "提供虚假材料谋取中标",
        "处罚结果": "罚款，一年内禁止参加政府采购活动",
        "处罚依据": "《政府采购法》第七十七条",
        "处罚决定书文号": "粤财示例采罚〔2026〕1号",
        "处罚日期": "2026-03-02",
        "公布日期": "2026-03-10",
        "禁止参加政府采购活动截止日期": "2027-03-01",
        "执法单位": "广东省财政厅",
        "执法单位统一社会信用代码": "11440000MBYX00168M",
        "公布截止日期": "2027-03-09",
    }
    return row | changes


def grade_a(of: Entity, **changes: str) -> dict[str, str]:
    """A row of the list of grade A of 2025."""
    row = {
        "纳税人名称": of.name,
        "统一社会信用代码": of.uscc,
        "评价年度": "2025",
        "纳税信用级别": "A",
        "公布日期": "2026-04-24",
    }
    return row | changes


def abnormal(of: Entity, **changes: str) -> dict[str, str]:
    """An entry in the list of abnormal operations."""
    row = {
        "统一社会信用代码": of.uscc,
        "名称": of.name,
        "列入日期": "2026-07-08",
        "列入经营异常名录原因": "未按期公示年度报告",
        "列入决定文书号": "穗市监示例异〔2026〕1号",
        "作出决定机关（列入）": "广州市市场监督管理局",
    }
    return row | changes


def dishonest(of: Entity, **changes: str) -> dict[str, str]:
    """An entry in the list of serious dishonesty."""
    row = {
        "统一社会信用代码": of.uscc,
        "名称": of.name,
        "当事人类别": "法人及非法人组织",
        "列入日期": "2025-05-12",
        "列入情形": "食品安全领域",
        "列入严重违法失信名单原因": "用非食品原料生产食品，受到较重行政处罚",
        "列入决定文书号": "穗市监示例列〔2025〕1号",
        "作出决定机关（列入）": "广州市市场监督管理局",
        "列入期满日期": "2028-05-12",
    }
    return row | changes
