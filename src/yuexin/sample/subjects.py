"""The subjects of the province and their lives: the truth that the deliveries tell with faults."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, TypeVar

from yuexin.sample import codes, names, words
from yuexin.sample.cast import Part, Role, roles
from yuexin.sample.dice import Dice
from yuexin.sample.names import Person, Place
from yuexin.sample.schedule import Times
from yuexin.sample.words import Trade

T = TypeVar("T")
Kind = Literal["sole_trader", "company", "cooperative", "institution", "society"]
Status = Literal["active", "revoked", "cancelled", "suspended", "moved_out"]

PREFIXES: Final[dict[Kind, str]] = {
    "sole_trader": "92", "company": "91", "cooperative": "93", "institution": "12", "society": "51",
}  # fmt: skip
_SHARES: Final[tuple[tuple[float, Kind], ...]] = (
    (0.60, "sole_trader"), (0.95, "company"), (0.975, "cooperative"), (0.99, "institution"),
    (1.01, "society"),
)  # fmt: skip
_ENDS: Final[tuple[tuple[float, Status], ...]] = (
    (0.60, "cancelled"), (0.85, "revoked"), (0.95, "suspended"), (1.01, "moved_out"),
)  # fmt: skip
_SMALL_CAPITALS: Final = (3, 5, 10, 10, 30, 50, 50, 100, 100, 200, 300)
"""What cooperatives, societies and institutions have, in ten thousand yuan."""
_STOCK_CAPITAL: Final = 500
_CAPITALS: Final = (3, 5, 10, 10, 30, 50, 50, 100, 100, 100, 200, 300, 500, 500, 1000, 1090, 5000)
_CURRENCIES: Final = ("CNY",) * 38 + ("HKD", "USD")

AT_HOME = 0.2
NAMESAKE = 0.006
RENAMED = 0.06
ENDED = 0.12
RENAMED_LATELY = 0.01
MOVED_LATELY = 0.02
ENDED_LATELY = 0.01
CORRECTED_LATELY = 0.005
NEW_LATELY = 0.02
_FIRST_DAY: Final = dt.date(1992, 1, 1)
# The laws on cooperatives and limited partnerships, and the first rules on institutions.
_FIRST_DAYS: Final[dict[Kind, dt.date]] = {
    "cooperative": dt.date(2007, 7, 1), "institution": dt.date(1998, 10, 25),
}  # fmt: skip
_FIRST_PARTNERSHIP: Final = dt.date(2007, 6, 1)
_PARTNERSHIP: Final = "合伙企业（有限合伙）"
_STOCK: Final = "股份有限公司"
_FORMS: Final = (_PARTNERSHIP, _STOCK, "有限责任公司", "有限公司")
_OF_AGE: Final = dt.timedelta(days=8000)
_DAY: Final = dt.timedelta(days=1)


class Named(NamedTuple):
    """A name, and the first day on which it was the subject's."""

    name: str
    since: dt.date


@dataclass(frozen=True, slots=True)
class Subject:
    """One subject as it truly is. `names` is in order of time, the last is today's.

    `moved_on` stands where the address changed lately, from `former_address`; `corrected` where
    the first registration delivery tells a wrong day of establishment.
    """

    index: int
    role: Role | None
    kind: Kind
    code: str
    reg_no: str
    place: Place
    trade: Trade
    names: tuple[Named, ...]
    person: Person
    established: dt.date
    capital_wan: int
    currency: str
    address: str
    at_home: bool
    phone: str
    status: Status
    ended_on: dt.date | None
    moved_on: dt.date | None
    former_address: str
    corrected: bool

    @property
    def name(self) -> str:
        return self.names[-1].name

    @property
    def org_code(self) -> str:
        return self.code[8:17]

    def name_on(self, day: dt.date) -> str:
        """The name it bore on a day; its first one before that."""
        known = [named.name for named in self.names if named.since <= day]
        return known[-1] if known else self.names[0].name

    def status_on(self, day: dt.date) -> Status:
        return self.status if self.ended_on and self.ended_on <= day else "active"


def subjects(*, count: int, seed: int, times: Times) -> Iterator[Subject]:
    """All subjects in order, one at a time; the same arguments give the same ones."""
    cast = roles(count)
    birth = _Birth(dice=Dice(seed=seed, purpose="subjects"), seed=seed, times=times)
    for index in range(count):
        yield birth.subject(index, cast.get(index))


