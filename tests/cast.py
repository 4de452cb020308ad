"""Who appears in the tests: the people who ask, and entities that exist nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from yuexin.engines.access.types import OPERATOR, PUBLIC, Actor
from yuexin.sample.codes import org_code, reg_no, uscc

__all__ = [
    "AUDITOR", "CAST", "CLERK", "COMPANY", "COOPERATIVE", "IDLE_CLERK", "INSTITUTION", "OPERATOR",
    "OWNER", "PUBLIC", "SIGNER", "SOCIETY", "STEWARD", "STRANGER", "TRADER", "Entity", "entity",
]  # fmt: skip

CLERK = Actor(id="clerk-lin", role="clerk", agency="environment", purpose="licensing")
IDLE_CLERK = Actor(id="clerk-he", role="clerk", agency="environment")
SIGNER = Actor(id="signer-su", role="signing_officer", agency="environment", purpose="licensing")
STEWARD = Actor(id="steward-mo", role="steward", agency="data_bureau", purpose="data_quality")
AUDITOR = Actor(id="auditor-tan", role="auditor", agency="data_bureau")
STRANGER = Actor(id="nobody", role="nobody")
OWNER = Actor(id="owner-chen", role="owner", subject_code="91440606684400012K")
CAST = (PUBLIC, CLERK, IDLE_CLERK, SIGNER, STEWARD, AUDITOR, STRANGER, OWNER)


@dataclass(frozen=True, kw_only=True)
class Entity:
    """A market entity by name and numbers, and the rows agencies would send about it."""

    uscc: str
    name: str
    reg_no: str = ""
    type: str = "有限责任公司"

    @property
    def org_code(self) -> str:
        return self.uscc[8:17]

    @property
    def is_trader(self) -> bool:
        return self.uscc.startswith("92")

    def registration(self, **changes: str) -> dict[str, str]:
        """A row of the register."""
        row = {
            "统一社会信用代码": self.uscc,
            "注册号": self.reg_no,
            "名称": self.name,
            "类型": self.type,
            "法定代表人": "陈示例",
            "注册资本（万元）": "500",
            "币种": "人民币",
            "成立日期": "2009-03-02",
            "核准日期": "2021-05-18",
            "登记机关": "广州市市场监督管理局",
            "登记状态": "1",
            "所在省份": "广东",
            "所在城市": "广州",
            "住所": "广州市天河区示例路1号",
            "经营范围": "家具制造；家具销售。",
        }
        return row | changes

    def extract(self, **changes: str) -> dict[str, str]:
        """A row of the open extract of the register."""
        row = {
            "企业名称": self.name,
            "统一社会信用代码": self.uscc,
            "注册日期": "2009-03-02",
            "企业类型": "有限责任公司",
            "注册资金": "1,090(万元人民币)",
            "经营范围": "家具制造〓",
            "所在省份": "广东",
            "地区": "广州",
            "注册地址": "广州市天河区示例路1号",
        }
        return row | changes

    def change(self, **changes: str) -> dict[str, str]:
        """A row of the changes of registration."""
        row = {
            "统一社会信用代码": self.uscc,
            "名称": self.name,
            "变更事项": "住所",
            "变更前": "示例路1号",
            "变更后": "示例路2号",
            "变更日期": "2016-08-01",
        }
        return row | changes

    def licence(self, number: str = "1", **changes: str) -> dict[str, str]:
        """A row of the licences of 2018."""
        row = {
            "XK_XDR_MC": self.name,
            "XK_XDR_LB": self._party,
            "XK_XDR_SHXYM": self.uscc,
            "XK_FRDB": "陈示例",
            "XK_XKWS": "排污许可决定书",
            "XK_WSH": f"粤环示例许〔2021〕{number}号",
            "XK_XKLB": "普通",
            "XK_NR": "准予排放污染物",
            "XK_JDRQ": "2021-06-01",
            "XK_YXQZ": "2021-06-01",
            "XK_YXQZI": "2099-12-31",
            "XK_XKJG": "广东省生态环境厅",
            "XK_XKJGDM": "11440000MBYX00037R",
            "XK_ZT": "1",
            "XK_LYDW": "广东省生态环境厅",
            "XK_LYDWDM": "11440000MBYX00037R",
        }
        return row | changes

    def penalty(self, number: str = "1", **changes: str) -> dict[str, str]:
        """A row of the penalties of 2018."""
        row = {
            "CF_XDR_MC": self.name,
            "CF_XDR_LB": self._party,
            "CF_XDR_SHXYM": self.uscc,
            "CF_FRDB": "陈示例",
            "CF_WSH": f"粤环示例罚〔2026〕{number}号",
            "CF_WFXW": "超标排放大气污染物",
            "CF_SY": "排气筒颗粒物浓度超过排放标准",
            "CF_YJ": "《大气污染防治法》第九十九条",
            "CF_CFLB": "罚款",
            "CF_NR": "罚款人民币十二万元",
            "CF_NR_FK": "12",
            "CF_JDRQ": "2026-09-03",
            "CF_CFJG": "广东省生态环境厅",
            "CF_CFJGDM": "11440000MBYX00037R",
        }
        return row | changes

    def report(self, year: int = 2024, **changes: str) -> dict[str, str]:
        """A row of the annual reports."""
        row = {
            "统一社会信用代码": self.uscc,
            "名称": self.name,
            "报告年度": str(year),
            "填报日期": f"{year + 1}-04-30",
            "存续状态": "开业",
        }
        return row | changes

    @property
    def _party(self) -> str:
        return "个体工商户" if self.is_trader else "法人及非法人组织"


# The synthetic codes of the domain notes (1.2). They pass both checks and belong to nobody.
COMPANY = Entity(uscc="91440606684400012K", name="佛山岭粤示例家具有限公司")
TRADER = Entity(
    uscc="92440300MA5ABCD19R",
    name="深圳市宝安区示例小吃店",
    reg_no="440306600000347",
    type="个体工商户",
)
COOPERATIVE = Entity(
    uscc="93441900MA4W00011U", name="东莞示例荔枝专业合作社", type="农民专业合作社"
)
INSTITUTION = Entity(uscc="12440000455857983D", name="广东省示例检测院", type="其他")
SOCIETY = Entity(uscc="51440000502999993U", name="广东省示例家具协会", type="其他")

_SEED = 20161124


@cache
def entity(index: int, *, trader: bool = False) -> Entity:
    """The company, or sole trader, of this number: another number, another entity."""
    org = org_code(index=index, seed=_SEED)
    kind, type_, tail = ("92", "个体工商户", "店") if trader else ("91", "有限责任公司", "有限公司")
    return Entity(
        uscc=uscc(kind=kind, division="440100", org=org),
        name=f"广州示例{index}号{tail}",
        reg_no=reg_no(index=index, division="440101", sole_trader=trader),
        type=type_,
    )
