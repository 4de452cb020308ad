"""What registrars tell: the registers, told twice, and the changes before the first telling."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

from yuexin.sample import names, words
from yuexin.sample.cities import postcode
from yuexin.sample.dice import Dice
from yuexin.sample.layout import Row
from yuexin.sample.registers import REGISTER_OF, REGISTRAR, particulars
from yuexin.sample.schedule import Times
from yuexin.sample.subjects import Kind, Status, Subject, plays
from yuexin.sample.told import Told, all_marks

CHANGES: Final = 0.14
"""Changes for each subject beside its change of name."""

_TYPES: Final[dict[Kind, tuple[str, ...]]] = {
    "company": ("1100", "1130", "1130", "1151", "1190"),
    "sole_trader": ("9500",),
    "cooperative": ("9100",),
    "institution": ("",),
    "society": ("",),
}
_STATES: Final[dict[Status, str]] = {
    "active": "1", "revoked": "2", "cancelled": "4", "moved_out": "6", "suspended": "7",
}  # fmt: skip
_LONG_TERM: Final = "9999-09-09"
_DAY: Final = dt.timedelta(days=1)


def registrations(subject: Subject, times: Times) -> Iterator[Told]:
    """The subject as of the first delivery, and again where the second has something new."""
    first, second = times.first_register, times.second_register
    known = subject.established <= first
    again = not known or subject.corrected or any(day > first for day in _events(subject))
    if known:
        yield _registration(subject, first, superseded=again)
    if again:
        yield _registration(subject, second, superseded=False)


def _events(subject: Subject) -> list[dt.date]:
    days = [subject.established, *(named.since for named in subject.names)]
    return days + [day for day in (subject.moved_on, subject.ended_on) if day]


def _registration(subject: Subject, day: dt.date, *, superseded: bool) -> Told:
    row = {**all_marks(subject, day), **_constant(subject), **_passing(subject, day)}
    if superseded and subject.corrected:
        row["est_date"] = (subject.established - 10 * _DAY).isoformat()
    row |= particulars(subject, row, day)
    resource, agency = REGISTER_OF[subject.kind]
    lives = plays(subject, "natural_person_home")
    planted = (names.below_district(subject.place, subject.address),) if lives else ()
    return Told(
        resource=resource, agency=agency, row=row, ready_on=day, subject=subject,
        public="may" if superseded else "yes", why="superseded" if superseded else "",
        part="natural_person_home" if planted else "",
        planted=planted,
    )  # fmt: skip


def _constant(subject: Subject) -> Row:
    """What the register says of a subject whenever it is asked."""
    place, trade = subject.place, subject.trade
    trader = subject.kind == "sole_trader"
    since = subject.established.isoformat()
    return {
        "pripid": f"GD{subject.index:014}",
        "entity_type": _type(subject),
        "legal_rep": subject.person.name,
        "reg_capital": "" if trader else str(subject.capital_wan),
        "capital_currency": "" if trader else subject.currency,
        "est_date": since,
        "op_from": "" if trader else since,
        "op_to": "" if trader else _LONG_TERM,
        "reg_org": f"{place.city_name}市场监督管理局",
        "address_division": place.county,
        "province": "440000",
        "city": place.city,
        "scope_text": trade.scope,
        "industry": trade.industry,
        "comp_form": "个人经营" if trader else "",
        "postcode": postcode(place),
    }


def _passing(subject: Subject, day: dt.date) -> Row:
    """What the register says as of a day."""
    moved = subject.moved_on is not None and subject.moved_on > day
    address = subject.former_address if moved else subject.address
    status = subject.status_on(day)
    ended = subject.ended_on.isoformat() if subject.ended_on and status != "active" else ""
    former = [named.name for named in subject.names if named.since <= day][:-1]
    return {
        "appr_date": max(event for event in _events(subject) if event <= day).isoformat(),
        "former_names": ";".join(former),
        "state": _STATES[status],
        "address": "" if subject.kind == "sole_trader" and not subject.at_home else address,
        "business_address": address if subject.kind == "sole_trader" else "",
        "revoke_date": ended if status == "revoked" else "",
        "cancel_date": ended if status == "cancelled" else "",
    }


def _type(subject: Subject) -> str:
    if subject.kind == "company" and "股份有限" in subject.name:
        return "1200"
    if subject.kind == "company" and "合伙" in subject.name:
        return "4533"
    types = _TYPES[subject.kind]
    return types[subject.index % len(types)]


def changes(subject: Subject, dice: Dice, times: Times) -> Iterator[Told]:
    """The changes of registration up to the first delivery, the change of name among them."""
    first, last = subject.established + 30 * _DAY, times.first_register
    for old, new in pairwise(subject.names):
        if new.since <= last:
            yield _change(subject, new.since, "name", old.name, new.name)
    if first >= last or subject.role or subject.kind in ("institution", "society"):
        return
    seen: set[str] = set()
    for _ in range(dice.events(CHANGES)):
        item = dice.pick(_TRADER_ITEMS if subject.kind == "sole_trader" else _ITEMS)
        if item not in seen:
            seen.add(item)
            before, after = _BEFORE_AND_AFTER[item](subject, dice)
            yield _change(subject, dice.date(first, last), item, before, after)


def _change(subject: Subject, day: dt.date, item: str, before: str, after: str) -> Told:
    row = {
        **all_marks(subject, day),
        "item": item,
        "before": before,
        "after": after,
        "change_date": day.isoformat(),
        "reg_org": f"{subject.place.city_name}市场监督管理局",
    }
    return Told(
        resource="registration_changes", agency=REGISTRAR, row=row, ready_on=day, subject=subject
    )


def _address(subject: Subject, dice: Dice) -> tuple[str, str]:
    now = subject.former_address or subject.address
    return names.address(dice, subject.place, at_home=subject.at_home), now


def _legal_rep(subject: Subject, dice: Dice) -> tuple[str, str]:
    return names.person(dice, youngest=subject.established).name, subject.person.name


def _capital(subject: Subject, dice: Dice) -> tuple[str, str]:
    before = max(1, subject.capital_wan // dice.between(2, 6))
    return f"{before}万元", f"{subject.capital_wan}万元"


def _scope(subject: Subject, dice: Dice) -> tuple[str, str]:
    return f"{subject.trade.scope}；{dice.pick(words.COMPANY_TRADES).scope}", subject.trade.scope


_BEFORE_AND_AFTER: Final[dict[str, Callable[[Subject, Dice], tuple[str, str]]]] = {
    "address": _address, "legal_rep": _legal_rep, "capital": _capital, "scope": _scope,
}  # fmt: skip
_ITEMS: Final = tuple(_BEFORE_AND_AFTER)
_TRADER_ITEMS: Final = ("address", "legal_rep", "scope")
