"""What nothing public may hold: plants. A later feature adds its own function to `PLANTS`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Final, NamedTuple

from tests.sample.reading import Province
from tests.stories.province import (
    CULPRITS_NUMBER,
    CULPRITS_PHONE,
    HOME_ROAD,
    LESSENED,
    NAMED_AFTER_OPERATOR,
    OPERATOR_NAME,
    REPAIRED,
    REPAIRED_FACT,
    TALKATIVE,
    WRONG_FACT,
    registered,
)

from yuexin.engines.declare.queries import current

DOCUMENT_NUMBERS: Final = (
    "CF_WSH", "XK_WSH", "列入决定文书号", "列入决定书文号", "处罚决定书文号", "执行案号",
    "执行裁定书文号", "闲置土地认定书文号", "调查报告批复文号", "抽样编号", "样品编号", "承诺编码",
)  # fmt: skip
ID_NUMBER: Final = re.compile(r"\d{17}[\dX]")


class Plant(NamedTuple):
    """Strings that stand nowhere public, or only on the pages of the files in `own`."""

    what: str
    code: str
    strings: tuple[str, ...]
    own: frozenset[str] = frozenset()


def planted_by_the_sample(province: Province) -> Iterator[Plant]:
    """One of each kind that the law hides, and what is told of it alone."""
    for part, found in province.planted.items():
        for one in found:
            strings = one["strings"]
            assert isinstance(strings, list)
            yield Plant(f"{part} {one['file']}:{one['row']}", str(one["code"]), tuple(strings))


def every_decision_that_is_not_public(province: Province) -> Iterator[Plant]:
    """The number of each decision whose row must not be public, and of no row that may be."""
    rows = [(row, _first(province.delivered(row), DOCUMENT_NUMBERS)) for row in province.rows]
    open_numbers = {number for row, number in rows if row["public"] != "no"}
    for row, number in rows:
        if row["public"] == "no" and number and number not in open_numbers:
            yield Plant(f"{row['why']} {row['file']}:{row['row']}", row["code"], (number,))


def numbers_of_persons(province: Province) -> Iterator[Plant]:
    """Every identity number in any column of any file."""
    for row in province.rows:
        told = province.delivered(row)
        resource = current().resources[row["resource"]]
        columns = [c.header for c in resource.columns if c.personal or c.type == "id_number"]
        cells = (told.get(name, "") for name in columns)
        if numbers := tuple(cell for cell in cells if ID_NUMBER.fullmatch(cell)):
            yield Plant(f"identity number {row['file']}:{row['row']}", row["code"], numbers)


def names_of_persons_punished_or_licensed(province: Province) -> Iterator[Plant]:
    """A natural person's name, except where an entity's own rows hold the same characters."""
    for row in province.rows:
        told = province.delivered(row)
        resource = current().resources[row["resource"]]
        party = resource.natural_person
        if party and told.get(party.column) == party.equals:
            name, what = told[resource.subject_name], f"natural person {row['file']}:{row['row']}"
            if not _is_listed(province, name):
                yield Plant(what, row["code"], (name,), _holders(province, name))


def names_of_operators(province: Province) -> Iterator[Plant]:
    """The operator of a sole trader: on the trader's own file, and nowhere else."""
    traders = {s["code"] for s in registered(province) if s["kind"] == "sole_trader"}
    for row in province.rows:
        if row["resource"] == "registration" and row["code"] in traders:
            operator = province.delivered(row)["法定代表人"]
            what = f"operator {row['file']}:{row['row']}"
            if not _is_listed(province, operator):
                yield Plant(what, row["code"], (operator,), _holders(province, operator))


def phones_of_sole_traders(province: Province) -> Iterator[Plant]:
    for row in province.rows:
        phone = province.delivered(row).get("联系电话", "")
        if phone and row["code"].startswith("92"):
            yield Plant(f"phone {row['file']}:{row['row']}", row["code"], (phone,))


def told_by_our_own_entities(province: Province) -> Iterator[Plant]:
    """What was shown for a while, and what a name or an address gives away."""
    del province
    trader = NAMED_AFTER_OPERATOR.uscc
    yield Plant("corrected", LESSENED.uscc, (WRONG_FACT,))
    yield Plant("repaired", REPAIRED.uscc, (REPAIRED_FACT,))
    yield Plant("number in prose", TALKATIVE.uscc, (CULPRITS_NUMBER,))
    yield Plant("phone in prose", TALKATIVE.uscc, (CULPRITS_PHONE,))
    yield Plant("home", trader, (HOME_ROAD,))
    yield Plant("named after its operator", trader, (OPERATOR_NAME,), frozenset({trader}))


PLANTS: Final[tuple[Callable[[Province], Iterator[Plant]], ...]] = (
    planted_by_the_sample,
    every_decision_that_is_not_public,
    numbers_of_persons,
    names_of_persons_punished_or_licensed,
    names_of_operators,
    phones_of_sole_traders,
    told_by_our_own_entities,
)


def plants(province: Province) -> list[Plant]:
    """All of them."""
    return [plant for function in PLANTS for plant in function(province)]


def _first(row: dict[str, str], names: tuple[str, ...]) -> str:
    return next((row[name] for name in names if row.get(name)), "")


def _holders(province: Province, name: str) -> frozenset[str]:
    """The codes whose own rows say it: two characters are found in more than one name."""
    return frozenset(code for code, told in _told(province) if name in told)


def _is_listed(province: Province, name: str) -> bool:
    """Whether a director or shareholder bears it too, whom lists name by law."""
    return any(name in listed for listed in _directors(province))


@cache
def _directors(province: Province) -> frozenset[str]:
    return frozenset(
        province.delivered(row).get(column, "")
        for row in province.rows
        for resource, column in (("key_people", "姓名"), ("shareholders", "股东名称"))
        if row["resource"] == resource
    )


@cache
def _told(province: Province) -> list[tuple[str, str]]:
    """All that is told under each code, row by row."""
    return [
        (row["code"], "\n".join(province.delivered(row).values()))
        for row in province.rows
        if row["code"]
    ]
