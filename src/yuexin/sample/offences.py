"""What is punished, by which law, with what: the table the penalties are drawn from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from yuexin.sample.agencies import ENVIRONMENT, HOUSING, MARKET
from yuexin.sample.publicity import Weight

FINE: Final = "罚款"
GAINS: Final = "没收违法所得"
WARNING: Final = "警告"
CRITICISM: Final = "通报批评"
REVOCATION: Final = "吊销许可证件"
STANDSTILL: Final = "责令停产停业"


@dataclass(frozen=True, slots=True)
class Offence:
    """A kind of offence, its facts, the law applied, the kinds of penalty, the fines it allows.

    Where `field` is given, only firms of that field commit it.
    """

    violation: str
    facts: str
    basis: str
    kinds: tuple[str, ...]
    fine_wan: float = 0
    simple: bool = False
    field: str = ""
    fine_from_wan: float = 0.05

    @property
    def weight(self) -> Weight:
        """How heavily it weighs where publicity is measured."""
        if REVOCATION in self.kinds or STANDSTILL in self.kinds:
            return "serious"
        light = all(kind in (WARNING, CRITICISM) for kind in self.kinds)
        return "minor" if self.simple or light else "general"


FOOD_LABEL: Final = Offence(
    "经营标签不符合规定的预包装食品",
    "所售预包装食品标签未标明生产日期",
    "《食品安全法》第一百二十五条",
    (FINE, GAINS),
    5,
    field="food",
    fine_from_wan=0.5,
)

OFFENCES: Final[dict[str, tuple[Offence, ...]]] = {
    MARKET: (
        Offence(
            "发布违法广告",
            "店内广告使用“最佳”等用语",
            "《广告法》第五十七条",
            (FINE,),
            20,
            fine_from_wan=2,
        ),
        Offence(
            "未按规定明码标价",
            "在售商品未标明价格",
            "《价格法》第四十二条",
            (FINE,),
            0.5,
        ),
        Offence(
            "使用未经检定的计量器具",
            "经营场所使用的电子秤未经检定",
            "《计量法实施细则》第四十三条",
            (FINE,),
            0.1,
        ),
        Offence("未公示收费项目", "经营场所未公示收费项目", "《价格法》第四十二条", (WARNING,)),
        Offence(
            "销售假冒产品",
            "所售商品冒用他人厂名",
            "《产品质量法》第五十三条",
            (FINE, REVOCATION),
            10,
            fine_from_wan=1,
        ),
        Offence(
            "未按规定公示营业执照",
            "未在经营场所醒目位置公示营业执照",
            "《市场主体登记管理条例》第四十八条",
            (FINE,),
            0.3,
            simple=True,
        ),
        FOOD_LABEL,
        Offence(
            "无证从事食品经营",
            "未取得食品经营许可从事餐饮服务",
            "《食品安全法》第一百二十二条",
            (FINE, GAINS),
            10,
            field="food",
            fine_from_wan=5,
        ),
        Offence(
            "销售超过保质期的食品",
            "货架在售食品超过保质期",
            "《食品安全法》第一百二十四条",
            (FINE, REVOCATION),
            10,
            field="food",
            fine_from_wan=5,
        ),
        Offence(
            "未建立进货查验记录制度",
            "检查时不能提供进货查验记录",
            "《食品安全法》第一百二十六条",
            (WARNING,),
            field="food",
        ),
    ),
    HOUSING: (
        Offence(
            "未按规定设置施工现场围挡",
            "施工现场主要道路一侧未设置连续围挡",
            "《建设工程安全生产管理条例》第六十四条",
            (FINE,),
            10,
            fine_from_wan=5,
        ),
        Offence(
            "未取得施工许可证擅自施工",
            "未取得施工许可证即组织主体施工",
            "《建筑法》第六十四条",
            (FINE,),
            30,
            fine_from_wan=1,
        ),
        Offence(
            "使用不合格建筑材料",
            "进场钢筋未经检验即投入使用",
            "《建设工程质量管理条例》第六十四条",
            (FINE, STANDSTILL),
            20,
            fine_from_wan=5,
        ),
        Offence(
            "未按规定报送诚信信息",
            "逾期未报送企业诚信信息",
            "《建筑业企业资质管理规定》第四十一条",
            (WARNING, CRITICISM),
        ),
        Offence(
            "施工现场未设置安全警示标志",
            "基坑周边未设置安全警示标志",
            "《建设工程安全生产管理条例》第六十二条",
            (FINE,),
            0.3,
            simple=True,
        ),
    ),
    ENVIRONMENT: (
        Offence(
            "超过标准排放水污染物",
            "排放口废水化学需氧量超过排放标准",
            "《水污染防治法》第八十三条",
            (FINE,),
            100,
            fine_from_wan=10,
        ),
        Offence(
            "未按规定贮存危险废物",
            "废机油露天堆放且未设置识别标志",
            "《固体废物污染环境防治法》第一百一十二条",
            (FINE,),
            100,
            fine_from_wan=10,
        ),
        Offence(
            "未取得排污许可证排放污染物",
            "未取得排污许可证即投入生产并排放废气",
            "《排污许可管理条例》第三十三条",
            (FINE, STANDSTILL),
            100,
            fine_from_wan=20,
        ),
        Offence(
            "未保存环境管理台账",
            "环境管理台账记录不完整",
            "《排污许可管理条例》第三十七条",
            (WARNING,),
        ),
        Offence(
            "未公开环境信息",
            "未按规定公开自行监测数据",
            "《排污许可管理条例》第三十六条",
            (FINE,),
            0.3,
            simple=True,
        ),
    ),
}


def offences(agency: str, field: str) -> tuple[Offence, ...]:
    """What the agency punishes firms of a field for."""
    return tuple(offence for offence in OFFENCES[agency] if offence.field in ("", field))


def offence_of(agency: str, weight: Weight) -> Offence:
    """The first offence of the agency with this weight."""
    return next(offence for offence in OFFENCES[agency] if offence.weight == weight)


def simple_offence(agency: str) -> Offence:
    """The agency's offence that is punished by the simple procedure."""
    return next(offence for offence in OFFENCES[agency] if offence.simple)
