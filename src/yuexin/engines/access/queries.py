"""Reads: what the journal holds, and whether its seals do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from yuexin.base.digest import GENESIS, sha256_hex
from yuexin.engines.access.decision import disclose, tells
from yuexin.engines.access.models import Entry, Seal
from yuexin.engines.access.operations import STREAMS, batch_digest

__all__ = ["JournalBreak", "breaks", "disclose", "tells", "unsealed"]


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
