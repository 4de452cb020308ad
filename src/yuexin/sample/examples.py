"""Worked examples of a resource as the pattern of rows about other subjects on other days."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from yuexin.base.dates import add_months
from yuexin.engines.declare.types import Column, Declarations, Example, Resource
from yuexin.sample import numbers, words
from yuexin.sample.dice import Dice
from yuexin.sample.layout import Layout, Row
from yuexin.sample.names import Person
from yuexin.sample.subjects import Kind, Subject
from yuexin.sample.told import BODY, PERSON, SOLE_TRADER

_KINDS: Final[dict[str, Kind]] = {
    "91": "company", "92": "sole_trader", "93": "cooperative", "12": "institution", "51": "society",
}  # fmt: skip
_NUMBERS: Final = frozenset({"uscc", "org_code", "reg_no"})
_ID_HEADERS: Final = re.compile("证件号码|身份证号码")
_ID_NUMBER: Final = re.compile(r"\d{17}[\dX]")
_EXAMPLE_PERSON: Final = re.compile(r"[陈李何]示例")
_STAFF: Final = "甲示例、乙示例"
_YEAR: Final = re.compile(r"(?<!\d)20\d\d(?!\d)")
_STAMP: Final = re.compile(r"(?<!\d)20\d{6}(?!\d)")
_MONTH: Final = re.compile(r"(20\d\d)(-?)(\d\d)")
_LAST_NUMBER: Final = re.compile(r"\d+(?=\D*$)")
_DOCUMENT: Final = re.compile(r"〔\d{4}〕\D*\d+号$")
_NUMBERED: Final = re.compile(r"[〔（]20\d\d[〕）]")
_CITIES: Final = re.compile("佛山市|深圳市|东莞市|广州市")
_OF_CITIES: Final = re.compile("佛山(?=示例海关|分行)")
_QUARTERS: Final = re.compile("顺德区|宝安区")
_TOWN_TWICE: Final = re.compile("(?<=镇)示例镇")
_PRODUCER: Final = "标称生产企业"
_MANUFACTURING: Final = "C"
_AHEAD: Final = re.compile("至$|期满|期限|截止|约定|认缴|有效期")
"""Days of which one tells before they come."""
_LONGEST_HEAD: Final = 6
_YEAR_DAYS: Final = 365.25
_HALF_YEAR_DAYS: Final = 183
_ODD_DAYS: Final = 2
"""By how much a term of years may miss them: it ends a day before, or a leap day lies in it."""


@dataclass(frozen=True, kw_only=True)
class Fact:
    """What a row is to tell: of whom, on which day, through which agency.

    `serial` is a number that no other row has, `nth` counts from 0 the facts of the subject.
    """

    subject: Subject
    person: Person
    day: dt.date
    agency: str
    serial: str
    nth: int


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """A worked example without findings, ready to be told of anybody."""

    resource: Resource
    layout: Layout
    example: Example
    event_header: str
    keys: tuple[str, ...]
    agencies: Mapping[str, tuple[str, str]]
    divisions: Mapping[str, str]

    @cached_property
    def kind(self) -> Kind:
        """The kind of subject that the example is about."""
        return _KINDS.get(self._code[:2], "company")

    @cached_property
    def of_person(self) -> bool:
        """Whether it is about a natural person, who is no subject."""
        class_of = self.resource.natural_person
        return class_of is not None and self.example.row.get(class_of.column) == PERSON

    @cached_property
    def event(self) -> dt.date | None:
        """The day of the event, or where the example tells none the first day that it tells."""
        return _date(self.example.row.get(self.event_header, "")) or min(
            self._days.values(), default=None
        )

    @cached_property
    def known_after(self) -> int:
        """How many days after the event all is over that the example tells as past."""
        past = {rule.first for rule in self.resource.not_after if rule.second == "today"}
        event = self.event
        return max(
            (
                (day - event).days + (_ODD_DAYS if (day - event).days > _HALF_YEAR_DAYS else 0)
                for header, day in self._days.items()
                if event and (header in past or not _AHEAD.search(header))
            ),
            default=0,
        )

    @cached_property
    def reaches_back(self) -> int:
        """How many days before the event the first day lies that the example tells."""
        return max(
            ((self.event - day).days for day in self._days.values() if self.event), default=0
        )

    @cached_property
    def years_back(self) -> int:
        """How many years before that of the event the year lies that the example is about."""
        years = (
            int(self.example.row[column.header])
            for column in self.resource.columns
            if column.field == "year" and self.example.row.get(column.header)
        )
        return max((self.event.year - year for year in years if self.event), default=0)

    @cached_property
    def _days(self) -> Mapping[str, dt.date]:
        """The days that the example tells, by header."""
        told = ((c.header, _date(self.example.row.get(c.header, ""))) for c in self._dated)
        return {header: day for header, day in told if day}

    @cached_property
    def _dated(self) -> tuple[Column, ...]:
        return tuple(c for c in self.resource.columns if c.type in ("date", "open_date"))

    def fits(self, subject: Subject) -> bool:
        """Whether it can be about the subject: only a manufacturer is named as a producer."""
        produces = subject.trade.industry.startswith(_MANUFACTURING)
        return produces or _PRODUCER not in self.example.row.values()

    @cached_property
    def _code(self) -> str:
        row = self.example.row
        codes = (row.get(one.column, "") for one in self.resource.identifiers)
        return next((code for code in codes if code), "")

    def row(self, fact: Fact) -> Row:
        """The row about this subject, by the layout's keys; what names nobody stays as it is."""
        days = {header: self._shifted(day.isoformat(), fact) for header, day in self._days.items()}
        told = {
            column.header: self._cell(column, self.example.row.get(column.header, ""), fact, days)
            for column in self.resource.columns
        }
        self._name(told, fact)
        return {
            key: told[column.header]
            for key, column in zip(self.layout.keys, self.layout.columns, strict=True)
        }

    def _name(self, told: Row, fact: Fact) -> None:
        """Whose row it is: its one code and its name, or a person's name and number."""
        for one in self.resource.identifiers:
            told[one.column] = ""
        party = self.resource.natural_person
        if self.of_person:
            told[self.resource.subject_name] = fact.person.name
            number = next(c.header for c in self.resource.columns if _ID_HEADERS.search(c.header))
            told[number] = fact.person.id_number
            return
        codes = [one.column for one in self.resource.identifiers if one.scheme == "uscc"]
        told[codes[0]] = fact.subject.code
        told[self.resource.subject_name] = fact.subject.name_on(fact.day)
        if party and told.get(party.column):
            told[party.column] = SOLE_TRADER if fact.subject.kind == "sole_trader" else BODY

    def _cell(self, column: Column, cell: str, fact: Fact, days: Mapping[str, str]) -> str:
        if not cell:
            return ""
        if cell == self._code:
            return fact.subject.code
        if column.type in ("date", "open_date"):
            return self._shifted(cell, fact)
        if column.type == "money_wan":
            return f"{float(cell) * (1 + fact.subject.index % 40) / 20:.2f}"
        if column.type == "integer" and column.field == "year":
            return str(int(cell) + self._years(fact))
        if column.codes == "divisions":
            return fact.subject.place.city_name
        if column.type in ("text", "uscc", "code", "reg_no", "org_code"):
            return self._text(column, cell, fact, days)
        return cell

    def _text(self, column: Column, cell: str, fact: Fact, days: Mapping[str, str]) -> str:
        for zh, uscc in self.agencies.values():
            if cell in (zh, uscc):
                return self.agencies[fact.agency][cell == uscc]
        if column.type in _NUMBERS:
            return "" if column.field == "branch_reg_no" else cell
        if column.type == "code":
            return cell
        if person := self._person(column, cell, fact):
            return person
        own = self.example.row.get(self.resource.subject_name, "")
        if own and own in cell:
            return cell.replace(own, fact.subject.name_on(fact.day))
        cell = numbers.owned(cell, place=fact.subject.place, index=fact.subject.index)
        return self._numbered(column, self._placed(column, cell, fact, days), fact)

    def _person(self, column: Column, cell: str, fact: Fact) -> str:
        leads = column.header.startswith("法定代表人")
        person = fact.subject.person if leads else fact.person
        if _ID_NUMBER.fullmatch(cell):
            return person.id_number
        if _EXAMPLE_PERSON.fullmatch(cell):
            return person.name
        if cell == _STAFF:
            # Two inspect together.
            return f"{person.name}、{_colleague(fact.subject.index)}"
        return ""

    def _placed(self, column: Column, cell: str, fact: Fact, days: Mapping[str, str]) -> str:
        """The same in the subject's own city, and in the year of the event."""
        place, division = fact.subject.place, self.divisions[fact.agency]
        cell = _OF_CITIES.sub(place.city_name.removesuffix("市"), cell)
        cell = _QUARTERS.sub(place.county_name, _CITIES.sub(place.city_name, cell))
        cell = numbers.issued(_TOWN_TWICE.sub("", cell), place=place, division=division)
        if month := _MONTH.fullmatch(cell):
            return f"{fact.day.year}{month[2]}{fact.day.month:02}"
        if column.header in self.keys or _NUMBERED.search(cell):
            year = numbers.year_of(column.header, days, fact.day)
            return numbers.dated(cell, day=fact.day, year=year, division=division)
        cell = _STAMP.sub(lambda stamp: self._stamped(stamp[0], fact), cell)
        return _YEAR.sub(lambda year: str(int(year[0]) + self._years(fact)), cell)

    def _stamped(self, stamp: str, fact: Fact) -> str:
        """A day inside a text, such as a batch's, as far from the event as in the example."""
        day = _date(f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:]}")
        return self._shifted(day.isoformat(), fact).replace("-", "") if day else stamp

    def _numbered(self, column: Column, cell: str, fact: Fact) -> str:
        """Numbers of documents, samples and certificates belong to one row each."""
        numbered = column.header in self.keys and column.field != "amount"
        if not numbered and not _DOCUMENT.search(cell):
            return cell
        if _MONTH.fullmatch(cell):
            return cell
        return _LAST_NUMBER.sub(lambda number: _head(number[0]) + fact.serial, cell)

    def _years(self, fact: Fact) -> int:
        return fact.day.year - self.event.year if self.event else 0

    def _shifted(self, cell: str, fact: Fact) -> str:
        day = _date(cell)
        if day is None or self.event is None:
            return cell
        return _as_far(day, event=self.event, other=fact.day).isoformat()


