"""The mistakes agencies make, at declared rates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from yuexin.base.codes import USCC_ALPHABET
from yuexin.sample import words
from yuexin.sample.dice import Dice
from yuexin.sample.layout import NAME, ORG_CODE, REG_NO, USCC, Layout, Row
from yuexin.sample.subjects import Subject
from yuexin.sample.told import Told


@dataclass(frozen=True, kw_only=True)
class Faults:
    """The share of rows that carry each fault, of the rows it can befall."""

    missing_code: float = 0.015
    mistyped_code: float = 0.015
    outdated_code: float = 0.015
    full_width_code: float = 0.01
    old_name: float = 0.15
    full_width_name: float = 0.01
    traditional_name: float = 0.01
    marked_name: float = 0.005
    other_date_form: float = 0.02
    impossible_date: float = 0.005
    future_date: float = 0.005
    trailing_mark: float = 0.02
    formula_text: float = 0.005
    fine_without_amount: float = 0.02
    contradicting_name: float = 0.005
    contradicting_agencies: float = 0.01
    duplicate_row: float = 0.01


DECIDING: Final = frozenset(
    {
        "missing_code", "mistyped_code", "outdated_code", "traditional_name", "marked_name",
        "impossible_date", "future_date", "fine_without_amount", "contradicting_name",
        "contradicting_agencies", "duplicate_row",
    }
)  # fmt: skip
"""Faults after which a row need not be public: it waits for an officer, or another one stands."""

_TEXTS: Final = ("scope_text", "content", "facts")
_MARKS: Final = ("〓", "＊", "*", "#", "^")
_FORMULAS: Final = (
    '=HYPERLINK("http://example.invalid/","详情")', "=1+1", "@SUM(A1:A9)", "+86", "-2+3",
)  # fmt: skip
_FULL_WIDTH: Final = str.maketrans({chr(point): chr(point + 0xFEE0) for point in range(0x21, 0x7F)})
_DATE_FORMS: Final = ("%Y/%m/%d", "%Y%m%d", "%Y年%m月%d日")

Spoil = Callable[["Spoiler", Row, Told, Layout], bool]


class Spoiler:
    """Spoils rows by chance. The part of the cast stays as it is."""

    def __init__(self, *, dice: Dice, rates: Faults, today: dt.date) -> None:
        self.dice, self.today = dice, today
        self._groups = tuple(_cumulated(rates, group) for group in _GROUPS)
        self._duplicate = rates.duplicate_row
        self._contradicting = rates.contradicting_name

    def spoiled(self, told: Told, layout: Layout) -> tuple[Row, tuple[str, ...]]:
        """The row as delivered, and the faults in it: at most one of each group."""
        row, faults = dict(told.row), list(told.faults)
        for group in self._groups:
            roll = self.dice.roll()
            for share, name, spoil in group:
                if roll < share:
                    if spoil(self, row, told, layout):
                        faults.append(name)
                    break
        return row, tuple(faults)

    def repeated(self, told: Told) -> str:
        """The fault by which a row stands in its file a second time, or nothing."""
        roll = self.dice.roll()
        if roll < self._duplicate:
            return "duplicate_row"
        named = told.subject is not None and roll < self._duplicate + self._contradicting
        return "contradicting_name" if named else ""

    def other_name(self, subject: Subject) -> str:
        """A name the subject never bore, for the row that contradicts."""
        brand = self.dice.pick(words.RARE) + self.dice.pick(words.RARE)
        return f"{subject.place.city_name}{brand}商行"


def _missing_code(_: Spoiler, row: Row, __: Told, ___: Layout) -> bool:
    if not row.get(USCC):
        return False
    row[USCC] = ""
    return True


def _mistyped_code(spoiler: Spoiler, row: Row, _: Told, __: Layout) -> bool:
    code = row.get(USCC, "")
    if not code:
        return False
    zeros = [place for place, character in enumerate(code) if character == "0"]
    if zeros and spoiler.dice.chance(0.5):
        place, wrong = spoiler.dice.pick(zeros), "O"
    else:
        place = spoiler.dice.between(8, 17)
        others = USCC_ALPHABET.replace(code[place], "")
        wrong = spoiler.dice.pick(others)
    row[USCC] = code[:place] + wrong + code[place + 1 :]
    return True


def _outdated_code(spoiler: Spoiler, row: Row, told: Told, layout: Layout) -> bool:
    """Only the registration number, or only the organisation code with its dash or without."""
    subject = told.subject
    if subject is None or not row.get(USCC) or layout.establishes:
        return False
    takes_org = ORG_CODE in layout.keys
    if takes_org and (not subject.reg_no or spoiler.dice.chance(0.5)):
        org = subject.org_code
        row[ORG_CODE] = f"{org[:8]}-{org[8]}" if spoiler.dice.chance(0.5) else org
    elif subject.reg_no and REG_NO in layout.keys:
        row[REG_NO] = subject.reg_no
    else:
        return False
    row[USCC] = ""
    return True


def _full_width_code(_: Spoiler, row: Row, __: Told, ___: Layout) -> bool:
    row[USCC] = row.get(USCC, "").translate(_FULL_WIDTH)
    return bool(row[USCC])


def _old_name(_: Spoiler, row: Row, told: Told, layout: Layout) -> bool:
    subject = told.subject
    if subject is None or layout.establishes:
        return False
    old = subject.names[0].name
    if row[NAME] == old:
        return False
    row[NAME] = old
    return True


def _full_width_name(_: Spoiler, row: Row, told: Told, layout: Layout) -> bool:
    """The other kind of brackets, or a wide space before the legal form; not by the registrar."""
    name = row[NAME]
    if told.subject is None or layout.establishes:
        return False
    if "（" in name:
        row[NAME] = name.replace("（", "(").replace("）", ")")
    else:
        row[NAME] = f"{name[:-2]}\u3000{name[-2:]}"
    return True


def _traditional_name(_: Spoiler, row: Row, __: Told, ___: Layout) -> bool:
    name = row[NAME].translate(words.TRADITIONAL)
    changed = name != row[NAME]
    row[NAME] = name
    return changed


def _marked_name(spoiler: Spoiler, row: Row, told: Told, _: Layout) -> bool:
    if told.subject is None:
        return False
    row[NAME] += spoiler.dice.pick(_MARKS)
    return True


def _other_date_form(spoiler: Spoiler, row: Row, _: Told, layout: Layout) -> bool:
    if not row[layout.event_date]:
        return False
    date = dt.date.fromisoformat(row[layout.event_date])
    row[layout.event_date] = date.strftime(spoiler.dice.pick(_DATE_FORMS))
    return True


def _impossible_date(spoiler: Spoiler, row: Row, _: Told, layout: Layout) -> bool:
    if not row[layout.event_date]:
        return False
    year = row[layout.event_date][:4]
    row[layout.event_date] = f"{year}-{spoiler.dice.pick(('02-30', '13-05', '00-00', '04-31'))}"
    return True


def _future_date(spoiler: Spoiler, row: Row, _: Told, layout: Layout) -> bool:
    if not row[layout.event_date]:
        return False
    days = spoiler.dice.between(40, 900)
    row[layout.event_date] = (spoiler.today + dt.timedelta(days=days)).isoformat()
    return True


def _text_of(row: Row) -> str:
    return next((field for field in _TEXTS if row.get(field)), "")


def _trailing_mark(spoiler: Spoiler, row: Row, _: Told, __: Layout) -> bool:
    if field := _text_of(row):
        row[field] += spoiler.dice.pick(_MARKS)
    return bool(field)


def _formula_text(spoiler: Spoiler, row: Row, _: Told, __: Layout) -> bool:
    if field := _text_of(row):
        row[field] = spoiler.dice.pick(_FORMULAS)
    return bool(field)


def _fine_without_amount(_: Spoiler, row: Row, told: Told, layout: Layout) -> bool:
    # Of a tax case no amount is asked for.
    asked = told.resource.startswith("penalties_")
    fined = asked and bool(row.get("fine_amount")) and "fine_amount" in layout.keys
    if fined:
        row["fine_amount"] = ""
    return fined


_GROUPS: Final[tuple[dict[str, Spoil], ...]] = (
    {
        "missing_code": _missing_code,
        "mistyped_code": _mistyped_code,
        "outdated_code": _outdated_code,
        "full_width_code": _full_width_code,
    },
    {
        "old_name": _old_name,
        "full_width_name": _full_width_name,
        "traditional_name": _traditional_name,
        "marked_name": _marked_name,
    },
    {
        "other_date_form": _other_date_form,
        "impossible_date": _impossible_date,
        "future_date": _future_date,
    },
    {"trailing_mark": _trailing_mark, "formula_text": _formula_text},
    {"fine_without_amount": _fine_without_amount},
)


def _cumulated(rates: Faults, group: dict[str, Spoil]) -> Sequence[tuple[float, str, Spoil]]:
    total, found = 0.0, []
    for name, spoil in group.items():
        total += getattr(rates, name)
        found.append((total, name, spoil))
    return found
