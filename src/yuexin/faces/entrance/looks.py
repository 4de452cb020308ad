"""Who looked at one's own file, in words; by nobody's name."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from yuexin.base.text import Text
from yuexin.domains.credit.queries import names
from yuexin.engines.access.queries import OwnLook, own_looks
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations
from yuexin.faces.shared.acting import purpose_label


@dataclass(frozen=True, kw_only=True)
class ToldLook:
    """A look: when, by which agency, in which role, for which purpose, and whether in vain."""

    at: dt.datetime
    body: Text | None
    role: Text | None
    purpose: Text | None
    denied: bool


@dataclass(frozen=True, kw_only=True)
class OwnFirm:
    """The subject for which somebody acts, and the latest looks at its file, of `total`."""

    code: str
    name: str
    looks: tuple[ToldLook, ...]
    total: int


def own_firm(*, declarations: Declarations, actor: Actor) -> OwnFirm | None:
    """What an owner finds first at his account; none for everybody else."""
    found = own_looks(declarations=declarations, actor=actor)
    if found is None:
        return None
    code = actor.subject_code
    return OwnFirm(
        code=code,
        name=names(actor=actor, codes=[code]).get(code, ""),
        looks=tuple(_told(declarations, look) for look in found.lines),
        total=found.total,
    )


def _told(declarations: Declarations, look: OwnLook) -> ToldLook:
    body = declarations.agencies.get(look.body)
    role = declarations.roles.get(look.role)
    return ToldLook(
        at=look.at,
        body=body.label if body else None,
        role=role.label if role else None,
        purpose=purpose_label(look.purpose) if look.purpose else None,
        denied=look.denied,
    )