class _Birth:
    def __init__(self, *, dice: Dice, seed: int, times: Times) -> None:
        self._dice, self._seed, self._times = dice, seed, times
        self._namesakes: dict[str, tuple[str, str]] = {}

    def subject(self, index: int, role: Role | None) -> Subject:
        dice = self._dice
        kind: Kind = role.kind if role else _drawn(dice, _SHARES)
        where = names.rural_place(dice) if kind == "cooperative" else names.place(dice)
        trade = _trade(dice, kind)
        at_home = kind == "sole_trader" and (dice.chance(AT_HOME) or _lives_there(role))
        established = self._established(role, _FIRST_DAYS.get(kind, _FIRST_DAY))
        status, ended_on = ("active", None) if role else self._end(established)
        moved_on = None if role or ended_on else self._lately(MOVED_LATELY, established)
        named = self._names(kind, where, trade, established, fixed=bool(role or ended_on))
        return Subject(
            index=index, role=role, kind=kind, code=self._code(index, kind, where),
            reg_no=_reg_no(index, kind, where), place=where, trade=trade,
            names=named,
            person=names.person(dice, youngest=established - _OF_AGE),
            established=established, capital_wan=_capital(dice, kind, named[0].name),
            currency=dice.pick(_CURRENCIES) if kind == "company" else "CNY",
            address=names.address(dice, where, at_home=at_home), at_home=at_home,
            phone=codes.phone(index), status=status, ended_on=ended_on, moved_on=moved_on,
            former_address=names.address(dice, where, at_home=False) if moved_on else "",
            corrected=role is None and dice.chance(CORRECTED_LATELY),
        )  # fmt: skip

    def _code(self, index: int, kind: Kind, where: Place) -> str:
        org = codes.org_code(index=index, seed=self._seed)
        return codes.uscc(kind=PREFIXES[kind], division=where.county, org=org)

    def _established(self, role: Role | None, earliest: dt.date) -> dt.date:
        dice, times = self._dice, self._times
        if role:
            # Old enough for facts of more than five years ago.
            return dice.date(earliest, times.old_layout[0])
        if dice.chance(NEW_LATELY):
            return dice.date(times.first_register + _DAY, times.second_register)
        # The younger, the more of them.
        span = (times.first_register - earliest).days
        return times.first_register - dt.timedelta(days=int(dice.roll() ** 1.7 * span))

    def _end(self, established: dt.date) -> tuple[Status, dt.date | None]:
        dice, times = self._dice, self._times
        first = established + dt.timedelta(days=90)
        if first < times.first_register and dice.chance(ENDED):
            return _drawn(dice, _ENDS), dice.date(first, times.first_register)
        ended_on = self._lately(ENDED_LATELY, established)
        return ("cancelled", ended_on) if ended_on else ("active", None)

    def _lately(self, share: float, established: dt.date) -> dt.date | None:
        """A day between the two registration deliveries, for a share of those the first knew."""
        dice, times = self._dice, self._times
        if established > times.first_register or not dice.chance(share):
            return None
        return dice.date(times.first_register + _DAY, times.second_register)

    def _names(
        self, kind: Kind, where: Place, trade: Trade, established: dt.date, *, fixed: bool
    ) -> tuple[Named, ...]:
        dice, times = self._dice, self._times
        first = Named(_lawful(self._name(kind, where, trade), established), established)
        if fixed:
            return (first,)
        renamed_on = self._lately(RENAMED_LATELY, established)
        if not renamed_on and established < times.before(400) and dice.chance(RENAMED):
            renamed_on = dice.date(established + 200 * _DAY, times.first_register - 30 * _DAY)
        if not renamed_on:
            return (first,)
        renamed = _of_form(_name(dice, kind, where, trade), first.name)
        return (first, Named(renamed, renamed_on))

    def _name(self, kind: Kind, where: Place, trade: Trade) -> str:
        """A name; now and then that of an earlier shop of this trade in another city."""
        if kind != "sole_trader":
            return _name(self._dice, kind, where, trade)
        city, name = self._namesakes.get(trade.word, ("", ""))
        if name and city != where.city and self._dice.chance(NAMESAKE):
            return name
        name = _name(self._dice, kind, where, trade)
        if not name.startswith((where.city_name, where.county_name)):
            self._namesakes[trade.word] = (where.city, name)
        return name


def _lives_there(role: Role | None) -> bool:
    return role is not None and role.part == "natural_person_home"


def plays(subject: Subject, part: Part) -> bool:
    """Whether the subject has this part."""
    return subject.role is not None and subject.role.part == part


def _drawn(dice: Dice, shares: tuple[tuple[float, T], ...]) -> T:
    roll = dice.roll()
    return next(value for share, value in shares if roll < share)


def _trade(dice: Dice, kind: Kind) -> Trade:
    match kind:
        case "company":
            return dice.pick(words.COMPANY_TRADES)
        case "sole_trader":
            return dice.pick(words.SHOP_TRADES)
        case "cooperative":
            return dice.pick(words.FARM_TRADES)
        case "institution":
            return dice.pick(words.INSTITUTIONS)
        case "society":
            return dice.pick(words.SOCIETIES)


def _name(dice: Dice, kind: Kind, where: Place, trade: Trade) -> str:
    match kind:
        case "company":
            return names.company(dice, where, trade)
        case "sole_trader":
            return names.shop(dice, where, trade)
        case "cooperative":
            return names.cooperative(dice, where, trade)
        case "institution" | "society":
            return names.institution(dice, where, trade)


def _lawful(name: str, established: dt.date) -> str:
    """The name, but of no limited partnership from before there were any."""
    return name if established >= _FIRST_PARTNERSHIP else name.replace(_PARTNERSHIP, "有限公司")


def _of_form(name: str, other: str) -> str:
    """The name in the legal form of the other: who changes the name keeps the form."""
    form, own = _form(other), _form(name)
    return name.removesuffix(own) + form if form and own else name


def _form(name: str) -> str:
    return next((form for form in _FORMS if name.endswith(form)), "")


def _capital(dice: Dice, kind: Kind, name: str) -> int:
    capital = dice.pick(_CAPITALS if kind in ("company", "sole_trader") else _SMALL_CAPITALS)
    return max(capital, _STOCK_CAPITAL) if _form(name) == _STOCK else capital


def _reg_no(index: int, kind: Kind, where: Place) -> str:
    if kind in ("institution", "society"):
        return ""
    return codes.reg_no(index=index, division=where.county, sole_trader=kind == "sole_trader")
