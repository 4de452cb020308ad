"""Made-up values of every shape that the pages must bear: long, short, many, none, hostile."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID, uuid5

from yuexin.base.text import Text
from yuexin.domains.collection.held import Reason, Why
from yuexin.domains.collection.measures import BY_ID
from yuexin.domains.collection.models import Verification
from yuexin.domains.collection.quality import Share
from yuexin.domains.collection.rates import CONCEALED, LATE, SOUND, AgencyRates, RatesMonth
from yuexin.domains.collection.rooms.asked import Named
from yuexin.domains.credit.checking import SAID, Checked, Outcome
from yuexin.domains.credit.finding.types import Hit, Query, SearchPage
from yuexin.domains.credit.types import (
    AgencySummary,
    Clock,
    CreditFile,
    Entry,
    Evidence,
    Example,
    Fact,
    FormerName,
    Head,
    Mark,
    PublicityPage,
    PublicityRow,
    Published,
    PublishedBy,
    PublishedRow,
    ResourceSummary,
    Section,
    SectionState,
    Source,
    Totals,
    Tour,
    Verdict,
)
from yuexin.faces.portal.stops import Found

CODE = "91440606684400012K"
SOLE_TRADER_CODE = "92440300MA5ABCD19R"
TODAY = dt.date(2026, 11, 24)
RECEIVED = dt.datetime(2026, 11, 23, 16, 5, tzinfo=dt.UTC)
HOSTILE = "<script>alert('x')</script>\" onmouseover=\"x"
LONG_NAME = (
    "粤港澳大湾区（广东）跨境电子商务综合试验区供应链管理与国际货运代理服务股份有限公司"
    "佛山市顺德区大良分公司"
)
NAMESPACE = UUID("00000000-0000-5000-8000-000000000000")

TYPE = Text("有限责任公司（自然人投资或控股）", "Limited liability company (natural persons)")
CITY = Text("佛山市", "Foshan")
FIELDS = {
    "registration": (
        (Text("名称", "Name"), "佛山市顺德区悦信精密五金制造有限公司"),
        (Text("统一社会信用代码", "Unified social credit code"), CODE),
        (Text("类型", "Type"), TYPE),
        (Text("登记状态", "Registration state"), Text("存续", "Existing")),
        (Text("法定代表人（负责人、经营者）", "Legal representative"), "欧阳某某"),
        (Text("注册资本", "Registered capital"), Text("10,900,000 元", "10,900,000 yuan")),
        (Text("成立日期", "Date of establishment"), "2008-12-19"),
        (Text("经营期限至", "Term of operation until"), Text("长期", "no end")),
        (Text("登记机关", "Registering authority"), "佛山市顺德区市场监督管理局"),
        (Text("住所", "Registered address"), "广东省佛山市顺德区大良街道凤翔工业园展业路12号之三"),
        (
            Text("经营范围", "Scope of business"),
            "一般项目：五金产品制造；五金产品研发；模具制造；金属表面处理及热处理加工；塑料制品制造；"
            "机械零件、零部件加工；货物进出口；技术进出口；国内贸易代理；普通货物仓储服务（不含危险化学品等"
            "需许可审批的项目）。（除依法须经批准的项目外，凭营业执照依法自主开展经营活动）",
        ),
    ),
    "licence": (
        (Text("许可决定文书名称", "Name of the decision"), "固定污染源排污许可决定书"),
        (Text("许可决定文书号", "Number of the decision"), "粤佛环许〔2023〕1187号"),
        (Text("许可类别", "Category of licence"), Text("普通", "Ordinary")),
        (Text("许可内容", "What is licensed"), "排放废水、废气；主要污染物种类见副本"),
        (Text("有效期自", "Valid from"), "2023-05-08"),
        (Text("有效期至", "Valid until"), "2028-05-07"),
        (Text("许可机关", "Licensing authority"), "佛山市生态环境局"),
    ),
    "penalty": (
        (Text("处罚决定文书号", "Number of the decision"), "粤佛环罚〔2026〕22号"),
        (Text("违法行为类型", "Kind of violation"), "超过许可排放浓度排放水污染物"),
        (
            Text("违法事实", "Facts"),
            "2026年3月2日现场监测，总铬浓度为许可浓度的1.4倍，有监测报告和询问笔录为证。",
        ),
        (Text("处罚依据", "Legal basis"), "《中华人民共和国水污染防治法》第八十三条第二项"),
        (Text("处罚类别", "Kinds of penalty"), Text("罚款", "Fine")),
        (Text("罚款金额", "Fine"), Text("120,000 元", "120,000 yuan")),
        (
            Text("没收违法所得、没收非法财物的金额", "Amount confiscated"),
            Text("0 元", "0 yuan"),
        ),
    ),
}  # fmt: skip
LABELS = {
    "registration": Text("登记注册", "Registration"),
    "licence": Text("行政许可", "Administrative licence"),
    "penalty": Text("行政处罚", "Administrative penalty"),
}
HEADLINES = {
    "registration": "佛山市顺德区悦信精密五金制造有限公司，存续",
    "licence": "固定污染源排污许可决定书",
    "penalty": "超过许可排放浓度排放水污染物",
}
STATUS_LAW = Text("市场主体登记管理条例", "Regulation on the Registration of Market Entities")
LAW = Text("企业信息公示暂行条例", "Interim Regulation on Enterprise Information Publicity")
REMEDIES = (
    Text(
        "对本决定不服的，可以自知道本决定之日起六十日内申请行政复议（《行政复议法》）。",
        "Whoever disagrees may apply for reconsideration within sixty days.",
    ),
)


def _plain(value: str | Text) -> Text:
    return value if isinstance(value, Text) else Text(value, value)


def facts(kind: str) -> tuple[Fact, ...]:
    return tuple(
        Fact(field=f"f{place}", label=label, value=_plain(value), masked=label.zh == "住所")
        for place, (label, value) in enumerate(FIELDS[kind])
    )


def source(row: int = 1742) -> Source:
    return Source(
        agency="environment",
        agency_label=Text("广东省生态环境厅", "Guangdong Department of Ecology and Environment"),
        resource="licences_2018",
        resource_label=Text("行政许可（2018年标准）", "Administrative licences (2018 standard)"),
        delivery=12,
        row=row,
        received_at=RECEIVED,
    )


def entry(kind: str = "licence", place: int = 0, headline: str = "") -> Entry:
    adverse = kind == "penalty"
    title = headline or HEADLINES[kind]
    on = dt.date(2026 - place % 7, 5, 8)
    marks = {
        "registration": (),
        "licence": (
            Mark(
                id="ending",
                label=Text("有效，12 天后到期", "in force, ends in 12 days"),
                tone="warn",
            ),
        ),
        "penalty": (
            Mark(
                id="days_left",
                label=Text(
                    "公示期剩余 164 天（含今天）", "164 days of publicity left, today included"
                ),
            ),
        ),
    }
    return Entry(
        record=uuid5(NAMESPACE, f"{kind}{place}"),
        kind=kind,
        kind_label=LABELS[kind],
        adverse=adverse,
        headline=Text(title, title),
        event_date=on,
        valid_from=None if adverse else on,
        valid_until=None,
        shown_until=dt.date(2027, 5, 8) if adverse else None,
        marks=marks[kind],
        facts=facts(kind),
        source=source(1742 + place),
        basis=(LAW,),
        remedies=REMEDIES if adverse else (),
    )


def head(*, name: str = "佛山市顺德区悦信精密五金制造有限公司", sole_trader: bool = False) -> Head:
    return Head(
        code=SOLE_TRADER_CODE if sole_trader else CODE,
        name=name,
        former_names=(
            FormerName("顺德市悦信五金厂"),
            FormerName(
                "佛山市顺德区悦信五金制品有限公司", dt.date(2008, 12, 19), dt.date(2015, 6, 1)
            ),
        ),
        type_label=TYPE,
        city=CITY,
        sole_trader=sole_trader,
        verdicts=(
            Verdict(
                rule="subject_status",
                label=Text("主体状态", "Status"),
                outcome="alive",
                outcome_label=Text("存续", "existing"),
                tone="good",
                reasons=(
                    Text("登记状态为“存续”（登记注册，2008-12-19）", "Registered as existing"),
                ),
                basis=(STATUS_LAW, LAW),
                until=None,
                evidence=(
                    Evidence(
                        record=entry("registration").record,
                        kind_label=LABELS["registration"],
                        headline=Text("存续（在营、开业、在册）", "Active"),
                    ),
                ),
            ),
            Verdict(
                rule="licence_in_force",
                label=Text("许可", "Licences"),
                outcome="ending",
                outcome_label=Text("一项即将到期", "one ends soon"),
                tone="warn",
                reasons=(
                    Text("固定污染源排污许可决定书，有效期至 2026-12-06", "Until 2026-12-06"),
                ),
                basis=(),
                until=dt.date(2026, 12, 7),
            ),
        ),
    )


def section(
    id: str,  # noqa: A002 - the name of the field
    label: Text,
    *entries: Entry,
    state: SectionState = "none",
    note: str = "",
) -> Section:
    return Section(
        id=id,
        label=label,
        state="filled" if entries else state,
        note=Text(note, f"({note})" if note else ""),
        entries=entries,
    )


def _moment(shown: Entry) -> dt.date:
    return shown.valid_from or shown.event_date or dt.date.min


def credit_file(*, about: Head | None = None, licences: int = 2, past: bool = False) -> CreditFile:
    registration, penalty = entry("registration"), entry("penalty")
    granted = tuple(entry("licence", place) for place in range(licences))
    return CreditFile(
        head=about or head(),
        sections=(
            section("basic", Text("基本信息", "Basic information"), registration),
            section("administration", Text("行政管理", "Administration"), penalty, *granted),
            section("honesty", Text("诚实守信", "Honesty and good faith"), state="not_collected",
                    note="本平台尚未归集此类信息。"),
            section("serious_dishonesty", Text("严重失信", "Serious dishonesty"), state="none",
                    note="不在严重失信主体名单上（截至 2026-11-24 交付的数据）"),
            section("judicial", Text("司法", "Courts"), state="late",
                    note="数据来源自 2026-11-20 起未按期交付，此处可能不完整。"),
            section("other", Text("其他", "Other"), state="not_public",
                    note="此类信息不向社会公开。"),
        ),
        timeline=tuple(sorted((penalty, *granted, registration), key=_moment, reverse=True)),
        on=dt.date(2024, 3, 5) if past else TODAY,
        past=past,
        data_until=RECEIVED,
    )  # fmt: skip


def hit(place: int = 0, **changed: str) -> Hit:
    name = ("佛山市顺德区悦信精密五金制造有限公司", LONG_NAME, "佛山市禅城区悦信餐饮店")[place % 3]
    status, tone = (
        (Text("存续", "existing"), "good"),
        (Text("吊销，未注销", "licence revoked"), "bad"),
        (Text("注销", "cancelled"), "plain"),
    )[place % 3]
    return Hit(
        code=CODE,
        name=changed.get("name", name),
        matched=changed.get("matched", "顺德市悦信五金厂" if place == 0 else name),
        status=status,
        tone=tone,  # type: ignore[arg-type]
        type_label=TYPE,
        city=CITY,
        est_date=dt.date(2008, 12, 19),
        why=Text("名称含有", "part of the name"),
        certainty="certain",
    )


def search_page(
    *, hits: int = 20, query: str = "悦信", hint: Text | None = None, suggestion: str = ""
) -> SearchPage:
    return SearchPage(
        query=query,
        page=2 if hits else 1,
        pages=9 if hits else 0,
        total=174 if hits else 0,
        capped=False,
        hits=tuple(hit(place) for place in range(hits)),
        hint=hint,
        suggestion=suggestion,
        asked=Query(text=query),
    )


def agency() -> AgencySummary:
    return AgencySummary(
        agency="environment",
        label=Text("广东省生态环境厅", "Guangdong Department of Ecology and Environment"),
        resources=(
            ResourceSummary(
                resource="licences_2018",
                label=Text("行政许可（2018年标准）", "Administrative licences (2018 standard)"),
                code="440000/00012",
                cycle=Text("每日", "daily"),
                deliveries=31,
                rows=105_490,
                waiting=1_203,
                returned=87,
                last_received_at=RECEIVED,
                due=dt.date(2026, 11, 19),
                late_since=dt.date(2026, 11, 20),
            ),
            ResourceSummary(
                resource="penalties_2018",
                label=Text("行政处罚（2018年标准）", "Administrative penalties (2018 standard)"),
                code="440000/00013",
                cycle=Text("每月", "monthly"),
                deliveries=0,
                rows=0,
                waiting=0,
                returned=0,
                last_received_at=None,
                due=None,
                late_since=None,
            ),
        ),
        shown=4_120,
    )


def publicity_page(*, rows: int = 30) -> PublicityPage:
    return PublicityPage(
        agency="environment",
        label=agency().label,
        kind="penalty",
        kinds=(("penalty", LABELS["penalty"], 110), ("licence", LABELS["licence"], 4_010)),
        page=1,
        pages=4 if rows else 0,
        total=110 if rows else 0,
        rows=tuple(
            PublicityRow(code=CODE, name=hit(place).name, entry=entry("penalty", place))
            for place in range(rows)
        ),
    )


def totals() -> Totals:
    return Totals(
        subjects=105_487,
        records=233_120,
        agencies=5,
        deliveries=46,
        rows=251_004,
        waiting=2_008,
        returned=1_204,
        repeated=310,
        changed=42,
        last_received_at=RECEIVED,
    )


def published(*, rows: int = 12) -> Published:
    by_agency = (
        PublishedBy(agency="environment", label=agency().label, published=300, late=7),
        PublishedBy(agency="housing", label=agency().label, published=12, late=0),
    )
    return Published(
        on=TODAY,
        past=False,
        agency="",
        late_only=False,
        clocks=(Clock(label=LABELS["penalty"], workdays=7, law=Text("某法第一条", "A law, 1")),),
        by_agency=by_agency if rows else (),
        first_loaded=1_200,
        total=312 if rows else 0,
        page=1,
        pages=11 if rows else 1,
        rows=tuple(
            PublishedRow(row=row, workdays=place, late=place > 7)
            for place, row in enumerate(publicity_page(rows=rows).rows)
        ),
    )


EXAMPLES = (
    Example(query="餐饮", why=Text("名称里的几个字", "a few characters of a name")),
    Example(query=CODE.replace("0", "O"), why=Text("打错的代码", "a mistyped code")),
)


def why() -> Reason:
    item = Why(
        agency="environment",
        agency_label=Text("广东省生态环境厅", "Department of Ecology"),
        resource="penalties_2018",
        resource_label=Text("行政处罚信息", "Penalties"),
        column=Text("罚款金额（万元）", "fine"),
        rule="fine-amount",
        sentence=Text("“处罚类别”含“罚款”时“罚款金额”必填", "a fine needs its amount"),
        rows=1_204,
    )
    return Reason(column=item.column, sentence=item.sentence, rows=item.rows, of=(item,))


def verified(*, problems: Sequence[str] = ()) -> Verification:
    rebuilt = {"replayed": 46, "rows": 1_200_000, "differences": []}
    return Verification(
        asked_by="chief",
        asked_at=RECEIVED,
        done_at=RECEIVED,
        deliveries=46,
        head="ab" * 32,
        problems=list(problems),
        rebuilt=None if problems else rebuilt,
    )


def toured() -> Found:
    """A tour of which the row is not mended yet."""
    tour = Tour(
        agency="environment", label=agency().label, on=TODAY, code=CODE, name=LONG_NAME,
        record=entry("penalty").record, delivery=68, row=3, rejected=(68, 4),
    )  # fmt: skip
    return Found(tour=tour, mended=None)


def checked(outcome: str) -> Checked:
    """An answer to whoever verifies a report."""
    named: Outcome = next(one for one in SAID if one == outcome)
    said, todo = SAID[named]
    if named not in ("same", "outdated"):
        return Checked(outcome=named, said=said, todo=todo)
    return Checked(
        outcome=named, said=said, todo=todo, number="YX20261124-00000000", code=CODE,
        name=LONG_NAME, issued_at=RECEIVED,
    )  # fmt: skip


def rates_month() -> RatesMonth:
    """An agency with every rate, and one with nothing but rows that were checked."""
    timely = Share(measure=BY_ID["timely"], numerator=1_204, denominator=1_310)
    late = Share(measure=LATE, numerator=106, denominator=1_310)
    hidden = Share(measure=CONCEALED, numerator=2, denominator=1_312)
    sound = Share(measure=SOUND, numerator=1_402, denominator=1_420)
    name = Text("广东省市场监督管理局", "Guangdong Administration for Market Regulation")
    return RatesMonth(
        month="2026-11",
        months=("2026-11", "2026-10"),
        agencies=(
            AgencyRates(
                place=1, agency=Named("market_regulation", name), score=Decimal("96.8"),
                shares=(timely, late, hidden, sound),
            ),
            AgencyRates(
                place=2, agency=Named("housing", name), score=Decimal("91.0"), shares=(sound,)
            ),
        ),
    )  # fmt: skip
