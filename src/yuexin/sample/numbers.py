"""Numbers of documents, cases and certificates: of their own office and their own year."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Final

from yuexin.sample.cities import CITIES, court_of, short_of
from yuexin.sample.names import Place

DATED_BY: Final = {
    "执行案号": "立案时间", "执行依据文号": "立案时间", "抽样编号": "抽样日期",
    "调查报告批复文号": "调查报告批复日期", "解除冻结裁定书文号": "解除冻结日期",
}  # fmt: skip
"""The column that dates a number, where it is not the day of the event."""

_ISSUER: Final = re.compile(
    "^[粤佛深东](?=(?:市监|环|人社|自然|府|关|诺|税|应急|统|交|药监|财|文旅|民)示例)"
)
_OF_THE_CITY: Final = re.compile("^.(?:自然|府|关)示例")
_IN_BRACKETS: Final = re.compile(r"(?<=[〔（])20\d\d(?=[〕）])")
_YEAR: Final = re.compile(r"(?<!\d)20\d\d(?=-)")
_CERTIFICATE: Final = re.compile(r"^GR20\d\d")
_SAMPLE: Final = re.compile(r"^SC\d{6}")
_SEASON: Final = re.compile(r"^NC\d\d-Q\d")
_CASE: Final = re.compile(r"粤\d{4}(?=执)")
_APPEAL: Final = re.compile(r"粤\d{2}(?=民)")
_PLOT: Final = re.compile(r"^44\d{4}(?=-20\d\d-)")
_HAULIER: Final = re.compile(r"(?<=示字)\d{12}(?=号)")
_PLATE: Final = re.compile(r"粤[A-Z]示例\d\d")
_CUSTOMS: Final = re.compile(r"(?<!\d)44\d{8}$")


def year_of(header: str, days: Mapping[str, str], event: dt.date) -> int:
    """The year of a number: that of the day in the row that dates it, or else of the event."""
    dated = days.get(DATED_BY.get(header, ""), "")
    return int(dated[:4]) if dated else event.year


def issued(cell: str, *, place: Place, division: str) -> str:
    """A number as the office of this division writes it, about an entity of this place."""
    of_city = place.city if _OF_THE_CITY.match(cell) else division
    cell = _ISSUER.sub(short_of(of_city), cell)
    cell = _APPEAL.sub(f"粤{place.city[2:4]}", _CASE.sub(f"粤{court_of(place)}", cell))
    return _PLOT.sub(place.county, cell)


def dated(cell: str, *, day: dt.date, year: int, division: str) -> str:
    """A number in its year, and in the season where it tells one."""
    cell = _YEAR.sub(str(year), _IN_BRACKETS.sub(str(year), cell))
    cell = _CERTIFICATE.sub(f"GR{year}", cell)
    cell = _SAMPLE.sub(f"SC{year % 100:02}{division[:4]}", cell)
    return _SEASON.sub(f"NC{day:%y}-Q{quarter(day)}", cell)


def owned(cell: str, *, place: Place, index: int) -> str:
    """What an entity was given once: its customs code, its haulier's licence, its plate."""
    # No customs code has 0 in its fifth place, so that none of these is a real one.
    cell = _CUSTOMS.sub(f"{place.city[:4]}06{index % 10_000:04}", cell)
    cell = _HAULIER.sub(f"{place.city}{index % 1_000_000:06}", cell)
    return _PLATE.sub(f"粤{CITIES[place.city].plate}示例{index % 100:02}", cell)


def quarter(day: dt.date) -> int:
    return (day.month + 2) // 3
