"""Writes: fill in, check and hand in a filing. It enters by the one door of all deliveries."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from django.db import connection, transaction

from yuexin.base.dates import today
from yuexin.base.digest import sha256_hex
from yuexin.base.errors import Refusal
from yuexin.domains.collection.layout import TRY_AGAIN, Layout
from yuexin.domains.collection.operations import accept, try_out
from yuexin.domains.collection.rooms.held import Finding, finding_of
from yuexin.domains.collection.rooms.layouts import one_row
from yuexin.domains.collection.types import Offer
from yuexin.domains.hall.filing.asked import Filer, sent_of
from yuexin.domains.hall.filing.cells import in_cells
from yuexin.domains.hall.filing.drafts import (
    begun,
    draft_of,
    dropped,
    filled_of,
    prefilled,
    saved,
)
from yuexin.domains.hall.filing.forms import screens_of, told, told_in_form, typed_in
from yuexin.domains.hall.filing.refusals import not_ready, refuse_standing, refuse_unentitled
from yuexin.domains.hall.filing.types import Filled, Sent
from yuexin.engines.access.types import Actor
from yuexin.engines.deliveries.types import Kept
from yuexin.home.folder import Home

FILING_LOCK: Final = 0x59584649


def begin(*, filer: Filer) -> Filled:
    """What is filled in so far; at first, what the platform knows. Raises a `Refusal` for what may
    not be filed, or not by whoever asks."""
    refuse_unentitled(filer.may_file, filer.where)
    refuse_standing(stand=filer.stand, where=filer.where)
    draft = draft_of(filing=filer.filing, code=filer.entity.code, thing=filer.thing)
    if draft is None:
        return prefilled(filing=filer.filing, held=filer.held)
    return filled_of(draft)


def save(
    *, filer: Filer, screen: str, posted: Mapping[str, str], actor: Actor, now: dt.datetime
) -> Filled:
    """Keep what one screen's form says. Raises a `Refusal` as `begin` and `typed_in` do."""
    filled = begin(filer=filer)
    for one in screens_of(filer.filing, filer.class_id):
        if one.id == screen:
            filled = typed_in(
                filing=filer.filing, screen=one, filer=filer.class_id, posted=posted, filled=filled
            )
    draft = begun(
        filing=filer.filing, code=filer.entity.code, thing=filer.thing, held=filer.held,
        actor=actor, now=now,
    )  # fmt: skip
    saved(draft=draft, filled=filled, actor=actor, now=now)
    return filled


def drop(*, filer: Filer) -> None:
    """Forget what was filled in and not sent. Raises a `Refusal` for whoever may not file it."""
    refuse_unentitled(filer.may_file, filer.where)
    dropped(filing=filer.filing, code=filer.entity.code, thing=filer.thing)


def checked(
    *, filer: Filer, filled: Filled, home: Home, actor: Actor, now: dt.datetime
) -> tuple[Finding, ...]:
    """What the checks of the layout say of it, in words: those that its delivery will meet."""
    row = _row(filer, filled, now)
    trial = try_out(
        home=home, stream=io.BytesIO(row), offer=_offer(filer, 0), declarations=filer.declarations,
        actor=actor, now=now,
    )  # fmt: skip
    layout = Layout.of(declarations=filer.declarations, resource=filer.filing.resource)
    findings = [
        finding_of(
            layout=layout, column=one.column, rule=one.rule, rejects=one.rejects,
            value=one.value, otherwise=TRY_AGAIN,
        )
        for one in trial.first
    ]  # fmt: skip
    told_there = told_in_form(layout=layout, filing=filer.filing, findings=findings)
    return (*told_there, *in_cells(layout=layout, filing=filer.filing, filled=filled))


def send(*, filer: Filer, filled: Filled, home: Home, actor: Actor, now: dt.datetime) -> Sent:
    """Hand it in: kept, chained and acknowledged when this returns, the draft gone.

    What was handed in already, word for word, is given again. Raises a `Refusal` for what may not
    be filed, or whose checks reject it.
    """
    row = _row(filer, filled, now)
    done: Kept | Refusal
    with transaction.atomic():
        # Two who file for one entity at once: the second sees what the first sent.
        _hold(filer.entity.code)
        filer = filer.anew(on=today(now), filled=filled)
        before = sent_of(filer)
        if before and before[-1].sha256 == sha256_hex(row) and before[-1].state != "refused":
            dropped(filing=filer.filing, code=filer.entity.code, thing=filer.thing)
            return replace(before[-1], again=True)
        refuse_standing(stand=filer.stand, where=filer.where)
        if any(one.rejects for one in checked(
            filer=filer, filled=filled, home=home, actor=actor, now=now
        )):  # fmt: skip
            raise not_ready()
        try:
            done = accept(
                home=home, stream=io.BytesIO(row), offer=_offer(filer, len(before) + 1),
                declarations=filer.declarations, actor=actor, now=now,
            )  # fmt: skip
            dropped(filing=filer.filing, code=filer.entity.code, thing=filer.thing)
        except Refusal as refusal:
            # What was journaled of it stays.
            done = refusal
    if isinstance(done, Refusal):
        raise done
    return sent_of(filer)[-1]


def _hold(code: str) -> None:
    number = int(sha256_hex(code.encode())[:8], 16) - (1 << 31)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [FILING_LOCK, number])


def _offer(filer: Filer, version: int) -> Offer:
    filing = filer.filing
    return Offer(
        resource=filing.resource,
        agency=filing.keeper,
        channel="counter",
        file_name=f"{filing.id}-{filer.thing}-{filer.entity.code}.csv",
        idempotency_key=f"{filer.key}{version}" if version else "",
        filed_for=filer.entity.code,
    )


def _row(filer: Filer, filled: Filled, now: dt.datetime) -> bytes:
    """The one row that is delivered."""
    filing, resource = filer.filing, filer.declarations.resources[filer.filing.resource]
    code = next(one.column for one in resource.identifiers if one.scheme == "uscc")
    values = {
        **told(filing=filing, filer=filer.class_id, filled=filled),
        **filing.fixed,
        code: filer.entity.code,
        resource.subject_name: filer.entity.name,
        filing.filed: today(now).isoformat(),
        filing.number: filer.number,
    }
    if filing.period:
        values[filing.period] = filer.thing
    headers = [column.header for column in resource.columns]
    return one_row(headers=headers, values=values).encode("utf-8", "replace")
