"""What the simple resources tell: of whom, how often, and which worked examples are hidden by law.

A resource of a new agency appears in the province by an entry here and a file in the schedule. Its
texts are those of its worked examples; columns named under `words` take theirs from here. Which
example must not be public is said by hand, so the truth does not read the rules it measures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from yuexin.sample.subjects import Kind

Words = Mapping[str, tuple[str, ...]]
FIRMS: Final = frozenset[Kind]({"company", "sole_trader", "cooperative"})
BODIES: Final = frozenset[Kind]({"company", "cooperative", "institution", "society"})
COMPANIES: Final = frozenset[Kind]({"company"})
CIVIL: Final = frozenset[Kind]({"society"})
ALL: Final = FIRMS | BODIES
YEAR: Final = 300
CLOSED: Final = "closed"


@dataclass(frozen=True, kw_only=True)
class Telling:
    """What one resource tells.

    A share `rate` of the subjects of these `kinds` and trade `fields` has such facts, up to `most`,
    not older than `days`. `hidden` gives, by the name of a worked example, why it is not public;
    `closed` is set where nothing of the kind is. What `ends` is not public five years on. In turn
    (`in_order`) means the first example first. `words` replace a column's text, `later_words` from
    the second fact on, `{name}` being the subject's; columns `left_out` stay empty. `numbered`
    counts a subject's facts; `mark` is the column that tells a planted row from all others where
    no number does.
    """

    resource: str
    rate: float
    kinds: frozenset[Kind] = FIRMS
    fields: frozenset[str] = frozenset()
    most: int = 1
    days: int = 700
    hidden: Mapping[str, str] = field(default_factory=dict)
    closed: bool = False
    ends: bool = False
    in_order: bool = False
    words: Words = field(default_factory=dict)
    later_words: Words = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()
    numbered: str = ""
    mark: str = ""


_REMOVED: Final = "removed"
_PERSON: Final = "natural_person"
_UNCLEAR: Final = {"a state that is not on the list": "unclear"}
_BUSINESS: Final = frozenset({"factory", "food", "transport", "building", "trade"})
_GOODS: Final = ("儿童家具", "电线电缆", "童装", "节能灯", "塑料购物袋", "电动自行车头盔", "瓷砖")
_FOODS: Final = ("酱卤肉", "糕点", "凉茶饮料", "腐竹", "米粉", "速冻水饺", "酱油", "豆豉")
_HOLDERS: Final = (
    "广东示例投资有限公司", "示例创业投资合伙企业（有限合伙）", "示例实业集团有限公司",
    "示例员工持股合伙企业（有限合伙）", "香港示例国际有限公司",
)  # fmt: skip
_BRANCHES: Final = tuple(f"{{name}}{city}分公司" for city in ("广州", "深圳", "东莞", "佛山"))

TELLINGS: Final[tuple[Telling, ...]] = (
    # --- the registrar: who stands behind a firm, and what it has pledged ---
    Telling(
        resource="key_people", rate=0.9, most=3, kinds=COMPANIES | {"cooperative"}, days=1800,
        in_order=True, numbered="人员序号",
        later_words={"职务": ("监事", "经理", "财务负责人", "董事")},
    ),
    Telling(
        resource="shareholders", rate=0.8, most=2, kinds=COMPANIES, days=2500, in_order=True,
        numbered="股东序号",
        # An example's amounts would not add up to the capital of another firm.
        left_out=frozenset({
            "认缴出资额（万元）", "出资比例", "实缴出资额（万元）", "实缴出资日期", "实缴出资方式",
        }),
        later_words={"股东名称": _HOLDERS, "股东统一社会信用代码": ("",)},
    ),
    Telling(
        resource="branches", rate=0.08, most=2, kinds=COMPANIES | {"cooperative"}, days=2500,
        words={"分支机构名称": _BRANCHES},
    ),
    Telling(resource="equity_pledges", rate=0.03, kinds=COMPANIES, days=1500),
    Telling(
        resource="chattel_mortgages", rate=0.02, days=1500,
        words={"抵押物概况": ("示例数控机床4台", "示例冷柜2台", "示例注塑机6台", "示例货车3辆")},
    ),
    Telling(resource="ip_pledges", rate=0.01, kinds=COMPANIES | {"cooperative"}),
    # --- inspection and sampling ---
    Telling(
        resource="spot_checks", rate=0.08,
        words={"抽查事项": ("登记事项", "年度报告公示信息", "价格行为", "食品经营", "计量器具")},
    ),
    Telling(resource="spot_check_problems", rate=0.012, days=YEAR, ends=True),
    Telling(
        resource="product_samples_passed", rate=0.04, fields=frozenset({"factory", "trade"}),
        words={"产品名称": _GOODS},
    ),
    Telling(
        resource="product_samples_failed", rate=0.012, fields=frozenset({"factory", "trade"}),
        ends=True, words={"产品名称": _GOODS},
        hidden={"a cooperative that asked for a second test": "not_final"},
    ),
    Telling(
        resource="food_samples_passed", rate=0.06, fields=frozenset({"food"}),
        words={"食品名称": _FOODS},
    ),
    Telling(
        resource="food_samples_failed", rate=0.015, fields=frozenset({"food"}), ends=True,
        words={"食品名称": _FOODS},
        hidden={"a cooperative that asked for a second test": "not_final"},
    ),
    Telling(
        resource="farm_samples", rate=0.25, fields=frozenset({"farm"}), closed=True,
        words={"样品名称": ("菜心", "荔枝", "生菜", "番石榴", "草鱼", "三黄鸡")},
    ),
    # --- grades, honours, promises, contracts ---
    Telling(
        resource="tax_a_grades", rate=0.2, days=YEAR, mark="主管税务机关",
        hidden={
            "lowered after the list was published": "lowered",
            "another grade, closed to the public": "not_a",
        },
    ),
    Telling(resource="customs_grades", rate=0.05, fields=frozenset({"trade", "factory"})),
    Telling(
        resource="environmental_ratings", rate=0.2, days=YEAR, ends=True,
        fields=frozenset({"factory", "farm", "transport"}), mark="评定理由",
    ),
    Telling(
        resource="honours", rate=0.05, kinds=ALL, days=YEAR, mark="荣誉名称",
        words={"荣誉名称": ("示例质量奖", "示例守信企业", "示例诚信经营户", "示例和谐单位")},
        hidden={"an institution's, withdrawn": "annulled"},
    ),
    Telling(
        resource="technology_enterprises", rate=0.06, kinds=COMPANIES,
        words={"技术领域": ("电子信息", "先进制造与自动化", "新材料", "高技术服务")},
        hidden={"cancelled": "cancelled"},
    ),
    Telling(
        resource="commitments", rate=0.12, kinds=ALL,
        hidden={"an association in place of an approval, broken": "not_made_public"},
    ),
    Telling(
        resource="contracts", rate=0.02,
        words={"合同名称": ("办公家具采购合同", "工作餐采购合同", "印刷服务合同", "设备维护合同")},
    ),
    Telling(resource="land_contracts", rate=0.01, kinds=COMPANIES | {"cooperative"}),
    # --- what stands against a subject ---
    Telling(
        resource="abnormal_operations", rate=0.02, mark="列入事由说明",
        hidden={"a sole trader who was marked, and is normal again": _REMOVED},
    ),
    Telling(
        resource="serious_dishonesty", rate=0.005, ends=True,
        hidden={
            "a sole trader, removed early": "repaired",
            "a natural person, who waits and becomes no record": _PERSON,
        },
    ),
    Telling(
        resource="judgement_debtors", rate=0.012,
        hidden={
            "deleted after performance": _REMOVED,
            "a natural person, closed to the public": _PERSON,
        },
    ),
    Telling(
        resource="equity_freezes", rate=0.015, kinds=COMPANIES, ends=True,
        hidden={"released on the row of the freeze": "released"},
    ),
    Telling(
        resource="serious_tax_cases", rate=0.005, ends=True,
        hidden={"stopped early, since all was paid": _REMOVED, **_UNCLEAR},
    ),
    Telling(
        resource="wage_arrears", rate=0.005, ends=True,
        fields=frozenset({"building", "factory"}),
        hidden={
            "removed after the wages were paid": _REMOVED,
            "a person responsible, closed to the public": _PERSON,
            **_UNCLEAR,
        },
    ),
    Telling(
        resource="social_security_arrears", rate=0.02, closed=True, mark="备注",
        words={"险种": ("企业职工基本养老保险", "工伤保险", "失业保险")},
    ),
    Telling(resource="safety_accidents", rate=0.003, kinds=COMPANIES, closed=True),
    Telling(
        resource="safety_dishonesty", rate=0.005, fields=_BUSINESS, ends=True,
        hidden={"taken off when its three years were over": _REMOVED, **_UNCLEAR},
    ),
    Telling(
        resource="statistics_dishonesty", rate=0.004, kinds=FIRMS, days=YEAR, ends=True,
        hidden={"removed after six months": "repaired", **_UNCLEAR},
    ),
    Telling(
        resource="transport_dishonesty", rate=0.03, fields=frozenset({"transport"}), ends=True,
        days=YEAR, hidden={"a driver, closed to the public": _PERSON, **_UNCLEAR},
    ),
    Telling(
        resource="drug_dishonesty", rate=0.02, fields=frozenset({"health"}), ends=True,
        hidden={"annulled by the court": "annulled", **_UNCLEAR},
    ),
    Telling(
        resource="procurement_dishonesty", rate=0.004, days=YEAR, ends=True,
        hidden={
            "known by its organisation code only, removed": _REMOVED,
            "an expert, closed to the public": _PERSON,
        },
    ),
    Telling(
        resource="culture_market_dishonesty", rate=0.004, ends=True,
        hidden={
            "a sole trader, removed by repair": "repaired",
            "a guide, closed to the public": _PERSON,
        },
    ),
    Telling(
        resource="idle_land", rate=0.004, kinds=COMPANIES | {"cooperative"},
        hidden={"disposed of with a fee": "disposed"},
    ),
    Telling(
        resource="social_organisation_abnormal", rate=0.12, kinds=CIVIL,
        hidden={"removed": _REMOVED},
    ),
    Telling(
        resource="social_organisation_dishonesty", rate=0.06, kinds=CIVIL,
        hidden={"removed": _REMOVED},
    ),
)  # fmt: skip
