"""Filings that are being filled in: saved at each screen, gone once they are sent or dropped."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

from yuexin.domains.hall.filing.forms import YES
from yuexin.domains.hall.filing.known import Held
from yuexin.domains.hall.filing.lines import decomposed
from yuexin.domains.hall.filing.models import Draft
from yuexin.domains.hall.filing.types import Filled
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Filing, FilingItem

KEPT_DAYS: Final = 400


def draft_of(*, filing: Filing, code: str, thing: str) -> Draft | None:
    """What is being filled in of this, if anything is."""
    return Draft.objects.filter(filing=filing.id, code=code, thing=thing).first()


def prefilled(*, filing: Filing, held: Held) -> Filled:
    """What the platform knows already."""
    values, lines = _known(filing, held)
    return Filled(values=values, lines={column: tuple(one) for column, one in lines.items()})


def begun(
    *, filing: Filing, code: str, thing: str, held: Held, actor: Actor, now: dt.datetime
) -> Draft:
    """What is being filled in; at first, what the platform knows already."""
    values, lines = _known(filing, held)
    draft, _ = Draft.objects.get_or_create(
        filing=filing.id, code=code, thing=thing,
        defaults={
            "values": values, "lines": lines, "begun_at": now, "saved_at": now,
            "saved_by": actor.id,
        },
    )  # fmt: skip
    return draft


def saved(*, draft: Draft, filled: Filled, actor: Actor, now: dt.datetime) -> Draft:
    """Keep what was filled in so far."""
    draft.values = dict(filled.values)
    draft.lines = {column: [dict(line) for line in lines] for column, lines in filled.lines.items()}
    draft.saved_at, draft.saved_by = now, actor.id
    draft.save(update_fields=["values", "lines", "saved_at", "saved_by"])
    return draft


def dropped(*, filing: Filing, code: str, thing: str) -> None:
    """Forget what was filled in."""
    Draft.objects.filter(filing=filing.id, code=code, thing=thing).delete()


def forget_old(*, now: dt.datetime) -> int:
    """Drop drafts that nobody has touched for more than a year."""
    old = Draft.objects.filter(saved_at__lt=now - dt.timedelta(days=KEPT_DAYS))
    return old.delete()[0]


def filled_of(draft: Draft) -> Filled:
    """What was filled in."""
    return Filled(
        values=draft.values,
        lines={column: tuple(lines) for column, lines in draft.lines.items()},
    )


def _known(filing: Filing, held: Held) -> tuple[dict[str, str], dict[str, list[Mapping[str, str]]]]:
    values: dict[str, str] = {}
    lines: dict[str, list[Mapping[str, str]]] = {}
    for item in filing.items:
        if item.parts:
            lines[item.column] = _lines(item, held)
        elif (known := held.of(item)) and not item.beside:
            values[item.column] = known.value
        if item.switch and held.switched(item):
            values[item.switch] = YES
    return values, lines


def _lines(item: FilingItem, held: Held) -> list[Mapping[str, str]]:
    if item.lines_of and (of_kind := held.lines_of(item)):
        return list(of_kind.lines)
    known = held.of(item)
    names = [part.zh for part in item.parts]
    return list(decomposed(names=names, text=known.value) or ()) if known else []
