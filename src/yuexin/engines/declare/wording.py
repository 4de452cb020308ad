"""How a stored value reads: labels for codes, grouped money, dates as dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from yuexin.base.dates import day_text
from yuexin.base.text import Text
from yuexin.engines.declare.types import Declarations, Field, RecordKind

ENDLESS = "9999-12-31"
MONEY: Final = ("money_wan", "money_text")
CURRENCIES: Final = "currencies"
CURRENCY = {"CNY": Text("元", "yuan")}


def value_text(
    declarations: Declarations, field: Field, value: Any, currency: Text | None = None
) -> Text:
    """One value as text in both languages; an amount without a unit of its own in `currency`."""
    if isinstance(value, (list, tuple)):
        return listed(value_text(declarations, field, item) for item in value)
    if isinstance(value, bool):
        return Text("是", "yes") if value else Text("否", "no")
    if field.type in MONEY:
        return _amount(str(value), CURRENCY.get(field.unit, currency))
    if field.type == "decimal":
        return _amount(str(value), None)
    if field.type in ("date", "open_date"):
        return _date(str(value))
    if field.codes in declarations.codes:
        code = declarations.codes[field.codes].by_code.get(str(value))
        if code is not None:
            return code.label
    return Text(str(value), str(value))


def _date(value: str) -> Text:
    return Text("长期", "no end") if value == ENDLESS else day_text(dt.date.fromisoformat(value))


def listed(texts: Iterable[Text]) -> Text:
    """Several texts as one list."""
    found = tuple(texts)
    return Text("、".join(t.zh for t in found), ", ".join(t.en for t in found))


def currency_of(
    *, declarations: Declarations, kind: RecordKind, body: Mapping[str, Any]
) -> Text | None:
    """The currency that a record names, as the unit of its amounts."""
    for field in kind.fields:
        if field.codes == CURRENCIES and (given := body.get(field.id)):
            return CURRENCY.get(str(given)) or value_text(declarations, field, given)
    return None


def _amount(value: str, unit: Text | None) -> Text:
    amount = Decimal(value)
    shown = f"{amount:,.2f}".removesuffix(".00")
    return Text(f"{shown} {unit.zh}", f"{shown} {unit.en}") if unit else Text(shown, shown)
