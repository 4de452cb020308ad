"""The fixed words of the proof of a check and of a refusal, in both languages."""

from __future__ import annotations

from typing import Final

from yuexin.base.text import Text

PROOF: Final = Text("信用核查证明", "Proof of a Credit Check")
REFUSAL: Final = Text("不予办理决定书", "Decision to Refuse")
DRAFT: Final = Text("草稿：尚未签发，没有任何效力", "A draft: not signed, and without any effect")
LABELS: Final = {
    "number": Text("文书编号", "Paper"),
    "page": Text("第 # 页，共 ## 页", "Page # of ##"),
    "scan": Text("扫码或在下面的地址验证", "Scan, or verify at"),
}
PAPER_NUMBER: Final = Text("文书编号", "Number of the paper")
CHECK_CODE: Final = Text("校验码", "Check code")
CHECK_NUMBER: Final = Text("核查编号", "Number of the check")
BODY: Final = Text("核查部门", "Body")
SCENE: Final = Text("办理环节", "Scene")
ITEM: Final = Text("办理事项", "What is handled")
CASE: Final = Text("办件编号", "Case number")
CHANNEL: Final = Text("查询渠道", "Channel of the query")
CHANNELS: Final = {
    "desk": Text("粤信平台办公台", "the desk of Yuexin"),
    "gateway": Text("粤信平台接口", "the interface of Yuexin"),
    "console": Text("粤信平台命令行", "the command line of Yuexin"),
}
CUT_OFF: Final = Text("查询截止时点", "Cut-off time")
BEIJING: Final = Text("（北京时间）", "(Beijing time)")
CONSORTIUM: Final = Text("联合体", "Consortium")
ONE_FOR_ALL: Final = Text(
    "一个成员不予办理，整个联合体不予办理", "if one member is refused, all are"
)
DIGEST: Final = Text("答复摘要（SHA-256）", "Digest of the answer (SHA-256)")
ANSWER: Final = Text("核查结果", "Answer")
IN_ALL: Final = Text("共核查 {} 个主体。", "{} entities were checked.")
LATE: Final = Text("来源逾期未更新：{}", "Overdue source: {}")
EVIDENCE: Final = Text("证据留存", "How the evidence is kept")
EVIDENCE_METHOD: Final = Text(
    "答复全文按核查编号留存，任何人不能更改；本证明由平台签名。凭文书编号和校验码，或核查编号和答复"
    "摘要，在验证页可核对真伪，验证页不显示内容。",
    "The whole answer is kept under the number of the check, and nobody can change it; this paper "
    "is signed. Number and check code, or the check's number and digest, tell on the verification "
    "page whether it is genuine, and nothing of what it says.",
)
NOT_ALL: Final = Text(
    "只核对已归集到平台的信息；结果较多时只列出须采取措施的和前列主体，全部结果以摘要为准。",
    "Only what was collected on the platform was looked at. Where there are many, those are listed "
    "that call for something; the digest is of all of them.",
)
USE_ONLY: Final = Text(
    "只可用于所列事项，不得另作他用。", "To be used for what is named above, and nothing else."
)
PERSON: Final = Text("任职人员", "Who holds a post")
PARTY: Final = Text("当事人", "Party")
CODE: Final = Text("统一社会信用代码", "Unified social credit code")
FACTS: Final = Text("事实和依据", "Facts and law")
DECISION: Final = Text("决定", "Decision")
DECIDED: Final = Text(
    "依据{}，对上述事项采取“{}”，决定不予办理。",
    "By {}, the measure “{}” applies to the matter named above: it is refused.",
)
REMEDIES: Final = Text("不服怎么办", "What you can do against it")
WAYS_OFF: Final = Text("怎样退出名单", "How to get off the list")
ASK_SOURCE: Final = Text(
    "请向来源单位了解解除的条件。", "Ask the source for the conditions of its end."
)
SIGNATURE: Final = Text("作出决定的部门和日期", "Body and day of the decision")
NOT_SIGNED: Final = Text("（未签发）", "(not signed)")
STATE: Final = Text("核查对象", "Who was found")
MEASURE: Final = Text("措施", "Measure")
FOUND: Final = Text("名单或认定", "List or finding")
FOUND_SO: Final = Text("{}：{}", "{}: {}")
RECORD: Final = Text("记录", "Record")
LAW: Final = Text("依据", "Law")
SOURCE: Final = Text("来源单位", "Source")
UNTIL: Final = Text("至", "Until")
NO_TERM: Final = Text("没有固定期限", "no fixed term")
NOTE: Final = Text("说明", "Note")
LAW_AWAITS: Final = Text("依据待主管部门确认", "its basis awaits confirmation by the authority")
