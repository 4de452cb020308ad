"""What goes on when the database is lost under it, and what ends so that it is started again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from tests.faults import files
from tests.faults.aftermath import assert_counted_once, deliver_again, deliveries_of
from tests.faults.moments import FOLDING, held, running
from tests.faults.programs import Platform, Program, Victim, served_platform, until
from tests.faults.visitor import visiting

pytestmark = pytest.mark.fault

SOON_SECONDS = 20.0


@pytest.fixture(scope="module")
def platform() -> Iterator[Platform]:
    """One for all of them; the last test kills its server."""
    with served_platform() as platform:
        yield platform


def test_the_server_gets_a_lost_database_back_when_nobody_else_does(platform: Platform) -> None:
    with visiting(platform) as visitor:
        platform.kill(Victim.DATABASE)
        visitor.is_answered(seconds=SOON_SECONDS)


def test_a_worker_that_loses_its_database_ends_and_is_started_again(
    platform: Platform, tmp_path: Path
) -> None:
    sent = files.register(tmp_path, seed=1, subjects=600)
    worker = platform.start("work")
    with held(platform, sent, platform.delivers, by=FOLDING) as deliverer:
        # It may be the worker that waits: it, too, wants to fold.
        running(deliverer, lambda: bool(deliveries_of(platform, sent)), "being acknowledged")
        deliverer.kill()
        platform.kill(Victim.DATABASE)
    assert worker.ended().status != 0
    again = platform.start("work")
    until(lambda: platform.console("doctor", "--json").json()["unsettled"] == [], "a receipt")
    again.process.terminate()
    assert again.ended().status == 143
    assert deliver_again(platform, sent)["rows_unchanged"] == sent.new
    assert_counted_once(platform, sent)


def test_a_killed_servers_workers_do_not_serve_on(platform: Platform) -> None:
    assert platform.server is not None
    platform.server.process.kill()
    platform.server.ended()
    until(lambda: not _is_group(platform.server), "the workers' end", seconds=SOON_SECONDS)


def _is_group(program: Program | None) -> bool:
    """Whether any process of the program's session lives."""
    assert program is not None
    with suppress(ProcessLookupError):
        os.killpg(program.process.pid, 0)
        return True
    return False
