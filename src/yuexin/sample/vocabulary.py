"""What the simple resources tell: of whom, how often, and which worked examples are hidden by law.

A resource of a new agency appears in the province by an entry here and a file in the schedule. Its
texts are those of its worked examples; columns named under `words` take theirs from here. Which
example must not be public is said by hand, so the truth does not read the rules it measures.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from yuexin.sample import fitting
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

    Only subjects of these `trades`, with something in `fitting`, are touched; `shares` asks for an
    entity that has shareholders. Events fall into the months of the `season` where they can, not
    after `until`, and not before the subject is `age_days` old and has seen `years_back` years
    begin. `alike` takes the examples of all kinds of subjects for each.
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
    trades: frozenset[str] = frozenset()
    fitting: fitting.Fitting = field(default_factory=dict)
    shares: bool = False
    alike: bool = False
    season: frozenset[int] = frozenset()
    until: dt.date = dt.date.max
    age_days: int = 0
    years_back: int = 0

    @property
    def choosy(self) -> bool:
        """Whether it befalls few trades."""
        return bool(self.trades) or bool(self.fitting and "" not in self.fitting)


_REMOVED: Final = "removed"
_PERSON: Final = "natural_person"
_UNCLEAR: Final = {"a state that is not on the list": "unclear"}
_HOLDERS: Final = (
    "广东示例投资有限公司", "示例创业投资合伙企业（有限合伙）", "示例实业集团有限公司",
    "示例员工持股合伙企业（有限合伙）", "香港示例国际有限公司",
)  # fmt: skip
_HAULIERS: Final = frozenset({"物流", "货运部", "供应链管理"})
_TOURISM: Final = frozenset({"文化传播", "旅馆", "企业管理咨询", "农庄"})
_TRADERS: Final = frozenset({
    "贸易", "进出口", "电子科技", "智能装备", "玩具", "家具", "服饰", "鞋业", "陶瓷", "照明电器",
    "塑胶制品", "五金制品",
})  # fmt: skip
_CLINICS: Final = frozenset({"药店", "医药"})
_INVENTORS: Final = frozenset({"电子科技", "智能装备", "照明电器", "玩具"})
_FINANCE: Final = frozenset({"企业管理咨询"})
_SITES: Final = frozenset({"factory", "building", "farm"})
# From 2021 on the People's Bank registers what is pledged of movables.
_LAST_MORTGAGE: Final = dt.date(2020, 12, 31)

TELLINGS: Final[tuple[Telling, ...]] = (
    # --- the registrar: who stands behind a firm, and what it has pledged ---
    Telling(
        resource="key_people", rate=0.9, most=3, kinds=COMPANIES | {"cooperative"}, days=1000,
        in_order=True, numbered="人员序号", shares=True,
        later_words={"职务": ("监事", "经理", "财务负责人", "董事")},
    ),
    Telling(
        resource="shareholders", rate=0.8, most=2, kinds=COMPANIES, days=2500, in_order=True,
        numbered="股东序号", shares=True,
        # An example's amounts would not add up to the capital of another firm.
        left_out=frozenset({
            "认缴出资额（万元）", "出资比例", "实缴出资额（万元）", "实缴出资日期", "实缴出资方式",
        }),
        later_words={"股东名称": _HOLDERS, "股东统一社会信用代码": ("",)},
        fitting={"": ({"认缴出资日期": "{paid_by}"},)},
    ),
    Telling(
        resource="branches", rate=0.08, most=2, kinds=COMPANIES | {"cooperative"}, days=2500,
        fitting=fitting.BRANCHES,
    ),
    Telling(
        resource="equity_pledges", rate=0.03, kinds=COMPANIES, days=1500, shares=True,
        words={"出质股权数额": ("{half}",), "出质股权数额单位": ("万元人民币",)},
    ),
    Telling(
        resource="chattel_mortgages", rate=0.03, days=1500, until=_LAST_MORTGAGE,
        fitting=fitting.MORTGAGED,
    ),
    Telling(resource="ip_pledges", rate=0.01, kinds=COMPANIES | {"cooperative"}),
    Telling(resource="instant_information", rate=0.03, kinds=COMPANIES),
    Telling(resource="filing_exemptions", rate=0.01, closed=True, years_back=1),
    Telling(resource="false_information", rate=0.01, closed=True, days=300),
    # --- on the way out: in order, since what is announced lately still runs ---
    Telling(
        resource="deregistration_announcements", rate=0.01, days=15, in_order=True, age_days=400,
    ),
    Telling(
        resource="creditors_announcements", rate=0.01, kinds=COMPANIES, days=40, in_order=True,
        age_days=400,
    ),
    Telling(
        resource="revocation_announcements", rate=0.01, days=60, in_order=True, years_back=3,
        hidden={"not revoked after it had been heard": "dropped"},
    ),
    Telling(
        resource="compulsory_deregistrations", rate=0.01, kinds=COMPANIES, days=60, in_order=True,
        years_back=3, hidden={"stopped by an objection": "given_up"},
    ),
    # --- inspection and sampling ---
    Telling(resource="spot_checks", rate=0.08, fitting=fitting.CHECKS),
    Telling(
        resource="spot_check_problems", rate=0.012, days=YEAR, ends=True,
        fitting=fitting.CHECK_PROBLEMS,
    ),
    Telling(resource="product_samples_passed", rate=0.06, fitting=fitting.GOODS),
    Telling(
        resource="product_samples_failed", rate=0.02, ends=True, fitting=fitting.GOODS,
        hidden={"a cooperative that asked for a second test": "not_final"},
    ),
    Telling(
        resource="food_samples_passed", rate=0.06, fitting=fitting.FOODS,
    ),
    Telling(
        resource="food_samples_failed", rate=0.015, ends=True, fitting=fitting.FOODS,
        hidden={"a cooperative that asked for a second test": "not_final"},
    ),
    Telling(
        resource="farm_samples", rate=0.25, closed=True, fitting=fitting.FARM_SAMPLES,
        words={"监测期次": ("{year}年第{quarter}季度",)},
    ),
    # --- grades, honours, promises, contracts ---
    Telling(
        # Grade A asks for three years of business, and the list comes each April.
        resource="tax_a_grades", rate=0.25, days=400, mark="主管税务机关",
        season=frozenset({4}), years_back=4,
        hidden={
            "lowered after the list was published": "lowered",
            "another grade, closed to the public": "not_a",
        },
    ),
    Telling(
        resource="customs_grades", rate=0.12, kinds=COMPANIES, trades=_TRADERS, alike=True,
        age_days=400,
    ),
    Telling(
        resource="environmental_ratings", rate=0.2, days=YEAR, ends=True,
        fields=frozenset({"factory", "farm", "transport"}), mark="评定理由",
        season=frozenset({5, 6, 7}),
    ),
    Telling(
        resource="honours", rate=0.05, kinds=ALL, days=YEAR, mark="荣誉名称", age_days=400,
        fitting=fitting.HONOURS,
        hidden={"an institution's, withdrawn": "annulled"},
    ),
    Telling(
        resource="technology_enterprises", rate=0.14, kinds=COMPANIES, age_days=400,
        season=frozenset({11, 12}), fitting=fitting.TECHNOLOGY,
        hidden={"cancelled": "cancelled"},
    ),
    Telling(
        resource="commitments", rate=0.12, kinds=ALL, fitting=fitting.PROMISES,
        hidden={"an association in place of an approval, broken": "not_made_public"},
    ),
    Telling(
        # Not older than the time for which the example runs.
        resource="contracts", rate=0.05, days=110, fitting=fitting.CONTRACTS,
    ),
    Telling(
        resource="land_contracts", rate=0.02, kinds=COMPANIES | {"cooperative"}, fields=_SITES
    ),
    # --- what stands against a subject ---
    Telling(
        resource="abnormal_operations", rate=0.02, mark="列入事由说明", years_back=1,
        fitting=fitting.LISTED,
        hidden={"a sole trader who was marked, and is normal again": _REMOVED},
    ),
    Telling(
        resource="serious_dishonesty", rate=0.005, ends=True, fitting=fitting.SERIOUS,
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
        words={"股权、其他投资权益的数额": ("{half}万元人民币",)},
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
    Telling(
        resource="safety_accidents", rate=0.006, kinds=COMPANIES, closed=True,
        fitting=fitting.ACCIDENTS,
    ),
    Telling(
        resource="safety_dishonesty", rate=0.02, kinds=COMPANIES, ends=True, fitting=fitting.FIRES,
        hidden={"taken off when its three years were over": _REMOVED, **_UNCLEAR},
    ),
    Telling(
        resource="statistics_dishonesty", rate=0.02, days=YEAR, ends=True,
        kinds=COMPANIES | {"cooperative"}, fields=frozenset({"factory", "farm"}), age_days=200,
        hidden={"removed after six months": "repaired", **_UNCLEAR},
    ),
    Telling(
        resource="transport_dishonesty", rate=0.06, trades=_HAULIERS, ends=True, age_days=366,
        days=YEAR, hidden={"a driver, closed to the public": _PERSON, **_UNCLEAR},
    ),
    Telling(
        resource="drug_dishonesty", rate=0.04, ends=True, fitting=fitting.DRUGS,
        hidden={"annulled by the court": "annulled", **_UNCLEAR},
    ),
    Telling(
        resource="procurement_dishonesty", rate=0.01, days=YEAR, ends=True,
        trades=frozenset(fitting.CONTRACTS),
        hidden={
            "known by its organisation code only, removed": _REMOVED,
            "an expert, closed to the public": _PERSON,
        },
    ),
    Telling(
        resource="culture_market_dishonesty", rate=0.06, trades=_TOURISM, ends=True,
        hidden={
            "a sole trader, removed by repair": "repaired",
            "a guide, closed to the public": _PERSON,
        },
    ),
    Telling(
        resource="construction_dishonesty", rate=0.02, kinds=COMPANIES, ends=True,
        fields=frozenset({"building"}), days=YEAR,
        hidden={"removed after six months": "repaired", **_UNCLEAR},
    ),
    Telling(
        resource="bidding_dishonesty", rate=0.006, kinds=COMPANIES, ends=True, days=YEAR,
        trades=frozenset(fitting.CONTRACTS),
        hidden={"removed after six months": "repaired", **_UNCLEAR},
    ),
    Telling(
        resource="social_insurance_dishonesty", rate=0.003, ends=True, days=YEAR,
        hidden={"removed after six months": "repaired", **_UNCLEAR},
    ),
    Telling(
        resource="medical_security_dishonesty", rate=0.03, trades=_CLINICS, ends=True, days=YEAR,
        hidden={"removed after six months": "repaired", **_UNCLEAR},
    ),
    Telling(
        resource="ip_dishonesty", rate=0.012, trades=_INVENTORS, ends=True, days=YEAR,
        hidden={"removed after six months": "repaired", **_UNCLEAR},
    ),
    Telling(
        resource="securities_dishonesty", rate=0.01, kinds=COMPANIES, trades=_FINANCE, ends=True,
        hidden={"removed after six months": "repaired", **_UNCLEAR},
    ),
    Telling(
        resource="idle_land", rate=0.008, kinds=COMPANIES | {"cooperative"}, fields=_SITES,
        hidden={"disposed of with a fee": "disposed"},
    ),
    Telling(
        resource="social_organisation_abnormal", rate=0.12, kinds=CIVIL, age_days=366,
        hidden={"removed": _REMOVED},
    ),
    Telling(
        # Two years among the abnormal, after a report that was due.
        resource="social_organisation_dishonesty", rate=0.08, kinds=CIVIL, age_days=1200,
        hidden={"removed": _REMOVED},
    ),
)  # fmt: skip
