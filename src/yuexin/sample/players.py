"""The people of the demonstration: one account of each kind, of nobody who lives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from yuexin.base.text import Text


@dataclass(frozen=True, kw_only=True)
class Part:
    """An account of the demonstration, the one role that it holds, and what one does with it.

    `of_subject`: the role is held for a market entity of the sample, not for an agency.
    """

    login: str
    name: Text
    does: Text
    role: str
    agency: str = ""
    of_subject: bool = False


PARTS: Final[tuple[Part, ...]] = (
    Part(
        login="demo.chief",
        name=Text("省数据管理负责人", "Provincial data chief"),
        does=Text(
            "看全省的交付和质量，试算规则，看拟列入的名单",
            "sees deliveries and quality everywhere, tries rules, sees who is proposed",
        ),
        role="chief",
        agency="data_bureau",
    ),
    Part(
        login="demo.steward",
        name=Text("佛山市数据管理员", "Data steward of Foshan"),
        does=Text(
            "管佛山市的数据：交付、退回的行、认定主体",
            "keeps the data of Foshan: deliveries, rejected rows, whose a record is",
        ),
        role="steward",
        agency="foshan_data",
    ),
    Part(
        login="demo.clerk",
        name=Text("佛山市窗口人员", "Window clerk in Foshan"),
        does=Text(
            "办事核查和反馈，窗口核验法定代表人",
            "checks entities while handling, confirms at the window who acts for a firm",
        ),
        role="clerk",
        agency="foshan_market_regulation",
    ),
    Part(
        login="demo.inspector",
        name=Text("佛山市检查人员", "Inspector in Foshan"),
        does=Text(
            "办事核查和反馈，看主体档案",
            "checks entities while handling, looks at whole files",
        ),
        role="inspector",
        agency="foshan_market_regulation",
    ),
    Part(
        login="demo.registrar",
        name=Text("省市场监督管理局负责人", "Head of the provincial register"),
        does=Text(
            "签署列入经营异常名录等决定",
            "signs who is entered in the list of abnormal operations",
        ),
        role="signing_officer",
        agency="market_regulation",
    ),
    Part(
        login="demo.officer",
        name=Text("省市场监督管理局经办人员", "Case officer of the provincial register"),
        does=Text(
            "查实后送审列入，告知和通知听证，抽取",
            "verifies and proposes entries in lists, tells of them, calls hearings, draws",
        ),
        role="clerk",
        agency="market_regulation",
    ),
    Part(
        login="demo.signer",
        name=Text("省生态环境厅负责人", "Head of the provincial environment department"),
        does=Text(
            "签署修复、异议、不予公示等决定",
            "signs decisions on repair, objections and what is not made public",
        ),
        role="signing_officer",
        agency="environment",
    ),
    Part(
        login="demo.handler",
        name=Text("省生态环境厅经办人员", "Case officer of the environment department"),
        does=Text(
            "受理修复和异议，送审不予公示",
            "accepts repairs and objections, proposes what is not made public",
        ),
        role="clerk",
        agency="environment",
    ),
    Part(
        login="demo.owner",
        name=Text("企业负责人", "Enterprise owner"),
        does=Text(
            "看自己的信用，报年报，申请修复，提出异议",
            "sees its own credit, files reports, applies for repair, objects",
        ),
        role="owner",
        of_subject=True,
    ),
    Part(
        login="demo.citizen",
        name=Text("市民", "Citizen"),
        does=Text(
            "只看得到公开的内容",
            "sees what is public only",
        ),
        role="citizen",
    ),
    Part(
        login="demo.auditor",
        name=Text("审计人员", "Auditor"),
        does=Text(
            "看日志：谁看过、改过什么",
            "reads the journal: who saw and changed what",
        ),
        role="auditor",
        agency="data_bureau",
    ),
)
