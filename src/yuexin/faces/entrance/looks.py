"""Who looked at one's own file, and what was wrong in it, in words; officers by nobody's name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from yuexin.base.text import Text
from yuexin.domains.credit.queries import names
from yuexin.domains.subjects.corrections import OwnCorrection, own_corrections
from yuexin.engines.access.queries import OwnLook, own_looks
from yuexin.engines.access.types import PUBLIC, Actor
from yuexin.engines.declare.types import Declarations
from yuexin.faces.shared.acting import purpose_label

INSIDE: Final = ("subject", "delegate")
BESIDE_THE_FILE: Final[Mapping[str, Text]] = {
    "case.read": Text("查看案件", "a case"),
    "file.checked": Text("办事核查", "a check at the point of handling"),
    "check.read": Text("再次查看办事核查结果", "the answer of a check, again"),
    "proposal.read": Text("查看规则提出的候选名单", "the list of whom a rule proposes"),
    "trial.read": Text("查看规则试算的结果", "the outcome of trying a changed rule"),
}


@dataclass(frozen=True, kw_only=True)
class ToldLook:
    """A look: when, by which agency, in which role, for which purpose, and whether in vain; at
    what, where not at the file itself. `own`: by somebody who acts for the subject."""

    at: dt.datetime
    body: Text | None
    role: Text | None
    purpose: Text | None
    denied: bool
    what: Text | None = None
    delayed_by: Text | None = None
    told_from: dt.date | None = None
    own: bool = False


@dataclass(frozen=True, kw_only=True)
class ToldDay:
    """How often those who act for the subject looked on a day, in a role; `by` is whom its owner
    let act, of the firm `agent`, where it is he who reads."""

    on: dt.date
    role: Text
    times: int
    by: str = ""
    agent: str = ""


@dataclass(frozen=True, kw_only=True)
class ToldCorrection:
    """A correction of the file, and the looks at it while it was wrong."""

    found: OwnCorrection
    looks: tuple[ToldLook, ...]


@dataclass(frozen=True, kw_only=True)
class OwnFirm:
    """Of the file of the subject for which somebody acts the latest looks, of `total`, those by its
    own people by day, and what was wrong in it."""

    looks: tuple[ToldLook, ...]
    own: tuple[ToldDay, ...]
    total: int
    corrections: tuple[ToldCorrection, ...]


def own_firm(*, declarations: Declarations, actor: Actor, now: dt.datetime) -> OwnFirm | None:
    """What an owner finds first at his account; none for everybody else."""
    found = own_looks(declarations=declarations, actor=actor, now=now)
    if found is None:
        return None
    agents = names(actor=PUBLIC, codes={day.agent for day in found.own if day.agent})
    return OwnFirm(
        looks=tuple(_told(declarations, look) for look in found.lines),
        own=tuple(
            ToldDay(
                on=one.on,
                role=declarations.roles[one.role].label,
                times=one.times,
                by=one.by,
                agent=agents.get(one.agent) or one.agent,
            )
            for one in found.own
        ),
        total=found.total,
        corrections=tuple(
            ToldCorrection(found=one, looks=tuple(_told(declarations, look) for look in one.looks))
            for one in own_corrections(declarations=declarations, actor=actor, now=now)
        ),
    )


def _told(declarations: Declarations, look: OwnLook) -> ToldLook:
    body = declarations.agencies.get(look.body)
    role = declarations.roles.get(look.role)
    law = declarations.laws.get(look.delayed_by.partition(":")[0])
    return ToldLook(
        at=look.at,
        body=body.label if body else None,
        role=role.label if role else None,
        purpose=purpose_label(look.purpose) if look.purpose else None,
        denied=look.denied,
        what=BESIDE_THE_FILE.get(look.action),
        delayed_by=law.label if law else None,
        told_from=look.told_from,
        own=not look.body and role is not None and role.holder in INSIDE,
    )
