"""Drawing lots so that anyone can draw them again.

Whoever draws first publishes the SHA-256 of a secret seed. Once the population stands, each of
its members is given the HMAC-SHA256 of itself under a key made of the seed and of the digest of
the population, and those with the smallest are drawn. So nobody can choose a seed for a
population, nor a population for a seed that he does not know; the order of a list changes nothing.

In words, for any other program: `population` is the members, sorted and joined by line feeds;
`key = SHA256("yuexin-draw/1\\n" + seed + "\\n" + hex(SHA256(population)))` with the seed as 64
hexadecimal digits; the mark of a member is `HMAC-SHA256(key, member)`.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from hashlib import sha256

from yuexin.base.digest import sha256_hex

_SCHEME = "yuexin-draw/1"


def seed_digest(*, seed: str) -> str:
    """What is published of a seed before the draw."""
    return sha256_hex(seed.encode("ascii"))


def population_digest(*, members: Iterable[str]) -> str:
    """The digest of a population, whatever its order."""
    return sha256_hex(packed_members(members))


def packed_members(members: Iterable[str]) -> bytes:
    """The members, sorted, each once, joined by line feeds."""
    return "\n".join(sorted(set(members))).encode("utf-8")


def share_of(*, count: int, permille: int) -> int:
    """How many of `count` are drawn: at least so many in a thousand, rounded up."""
    return -(-count * permille // 1000)


def drawn(*, members: Iterable[str], seed: str, count: int) -> tuple[str, ...]:
    """Those drawn, in the order in which they were."""
    known = sorted(set(members))
    said = f"{_SCHEME}\n{seed}\n{population_digest(members=known)}"
    key = sha256(said.encode("ascii")).digest()
    marks = [(hmac.digest(key, one.encode("utf-8"), "sha256"), one) for one in known]
    return tuple(one for _, one in sorted(marks)[:count])
