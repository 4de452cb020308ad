"""What fits a trade: its goods, contracts and inspections, column by column of the layouts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from yuexin.sample.subjects import Subject

Variant = Mapping[str, str]
"""Texts by header that belong together."""
Fitting = Mapping[str, tuple[Variant, ...]]
"""Variants by `kind:field`, else by the trade's word, its field, the kind, or for all."""


def variants_of(fitting: Fitting, subject: Subject) -> tuple[Variant, ...]:
    """What fits a subject; nothing where nothing does."""
    trade = subject.trade
    keys = (f"{subject.kind}:{trade.field}", trade.word, trade.field, subject.kind, "")
    return next((fitting[key] for key in keys if key in fitting), ())


def _by_trade(
    headers: tuple[str, ...], table: Mapping[tuple[str, ...], Iterable[tuple[str, ...]]]
) -> Fitting:
    """A table of trades and their goods as variants."""
    return {
        trade: tuple(dict(zip(headers, texts, strict=True)) for texts in rows)
        for trades, rows in table.items()
        for trade in trades
    }


def _sampled(fitting: Fitting) -> Fitting:
    """The same, with the stage at which a sample is taken."""
    return {
        trade: tuple({**variant, "抽样环节": f"{_stage(trade)}环节"} for variant in variants)
        for trade, variants in fitting.items()
    }


def _stage(trade: str) -> str:
    if trade in ("餐饮管理", "餐饮店", "饭店", "奶茶店"):
        return "餐饮"
    return "生产" if trade.endswith("厂") or trade == "面包店" else "流通"


