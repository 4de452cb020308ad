"""The fixed words of the credit report, in both languages."""

from __future__ import annotations

from typing import Final

from yuexin.base.text import Text

TITLE: Final = Text("公共信用信息报告", "Public Credit Report")
EDITION: Final = Text(
    "（按 2022 年公共信用信息报告标准的结构）", "(structured by the report standard of 2022)"
)
NAME: Final = Text("名称", "Name")
CODE: Final = Text("统一社会信用代码", "Unified social credit code")
JOINED_CODES: Final = Text("同一主体的其他代码", "Other codes of the same entity")
TYPE: Final = Text("类型", "Type")
CITY: Final = Text("所在地", "Place")
FORMER_NAMES: Final = Text("曾用名", "Other names")
BETWEEN: Final = Text("；", "; ")
MASKED: Final = Text("（依法隐去一部分）", "(partly hidden by law)")

LABELS: Final = {
    "number": Text("报告编号", "Report number"),
    "code": Text("校验码", "Check code"),
    "moment": Text("查询时间", "Time of the query"),
    "data_until": Text("数据截至", "Data delivered up to"),
    "beijing": Text("（北京时间）", "(Beijing time)"),
    "scan": Text("扫码或在下面的地址验证", "Scan, or verify at"),
    "summary": Text("概要", "Summary"),
    "section": Text("类别", "Section"),
    "public_records": Text("公开的记录", "Public records"),
    "records": Text(" 条", ""),
    "source": Text("来源", "Source"),
    "received": Text("收到", "received"),
    "date": Text("日期", "Date"),
    "shown_until": Text("公示至", "public until"),
    "basis": Text("依据", "Basis"),
    "adverse": Text("不利信息", "Adverse"),
    "remedies": Text("不服或有误，怎么办", "What you can do"),
    "notes": Text("说明", "Notes"),
    "disclaimer": Text("免责声明", "Disclaimer"),
    "page": Text("第 # 页，共 ## 页", "Page # of ##"),
}

NOTES: Final = (
    Text(
        "本报告是查询时刻公共信用档案中依法向社会公开的内容，不含任何不公开的信息；"
        "公示期已满、已修复、已撤销或依法不公开的内容不在其中。",
        "This report holds what the law makes public of the file at the time of the query, and "
        "nothing else: what has left publicity, was repaired or revoked, or is closed by law, is "
        "not in it.",
    ),
    Text(
        "“无……信息”是指到所写日期为止，应当交付此类数据的部门都已交付，其中没有该主体的公开记录。"
        "有部门未交付或未按期交付的，该类别下写明，不能据此认定没有。",
        "“No … information” means that every agency which delivers such data had delivered by the "
        "day named, and no public record of this entity was in it. Where an agency has not "
        "delivered, or is overdue, the section says so: then nothing proves that there is none.",
    ),
    Text(
        "每条记录以来源部门的原始记载为准。“依法隐去一部分”处依法不完整显示。",
        "Each record is its source's: the agency's own record prevails. What is marked as partly "
        "hidden is shown in part only, by law.",
    ),
    Text(
        "本报告有电子签名。文件内容改动任何一处，验证都会指出。纸质件请用编号和校验码验证，"
        "并与网上的档案核对。",
        "This report is signed. Verification tells if any byte of the file was changed. Verify a "
        "print by its number and check code, and compare it with the file on the site.",
    ),
    Text(
        "事实会变化：验证时如果提示“事实已有变化”，请重新获取报告。",
        "Facts change: where verification says that they have, get a new report.",
    ),
)

DISCLAIMER: Final = (
    Text(
        "本报告免费提供，仅供了解该主体的公共信用状况，不是行政决定，也不替代法律规定的证明文件。"
        "信息由来源部门提供并对其真实性负责；平台按原样归集、依法公开。使用者自行判断并承担使用后果，"
        "不得用于法律禁止的用途。",
        "This report is free and informs about the public credit of the entity. It is no "
        "administrative decision and replaces no document that the law requires. The agencies "
        "named answer for what they deliver; the platform collects it as it came and publishes it "
        "by law. Whoever uses the report judges for himself and answers for its use, and may not "
        "use it for what the law forbids.",
    ),
)
OBJECTION: Final = Text(
    "认为内容有误的，可以向来源部门或者信用信息工作机构提出异议。",
    "Whoever finds an error may object to the source agency or to the credit information body.",
)
