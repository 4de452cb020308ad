"""Names of persons and subjects, and their addresses: believable, and invented."""

from __future__ import annotations

import datetime as dt
from typing import Final, NamedTuple

from yuexin.base.regions import cities, counties_of
from yuexin.sample import words
from yuexin.sample.codes import id_number
from yuexin.sample.dice import Dice
from yuexin.sample.words import Trade

DOUBLE_SURNAME = 0.01
ONE_CHARACTER_BRAND = 0.04
LONG_BRAND = 0.08
LONG_NAME = 0.02
ELSEWHERE = 0.15
WITHOUT_REGION = 0.03
_EATING_HOUSES: Final = "H62"


class Place(NamedTuple):
    """A city, and its county where it has any, with the words they go by in names."""

    city: str
    county: str
    city_name: str
    county_name: str


class Person(NamedTuple):
    name: str
    birth: dt.date
    id_number: str


def _places() -> tuple[Place, ...]:
    found: list[Place] = []
    for city in cities():
        counties = counties_of(city.code)
        towns = words.TOWNS.get(city.code, ("",))
        here = [Place(city.code, one.code, city.name.zh, one.name.zh) for one in counties]
        here = here or [Place(city.code, city.code, city.name.zh, f"{t}镇") for t in towns]
        # Every city gets tickets by its size, shared out among its counties in turn.
        tickets = words.CITY_WEIGHTS[city.code] * 12
        found += [here[n % len(here)] for n in range(tickets)]
    return tuple(found)


PLACES: Final = _places()
_RURAL_DISTRICTS: Final = frozenset({
    "从化区", "增城区", "花都区", "高明区", "三水区", "斗门区", "新会区", "电白区", "清新区",
    "曲江区", "潮安区", "揭东区", "云安区", "高要区", "阳东区", "梅县区", "惠阳区", "潮阳区",
    "澄海区", "麻章区",
})  # fmt: skip
RURAL_PLACES: Final = tuple(
    place
    for place in PLACES
    if place.county_name.endswith(("县", "市", "镇")) or place.county_name in _RURAL_DISTRICTS
)


def place(dice: Dice) -> Place:
    """A place in Guangdong: the larger the city, the likelier."""
    return dice.pick(PLACES)


def rural_place(dice: Dice) -> Place:
    """A place where there are fields."""
    return dice.pick(RURAL_PLACES)


def person(dice: Dice, *, youngest: dt.date) -> Person:
    """An invented person, born before `youngest` and at most thirty years earlier."""
    double = dice.chance(DOUBLE_SURNAME)
    surname = dice.pick(words.DOUBLE_SURNAMES) if double else dice.pick(words.SURNAMES)
    given = dice.pick(words.GIVEN) + (dice.pick(words.GIVEN) if dice.chance(0.75) else "")
    birth = youngest - dt.timedelta(days=dice.below(11_000))
    number = id_number(division=place(dice).county, birth=birth)
    return Person(surname + given, birth, number)


def brand(dice: Dice) -> str:
    """A brand of one to three characters, one of which no real company is likely to bear."""
    rare = dice.pick(words.RARE)
    shape = dice.roll()
    if shape < ONE_CHARACTER_BRAND:
        return rare
    if shape < ONE_CHARACTER_BRAND + LONG_BRAND:
        return rare + dice.pick(words.PLAIN) + dice.pick(words.PLAIN)
    other = dice.pick(words.RARE if shape > 0.7 else words.PLAIN)
    return rare + other if dice.chance(0.6) else other + rare


def company(dice: Dice, where: Place, trade: Trade) -> str:
    """Region, brand, trade and legal form; the region in brackets now and then."""
    word, form, name = trade.word, _form(dice), brand(dice)
    city = where.city_name
    shape = dice.roll()
    if shape < LONG_NAME:
        return f"{region_of(where)}{name}{word}与新型产业协同创新发展{form}"
    if shape < 0.12:
        return f"{name}{word}（{city.removesuffix('市')}）{form}"
    if shape < 0.3:
        return f"广东{name}{word}{form}"
    if shape < 0.65:
        return f"{city}{name}{word}{form}"
    if shape < 0.8 and where.city not in words.TOWNS:
        return f"{region_of(where)}{name}{word}{form}"
    return f"{city.removesuffix('市')}{name}{word}{form}"


def _form(dice: Dice) -> str:
    roll = dice.roll()
    if roll < 0.9:
        return "有限公司"
    if roll < 0.95:
        return "有限责任公司"
    return "股份有限公司" if roll < 0.97 else "合伙企业（有限合伙）"


def shop(dice: Dice, where: Place, trade: Trade) -> str:
    """District, brand and trade with its 店, 行, 部 or 厂; some bear the name of another city."""
    if trade.industry.startswith(_EATING_HOUSES) and dice.chance(ELSEWHERE):
        dish = dice.pick(words.ELSEWHERE) + brand(dice) + dice.pick(words.ELSEWHERE_DISHES)
        return f"{region_of(where)}{dish}店"
    if dice.chance(WITHOUT_REGION):
        return brand(dice) + trade.word
    region = where.county_name if dice.chance(0.45) else region_of(where)
    return region + brand(dice) + trade.word


def cooperative(dice: Dice, where: Place, trade: Trade) -> str:
    return f"{region_of(where)}{brand(dice)}{trade.word}专业合作社"


def institution(dice: Dice, where: Place, trade: Trade) -> str:
    return f"{region_of(where)}{brand(dice)}{trade.word}"


def region_of(where: Place) -> str:
    """A district stands behind its city; a county or a county-level city stands alone."""
    alone = where.county_name.endswith(("市", "县"))
    return where.county_name if alone else where.city_name + where.county_name


def below_district(where: Place, address: str) -> str:
    """The part of an address that tells a home: road, house and room."""
    return address.removeprefix(where.city_name + where.county_name)


def address(dice: Dice, where: Place, *, at_home: bool) -> str:
    """City, district, road and house number, down to the room; the roads do not exist."""
    road = dice.pick(words.RARE) + dice.pick(words.PLAIN) + dice.pick(words.ROADS)
    street = f"{where.city_name}{where.county_name}{road}{dice.between(1, 399)}号"
    if at_home:
        estate = dice.pick(words.PLAIN) + dice.pick(words.RARE) + dice.pick(words.HOMES)
        room = f"{dice.between(2, 28)}0{dice.between(1, 8)}房"
        return f"{street}{estate}{dice.between(1, 30)}栋{dice.between(1, 3)}单元{room}"
    roll = dice.roll()
    if roll < 0.5:
        return street + dice.pick(words.SHOPS)
    tower = dice.pick(words.RARE) + dice.pick(words.TOWERS if roll < 0.8 else words.PARKS)
    return f"{street}{tower}{dice.pick('ABCDE')}座{dice.between(2, 30)}{dice.between(10, 39)}"
