"""What nothing public may hold: plants. A later feature adds its own function to `PLANTS`."""

from __future__ import annotations

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

DOCUMENT_NUMBERS: Final = ("CF_WSH", "XK_WSH")
PERSONS_NUMBERS: Final = ("CF_FR_ZJHM", "XK_FR_ZJHM", "CF_XDR_ZJHM", "XK_XDR_ZJHM",
                          "CF_XDR_SFZ", "XK_XDR_SFZ")  # fmt: skip
PARTIES: Final = (("CF_XDR_LB", "CF_XDR_MC"), ("XK_XDR_LB", "XK_XDR_MC"))


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
        if numbers := tuple(told[name] for name in PERSONS_NUMBERS if told.get(name)):
            yield Plant(f"identity number {row['file']}:{row['row']}", row["code"], numbers)


def names_of_persons_punished_or_licensed(province: Province) -> Iterator[Plant]:
    """A natural person's name, except where an entity's own rows hold the same characters."""
    for row in province.rows:
        told = province.delivered(row)
        for party, name in PARTIES:
            if told.get(party) == "自然人":
                what = f"natural person {row['file']}:{row['row']}"
                yield Plant(what, row["code"], (told[name],), _holders(province, told[name]))


def names_of_operators(province: Province) -> Iterator[Plant]:
    """The operator of a sole trader: on the trader's own file, and nowhere else."""
    traders = {s["code"] for s in registered(province) if s["kind"] == "sole_trader"}
    for row in province.rows:
        if row["resource"] == "registration" and row["code"] in traders:
            operator = province.delivered(row)["法定代表人"]
            what = f"operator {row['file']}:{row['row']}"
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


@cache
def _told(province: Province) -> list[tuple[str, str]]:
    """All that is told under each code, row by row."""
    return [
        (row["code"], "\n".join(province.delivered(row).values()))
        for row in province.rows
        if row["code"]
    ]
