"""What the entity has to file now."""

from __future__ import annotations

from typing import Final

from yuexin.domains.hall.filing.queries import things
from yuexin.domains.hall.filing.types import Thing
from yuexin.engines.access.queries import acts_for
from yuexin.faces.counter.entering import Visit

OWED: Final = ("open", "late", "ordered")


def owed(visit: Visit) -> list[Thing]:
    """What is to be filed now, the oldest year first, for whoever may file it."""
    if not acts_for(actor=visit.actor, code=visit.code, right="file_reports"):
        return []
    found = things(
        declarations=visit.declarations, actor=visit.actor, code=visit.code,
        store=visit.home.deliveries, now=visit.now,
    )  # fmt: skip
    yearly = [one for filing, lines in found if filing.yearly for one in reversed(lines)]
    return [one for one in yearly if one.stand.standing in OWED]
