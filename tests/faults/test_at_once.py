"""Several intakes at once: in two processes, of two files or of one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.faults import files
from tests.faults.aftermath import (
    assert_counted_once,
    assert_sound,
    deliver_again,
    deliveries_of,
)
from tests.faults.moments import (
    FOLDING,
    HELD_BACK_BYTES,
    NUMBERING,
    held,
    incoming,
    running,
    slowly,
    waiting,
)
from tests.faults.programs import Platform, served_platform

from yuexin.engines.deliveries.store import ABANDONED_SECONDS

pytestmark = pytest.mark.fault

SUBJECTS = 600


@pytest.fixture(scope="module")
def platform() -> Iterator[Platform]:
    with served_platform() as platform:
        yield platform


def test_a_file_is_acknowledged_while_another_is_loading(
    platform: Platform, tmp_path: Path
) -> None:
    loading, late = (files.register(tmp_path, seed=n, subjects=SUBJECTS) for n in (1, 2))
    with held(platform, loading, platform.delivers, by="record") as first:
        second = platform.delivers(late)
        running(second, lambda: waiting(platform, FOLDING) == 1, "waiting for the first")
        assert [one.state for one in deliveries_of(platform, late)] == [""]
    receipts = [program.ended().json() for program in (first, second)]
    assert [receipt["state"] for receipt in receipts] == ["folded", "folded"]
    assert receipts[1]["batch_id"] == receipts[0]["batch_id"] + 1
    for sent in (loading, late):
        assert_counted_once(platform, sent)


@pytest.mark.parametrize(
    ("seed", "lock", "behind"),
    [(11, "delivery", NUMBERING), (12, FOLDING, FOLDING), (13, "receipt", FOLDING)],
    ids=["numbered", "to be folded", "folded"],
)
def test_the_same_file_twice_at_once_counts_once(
    platform: Platform, seed: int, lock: str, behind: str, tmp_path: Path
) -> None:
    sent = files.register(tmp_path, seed=seed, subjects=SUBJECTS)
    with held(platform, sent, platform.delivers, by=lock) as first:
        waiters = waiting(platform, behind)
        second = platform.delivers(sent)
        running(second, lambda: waiting(platform, behind) > waiters, "waiting, too")
    receipts = [program.ended().json() for program in (first, second)]
    assert sorted(receipt["rows_new"] for receipt in receipts) == [0, sent.new]
    assert sum(receipt["rows_unchanged"] for receipt in receipts) == sent.new
    assert_counted_once(platform, sent)


def test_the_worker_and_the_deliverer_do_not_both_fold(platform: Platform, tmp_path: Path) -> None:
    sent = files.register(tmp_path, seed=20, subjects=SUBJECTS)
    with held(platform, sent, platform.delivers, by=FOLDING) as deliverer:
        worker = platform.start("work", "--once")
        running(worker, lambda: waiting(platform, FOLDING) == 2, "waiting, too")
    assert deliverer.ended().json()["rows_new"] == sent.new
    assert worker.ended().status == 0
    assert_counted_once(platform, sent)


def test_the_doctor_takes_away_what_was_abandoned_and_not_what_arrives(
    platform: Platform, tmp_path: Path
) -> None:
    sent = files.large_register(tmp_path, seed=30, subjects=SUBJECTS)
    with slowly(platform, sent, platform.delivers) as (dead, _):
        dead.kill()
    (abandoned,) = incoming(platform)
    long_ago = abandoned.stat().st_mtime - 2 * ABANDONED_SECONDS
    os.utime(abandoned, (long_ago, long_ago))
    with slowly(platform, sent, platform.delivers) as (deliverer, line):
        assert platform.console("doctor", "--json").json()["abandoned_files_swept"] == 1
        (arriving,) = incoming(platform)
        assert arriving != abandoned
        line.send(sent.path.read_bytes()[-HELD_BACK_BYTES:], deliverer)
    assert deliverer.ended().json()["rows_new"] == sent.new
    assert incoming(platform) == []


def test_after_all_of_it_everything_is_sound(platform: Platform, tmp_path: Path) -> None:
    again = files.register(tmp_path, seed=1, subjects=SUBJECTS)
    deliver_again(platform, again)
    assert_sound(platform)


def test_the_first_commands_of_all_may_come_at_once(unserved: Platform) -> None:
    programs = [unserved.start("verify") for _ in range(3)]
    said = [program.ended() for program in programs]
    assert [one.status for one in said] == [0, 0, 0], said
