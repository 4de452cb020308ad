"""Which grants hold: dated, and while what they rest on holds, asked anew at every request.

Nothing is written when a grant lapses: what the register says is derived, and so is this. A
corrected registration gives a right back as it took it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Min, QuerySet
from django.db.models.functions import Least

from yuexin.base.text import normalise_name
from yuexin.engines.access.models import Grant
from yuexin.engines.access.types import GrantInForce, Lapse, LapsedGrant

# Of the table of subjects, which is derived; a code that is not there yet names nobody.
_REGISTERED = """
SELECT code, represented_by, gone, joined_to IS NOT NULL FROM subject WHERE code = ANY(%s)
"""


@dataclass(frozen=True, kw_only=True)
class _Registered:
    """What the register says of a subject now."""

    represented_by: str
    gone: bool
    joined: bool


def holding(*, account: UUID, on: dt.date) -> tuple[GrantInForce, ...]:
    """What an account that may sign in holds on a day, in the order in which it was given."""
    rows = _dated(Grant.objects.filter(account=account), on)
    lapsed = _lapses(rows, on)
    return tuple(_in_force(row) for row in rows if row.pk not in lapsed)


def lapsed_of(*, account: UUID, on: dt.date) -> tuple[LapsedGrant, ...]:
    """What an account would hold on a day if what it rests on still held, and why it does not."""
    rows = _dated(Grant.objects.filter(account=account), on)
    lapsed = _lapses(rows, on)
    return tuple(
        LapsedGrant(grant=_in_force(row), why=lapsed[row.pk]) for row in rows if row.pk in lapsed
    )


def standing(*, grants: QuerySet[Grant], on: dt.date) -> tuple[GrantInForce, ...]:
    """Those of these grants that hold on a day, whoever holds them."""
    rows = _dated(grants, on)
    lapsed = _lapses(rows, on)
    return tuple(_in_force(row) for row in rows if row.pk not in lapsed)


def ended(*, grants: QuerySet[Grant], on: dt.date) -> Mapping[str, dt.date]:
    """By code of the subject the day on which the last of these grants ended, of those that ended
    by a day."""
    days = ((_until(row), row.subject_code) for row in _until_when(grants))
    return {
        code: day for day, code in sorted((day, code) for day, code in days if day and day <= on)
    }


def _until_when(rows: QuerySet[Grant]) -> QuerySet[Grant]:
    """Grants with the day `until` which nobody ended them."""
    ends = rows.annotate(first_end=Min("ends__ends_on"))
    return ends.annotate(until=Least("valid_to", "first_end"))


def _dated(rows: QuerySet[Grant], on: dt.date) -> list[Grant]:
    """Grants that have begun and that nobody ended, of accounts that may sign in."""
    found = _until_when(rows.filter(account__is_active=True, valid_from__lte=on))
    whole = found.select_related("account", "identity").order_by("granted_at", "id")
    return [row for row in whole if (until := _until(row)) is None or until > on]


def _lapses(rows: Sequence[Grant], on: dt.date) -> Mapping[UUID, Lapse]:
    lapsed: dict[UUID, Lapse] = {}
    by_register = [row for row in rows if row.identity_id]
    registered = _registered({row.subject_code for row in by_register})
    for row in by_register:
        if why := _by_register(row, registered.get(row.subject_code)):
            lapsed[row.pk] = why
    given = [row for row in rows if row.given_under_id]
    if given:
        givers = Grant.objects.filter(pk__in={row.given_under_id for row in given})
        stand = {one.id for one in standing(grants=givers, on=on)}
        lapsed |= {row.pk: "giver" for row in given if row.given_under_id not in stand}
    for row in given:
        if row.agent_code and row.pk not in lapsed and not _serves(row, on):
            lapsed[row.pk] = "agent"
    return lapsed


def _by_register(row: Grant, said: _Registered | None) -> Lapse | None:
    assert row.identity is not None
    if row.identity.erased_at is not None:
        return "identity"
    if said is None:
        return "no_longer_named"
    if said.gone:
        return "gone"
    if said.joined:
        return "joined"
    named = normalise_name(said.represented_by)
    return None if named and named == normalise_name(row.identity.name) else "no_longer_named"


def _serves(row: Grant, on: dt.date) -> bool:
    """Whether the holder acts for the agent's firm, by a grant that does not come from a third."""
    own = Grant.objects.filter(account=row.account, subject_code=row.agent_code, agent_code="")
    return bool(standing(grants=own, on=on))


def _registered(codes: Iterable[str]) -> Mapping[str, _Registered]:
    wanted = list(codes)
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_REGISTERED, [wanted])
        return {
            code: _Registered(represented_by=named, gone=gone, joined=joined)
            for code, named, gone, joined in cursor.fetchall()
        }


def _until(row: Grant) -> dt.date | None:
    found: dt.date | None = row.until  # type: ignore[attr-defined]
    return found


def _in_force(row: Grant) -> GrantInForce:
    return GrantInForce(
        id=row.pk, account=row.account.login, role=row.role, agency=row.agency,
        subject_code=row.subject_code, valid_from=row.valid_from, until=_until(row),
        rights=None if row.rights is None else frozenset(row.rights), giver=row.given_under_id,
        agent_code=row.agent_code, by_register=row.identity_id is not None,
    )  # fmt: skip
