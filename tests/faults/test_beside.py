"""`serve --work`: a worker beside the portal does what is due, begins again and ends with it."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from tests.faults import files
from tests.faults.programs import Platform, until

from yuexin.home import processes

pytestmark = pytest.mark.fault


def test_the_worker_beside_the_portal_begins_again_and_ends_with_it(
    unserved: Platform, tmp_path: Path
) -> None:
    platform = unserved
    platform.start_server("--work")
    assert platform.server
    sent = files.large_register(tmp_path, seed=1, subjects=20)
    platform.console(*sent.words)
    until(lambda: _unsealed(platform) == 0, "the seal of the journal")
    (first,) = _workers(platform)
    os.kill(first, signal.SIGKILL)
    until(lambda: bool(set(_workers(platform)) - {first}), "another worker")
    platform.server.process.send_signal(signal.SIGTERM)
    assert platform.server.ended().status == 0
    platform.server = None
    assert platform.backends == []


def _unsealed(platform: Platform) -> int:
    ((count,),) = platform.rows("SELECT count(*) FROM journal_entry WHERE seal_id IS NULL")
    return int(count)


def _workers(platform: Platform) -> list[int]:
    """The children of the server that work."""
    assert platform.server
    pid = platform.server.process.pid
    children = Path(f"/proc/{pid}/task").glob("*/children")
    found = [int(child) for path in children for child in path.read_text().split()]
    return [child for child in found if processes.is_alive(child) and _works(child)]


def _works(pid: int) -> bool:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return b"work" in words
