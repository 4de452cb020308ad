"""A name taken apart: region, brand, trade, legal form and branch. Pure, a column at a time.

The core by which a subject is found follows from its name and from nothing else; what is declared
of trades parts it into brand and trade later, and changes nothing that is stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

import polars as pl

from yuexin.base.hanzi import first_reading, simplified
from yuexin.base.regions import DIVISIONS, NATIONAL, PROVINCE, Division, cities, city_of

LONGEST: Final = 200
PARTS: Final = ("lead", "head", "place", "tail", "form", "branch")
"""In this order they are the folded name again; `head` and `tail` stand about a place in brackets.
"""

_FIRMS: Final = (
    "股份有限公司", "有限责任公司", "有限公司", "股份公司", "总公司", "公司",
    r"合伙企业(?:\((?:有限合伙|普通合伙|特殊普通合伙)\))?", r"\((?:有限合伙|普通合伙)\)",
)  # fmt: skip
_SHOPS: Final = (
    "专业合作社联合社", "专业合作社", "合作社", "经营部", "门市部", "服务部", "工作室", "商行",
    "商店", "店", "厂", "行", "部", "档", "社",
)  # fmt: skip
_BRANCHES: Final = (
    "分公司", "支公司", "分厂", "分店", "分行", "支行", "分社", "分部", "营业部", "营业所",
    "门市部", "办事处", "代表处", "经营部", "服务部", "服务中心", "分理处", "储蓄所", "连锁店",
    "加油站", "专卖店", "药店", "商场", "酒店", "工厂", "中心", "店", "部", "厂", "所",
)  # fmt: skip
# 广州市场 is a market, not Guangzhou.
_MARKET, _HIDDEN_MARKET = "市场", "\ue000"
# What is no letter or digit carries no name: 〓 and * end many a cell.
_STRAY: Final = r"[^\p{L}\p{N}()]"


def _short(name: str) -> str:
    return re.sub("(?:壮族|回族|维吾尔)?(?:省|市|自治区|特别行政区)$", "", name)


def _provinces() -> tuple[Division, ...]:
    return tuple(one for one in DIVISIONS.values() if one.parent == NATIONAL)


def _counties() -> tuple[Division, ...]:
    return tuple(
        one
        for one in DIVISIONS.values()
        if one.code.startswith(PROVINCE[:2])
        and not one.code.endswith("00")
        and not one.code.endswith("01")
        and one.name.zh != "城区"
    )


def _city_words() -> dict[str, str]:
    """What a city or county is called at the head of a name, and the code of its city.

    Of counties only those that were cities go by their short name; 南山 and 新兴 are brands, too.
    """
    words = {one.name.zh: city_of(one.code) for one in _counties()}
    towns = (one for one in _counties() if one.name.zh.endswith("市"))
    words |= {_short(one.name.zh): city_of(one.code) for one in towns}
    for city in cities():
        words |= {city.name.zh: city.code, _short(city.name.zh): city.code}
    return words


def _province_words() -> dict[str, str]:
    names = {one.name.zh: one.code for one in _provinces()}
    return {_short(name): code for name, code in names.items()} | names


CITY_WORDS: Final = _city_words()
_CITIES: Final = {_short(city.name.zh) for city in cities()}
_COUNTY_WORDS: Final = {
    word: bare
    for word in CITY_WORDS
    if (bare := re.sub("(?<=..)[市区县]$", "", word)) not in _CITIES
}
PROVINCE_WORDS: Final = _province_words()


def _any(words: Iterable[str]) -> str:
    return "(?:" + "|".join(sorted(words, key=lambda word: (-len(word), word))) + ")"


_CITY: Final = _any(CITY_WORDS)
_PROVINCE: Final = _any(PROVINCE_WORDS)
_PLACE: Final = rf"\((?:{_PROVINCE}|{_CITY})+\)"
_GROUP: Final = r"(?:\(?集团\)?)?"
_BRANCH: Final = rf"(?:\(?.+?(?:{'|'.join(_BRANCHES)})\)?)"
_NUMBERED: Final = r"(?:\(?第?[一二三四五六七八九十百0-9]+(?:分店|分厂|分公司|店|厂)\)?)"
_WHOLE: Final = (
    rf"^(?P<lead>(?:{_PROVINCE})?(?:{_CITY}){{0,2}})(?P<town>\p{{Han}}{{2}}镇)?"
    rf"(?P<middle>.*?)"
    rf"(?:(?P<form>{_GROUP}(?:{'|'.join(_FIRMS)}))(?P<branch>{_BRANCH})?"
    rf"|(?P<shop>{'|'.join(_SHOPS)})?(?P<numbered>{_NUMBERED})?)$"
)
_INNER: Final = rf"^(?P<head>.*?)(?P<place>{_PLACE})(?P<tail>.*)$"


def folded(keys: pl.Series) -> pl.Series:
    """Normal forms of names in simplified characters, without what carries no name."""
    text = keys.fill_null("").str.replace_all("\n", "", literal=True).str.slice(0, LONGEST)
    plain = simplified("\n".join(text.to_list())).split("\n") if len(text) else []
    hidden = pl.Series(keys.name, plain, dtype=pl.String)
    return hidden.str.replace_all(_STRAY, "")


def parts(keys: pl.Series) -> pl.DataFrame:
    """The parts of names given in their normal form, in `PARTS`; joined they are `folded`.

    A name that is all region and form, 广州有限公司, has its region for its core.
    """
    whole = folded(keys).str.replace_all(_MARKET, _HIDDEN_MARKET, literal=True)
    frame = pl.DataFrame({"folded": whole}).with_columns(
        pl.col("folded").str.extract_groups(_WHOLE).alias("whole")
    )
    frame = frame.unnest("whole").with_columns(pl.exclude("folded").fill_null(""))
    # A town stands behind its city only: 古镇灯饰 has a brand.
    stands = (pl.col("lead") != "") & (pl.col("middle") != "")
    frame = frame.with_columns(
        lead=pl.when(stands).then(pl.col("lead") + pl.col("town")).otherwise(pl.lit("")),
        middle=pl.when(stands)
        .then("middle")
        .when(pl.col("middle") == "")
        .then(pl.col("lead") + pl.col("town"))
        .otherwise(pl.col("town") + pl.col("middle")),
        form=pl.col("form") + pl.col("shop"),
        branch=pl.col("branch") + pl.col("numbered"),
    )
    inner = frame["middle"].str.extract_groups(_INNER).struct.unnest().fill_null("")
    frame = frame.hstack(inner).with_columns(
        head=pl.when(pl.col("place") == "").then("middle").otherwise("head")
    )
    seen = [pl.col(name).str.replace_all(_HIDDEN_MARKET, _MARKET, literal=True) for name in PARTS]
    return frame.select(*seen)


def cores(keys: pl.Series) -> pl.DataFrame:
    """`core`: the name without region and form, its branch kept; `sound`: how the core is read."""
    apart = parts(keys).with_columns(stem=pl.col("head") + pl.col("tail"))
    bare = (
        pl.when(pl.col("stem") != "")
        .then("stem")
        .when(pl.col("form") != "")
        .then("form")
        .otherwise("place")
    )
    core = apart.select(core=bare + pl.col("branch"))["core"]
    return pl.DataFrame({"core": core, "sound": sounds(core)})


def sounds(texts: pl.Series) -> pl.Series:
    """The first reading of each character, one after another: equal where names sound alike."""
    if not len(texts):
        return texts.alias("sound")
    return pl.Series("sound", "\n".join(texts.to_list()).translate(_READ).split("\n"))


class _Read(dict[int, str]):
    """How each character is read; filled as characters are met."""

    def __missing__(self, point: int) -> str:
        self[point] = first_reading(chr(point))
        return self[point]


_READ: Final = _Read()


def regions(apart: pl.DataFrame) -> pl.DataFrame:
    """`region`, the code of the city that a name names, of the province where it names no city;
    `county` without its 市, 区 or 县, or the town; each '' where the name says none.
    """
    said = apart["lead"] + apart["place"]
    words = said.str.extract_all(_CITY)
    city = words.list.first().replace_strict(CITY_WORDS, default=None)
    province = said.str.extract(f"({_PROVINCE})").replace_strict(PROVINCE_WORDS, default=None)
    county = words.list.last().replace_strict(_COUNTY_WORDS, default="")
    town = said.str.extract(r"(\p{Han}{2})镇$").fill_null("")
    return pl.DataFrame({"region": city.fill_null(province).fill_null(""), "county": county + town})


@cache
def _trade_pattern(trades: tuple[str, ...]) -> str:
    return rf"^(?P<brand>.+?)(?P<trade>{_any(trades)}*)$"


def brands(cores: pl.Series, trades: tuple[str, ...]) -> pl.DataFrame:
    """`brand` and `trade` of names without region and form: the trade is its last words."""
    found = cores.str.extract_groups(_trade_pattern(trades)).struct.unnest()
    return found.fill_null("")
