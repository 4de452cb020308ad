"""Who acts for a subject on a day, and for which subjects anybody does: asked in one place."""

from __future__ import annotations

import datetime as dt
from typing import Final

from yuexin.engines.access.models import Grant
from yuexin.engines.access.standing import standing
from yuexin.engines.declare.types import Declarations

HOLDERS: Final = ("subject", "delegate")
APPLIES: Final = "apply"
"""The right to begin a case for a subject and to take the steps of its applicant."""


def actors_for(
    *, declarations: Declarations, code: str, on: dt.date, right: str = ""
) -> tuple[str, ...]:
    """The logins of all who act for a subject on a day, in order: it itself, and those whom it gave
    this right, or any where none is named."""
    grants = Grant.objects.filter(subject_code=code, role__in=_roles(declarations))
    held = standing(grants=grants, on=on) if code else ()
    able = (one for one in held if one.rights is None or not right or right in one.rights)
    return tuple(sorted({one.account for one in able}))


def owners_of(*, declarations: Declarations, code: str, on: dt.date) -> tuple[str, ...]:
    """The logins of those who act for a subject on a day as it itself, in order; no delegates."""
    grants = Grant.objects.filter(subject_code=code, role__in=_roles(declarations))
    held = standing(grants=grants, on=on) if code else ()
    return tuple(sorted({one.account for one in held if one.rights is None}))


def answered_for(
    *, declarations: Declarations, code: str, applicant: str, on: dt.date
) -> tuple[str, ...]:
    """The logins of those to whom what was applied for in the name of a subject is answered on a
    day: whoever applied, while he may still apply for it, else all who may now."""
    able = actors_for(declarations=declarations, code=code, right=APPLIES, on=on)
    return (applicant,) if applicant in able else able


def represented(*, declarations: Declarations, on: dt.date) -> tuple[str, ...]:
    """The codes for which somebody was let act by that day, in order, whoever still is."""
    held = Grant.objects.filter(
        role__in=_roles(declarations), valid_from__lte=on, account__is_active=True
    )
    found = held.exclude(subject_code="").values_list("subject_code", flat=True)
    return tuple(found.distinct().order_by("subject_code"))


def _roles(declarations: Declarations) -> list[str]:
    return [role.id for role in declarations.roles.values() if role.holder in HOLDERS]
