"""How a stored value reads: labels for codes, grouped money, dates as dates, laws by article."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, Final

from yuexin.base.text import Text
from yuexin.domains.credit.types import Fact
from yuexin.engines.access.types import Disclosure, FieldDecision
from yuexin.engines.declare.queries import (
    citation,
    currency_of,
    listed,
    remedies_on,
    value_text,
)
from yuexin.engines.declare.types import Declarations, Law, Power, RecordKind

HIDDEN: Final = "**"


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
    currency = currency_of(declarations=declarations, kind=kind, body=body)
    for decision in disclosure.visible:
        value = body.get(decision.field)
        if value in (None, "", []):
            continue
        field = kind.by_field[decision.field]
        found.append(
            Fact(
                field=field.id,
                label=field.label,
                value=value_text(declarations, field, value, currency),
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
    currency = currency_of(declarations=declarations, kind=kind, body=body)
    values = [
        value_text(declarations, kind.by_field[name], body[name], currency)
        for name in kind.headline
        if body.get(name)
    ]
    if not values:
        return kind.label
    return Text(" · ".join(v.zh for v in values), " · ".join(v.en for v in values))


def cited(*, laws: Mapping[str, Law], basis: Iterable[str], on: dt.date) -> tuple[Text, ...]:
    """Each `law:article` as a reader cites it, of the laws that hold on the day."""
    split = (item.partition(":") for item in basis)
    return tuple(
        citation(laws[law], article) for law, _, article in split if laws[law].in_force(on)
    )


def remedies(
    *,
    declarations: Declarations,
    decided: dt.date,
    on: dt.date,
    against: Power = "administrative",
    kind: str = "",
) -> tuple[Text, ...]:
    """What can be done against an adverse decision of that day, told by a record of the `kind`
    where one is named: a sentence each, with its law."""
    found = []
    open_ones = remedies_on(declarations=declarations, decided=decided, against=against, kind=kind)
    for item in open_ones:
        law = listed(cited(laws=declarations.laws, basis=[item.basis], on=on))
        if law.zh:
            zh, en = item.zh.removesuffix("。"), item.en.removesuffix(".")
            found.append(Text(f"{zh}（{law.zh}）。", f"{en} ({law.en})."))
    return tuple(found)


def days_left(*, shown_until: dt.date | None, on: dt.date) -> int | None:
    """Days of publicity left, counting the last day. None where publicity has no end."""
    return None if shown_until is None else (shown_until - on).days
