"""Reads: who may see what, as whom one acts, and whether the journal's seals hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from yuexin.base.digest import GENESIS, sha256_hex
from yuexin.engines.access.decision import (
    acted_subject,
    acts_for,
    agencies_acted_for,
    checks_in,
    confirms_for,
    counts_handling_of,
    delegates_for,
    deliveries_scope,
    disclose,
    finds_by_person,
    handles_for,
    is_partial,
    offices_of,
    own_subject,
    parties_in,
    refuses_for,
    rooms_of,
    scenes_of,
    signs,
    tells,
    told_of_list,
)
from yuexin.engines.access.delaying import Delay, delay_of_look, delays_of, waits
from yuexin.engines.access.delegating import (
    Deed,
    Delegate,
    delegates_of,
    delegation_faults,
    ended_delegations,
    require_delegates,
)
from yuexin.engines.access.granting import actor_of, grants_of
from yuexin.engines.access.identities import identity_of
from yuexin.engines.access.journal import STREAMS, batch_digest
from yuexin.engines.access.keys import Admitted, actor_of_key, admitted, alarms_of, framing_of
from yuexin.engines.access.looking import (
    JournalFilter,
    JournalLine,
    JournalPage,
    OwnLook,
    OwnLooks,
    journal,
    names_of,
    own_looks,
    require_acted_subject,
    require_impartial,
    require_own_subject,
    require_right,
    require_room,
)
from yuexin.engines.access.models import Entry, Seal
from yuexin.engines.access.phones import account_by_phone, phone_of
from yuexin.engines.access.reaching import Reached, reached_of
from yuexin.engines.access.refusals import WHY
from yuexin.engines.access.representing import (
    actors_for,
    answered_for,
    owners_of,
    represented,
)
from yuexin.engines.access.sealing import person_marks
from yuexin.engines.access.standing import lapsed_of

__all__ = [
    "WHY", "Admitted", "Deed", "Delay", "Delegate", "JournalBreak", "JournalFilter", "JournalLine",
    "JournalPage", "OwnLook", "OwnLooks", "Reached", "account_by_phone", "acted_subject",
    "actor_of", "actor_of_key", "actors_for", "acts_for", "admitted", "agencies_acted_for",
    "alarms_of", "answered_for", "breaks", "checks_in", "confirms_for", "counts_handling_of",
    "delay_of_look", "delays_of", "delegates_for", "delegates_of", "delegation_faults",
    "deliveries_scope", "disclose", "ended_delegations", "finds_by_person", "framing_of",
    "grants_of", "handles_for", "identity_of", "is_partial", "journal", "lapsed_of", "names_of",
    "offices_of", "own_looks", "own_subject", "owners_of", "parties_in", "person_marks",
    "phone_of", "reached_of", "refuses_for", "represented", "require_acted_subject",
    "require_delegates", "require_impartial", "require_own_subject", "require_right",
    "require_room", "rooms_of", "scenes_of", "signs", "tells", "told_of_list", "unsealed", "waits",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class JournalBreak:
    stream: str
    number: int
    problem: str


def unsealed() -> int:
    return Entry.objects.filter(seal=None).count()


def breaks() -> Iterator[JournalBreak]:
    """Every seal whose batch or chain does not hold."""
    for stream in STREAMS:
        previous = GENESIS
        for expected, seal in enumerate(_seals(stream), start=1):
            entries = list(Entry.objects.filter(seal=seal).order_by("id"))
            chain = sha256_hex(f"{previous}\n{seal.digest}".encode())
            if seal.number != expected:
                yield JournalBreak(stream=stream, number=seal.number, problem="a seal is missing")
            if len(entries) != seal.entries or batch_digest(entries) != seal.digest:
                yield JournalBreak(stream=stream, number=seal.number, problem="entries changed")
            if seal.previous != previous or seal.chain != chain:
                yield JournalBreak(stream=stream, number=seal.number, problem="the chain broke")
            previous = seal.chain


def _seals(stream: str) -> Iterator[Seal]:
    yield from Seal.objects.filter(stream=stream).order_by("number").iterator()
