"""Divisions, and addresses that never show a home."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuexin.base import regions
from yuexin.base.text import Text


def test_guangdong_has_21_cities_and_122_counties() -> None:
    cities = regions.cities()
    assert len(cities) == 21
    assert sum(len(regions.counties_of(city.code)) for city in cities) == 122
    assert regions.counties_of("441900") == regions.counties_of("442000") == ()


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("100000", Text("全国", "National")),
        ("440000", Text("广东省", "Guangdong")),
        ("440300", Text("深圳市", "Shenzhen")),
        ("440301", Text("市辖区", "Municipal Districts")),
        ("440106", Text("天河区", "Tianhe District")),
        ("440106012", Text("天河区", "Tianhe District")),
        ("440232", Text("乳源瑶族自治县", "Ruyuan Yao Autonomous County")),
        ("330000", Text("浙江省", "Zhejiang")),
        ("449900", None),
        ("", None),
    ],
)
def test_a_code_has_a_name(code: str, name: Text | None) -> None:
    assert regions.name_of(code) == name


@pytest.mark.parametrize(
    ("code", "city"),
    [
        ("440106", "440100"),
        ("440101", "440100"),
        ("440100", "440100"),
        ("440129", "440100"),
        ("440000", ""),
        ("330106", ""),
        ("", ""),
    ],
)
def test_a_county_lies_in_its_city(code: str, city: str) -> None:
    assert regions.city_of(code) == city


def test_an_abolished_district_is_known_but_not_offered() -> None:
    luogang = regions.find("440116")
    assert luogang is not None
    assert luogang.until == 2014
    assert luogang not in regions.counties_of("440100")


@pytest.mark.parametrize("code", ["100000", "110108", "440116", "441901", "820000"])
def test_a_code_of_guangdong_is_judged_by_the_table_others_by_province(code: str) -> None:
    assert regions.is_plausible(code) is (code != "441901")


@pytest.mark.parametrize("code", ["449900", "990000", "4401", "11A108", "１10108"])
def test_a_code_of_no_province_or_unknown_in_guangdong_is_not_plausible(code: str) -> None:
    assert not regions.is_plausible(code)


@pytest.mark.parametrize(
    ("address", "prefix"),
    [
        ("广东省广州市天河区盈溪路菁晖街10号117房", "广东省广州市天河区"),
        ("广州市 白云区石井镇石沙公路300号", "广州市白云区"),
        ("深圳南山区创业路中兴工业城一栋", "深圳市南山区"),
        ("广东揭阳普宁市流沙立新路", "广东省揭阳市普宁市"),
        ("广东省兴宁市丽园路107号", "广东省兴宁市"),
        ("新兴县新城镇凤凰开发区岗地", "新兴县"),
        ("梅州市梅县区程江镇", "梅州市梅县区"),
        ("梅州市梅县丙村镇", "梅州市梅县"),
        ("汕尾市海丰县城科技工业园内", "汕尾市海丰县"),
        ("清远市连南瑶族自治县三江镇", "清远市连南瑶族自治县"),
        ("广州市萝岗区开创大道", "广州市萝岗区"),
        ("东莞市虎门镇陈村社区龙遂路42号", "东莞市"),
        ("深圳市龙华新区民治街道", "深圳市"),
        ("佛山市天河区某路1号", "佛山市"),
        ("广州市城区小区3栋", "广州市"),
        ("珠海市香洲海虹路29号", "珠海市"),
        ("北京市朝阳区建国路1号", "北京市"),
        ("湖南省长沙市岳麓区麓山路", ""),
        ("中山路12号", ""),
        ("广州市场路8号", ""),
        ("城区小区3栋502", ""),
        ("龙华镇龙华村", ""),
        ("住所：天河区某路", ""),
        ("", ""),
    ],
)
def test_an_address_is_cut_to_its_district(address: str, prefix: str) -> None:
    assert regions.district_prefix(address) == prefix


PIECES = st.sampled_from(
    [division.name.zh for division in regions.DIVISIONS.values()]
    + ["广州", "深圳", "中山路", "小区", "步行街", "花园", "区", "市", "场", "12号", "301房", " "]
)
NAMES = {division.name.zh for division in regions.DIVISIONS.values()} | {""}


def is_made_of_names(prefix: str, left: int = 3) -> bool:
    if prefix in NAMES:
        return True
    cuts = range(1, len(prefix))
    return left > 1 and any(
        prefix[:cut] in NAMES and is_made_of_names(prefix[cut:], left - 1) for cut in cuts
    )


@given(st.lists(PIECES, max_size=8).map("".join) | st.text())
def test_no_street_or_house_number_ever_comes_through(address: str) -> None:
    assert is_made_of_names(regions.district_prefix(address))


@given(st.lists(PIECES, max_size=8).map("".join))
def test_cutting_twice_changes_nothing(address: str) -> None:
    prefix = regions.district_prefix(address)
    assert regions.district_prefix(prefix) == prefix
