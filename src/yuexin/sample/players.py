"""The people of the demonstration: one account of each kind, of nobody who lives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from yuexin.base.text import Text


@dataclass(frozen=True, kw_only=True)
class Part:
    """An account of the demonstration and the one role that it holds.

    `of_subject`: the role is held for a market entity of the sample, not for an agency.
    """

    login: str
    name: Text
    role: str
    agency: str = ""
    of_subject: bool = False


PARTS: Final[tuple[Part, ...]] = (
    Part(
        login="demo.chief",
        name=Text("省数据管理负责人", "Provincial data chief"),
        role="chief",
        agency="data_bureau",
    ),
    Part(
        login="demo.steward",
        name=Text("佛山市数据管理员", "Data steward of Foshan"),
        role="steward",
        agency="foshan_data",
    ),
    Part(
        login="demo.clerk",
        name=Text("佛山市窗口人员", "Window clerk in Foshan"),
        role="clerk",
        agency="foshan_market_regulation",
    ),
    Part(
        login="demo.inspector",
        name=Text("佛山市检查人员", "Inspector in Foshan"),
        role="inspector",
        agency="foshan_market_regulation",
    ),
    Part(
        login="demo.signer",
        name=Text("省生态环境厅负责人", "Head of the provincial environment department"),
        role="signing_officer",
        agency="environment",
    ),
    Part(
        login="demo.handler",
        name=Text("省生态环境厅经办人员", "Case officer of the environment department"),
        role="clerk",
        agency="environment",
    ),
    Part(
        login="demo.owner",
        name=Text("企业负责人", "Enterprise owner"),
        role="owner",
        of_subject=True,
    ),
    Part(login="demo.citizen", name=Text("市民", "Citizen"), role="citizen"),
    Part(
        login="demo.auditor", name=Text("审计人员", "Auditor"), role="auditor", agency="data_bureau"
    ),
)
