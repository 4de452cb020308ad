"""Which declared commitment a record is of, by whom it was made."""

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
