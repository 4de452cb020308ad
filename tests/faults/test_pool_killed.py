"""Kill -9 while the worker folds records into the pool: the pool is what its manifest names."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import polars as pl
import pytest
from tests.faults import files
from tests.faults.aftermath import assert_counted_once, assert_sound
from tests.faults.files import Sent
from tests.faults.moments import Moment, Start, at_random, held, running
from tests.faults.programs import Platform, Program, Victim, served_platform

from yuexin.engines.lake.operations import BUCKETS, THRESHOLD_ROWS

pytestmark = pytest.mark.fault

RANDOM_ROUNDS = 3
LONGEST_WORK_SECONDS = 3.0


@dataclass(frozen=True, kw_only=True)
class Pooled:
    """A platform with records enough for the pool, and the file they came in."""

    platform: Platform
    sent: Sent

    def named(self) -> dict[str, int]:
        """The files that the manifest names, and how many records each holds."""
        return dict(self.platform.rows("SELECT path, rows FROM pool_file"))

    def on_disk(self) -> set[str]:
        lake = self.platform.home / "lake"
        return {path.relative_to(lake).as_posix() for path in lake.rglob("*.parquet*")}

    def forget(self) -> None:
        """The pool is derived: forgotten, it is due again."""
        self.platform.rows("DELETE FROM pool_file RETURNING path")


@pytest.fixture(scope="module")
def pooled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pooled]:
    """Records enough for the pool, none of them in it."""
    with served_platform() as platform:
        folder = tmp_path_factory.mktemp("pooled")
        sent = files.register(folder, seed=1, subjects=THRESHOLD_ROWS)
        platform.console(*sent.words)
        yield Pooled(platform=platform, sent=sent)


@contextmanager
def half_written(platform: Platform, sent: Sent, start: Start) -> Iterator[Program]:
    """Files of some buckets are written, of others not."""
    program = start(sent)
    lake = platform.home / "lake"
    running(program, lambda: len(list(lake.rglob("*.parquet"))) > BUCKETS // 4, "a pool")
    yield program


MOMENTS: dict[str, Moment] = {
    "before the manifest names a file": partial(held, by="pool_file"),
    "as its files are written": half_written,
}
CASES = [(victim, when) for victim in (Victim.WORKER, Victim.DATABASE) for when in MOMENTS]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "moment" not in metafunc.fixturenames:
        return
    option = metafunc.config.getoption
    soak = option("--soak", default=False)
    cases = [(victim, when, MOMENTS[when]) for victim, when in (CASES if soak else CASES[:1])]
    cases += _at_random(option("--seed")) if soak else []
    ids = [f"{victim} {when}" for victim, when, _ in cases]
    metafunc.parametrize(("victim", "when", "moment"), cases, ids=ids)


def _at_random(seed: int) -> list[tuple[Victim, str, Moment]]:
    lot = random.Random(seed)
    drawn = [round(lot.uniform(0, LONGEST_WORK_SECONDS), 3) for _ in range(RANDOM_ROUNDS)]
    return [
        (Victim.EVERYTHING, f"{seconds} s after the start", partial(at_random, seconds=seconds))
        for seconds in drawn
    ]


def test_the_pool_is_written_whole_or_not_at_all(
    pooled: Pooled, victim: Victim, when: str, moment: Moment, hits: list[str]
) -> None:
    platform = pooled.platform
    with moment(platform, pooled.sent, lambda _: platform.start("work", "--once")) as worker:
        platform.kill(victim, worker)
    worker.ended()
    if platform.server is None:
        platform.start_server()
    assert platform.console("verify", "--json").json()["problems"] == []
    hits.append(f"pool {victim} {when}: {len(pooled.named())} of {BUCKETS} files named")
    assert len(pooled.named()) in (0, BUCKETS)
    platform.console("work", "--once")
    assert sum(pooled.named().values()) == pooled.sent.new
    assert pooled.on_disk() == set(pooled.named())
    assert _distinct_records(pooled) == pooled.sent.new
    pooled.forget()


def test_after_all_of_it_everything_is_sound(pooled: Pooled) -> None:
    assert_counted_once(pooled.platform, pooled.sent)
    assert_sound(pooled.platform)


def _distinct_records(pooled: Pooled) -> int:
    paths = [pooled.platform.home / "lake" / path for path in pooled.named()]
    records = pl.scan_parquet(paths).select(pl.col("record").n_unique()).collect()
    return int(records.item())
