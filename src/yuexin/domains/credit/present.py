"""How a stored value reads: labels for codes, grouped money, dates as dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from yuexin.base.text import Text
from yuexin.domains.credit.types import Fact
from yuexin.engines.access.types import Disclosure
from yuexin.engines.declare.types import Declarations, Field, RecordKind

ENDLESS = "9999-12-31"
CURRENCY = {"CNY": Text("元", "yuan")}


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
                value=value_text(declarations, field, value),
                masked=decision.treatment == "mask"
                and (sole_trader or decision.mask != "home_address"),
            )
        )
    return tuple(found)


def headline(*, declarations: Declarations, kind: RecordKind, body: Mapping[str, Any]) -> Text:
    """The declared headline fields, joined; the kind's own name where they are empty."""
    values = [
        value_text(declarations, kind.by_field[name], body[name])
        for name in kind.headline
        if body.get(name)
    ]
    if not values:
        return kind.label
    return Text(" · ".join(v.zh for v in values), " · ".join(v.en for v in values))


def value_text(declarations: Declarations, field: Field, value: Any) -> Text:
    """One value as text in both languages."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        parts = [value_text(declarations, field, item) for item in value]
        return Text("、".join(p.zh for p in parts), ", ".join(p.en for p in parts))
    if isinstance(value, bool):
        return Text("是", "yes") if value else Text("否", "no")
    if field.type in ("money_wan", "money_text", "decimal"):
        return _money(field, str(value))
    if field.type in ("date", "open_date"):
        return _date(str(value))
    if field.codes in declarations.codes:
        code = declarations.codes[field.codes].by_code.get(str(value))
        if code is not None:
            return code.label
    return Text(str(value), str(value))


def _date(value: str) -> Text:
    return Text("长期", "no end") if value == ENDLESS else Text(value, value)


def _money(field: Field, value: str) -> Text:
    amount = Decimal(value)
    shown = f"{amount:,.2f}".removesuffix(".00")
    unit = CURRENCY.get(field.unit)
    return Text(f"{shown} {unit.zh}", f"{shown} {unit.en}") if unit else Text(shown, shown)


def days_left(*, shown_until: dt.date | None, on: dt.date) -> int | None:
    """Days of publicity left, counting the last day. None where publicity has no end."""
    return None if shown_until is None else (shown_until - on).days
