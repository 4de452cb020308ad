"""What a local would notice: no row of a time before its subject, or of the wrong city or year."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pytest
from tests.sample.reading import Province

from yuexin.base.dates import Calendar
from yuexin.engines.declare.queries import current
from yuexin.engines.declare.types import Resource
from yuexin.sample.cities import CITIES, PROVINCE_SHORT
from yuexin.sample.numbers import DATED_BY
from yuexin.sample.province import generate
from yuexin.sample.schedule import Times

RESOURCES = sorted(one.id for one in current().resources.values() if not one.testing_only)
YEAR_IN_NUMBER = re.compile(r"[〔（](20\d\d)[〕）]|^GR(20\d\d)|示例(20\d\d)-\d|第(20\d\d)-")
SHORTS = "|".join(sorted({PROVINCE_SHORT, *(city.short for city in CITIES.values())}))
OFFICES = "市监|环|人社|自然|府|关|诺|税|应急|统|交|药监|财|文旅|民|建|食药监|社证"
ISSUED = re.compile(f"^({SHORTS})(?:{OFFICES})\\D*[〔第\\d]")
UNDATED = {"宗地编号"}
"""Columns whose year is not that of the row."""

Told = tuple[dict[str, str], dict[str, str], dict[str, str]]


def told(province: Province, resource: str) -> Iterator[Told]:
    """The rows of a resource without a planted fault: their truth, their subject, their cells."""
    subjects = {subject["code"]: subject for subject in province.subjects}
    for row in province.rows:
        sound = not row["faults"] and row["why"] != "superseded"
        if row["resource"] == resource and sound and row["code"]:
            yield row, subjects[row["code"]], province.delivered(row)


def years_of(resource: Resource, cells: dict[str, str]) -> Iterator[int]:
    """The years that a row is about, and those in its numbers."""
    for column in resource.columns:
        if column.field == "year" and cells.get(column.header):
            yield int(float(cells[column.header]))
    for header, cell in cells.items():
        if header not in UNDATED:
            yield from numbered_years(cell)


def numbered_years(cell: str) -> Iterator[int]:
    for found in YEAR_IN_NUMBER.finditer(cell):
        yield int(next(filter(None, found.groups())))


def days_of(resource: Resource, cells: dict[str, str]) -> Iterator[tuple[str, dt.date]]:
    for column in resource.columns:
        if column.type in ("date", "open_date") and cells.get(column.header):
            try:
                yield column.header, dt.date.fromisoformat(cells[column.header][:10])
            except ValueError:
                continue


@pytest.mark.parametrize("resource", RESOURCES)
def test_no_row_tells_of_a_time_before_its_subject_was_founded(
    province: Province, resource: str
) -> None:
    declared = current().resources[resource]
    found = 0
    for _, subject, cells in told(province, resource):
        founded = dt.date.fromisoformat(subject["established"])
        early = [day for _, day in days_of(declared, cells) if day < founded]
        early_years = [year for year in years_of(declared, cells) if year < founded.year]
        assert not early, (subject, cells)
        assert not early_years, (subject, cells)
        found += 1
    assert found


@pytest.mark.parametrize("today", [dt.date(2022, 3, 31), dt.date(2027, 5, 20)])
def test_on_no_day_a_province_tells_of_a_time_before_its_subjects(
    tmp_path_factory: pytest.TempPathFactory, today: dt.date
) -> None:
    out = tmp_path_factory.mktemp("plausible") / "out"
    manifest = generate(subjects=400, out=out, today=today)
    province = Province(manifest, Times(today=today))
    for resource in {one.resource for one in manifest.deliveries}:
        declared = current().resources[resource]
        for _, subject, cells in told(province, resource):
            founded = dt.date.fromisoformat(subject["established"])
            assert all(day >= founded for _, day in days_of(declared, cells)), cells
            assert all(year >= founded.year for year in years_of(declared, cells)), cells


@pytest.mark.parametrize("resource", RESOURCES)
def test_numbers_bear_the_short_name_of_their_office(province: Province, resource: str) -> None:
    agencies = {one.file: one.agency for one in province.manifest.deliveries}
    divisions = {one.id: one.division for one in current().agencies.values()}
    for row, subject, cells in told(province, resource):
        own = CITIES[subject["city"]].short
        division = divisions[agencies[row["file"]]]
        office = CITIES[division].short if division in CITIES else PROVINCE_SHORT
        shorts = {found[1] for cell in cells.values() if (found := ISSUED.match(cell))}
        assert shorts <= {own, office}, cells


@pytest.mark.parametrize("resource", RESOURCES)
def test_numbers_bear_the_year_of_the_day_that_dates_them(
    province: Province, resource: str
) -> None:
    declared = current().resources[resource]
    kind = current().kinds[declared.kind]
    event = next((c.header for c in declared.columns if c.field == kind.event_date), "")
    for _, _, cells in told(province, resource):
        days = dict(days_of(declared, cells))
        for header, cell in cells.items():
            day = days.get(DATED_BY.get(header, ""), days.get(event))
            if day and header not in UNDATED:
                assert set(numbered_years(cell)) <= {day.year}, (header, cells)
                assert not cell.startswith("SC26") or day.year == 2026, (header, cells)


@pytest.mark.parametrize(
    ("resource", "header"), [("licences_2018", "XK_JDRQ"), ("penalties_2018", "CF_JDRQ")]
)
def test_offices_decide_on_working_days(province: Province, resource: str, header: str) -> None:
    days = [
        dt.date.fromisoformat(cells[header])
        for row, _, cells in told(province, resource)
        if not row["part"]
    ]
    assert sum(map(Calendar().is_workday, days)) > 0.97 * len(days) > 100


def test_postcodes_are_those_of_the_city(province: Province) -> None:
    found = 0
    for resource in ("registration", "cooperatives", "annual_reports"):
        for _, subject, cells in told(province, resource):
            assert cells["邮政编码"].startswith(CITIES[subject["city"]].postcode)
            found += 1
    assert found > 1000


def test_an_address_lies_in_the_city_of_its_subject(province: Province) -> None:
    places = ("住所", "经营场所", "通信地址", "宗地坐落", "抵押物所在地", "产地")
    names = {city: name for city, name in _city_names(province).items() if name}
    for resource in RESOURCES:
        for _, subject, cells in told(province, resource):
            for place in filter(None, (cells.get(header, "") for header in places)):
                assert place.startswith(names[subject["city"]]), (place, subject)


def _city_names(province: Province) -> dict[str, str]:
    """The name of each city, by the register's own column."""
    return {
        subject["city"]: cells["所在城市"] for _, subject, cells in told(province, "registration")
    }


def test_amounts_in_words_and_in_columns_agree(province: Province) -> None:
    fined = 0
    for row, _, cells in told(province, "penalties_2018"):
        if fine := re.search(r"罚款([\d.]+)万元", cells["CF_NR"]):
            assert float(fine[1]) == float(cells["CF_NR_FK"]), row
            fined += 1
    assert fined > 20


def test_a_sole_trader_has_no_shareholders_and_no_capital(province: Province) -> None:
    codes = {row["code"][:2] for row in province.rows if row["resource"] == "shareholders"}
    assert codes == {"91"}
    for _, subject, cells in told(province, "registration_changes"):
        assert subject["kind"] != "sole_trader" or cells["变更事项"] != "注册资本"