def patterns(
    *, declarations: Declarations, resource: str, layout: Layout, left_out: Collection[str] = ()
) -> tuple[Pattern, ...]:
    """The worked examples of a resource that pass all its checks, but for the columns left out."""
    declared = declarations.resources[resource]
    kind = declarations.kinds[declared.kind]
    headers = {column.field: column.header for column in declared.columns if column.field}
    keys = tuple(headers[name] for name in kind.key if name in headers)
    return tuple(
        Pattern(
            resource=declared, layout=layout, keys=keys, example=_without(example, left_out),
            event_header=headers[kind.event_date],
            agencies={one.id: (one.zh, one.uscc) for one in declarations.agencies.values()},
            divisions={one.id: one.division for one in declarations.agencies.values()},
        )
        for example in declared.examples
        if not example.findings
    )  # fmt: skip


def _without(example: Example, columns: Collection[str]) -> Example:
    row = {header: cell for header, cell in example.row.items() if header not in columns}
    return replace(example, row=row)


def strings(pattern: Pattern, row: Row, fact: Fact, *, mark: str, dice: Dice) -> tuple[str, ...]:
    """What the row alone holds, so that one can look for it; a row without such is given a mark."""
    if pattern.of_person:
        return (fact.person.id_number,)
    found = tuple(cell for cell in row.values() if cell.find(fact.serial) > 0)
    if found:
        return found
    clause = f"物证编号示例{fact.serial}之{dice.between(1, 9)}"
    key = next(
        key
        for key, column in zip(pattern.layout.keys, pattern.layout.columns, strict=True)
        if column.header == mark
    )
    row[key] = f"{row[key]}{clause}"
    return (clause,)


def _as_far(day: dt.date, *, event: dt.date, other: dt.date) -> dt.date:
    """The day as far from another event: terms of whole years stay so in leap years."""
    years = round((day - event).days / _YEAR_DAYS)
    odd = day - add_months(event, 12 * max(years, 0))
    if years < 1 or abs(odd.days) > _ODD_DAYS:
        return other + (day - event)
    return add_months(other, 12 * years) + odd


def _colleague(index: int) -> str:
    surnames, given = words.SURNAMES, words.GIVEN
    return surnames[index * 7 % len(surnames)] + given[index % len(given)]


def _head(number: str) -> str:
    """Of a long number its first digits, which tell the year or the scheme."""
    return number[:_LONGEST_HEAD] if len(number) > 2 * _LONGEST_HEAD - 1 else ""


def _date(cell: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(cell)
    except ValueError:
        return None