_GOODS: Final = ("产品名称", "产品类别", "检验依据", "不合格项目", "检验结果", "标准值")
GOODS: Final = _sampled(_by_trade(
    _GOODS,
    {
        ("家具", "家具厂"): (
            ("儿童家具", "木制家具", "GB 28007", "圆角、警示标识", "无警示标识", "应有警示标识"),
            ("木制衣柜", "木制家具", "GB 18584", "甲醛释放量", "2.1mg/L", "≤1.5mg/L"),
        ),
        ("服饰", "服装店", "制衣厂"): (
            ("童装", "服装", "GB 31701", "甲醛含量", "68mg/kg", "≤20mg/kg"),
            ("运动服", "服装", "GB 18401", "pH值", "9.4", "4.0～8.5"),
        ),
        ("鞋业", "鞋店"): (
            ("儿童皮鞋", "鞋类", "GB 30585", "邻苯二甲酸酯", "0.4%", "≤0.1%"),
        ),
        ("玩具",): (
            ("塑胶玩具", "玩具", "GB 6675.2", "小零件", "存在小零件", "不得有小零件"),
        ),
        ("文具店",): (
            ("学生文具盒", "文具", "GB 21027", "可触及边缘", "有锐利边缘", "应无锐利边缘"),
        ),
        ("塑胶制品",): (
            ("塑料购物袋", "塑料制品", "GB/T 21661", "厚度偏差", "0.018mm", "≥0.025mm"),
        ),
        ("照明电器", "电器经营部"): (
            ("LED灯具", "照明电器", "GB 7000.1", "标记", "无型号标记", "应有型号标记"),
            ("延长线插座", "低压电器", "GB/T 2099.7", "标志", "无额定电流标志", "应有额定电流标志"),
        ),
        ("五金制品", "五金店", "五金加工厂"): (
            ("防盗锁", "五金制品", "GA/T 73", "锁舌伸出长度", "12mm", "≥14mm"),
            ("电线电缆", "电工产品", "GB/T 5023.3", "导体电阻", "8.6Ω/km", "≤7.41Ω/km"),
        ),
        ("陶瓷", "建材经营部"): (
            ("陶瓷砖", "建筑材料", "GB/T 4100", "吸水率", "0.9%", "≤0.5%"),
        ),
        ("贸易", "商贸"): (
            ("电动自行车头盔", "头盔", "GB 811", "固定装置强度", "带扣滑脱", "不得滑脱"),
            ("塑料购物袋", "塑料制品", "GB/T 21661", "厚度偏差", "0.018mm", "≥0.025mm"),
        ),
    },
))  # fmt: skip
_COOKED: Final = ("酱卤肉", "肉制品", "GB 2760", "苯甲酸", "0.86g/kg", "不得使用")
_CAKE: Final = ("糕点", "糕点", "GB 2760", "脱氢乙酸", "0.92g/kg", "≤0.5g/kg")
_TEA: Final = ("茶叶", "茶叶及相关制品", "GB 2763", "吡虫啉", "0.82mg/kg", "≤0.5mg/kg")
_RICE: Final = ("大米", "粮食加工品", "GB 2762", "镉", "0.31mg/kg", "≤0.2mg/kg")
_SHRIMP: Final = ("鲜活海水虾", "食用农产品", "GB 31650", "恩诺沙星", "215μg/kg", "≤100μg/kg")
_LIQUOR: Final = ("米酒", "酒类", "GB/T 10781.3", "酒精度", "35.8%vol", "38%vol±1.0%vol")
_FOODS: Final = ("食品名称", "食品分类", "检验依据", "不合格项目", "检验结果", "标准值")
FOODS: Final = _sampled(_by_trade(
    _FOODS,
    {
        ("食品", "食品加工厂"): (
            _COOKED, _CAKE,
            ("腐竹", "豆制品", "GB 2760", "二氧化硫", "0.31g/kg", "≤0.2g/kg"),
            ("速冻水饺", "速冻食品", "GB 2762", "铅", "0.42mg/kg", "≤0.3mg/kg"),
        ),
        ("便利店",): (
            _CAKE,
            ("酱油", "调味品", "GB 2717", "氨基酸态氮", "0.31g/100mL", "≥0.4g/100mL"),
            ("凉茶饮料", "饮料", "GB 7101", "菌落总数", "1200CFU/mL", "≤100CFU/mL"),
        ),
        ("面包店",): (_CAKE,),
        ("餐饮管理", "餐饮店", "饭店"): (
            _COOKED,
            ("米粉", "餐饮食品", "GB 2760", "脱氢乙酸", "0.12g/kg", "不得使用"),
        ),
        ("奶茶店",): (
            ("自制奶茶", "餐饮食品", "GB 2760", "糖精钠", "0.06g/kg", "不得使用"),
        ),
        ("水果店",): (
            ("芒果", "食用农产品", "GB 2763", "吡唑醚菌酯", "0.18mg/kg", "≤0.05mg/kg"),
        ),
        ("粮油店",): (_RICE,),
        ("海鲜档", "水产"): (_SHRIMP,),
        ("烟酒商行",): (_LIQUOR,),
        ("茶叶店", "茶业"): (_TEA,),
    },
))  # fmt: skip
_PLANTS: Final = ("毒死蜱", "0.35mg/kg", "0.1mg/kg")
FARM_SAMPLES: Final = _by_trade(
    ("样品名称", "不合格项目", "检出值", "限量值"),
    {
        ("蔬菜种植", "农业发展", "农庄"): (("菜心", *_PLANTS), ("生菜", *_PLANTS)),
        ("水果种植",): (("荔枝", *_PLANTS), ("番石榴", *_PLANTS)),
        ("茶叶种植",): (("茶鲜叶", *_PLANTS),),
        ("水产养殖",): (("草鱼", "恩诺沙星", "0.35mg/kg", "0.1mg/kg"),),
        ("生猪养殖",): (("猪肉", "磺胺类", "0.35mg/kg", "0.1mg/kg"),),
        ("家禽养殖",): (("三黄鸡", "恩诺沙星", "0.35mg/kg", "0.1mg/kg"),),
    },
)  # fmt: skip
CONTRACTS: Final = _by_trade(
    ("合同名称",),
    {
        ("家具", "家具厂"): (("办公家具采购合同",),),
        ("文具店",): (("办公用品采购合同",),),
        ("餐饮管理", "饭店", "餐饮店"): (("工作餐采购合同",),),
        ("包装制品", "文化传播"): (("印刷服务合同",),),
        ("科技", "信息技术", "网络科技"): (("信息系统运维服务合同",),),
        ("物业管理",): (("物业管理服务合同",),),
        ("电器经营部", "照明电器"): (("照明设备维护合同",),),
        ("建筑工程", "装饰设计工程"): (("办公用房修缮合同",),),
        ("汽车服务", "汽修厂"): (("公务用车维修合同",),),
    },
)  # fmt: skip
MORTGAGED: Final = _by_trade(
    ("抵押物概况",),
    {
        ("factory",): (("示例数控机床4台",), ("示例注塑机6台",)),
        ("food",): (("示例冷柜2台",),),
        ("transport",): (("示例举升机2台",),),
        ("building",): (("示例塔式起重机1台",),),
        ("farm",): (("示例温室设备1套",),),
        ("health", "care"): (("示例消毒设备2台",),),
        ("trade",): (("示例库存商品一批",),),
    },
)  # fmt: skip
_REGISTERED: Final = ("登记事项", "{year}年登记事项抽查")
_REPORTED: Final = ("年度报告公示信息", "{year}年公示信息抽查")
_WEIGHED: Final = ("计量器具", "{year}年计量器具抽查")
_PRICED: Final = ("价格行为", "{year}年价格行为抽查")
_SERVED: Final = ("食品经营", "{year}年食品经营抽查")
CHECKS: Final = _by_trade(
    ("抽查事项", "抽查任务名称"),
    {
        ("food",): (_SERVED, _REGISTERED, _WEIGHED, _PRICED),
        ("trade", "care", "health"): (_REGISTERED, _REPORTED, _PRICED),
        ("",): (_REGISTERED, _REPORTED),
    },
)
CHECK_PROBLEMS: Final = _by_trade(
    ("抽查事项",), {("food",): (("食品经营许可",),), ("",): (("登记事项",), ("公示信息",))}
)
PROMISES: Final = {
    **_by_trade(
        ("承诺事由",),
        {
            ("sole_trader:food",): (("食品经营许可告知承诺",),),
            ("sole_trader:care",): (("公共场所卫生许可告知承诺",),),
            ("sole_trader:health",): (("药品经营许可告知承诺",),),
            ("sole_trader",): (("证明事项告知承诺",),),
        },
    ),
    "": ({},),
}
TECHNOLOGY: Final = _by_trade(
    ("技术领域", "认定批次"),
    {
        ("科技", "信息技术", "网络科技", "电子科技"): (
            ("电子信息", "{year}年第一批"), ("电子信息", "{year}年第二批"),
        ),
        ("智能装备", "五金制品", "照明电器"): (
            ("先进制造与自动化", "{year}年第一批"), ("先进制造与自动化", "{year}年第三批"),
        ),
        ("环保科技",): (("资源与环境", "{year}年第一批"),),
        ("新能源",): (("新能源与节能", "{year}年第二批"),),
        ("塑胶制品", "陶瓷", "化妆品"): (("新材料", "{year}年第二批"),),
        ("医疗器械", "医药"): (("生物与新医药", "{year}年第一批"),),
    },
)  # fmt: skip
LISTED: Final[Fitting] = {
    "sole_trader": ({"列入经营异常名录原因": "未按照规定报送年度报告"},),
    "": ({},),
}
_GOVERNMENT: Final = "{city}人民政府"
HONOURS: Final[Fitting] = {
    "sole_trader": ({"荣誉名称": "示例诚信经营户", "授予机关": "{city}市场监督管理局"},),
    "company": tuple(
        {"荣誉名称": title, "授予机关": _GOVERNMENT}
        for title in ("示例质量奖", "示例守信企业", "示例守合同重信用企业")
    ),
    "cooperative": ({"荣誉名称": "示例农民合作社", "授予机关": _GOVERNMENT},),
    "": (
        {"荣誉名称": "示例和谐单位", "授予机关": _GOVERNMENT},
        {"荣誉名称": "示例优秀青年志愿者组织", "授予机关": "共青团{city}委员会"},
    ),
}
ACCIDENTS: Final[Fitting] = {
    "factory": ({"事故名称": "示例车间机械伤害事故"},),
    "building": (
        {"事故名称": "示例工地高处坠落事故", "事故类别": "高处坠落"},
    ),
}  # fmt: skip
FIRES: Final[Fitting] = {
    "家具": ({},),
    "factory": ({"事故名称": "示例车间火灾事故"},),
    "building": ({"事故名称": "示例工地坍塌事故"},),
}
SERIOUS: Final[Fitting] = {
    "food": ({},),
    "": (
        {
            "列入情形": "侵害消费者权益",
            "列入严重违法失信名单原因": "多次侵害消费者权益，受到较重行政处罚",
        },
    ),
}
DRUGS: Final[Fitting] = {
    "药店": ({},),
    "医药": ({"列入事由": "销售劣药，情节严重"},),
    "医疗器械": (
        {
            "领域": "医疗器械",
            "涉及产品": "示例注射器",
            "列入事由": "经营未经注册的第三类医疗器械",
        },
    ),
    "化妆品": ({"领域": "化妆品", "涉及产品": "示例面霜", "列入事由": "生产未经注册的特殊化妆品"},),
}
_ELSEWHERE: Final = ("广州市", "深圳市", "东莞市", "佛山市")
BRANCHES: Final[Fitting] = {
    "cooperative": tuple(
        {
            "分支机构名称": f"{{name}}{nth}分社",
            "分支机构登记机关": "{city}市场监督管理局",
        }
        for nth in ("第一", "第二")
    ),
    "": tuple(
        {
            "分支机构名称": f"{{name}}{city.removesuffix('市')}分公司",
            "分支机构登记机关": f"{city}市场监督管理局",
        }
        for city in _ELSEWHERE
    ),
}  # fmt: skip
