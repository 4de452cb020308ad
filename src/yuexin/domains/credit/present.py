"""How a stored value reads: labels for codes, grouped money, dates as dates, laws by article."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from yuexin.base.dates import day_text
from yuexin.base.text import Text
from yuexin.domains.credit.types import Fact
from yuexin.engines.access.types import Disclosure, FieldDecision
from yuexin.engines.declare.queries import remedies_on
from yuexin.engines.declare.types import Declarations, Field, Law, Power, RecordKind

ENDLESS = "9999-12-31"
HIDDEN: Final = "**"
MONEY: Final = ("money_wan", "money_text")
CURRENCIES: Final = "currencies"
CURRENCY = {"CNY": Text("元", "yuan")}
DIGITS: Final = "零一二三四五六七八九"
UNITS: Final = ("", "十", "百", "千")


def facts(
    *,
    declarations: Declarations,
    kind: RecordKind,
    disclosure: Disclosure,
    sole_trader: bool,
    body: Mapping[str, Any],
) -> tuple[Fact, ...]:
    """The fields this reader may see that hold something, in the declared order."""
    found = []
    for decision in disclosure.visible:
        value = body.get(decision.field)
        if value in (None, "", []):
            continue
        field = kind.by_field[decision.field]
        found.append(
            Fact(
                field=field.id,
                label=field.label,
                value=value_text(declarations, field, value, _currency(declarations, kind, body)),
                masked=_is_cut(decision, value, sole_trader=sole_trader),
            )
        )
    return tuple(found)


def _is_cut(decision: FieldDecision, value: Any, *, sole_trader: bool) -> bool:
    """Whether a part of this very value is hidden: asterisks say so, a home without them."""
    at_home = sole_trader and decision.mask == "home_address"
    return HIDDEN in str(value) or (decision.treatment == "mask" and at_home)


def headline(*, declarations: Declarations, kind: RecordKind, body: Mapping[str, Any]) -> Text:
    """The declared headline fields, joined; the kind's own name where they are empty."""
    currency = _currency(declarations, kind, body)
    values = [
        value_text(declarations, kind.by_field[name], body[name], currency)
        for name in kind.headline
        if body.get(name)
    ]
    if not values:
        return kind.label
    return Text(" · ".join(v.zh for v in values), " · ".join(v.en for v in values))


def value_text(
    declarations: Declarations, field: Field, value: Any, currency: Text | None = None
) -> Text:
    """One value as text in both languages; an amount without a unit of its own in `currency`."""
    if isinstance(value, Sequence) and not isinstance(value, str):
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


def cited(*, laws: Mapping[str, Law], basis: Iterable[str], on: dt.date) -> tuple[Text, ...]:
    """Each `law:article` as a reader cites it, of the laws that hold on the day."""
    split = (item.partition(":") for item in basis)
    return tuple(
        _citation(laws[law], article) for law, _, article in split if laws[law].in_force(on)
    )


def remedies(
    *,
    declarations: Declarations,
    decided: dt.date,
    on: dt.date,
    against: Power = "administrative",
) -> tuple[Text, ...]:
    """What can be done against an adverse decision of that day: a sentence each, with its law."""
    found = []
    for item in remedies_on(declarations=declarations, decided=decided, against=against):
        law = listed(cited(laws=declarations.laws, basis=[item.basis], on=on))
        if law.zh:
            zh, en = item.zh.removesuffix("。"), item.en.removesuffix(".")
            found.append(Text(f"{zh}（{law.zh}）。", f"{en} ({law.en})."))
    return tuple(found)


def _citation(law: Law, article: str) -> Text:
    if not article:
        return Text(f"《{law.zh}》", law.en)
    zh = f"第{_numeral(int(article))}条" if article.isdecimal() else article
    return Text(f"《{law.zh}》{zh}", f"{law.en}, Art. {article}")


def _numeral(number: int) -> str:
    """A whole number below 10,000 as laws number their articles: 一百零三."""
    digits = [int(digit) for digit in str(number)]
    said = "".join(
        DIGITS[digit] + UNITS[len(digits) - 1 - place] if digit else DIGITS[0]
        for place, digit in enumerate(digits)
    )
    said = re.sub("零+", "零", said).rstrip("零") or DIGITS[0]
    return said.removeprefix("一") if said.startswith("一十") else said


def _currency(declarations: Declarations, kind: RecordKind, body: Mapping[str, Any]) -> Text | None:
    """The currency that a record names, as the unit of its amounts."""
    for field in kind.fields:
        if field.codes == CURRENCIES and (given := body.get(field.id)):
            return CURRENCY.get(str(given)) or value_text(declarations, field, given)
    return None


def _amount(value: str, unit: Text | None) -> Text:
    amount = Decimal(value)
    shown = f"{amount:,.2f}".removesuffix(".00")
    return Text(f"{shown} {unit.zh}", f"{shown} {unit.en}") if unit else Text(shown, shown)


def days_left(*, shown_until: dt.date | None, on: dt.date) -> int | None:
    """Days of publicity left, counting the last day. None where publicity has no end."""
    return None if shown_until is None else (shown_until - on).days
