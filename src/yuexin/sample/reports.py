"""The annual reports that entities file between January and June for the year before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from yuexin.sample import names
from yuexin.sample.cities import postcode
from yuexin.sample.dice import Dice
from yuexin.sample.layout import Row
from yuexin.sample.registers import REGISTRAR
from yuexin.sample.schedule import Times
from yuexin.sample.subjects import Subject, plays
from yuexin.sample.told import Told, all_marks

REPORTS: Final = 0.52
"""Reports for each subject old enough, which is about 0.4 for each subject."""
_FILERS: Final = frozenset({"company", "sole_trader", "cooperative"})
_SMALL_WAN: Final = 30
"""What the revenue of a shop or a cooperative is measured by, in place of a capital."""
_YES: Final = "是"
_NO: Final = "否"


def annual_reports(subject: Subject, dice: Dice, times: Times) -> Iterator[Told]:
    """The reports of the last years, one a year, as far as the subject has filed them."""
    if subject.kind not in _FILERS:
        return
    last = _last_year(times)
    years = 1 if _plants(subject) else dice.events(REPORTS)
    for year in range(last, last - years, -1):
        opens, closes = dt.date(year + 1, 1, 1), dt.date(year + 1, 6, 30)
        ended = subject.ended_on and subject.ended_on <= opens
        if subject.established.year <= year and not ended:
            filed = dice.date(opens, min(closes, _last_day(subject, times)))
            yield _report(subject, dice, year, filed)


def _plants(subject: Subject) -> bool:
    return plays(subject, "natural_person_phone") or plays(subject, "natural_person_home")


def _last_year(times: Times) -> int:
    """The last year whose reports can have been filed before the delivery."""
    return times.reports.year - 1


def _last_day(subject: Subject, times: Times) -> dt.date:
    return min(times.reports, subject.ended_on or times.reports)


def _report(subject: Subject, dice: Dice, year: int, filed: dt.date) -> Told:
    part, planted, address = "", "", subject.address
    if plays(subject, "natural_person_phone"):
        part, planted = "natural_person_phone", subject.phone
    elif plays(subject, "natural_person_home"):
        # Another home than the registered one, so that each can be searched for by itself.
        address = names.address(dice, subject.place, at_home=True)
        part, planted = "natural_person_home", names.below_district(subject.place, address)
    row = {
        **all_marks(subject, filed),
        "year": str(year),
        "report_date": filed.isoformat(),
        "mail_address": address,
        "postcode": postcode(subject.place),
        "phone": subject.phone,
        "email": f"office{subject.index}@example.com",
        "operating_state": "1" if dice.chance(0.97) else "2",
        **_figures(dice, subject),
    }
    if subject.kind == "company":
        row |= _company_part(subject, dice)
    return Told(
        resource="annual_reports", agency=REGISTRAR, row=row, ready_on=filed, subject=subject,
        part=part, planted=(planted,) if planted else (),
    )  # fmt: skip


def _figures(dice: Dice, subject: Subject) -> Row:
    scale = subject.capital_wan if subject.kind == "company" else _SMALL_WAN
    revenue = dice.below(scale * 400) / 100
    return {
        "employees": str(dice.between(1, 80) if subject.kind == "company" else dice.between(1, 6)),
        "employees_public": _flag(dice, 0.5),
        "revenue_total": f"{revenue:.2f}",
        "revenue_total_public": _flag(dice, 0.1),
        "tax_total": f"{revenue * 0.03:.2f}",
        "tax_total_public": _flag(dice, 0.1),
    }


def _company_part(subject: Subject, dice: Dice) -> Row:
    assets = dice.below(subject.capital_wan * 300) / 100
    owed = round(assets * dice.roll(), 2)
    profit = round((assets - owed) * (dice.roll() - 0.3) / 3, 2)
    return {
        "invests": _flag(dice, 0.05),
        "contributions": f"全体股东认缴{subject.capital_wan}万元，货币",
        "equity_changed": _flag(dice, 0.05),
        "websites": f"https://shop{subject.index}.example.com" if dice.chance(0.2) else "",
        "assets_total": f"{assets:.2f}",
        "assets_total_public": _flag(dice, 0.1),
        "liabilities_total": f"{owed:.2f}",
        "liabilities_total_public": _flag(dice, 0.1),
        "equity_total": f"{assets - owed:.2f}",
        "equity_total_public": _flag(dice, 0.1),
        "profit_total": f"{profit:.2f}",
        "profit_total_public": _flag(dice, 0.1),
        "net_profit": f"{profit * 0.8:.2f}",
        "net_profit_public": _flag(dice, 0.1),
    }


def _flag(dice: Dice, share: float) -> str:
    return _YES if dice.chance(share) else _NO
