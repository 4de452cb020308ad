"""SIGTERM and Ctrl-C in the middle of an intake: it ends at once and tidies up behind itself."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest
from tests.faults import files
from tests.faults.aftermath import (
    assert_counted_once,
    assert_sound,
    deliver_again,
    deliveries_of,
    put_in_order,
)
from tests.faults.files import Sent
from tests.faults.moments import MOMENTS, incoming, slowly
from tests.faults.programs import Platform, Program, served_platform

pytestmark = pytest.mark.fault

SUBJECTS = 600
STATUS = {signal.SIGTERM: 143, signal.SIGINT: 1}
ARRIVING = "as the file arrives"
CASES = [
    (signal.SIGTERM, ARRIVING),
    (signal.SIGINT, "before verdict is written"),
    (signal.SIGTERM, "while records are written"),
]


@pytest.fixture(scope="module")
def platform() -> Iterator[Platform]:
    with served_platform() as platform:
        yield platform


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "when" in metafunc.fixturenames:
        soak = metafunc.config.getoption("--soak", default=False)
        # Either signal, in turn, at every moment that the cases leave out.
        others = [when for when in MOMENTS if when not in {known for _, known in CASES}]
        cases = [*CASES, *zip(cycle(STATUS), others, strict=False)] if soak else CASES
        numbered = [(seed, *case) for seed, case in enumerate(cases, 1)]
        metafunc.parametrize(("seed", "number", "when"), numbered)


def test_an_interrupted_intake_leaves_nothing_half_done(
    platform: Platform, seed: int, number: signal.Signals, when: str, tmp_path: Path
) -> None:
    sent = files.large_register(tmp_path, seed=seed, subjects=SUBJECTS)
    with MOMENTS[when](platform, sent, platform.delivers) as deliverer:
        acknowledged = _chained(platform, sent)
        deliverer.process.send_signal(number)
        _assert_left(deliverer, number)
    assert _litter(platform) == []
    assert _chained(platform, sent)[: len(acknowledged)] == acknowledged
    put_in_order(platform, sent)
    deliver_again(platform, sent)
    assert_counted_once(platform, sent)


def test_after_every_interruption_everything_is_sound(platform: Platform) -> None:
    assert_sound(platform)


@pytest.mark.parametrize("number", STATUS)
def test_the_database_stops_with_the_interrupted_one_that_alone_used_it(
    unserved: Platform, number: signal.Signals, tmp_path: Path
) -> None:
    sent = files.large_register(tmp_path, seed=1, subjects=SUBJECTS)
    with slowly(unserved, sent, unserved.delivers) as (deliverer, line):
        assert unserved.backends
        deliverer.process.send_signal(number)
        # Ctrl-C reaches the sender, too. Where none does, the signal waits for the read: Polars
        # has reads begun again after SIGINT.
        line.hang_up()
        _assert_left(deliverer, number)
    assert unserved.backends == []
    assert _litter(unserved) == []


def _assert_left(program: Program, number: signal.Signals) -> None:
    """The program ends by itself, and in order."""
    said = program.ended()
    assert said.status == STATUS[number], said
    assert "Traceback" not in said.err


def _chained(platform: Platform, sent: Sent) -> list[tuple[int, str]]:
    """What was acknowledged, whether or not the signal came too late to stop its folding."""
    return [(found.number, found.chain) for found in deliveries_of(platform, sent)]


def _litter(platform: Platform) -> list[Path]:
    """What an intake puts aside for itself only."""
    return [*incoming(platform), *(platform.home / "scratch").iterdir()]
