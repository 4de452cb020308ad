"""Administrative divisions (GB/T 2260) of Guangdong, and addresses cut down to a district."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from yuexin.base.regions_data import GUANGDONG, PROVINCES
from yuexin.base.text import Text, normalise_name

NATIONAL: Final = "100000"
PROVINCE: Final = "440000"

# GB 11643 in use: residence permits of Taiwan residents begin with 83, though GB/T 2260 says 71.
_TAIWAN_RESIDENTS: Final = "83"
_ROW: Final = re.compile(r"(\d{2,6}) (\S+) (.+?)(?: (\d{4}))?")


@dataclass(frozen=True, kw_only=True)
class Division:
    """A province, city or county. `until` is the year in which it ended; `parent` is a code."""

    code: str
    name: Text
    parent: str = ""
    until: int | None = None


def _rows(table: str) -> Iterator[Division]:
    for line in table.strip().splitlines():
        if not (match := _ROW.fullmatch(line)):
            raise ValueError(f"not a row of divisions: {line!r}")
        code, zh, en, until = match.groups()
        yield Division(
            code=code.ljust(6, "0"),
            name=Text(zh, en),
            parent=_parent(code),
            until=int(until) if until else None,
        )


def _parent(code: str) -> str:
    if len(code) == 2:
        return NATIONAL
    return PROVINCE if code.endswith("00") else f"{code[:4]}00"


def _municipal(divisions: Iterable[Division]) -> Iterator[Division]:
    """The …01 codes under which a city with districts registers for itself: 440101, 440301."""
    cities = sorted({division.parent for division in divisions} - {NATIONAL, PROVINCE})
    for city in cities:
        name = Text("市辖区", "Municipal Districts")
        yield Division(code=f"{city[:4]}01", name=name, parent=city)


def _table() -> dict[str, Division]:
    nation = Division(code=NATIONAL, name=Text("全国", "National"))
    guangdong = tuple(_rows(GUANGDONG))
    rows = (nation, *_rows(PROVINCES), *guangdong, *_municipal(guangdong))
    return {division.code: division for division in sorted(rows, key=lambda row: row.code)}


DIVISIONS: Final = _table()
"""Every division we know, by code: the provinces, and Guangdong down to its counties."""


def find(code: str) -> Division | None:
    """The division of a code; longer codes (9 or 12 digits, streets and villages) by its county."""
    return DIVISIONS.get(code[:6])


def name_of(code: str) -> Text | None:
    """The name of a division, or nothing where we do not know the code."""
    division = find(code)
    return division.name if division else None


def city_of(code: str) -> str:
    """The code of the prefecture-level city of Guangdong a division lies in, or the empty string.

    A county that we do not know still lies in its city.
    """
    city = f"{code[:4]}00"
    return city if city in DIVISIONS and DIVISIONS[city].parent == PROVINCE else ""


def lies_in(code: str, division: str) -> bool:
    """Whether a division is another one or lies below it; nothing lies in the empty code."""
    if division == NATIONAL:
        return bool(code)
    stem = division[:6]
    while stem.endswith("00"):
        stem = stem[:-2]
    return bool(stem) and code.startswith(stem)


def cities() -> tuple[Division, ...]:
    """The 21 prefecture-level cities, by code."""
    return _children(PROVINCE)


def counties_of(city: str) -> tuple[Division, ...]:
    """The districts and counties that a city has today, by code. Dongguan and Zhongshan have none.

    Abolished ones and the …01 codes are left out.
    """
    counties = _children(city)
    return tuple(one for one in counties if one.until is None and not one.code.endswith("01"))


def _children(code: str) -> tuple[Division, ...]:
    return tuple(division for division in DIVISIONS.values() if division.parent == code)


def is_plausible(code: str) -> bool:
    """Whether we know the code, or it is of a province whose counties we do not list."""
    if code in DIVISIONS:
        return True
    elsewhere = code[:2] != PROVINCE[:2] and is_province(code[:2])
    return elsewhere and re.fullmatch("[0-9]{6}", code) is not None


def is_province(digits: str) -> bool:
    """Whether two digits begin the codes of a province, those of residence permits included."""
    return digits == _TAIWAN_RESIDENTS or (
        len(digits) == 2 and digits != NATIONAL[:2] and f"{digits}0000" in DIVISIONS
    )


def _longest_first(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(names, key=lambda name: (-len(name), name)))


def _county_names(city: Division) -> tuple[str, ...]:
    names = {one.name.zh for one in _children(city.code) if not one.code.endswith("01")}
    return _longest_first(names)


_GUANGDONG: Final = DIVISIONS[PROVINCE].name.zh
_PROVINCE_NAMES: Final = _longest_first(one.name.zh for one in _children(NATIONAL))
_COUNTY_NAMES: Final = {city.name.zh: _county_names(city) for city in cities()}
# 城区 alone says nothing: two cities have had one, and any town calls its centre so.
_ALL_COUNTY_NAMES: Final = _longest_first({*sum(_COUNTY_NAMES.values(), ())} - {"城区"})


def district_prefix(address: str) -> str:
    """Cut an address to its district, so that the home of a sole trader is not published.

    Province, city and district as far as they are written, and nothing after; without a readable
    district the city; without either the empty string. The result is put together from the names
    in our table, never from the address, so a street or house number cannot come through.
    """
    province, rest = _province(normalise_name(address))
    if province not in ("", _GUANGDONG):
        return province if province.endswith("市") else ""
    city, rest = _city(rest)
    district = _leading(rest, _COUNTY_NAMES[city] if city else _ALL_COUNTY_NAMES)
    return province + city + district if city or district else ""


def _province(address: str) -> tuple[str, str]:
    name = _leading(address, _PROVINCE_NAMES)
    if not name and address.startswith(_GUANGDONG[:2]):
        return _GUANGDONG, address[2:]
    return name, address[len(name) :]


def _city(address: str) -> tuple[str, str]:
    if name := _leading(address, _COUNTY_NAMES):
        return name, address[len(name) :]
    for name, counties in _COUNTY_NAMES.items():
        short = name.removesuffix("市")
        # 深圳南山区 is a city and its district, but 中山路 is not Zhongshan.
        if address.startswith(short) and _leading(address[len(short) :], counties):
            return name, address[len(short) :]
    return "", address


def _leading(text: str, names: Iterable[str]) -> str:
    for name in names:
        # 广州市场 is a market, not Guangzhou.
        if text.startswith(name) and not text.startswith("场", len(name)):
            return name
    return ""
