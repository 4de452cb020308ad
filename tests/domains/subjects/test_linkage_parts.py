"""Names taken apart, whatever they are."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuexin.base.text import normalise_name
from yuexin.domains.subjects.linkage.parts import PARTS, brands, cores, folded, parts, regions

PIECES = st.sampled_from([
    "广东省", "广州市", "深圳", "天河区", "虎门镇", "(中国)", "(广州)", "华为", "科技", "市场",
    "电子", "有限公司", "股份有限公司", "集团", "分公司", "第三分店", "支行", "店", "厂", "😀",
    "<b>", "'; --", "發展", "〓", "\ue000", "\n", " ", "Ａ", "1", "合伙企业(有限合伙)", "𬀩",
])  # fmt: skip
NAMES = st.one_of(st.text(max_size=220), st.lists(PIECES, max_size=12).map("".join))


def keys(*names: str) -> pl.Series:
    return pl.Series("key", [normalise_name(name) for name in names], dtype=pl.String)


def apart(name: str) -> dict[str, str]:
    return dict(parts(keys(name)).row(0, named=True))


def core(name: str) -> str:
    return str(cores(keys(name))["core"][0])


@given(st.lists(NAMES, max_size=5))
def test_the_parts_joined_are_the_folded_name(names: list[str]) -> None:
    given_keys = keys(*names)
    joined = parts(given_keys).select(pl.concat_str(PARTS)).to_series()
    assert joined.to_list() == folded(given_keys).to_list()


@given(st.lists(NAMES, min_size=2, max_size=5))
def test_many_names_together_give_what_each_gives_alone(names: list[str]) -> None:
    assert cores(keys(*names)).rows() == [cores(keys(name)).row(0) for name in names]


@given(NAMES)
def test_a_name_with_any_letter_has_a_core(name: str) -> None:
    assert bool(core(name)) == bool(folded(keys(name))[0])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("深圳市腾讯计算机系统有限公司", "腾讯计算机系统"),
        ("腾讯计算机系统(深圳)有限公司", "腾讯计算机系统"),
        ("腾讯计算机系统有限责任公司", "腾讯计算机系统"),
        ("騰訊計算機系統（深圳）有限公司〓", "腾讯计算机系统"),
        ("深圳市公司", "深圳市"),
        ("广州有限公司", "广州"),
        ("广州市场开发有限公司", "市场开发"),
        ("东莞市虎门镇潆芃便利店", "潆芃便利"),
        ("古镇灯饰厂", "古镇灯饰"),
        ("中国建设银行股份有限公司广州东风东路支行", "中国建设银行广州东风东路支行"),
        ("华", "华"),
        ("店", "店"),
        ("😀", ""),
        ("", ""),
    ],
)
def test_the_core_is_the_name_without_region_and_form(name: str, expected: str) -> None:
    assert core(name) == expected


def test_a_branch_stands_apart_from_its_firm() -> None:
    found = apart("广西建设有限公司深圳分公司")
    assert (found["form"], found["branch"]) == ("有限公司", "深圳分公司")


def test_cities_and_counties_are_known_by_long_and_short_names() -> None:
    names = keys("佛山市顺德区某某厂", "顺德某某厂", "广东某某厂", "某某(深圳)有限公司", "某某厂")
    assert regions(parts(names)).rows() == [
        ("440600", "顺德"), ("440600", "顺德"), ("440000", ""), ("440300", ""), ("", ""),
    ]  # fmt: skip


def test_the_trade_is_told_from_the_brand_by_the_words_given() -> None:
    found = brands(pl.Series("core", ["华星电子科技", "科技", "华星"]), ("电子", "科技"))
    assert found.rows() == [("华星", "电子科技"), ("科技", ""), ("华星", "")]


def test_a_name_of_two_hundred_characters_and_more_is_cut() -> None:
    assert len(folded(keys("长" * 300))[0]) == 200
