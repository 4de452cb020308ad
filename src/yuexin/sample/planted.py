"""The penalties of the cast: facts that must never be shown, and facts on the edge of a term."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from yuexin.base.dates import add_months
from yuexin.sample.agencies import ENVIRONMENT, MARKET, agency_of
from yuexin.sample.cast import Part, Role
from yuexin.sample.offences import OFFENCES, Offence, offence_of, simple_offence
from yuexin.sample.penalties import Penalties
from yuexin.sample.publicity import decided_for_end
from yuexin.sample.schedule import Times, worked_day
from yuexin.sample.subjects import Subject
from yuexin.sample.told import Told

NTH: Final = 50
OWNERS_NTH: Final = 60
OWNERS_PART: Final = "repairable_penalty"
OWNERS_DAYS: Final = 150
_HIDDEN_STATUS: Final[dict[Part, str]] = {
    "repaired_penalty": "repaired", "annulled_penalty": "annulled", "sealed_penalty": "sealed",
}  # fmt: skip


def cast_penalties(subject: Subject, penalties: Penalties, times: Times) -> Iterator[Told]:
    """The penalties that a subject's part asks for, each with the strings it plants."""
    role = subject.role
    if role is None:
        return
    for told in _played(subject, role, penalties, times):
        hidden = told.public == "no"
        part = "beside_late" if "fine_without_amount" in told.faults else role.part
        yield replace(told, part=part, planted=_strings(told) if hidden else ())


def owners_penalty(subject: Subject, penalties: Penalties, times: Times) -> Iterator[Told]:
    """A penalty that has been public for longer than its shortest period and not for its longest,
    of the firm whose owner is in the cast: the one of which a licence ends soon."""
    if subject.role != Role("licence_ends_in_30_days", 0):
        return
    day = worked_day(times.before(OWNERS_DAYS), earliest=subject.established)
    general = offence_of(ENVIRONMENT, "general")
    yield replace(penalties.firm(subject, ENVIRONMENT, general, OWNERS_NTH, day), part=OWNERS_PART)


def _played(subject: Subject, role: Role, penalties: Penalties, times: Times) -> Iterator[Told]:
    agency = agency_of(subject)
    match role.part:
        case "minor_penalty":
            # The second stands beside the code of the shop the minor worked for.
            yield penalties.of_person(subject, NTH, age=16, code=subject.code if role.nth else "")
        case "namesake":
            yield penalties.of_person(subject, NTH, name=subject.person.name)
        case "warning_penalty":
            yield _firm(subject, penalties, _warning(agency), times.before(60 + role.nth))
        case "simple_procedure_penalty":
            yield _firm(subject, penalties, simple_offence(agency), times.before(60 + role.nth))
        case "repaired_penalty" | "annulled_penalty" | "sealed_penalty":
            status = _HIDDEN_STATUS[role.part]
            offence, day = offence_of(agency, "general"), times.before(90 + role.nth)
            yield penalties.firm(subject, agency, offence, NTH, day, status=status)
        case "expired_penalty":
            day = add_months(times.today, -37 - role.nth)
            yield _firm(subject, penalties, offence_of(agency, "general"), day)
        case "over_age_penalty":
            yield _over_age(subject, role, penalties, times)
        case _:
            yield from _edge(subject, role, penalties, times)


def _warning(agency: str) -> Offence:
    return next(one for one in OFFENCES[agency] if one.weight == "minor" and not one.simple)


def _firm(subject: Subject, penalties: Penalties, offence: Offence, day: dt.date) -> Told:
    return penalties.firm(subject, agency_of(subject), offence, NTH, day)


def _over_age(subject: Subject, role: Role, penalties: Penalties, times: Times) -> Told:
    if role.nth == 0:
        return penalties.old(subject, times.old_layout[1], NTH)
    return _firm(subject, penalties, offence_of(agency_of(subject), "serious"), times.over_age)


def _edge(subject: Subject, role: Role, penalties: Penalties, times: Times) -> Iterator[Told]:
    general = offence_of(MARKET, "general")
    match role.part:
        case "ends_tomorrow":
            yield penalties.firm(subject, MARKET, general, NTH, _ending(times, -1))
        case "ended_yesterday":
            yield penalties.firm(subject, MARKET, general, NTH, _ending(times, 1))
        case "decided_today":
            yield penalties.firm(subject, MARKET, general, NTH, times.today)
        case "late":
            yield from _late(subject, (MARKET, ENVIRONMENT)[role.nth], penalties, times)
        case "contradicted":
            told = penalties.firm(subject, MARKET, general, NTH, times.before(100))
            yield from penalties.contradicted(told)


def _late(subject: Subject, agency: str, penalties: Penalties, times: Times) -> Iterator[Told]:
    """A decision that comes too late, and next to it one that goes back."""
    told = penalties.firm(subject, agency, offence_of(agency, "general"), NTH, times.late)
    yield replace(told, ready_on=times.today)
    yield penalties.without_amount(subject, agency, NTH + 1, times.today)


def _ending(times: Times, days_ago: int) -> dt.date:
    end = times.before(days_ago)
    return decided_for_end(end=end, weight="general", today=times.today)


def _strings(told: Told) -> tuple[str, ...]:
    """What is told of this fact alone: its number, its exhibit and the person's own number."""
    exhibit = told.row["facts"].partition("物证编号")[2].removesuffix("。")
    own = (told.row["doc_no"], exhibit, told.row.get("party_id_no", ""))
    return tuple(string for string in own if string)
