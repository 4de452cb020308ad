"""Which declared commitment a record is of, and which bodies accept one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from yuexin.engines.declare.types import Commitment, CommitmentVersion, Declarations


@dataclass(frozen=True, kw_only=True)
class Promised:
    """A commitment that was made on a day, and the text that was in force then."""

    commitment: Commitment
    version: CommitmentVersion
    on: dt.date


def promised_by(*, declarations: Declarations, body: Mapping[str, object]) -> Promised | None:
    """What the body of a record promises; none where it is no commitment of a type and day that are
    declared."""
    how = declarations.promising
    if how is None:
        return None
    made = declarations.kinds[declarations.resources[how.resource].kind].event_date
    day = body.get(made)
    if not isinstance(day, str) or not day:
        return None
    on = dt.date.fromisoformat(day)
    for one in declarations.commitments.values():
        version = one.version_on(on)
        if one.type == body.get(how.type) and version is not None:
            return Promised(commitment=one, version=version, on=on)
    return None


def accepting(*, declarations: Declarations, commitment: Commitment) -> frozenset[str]:
    """The bodies that may accept a commitment, whose so ever."""
    how = declarations.promising
    providers = declarations.resources[how.resource].providers if how else ()
    below = (one for one in providers if _is_below(declarations, one, commitment.accepted_by))
    registers = {kind.id for kind in declarations.kinds.values() if kind.names}
    told = (one for one in declarations.resources.values() if one.kind in registers)
    others = {
        "named": frozenset[str](),
        "city": frozenset(below),
        "register": frozenset(body for one in told for body in one.providers) & set(providers),
    }
    return others[commitment.office] | {commitment.accepted_by}


def accepted_by(
    *, declarations: Declarations, commitment: Commitment, city: str, register: str
) -> str:
    """The body that accepts a commitment of an entity of this city, which this body registered."""
    among = accepting(declarations=declarations, commitment=commitment)
    if commitment.office == "register" and register in among:
        return register
    if commitment.office == "city":
        here = [one for one in sorted(among) if declarations.agencies[one].division == city]
        return here[0] if here else commitment.accepted_by
    return commitment.accepted_by


def _is_below(declarations: Declarations, agency: str, above: str) -> bool:
    return agency in declarations.agencies and declarations.agencies[agency].parent == above
