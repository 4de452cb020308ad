"""Lots are drawn alike by everybody, and by nobody's choice."""

from __future__ import annotations

import hashlib
import hmac
import random

from hypothesis import given
from hypothesis import strategies as st

from yuexin.base.lots import drawn, packed_members, population_digest, seed_digest, share_of

MEMBERS = st.sets(st.text("0123456789ABCDEFGH", min_size=1, max_size=6), max_size=60)
SEEDS = st.binary(min_size=32, max_size=32).map(bytes.hex)


@given(members=MEMBERS, seed=SEEDS, count=st.integers(0, 70))
def test_the_draw_depends_on_members_and_seed_alone(
    members: set[str], seed: str, count: int
) -> None:
    shuffled = list(members) * 2
    random.Random(seed).shuffle(shuffled)
    found = drawn(members=shuffled, seed=seed, count=count)
    assert found == drawn(members=members, seed=seed, count=count)
    assert set(found) <= members
    assert len(found) == min(count, len(members))
    assert drawn(members=members, seed=seed, count=count + 1)[:count] == found


@given(count=st.integers(0, 10**7), permille=st.integers(1, 1000))
def test_a_share_is_never_less_than_was_declared(count: int, permille: int) -> None:
    found = share_of(count=count, permille=permille)
    assert found * 1000 >= count * permille
    assert (found - 1) * 1000 < count * permille or count == 0


def test_another_program_draws_the_same() -> None:
    """The documented words, written down once more by hand."""
    members, seed = [f"M{n:03}" for n in range(200)], "ab" * 32
    packed = "\n".join(members).encode()
    said = "yuexin-draw/1\n" + seed + "\n" + hashlib.sha256(packed).hexdigest()
    key = hashlib.sha256(said.encode()).digest()
    marks = {m: hmac.new(key, m.encode(), hashlib.sha256).hexdigest() for m in members}
    assert drawn(members=members, seed=seed, count=6) == tuple(sorted(members, key=marks.get)[:6])  # type: ignore[arg-type]
    assert seed_digest(seed=seed) == hashlib.sha256(seed.encode()).hexdigest()
    assert packed_members(reversed(members)) == packed


def test_every_member_is_drawn_about_equally_often() -> None:
    members = [f"M{n}" for n in range(20)]
    times = dict.fromkeys(members, 0)
    for n in range(2000):
        for one in drawn(members=members, seed=f"{n:064x}", count=5):
            times[one] += 1
    # 500 each are expected, with a deviation of about 19.
    assert min(times.values()) > 400
    assert max(times.values()) < 600


def test_a_changed_population_draws_anew() -> None:
    members = [f"M{n}" for n in range(1000)]
    first = set(drawn(members=members, seed="00" * 32, count=30))
    second = set(drawn(members=[*members, "M-added"], seed="00" * 32, count=30))
    assert len(first & second) < 15
    assert population_digest(members=members) != population_digest(members=[*members, "x"])
