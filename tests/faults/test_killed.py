"""Kill -9 of deliverer, worker, server and database during an intake, again and again."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import cycle
from pathlib import Path

import pytest
from tests.faults import files
from tests.faults.aftermath import (
    Delivered,
    assert_counted_once,
    assert_sound,
    deliver_again,
    deliveries_of,
    put_in_order,
    standing,
)
from tests.faults.files import Sent
from tests.faults.moments import ACKNOWLEDGED, FOLDING, MOMENTS, Moment, at_random, held
from tests.faults.programs import Platform, Program, Victim, served_platform
from tests.faults.visitor import visiting

pytestmark = pytest.mark.fault

SUBJECTS = 400
# Where nothing holds the intake at its moment, there is more of it to hit.
MANY_SUBJECTS = 3_000
LICENCES = 100
SHORT = (
    (Victim.DATABASE, "before public_row is written"),
    (Victim.WORKER, "before verdict is written"),
    (Victim.SERVER, "after it was acknowledged"),
    (Victim.DELIVERER, "as the file arrives"),
)
SOAK_ROUNDS = 16
RANDOM_ROUNDS = 8
ROUNDS_OF_A_PLATFORM = 6
LONGEST_INTAKE_SECONDS = 3.0


@dataclass(frozen=True, kw_only=True)
class Round:
    """What is killed when. The number is also the seed of what is delivered."""

    number: int
    victim: Victim
    when: str
    moment: Moment
    lot: bool = False  # the moment is a time, which is drawn

    @property
    def subjects(self) -> int:
        return MANY_SUBJECTS if self.when.startswith("while") or self.lot else SUBJECTS

    def __str__(self) -> str:
        return f"{self.number:02} {self.victim} {self.when}"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "round_" in metafunc.fixturenames:
        option = metafunc.config.getoption
        soak = option("--soak", default=False)
        rounds = list(_drawn(option("--seed")) if soak else _short())
        metafunc.parametrize("round_", rounds, ids=str)


def _short() -> Iterator[Round]:
    for number, (victim, when) in enumerate(SHORT, 1):
        yield Round(number=number, victim=victim, when=when, moment=MOMENTS[when])


def _drawn(seed: int) -> Iterator[Round]:
    """Every victim and every moment, paired by lot; then moments by lot alone."""
    lot = random.Random(seed)
    for number, (victim, when) in enumerate(_pairs(lot), 1):
        yield Round(number=number, victim=victim, when=when, moment=MOMENTS[when])
    victims = cycle(lot.sample(list(Victim), len(Victim)))
    for number in range(SOAK_ROUNDS + 1, SOAK_ROUNDS + RANDOM_ROUNDS + 1):
        seconds = round(lot.uniform(0, LONGEST_INTAKE_SECONDS), 3)
        moment = partial(at_random, seconds=seconds)
        when = f"{seconds} s after the start"
        yield Round(number=number, victim=next(victims), when=when, moment=moment, lot=True)


def _pairs(lot: random.Random) -> list[tuple[Victim, str]]:
    possible = [
        (victim, when)
        for victim in Victim
        for when in (ACKNOWLEDGED if victim is Victim.WORKER else MOMENTS)
    ]
    lot.shuffle(possible)
    # The pairs whose moment or victim was least often drawn come first.
    chosen: list[tuple[Victim, str]] = []
    while len(chosen) < SOAK_ROUNDS:
        known = [part for pair in chosen for part in pair]
        rarest = min(possible, key=lambda pair: known.count(pair[1]) * 10 + known.count(pair[0]))
        possible.remove(rarest)
        chosen.append(rarest)
    return chosen


@pytest.fixture(scope="module")
def platforms() -> Iterator[Callable[[int], Platform]]:
    """The served platform on which the accidents of this era happen one after another."""
    with ExitStack() as running:

        @lru_cache(maxsize=1)
        def platform_of(era: int) -> Platform:
            del era
            running.close()
            return running.enter_context(served_platform())

        yield platform_of


@pytest.fixture
def platform(platforms: Callable[[int], Platform], round_: Round) -> Platform:
    # A new one now and then: making everything again takes longer with every round.
    return platforms((round_.number - 1) // ROUNDS_OF_A_PLATFORM)


def test_nothing_is_lost_and_nothing_doubled(
    platform: Platform, round_: Round, tmp_path: Path, hits: list[str]
) -> None:
    seed, subjects = round_.number, round_.subjects
    licences = files.licences(tmp_path, rows=LICENCES, seed=seed, subjects=subjects)
    sent = files.large_register(tmp_path, seed=seed, subjects=subjects)
    platform.console(*licences.words)
    before = platform.shown()
    with visiting(platform) as visitor:
        acknowledged = _killed_during_intake(platform, round_, sent)
        hits.append(f"{round_}: {standing(acknowledged)}")
        put_in_order(platform, sent)
        after = before[0] + sent.new, before[1] + sent.new + licences.new
        visitor.waits_for(after)
    assert visitor.seen == [before, after]
    known = deliveries_of(platform, sent)
    assert [one.chain for one in known][: len(acknowledged)] == [a.chain for a in acknowledged]
    deliver_again(platform, sent)
    assert_counted_once(platform, sent)
    assert_sound(platform)
    assert platform.shown() == after


def _killed_during_intake(platform: Platform, round_: Round, sent: Sent) -> list[Delivered]:
    """What was acknowledged, and how far, when the kill came."""
    if round_.victim is Victim.WORKER:
        _abandoned(platform, sent)
    with round_.moment(platform, sent, _started_by(platform, round_.victim)) as program:
        acknowledged = deliveries_of(platform, sent)
        platform.kill(round_.victim, program)
    said = program.ended()
    # What outlives the kill ends by itself: well, when only the server was lost.
    assert round_.victim is not Victim.SERVER or said.status == 0, said
    return acknowledged


def _started_by(platform: Platform, victim: Victim) -> Callable[[Sent], Program]:
    if victim is Victim.WORKER:
        return lambda _: platform.start("work", "--once")
    return platform.delivers


def _abandoned(platform: Platform, sent: Sent) -> None:
    """Leave a delivery that was acknowledged, and whose deliverer was killed."""
    with held(platform, sent, platform.delivers, by=FOLDING) as deliverer:
        deliverer.kill()
