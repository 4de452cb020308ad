"""A disk that fills up: what cannot be taken is refused, what was acknowledged waits for room."""

from __future__ import annotations

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
from tests.faults.disks import DISK, Disk, SmallDisk, disks
from tests.faults.files import Sent
from tests.faults.moments import FOLDING, HELD_BACK_BYTES, held, incoming, slowly
from tests.faults.programs import Platform, Program, Shown

pytestmark = pytest.mark.fault

WAYS = disks()
MB = 1 << 20
SUBJECTS = 400
# What is left when folding begins, and for how many subjects that does not suffice: so the database
# meets the end of its disk at various points. Small files must at least hold its log.
SMALL_DISK_MB = {5: 4_000, 10: 12_000, 20: 12_000, 32: 12_000, 45: 12_000}
SMALL_FILES_MB = {16: 12_000}


@pytest.fixture(scope="module", params=list(WAYS))
def served(request: pytest.FixtureRequest) -> Iterator[Disk]:
    """A served platform of this module, once for each way its disk can fill up."""
    with WAYS[request.param]() as disk:
        yield disk


@pytest.fixture
def disk(served: Disk) -> Iterator[Disk]:
    """That platform, with room on its disk again afterwards."""
    yield served
    served.is_freed()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "leaving" in metafunc.fixturenames:
        soak = metafunc.config.getoption("--soak", default=False)
        cases = [
            (way, leaving, subjects)
            for way in WAYS
            for leaving, subjects in (SMALL_DISK_MB if way == DISK else SMALL_FILES_MB).items()
        ]
        metafunc.parametrize(("way", "leaving", "subjects"), cases if soak else cases[:1])


def test_a_file_for_which_there_is_no_room_is_refused_and_not_kept(
    disk: Disk, tmp_path: Path
) -> None:
    platform = disk.platform
    sent = files.large_register(tmp_path, seed=1, subjects=SUBJECTS)
    with slowly(platform, sent, platform.delivers) as (deliverer, line):
        disk.runs_out(deliverer)
        line.send(sent.path.read_bytes()[-HELD_BACK_BYTES:], deliverer)
        line.hang_up()
        _assert_no_room(deliverer, "the file was not taken")
    _assert_not_kept(platform, sent)


# Only a file system of its own can be nearly full.
@pytest.mark.parametrize("served", [way for way in WAYS if way == DISK], indirect=True)
def test_a_file_that_would_leave_too_little_room_is_refused_and_not_kept(
    disk: Disk, tmp_path: Path
) -> None:
    assert isinstance(disk, SmallDisk)
    sent = files.register(tmp_path, seed=2, subjects=SUBJECTS)
    disk.fills_up(leaving=200 * MB)
    _assert_no_room(disk.platform.delivers(sent), "the file was not taken")
    _assert_not_kept(disk.platform, sent)


def test_what_was_acknowledged_waits_until_there_is_room(disk: Disk, tmp_path: Path) -> None:
    platform = disk.platform
    # A file in GB 18030 is read from a copy in UTF-8, for which there must be room.
    sent = files.register(tmp_path, seed=3, subjects=SUBJECTS, encoding="gb18030")
    before = platform.shown()
    with held(platform, sent, platform.delivers, by=FOLDING) as deliverer:
        disk.runs_out(deliverer)
    _assert_no_room(deliverer, "DISK_FULL")
    _assert_waits(platform, sent, before)
    disk.is_freed()
    _assert_folded_by_the_worker(platform, sent)


def test_a_database_without_room_takes_back_what_it_began(
    way: str, leaving: int, subjects: int, tmp_path: Path
) -> None:
    sent = files.register(tmp_path, seed=4, subjects=subjects)
    with WAYS[way]() as disk:
        platform = disk.platform
        with held(platform, sent, platform.delivers, by=FOLDING) as deliverer:
            disk.runs_out_for_the_database(leaving=leaving * MB)
        _assert_no_room(deliverer, "DISK_FULL")
        _assert_waits(platform, sent, (0, 0))
        disk.is_freed()
        _assert_folded_by_the_worker(platform, sent)
        assert_sound(platform)


def _assert_no_room(program: Program, sentence: str) -> None:
    said = program.ended()
    assert said.status == 2, said
    assert sentence in said.err
    assert "disk is full" in said.err
    assert "Traceback" not in said.err


def _assert_not_kept(platform: Platform, sent: Sent) -> None:
    """Neither in the folder nor in the database."""
    assert incoming(platform) == []
    assert list((platform.home / "deliveries").glob(f"*/{sent.sha256}")) == []
    assert deliveries_of(platform, sent) == []


def _assert_waits(platform: Platform, sent: Sent, shown: Shown) -> None:
    """Acknowledged, and nothing of it to be seen."""
    (delivered,) = deliveries_of(platform, sent)
    assert delivered.state == ""
    assert list((platform.home / "scratch").iterdir()) == []
    assert platform.shown() == shown


def _assert_folded_by_the_worker(platform: Platform, sent: Sent) -> None:
    platform.console("work", "--once")
    assert [one.state for one in deliveries_of(platform, sent)] == ["folded"]
    deliver_again(platform, sent)
    assert_counted_once(platform, sent)
