"""What tells the cities of Guangdong apart: postcodes, letters, plates and courts."""

from __future__ import annotations

from typing import Final, NamedTuple

from yuexin.sample.names import Place

PROVINCE: Final = "440000"
PROVINCE_SHORT: Final = "粤"


class City(NamedTuple):
    """How a city's postcodes, document numbers and number plates begin."""

    postcode: str
    short: str
    plate: str


CITIES: Final = {
    "440100": City("510", "穗", "A"), "440200": City("512", "韶", "F"),
    "440300": City("518", "深", "B"), "440400": City("519", "珠", "C"),
    "440500": City("515", "汕", "D"), "440600": City("528", "佛", "E"),
    "440700": City("529", "江", "J"), "440800": City("524", "湛", "G"),
    "440900": City("525", "茂", "K"), "441200": City("526", "肇", "H"),
    "441300": City("516", "惠", "L"), "441400": City("514", "梅", "M"),
    "441500": City("516", "汕尾", "N"), "441600": City("517", "河", "P"),
    "441700": City("529", "阳", "Q"), "441800": City("511", "清", "R"),
    "441900": City("523", "东", "S"), "442000": City("528", "中", "T"),
    "445100": City("521", "潮", "U"), "445200": City("522", "揭", "V"),
    "445300": City("527", "云", "W"),
}  # fmt: skip
# The courts of the two cities without counties are numbered from 71.
_FIRST_COURT: Final = {"441900": "1971", "442000": "2071"}


def postcode(place: Place) -> str:
    """A postcode of the place's city."""
    return f"{CITIES[place.city].postcode}{place.county[4:6]}0"


def short_of(division: str) -> str:
    """How the documents of an office of the province or of a city begin."""
    return CITIES[division].short if division in CITIES else PROVINCE_SHORT


def court_of(place: Place) -> str:
    """The digits of the basic court of a place in the numbers of its cases."""
    return _FIRST_COURT.get(place.city, place.county[2:6])
