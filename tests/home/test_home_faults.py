"""The embedded server under everything that can happen to it: the real one, really killed."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from yuexin.base.errors import Refusal
from yuexin.home.account import choose_account
from yuexin.home.cluster import running, status
from yuexin.home.locks import wait_until
from yuexin.home.server import Patience, Server

if TYPE_CHECKING:
    from tests.home.conftest import Lab

pytestmark = pytest.mark.fault

SOON = 20.0


@pytest.mark.parametrize("everything", [False, True], ids=["the postmaster", "every process"])
def test_a_killed_server_starts_again(lab: Lab, everything: bool) -> None:
    with running(lab.home) as url:
        lab.keep_seven(url)
        lab.kill(lab.servers if everything else [lab.postmaster])
        # Starting it again is for whoever comes next, also while we are still here.
        with running(lab.home) as again:
            assert lab.value(again, "SELECT n FROM kept") == 7
        assert lab.value(url, "SELECT n FROM kept") == 7
    assert lab.is_stopped


def test_killing_leaves_no_shared_memory_behind(lab: Lab) -> None:
    with running(lab.home):
        left = _shared_memory(lab.postmaster)
        lab.kill(lab.servers)
    assert left
    assert lab.works()
    segments = Path("/proc/sysvipc/shm").read_text().split()
    assert [name for name in left if name in segments or Path(name).exists()] == []


def _shared_memory(pid: int) -> set[str]:
    """The named shared memory of a process: files of /dev/shm, numbers of System V segments."""
    lines = [line.split() for line in Path(f"/proc/{pid}/maps").read_text().splitlines()]
    files = {line[5] for line in lines if line[5:] and line[5].startswith("/dev/shm/")}
    return files | {line[4] for line in lines if line[5:] and line[5].startswith("/SYSV")}


def test_a_killed_clients_server_is_adopted_and_then_stopped(lab: Lab) -> None:
    client = lab.client()
    pid = lab.postmaster
    client.kill()
    assert status(lab.home).answers
    assert not status(lab.home).in_use
    with running(lab.home) as url:
        assert lab.postmaster == pid
        assert lab.value(url, "SELECT 1") == 1
    assert lab.is_stopped


def test_client_and_server_killed_together_leave_a_database_that_starts(lab: Lab) -> None:
    client = lab.client()
    lab.kill(lab.servers)
    client.kill()
    assert lab.works()
    assert lab.is_stopped


def test_the_terminals_interrupt_reaches_the_client_only(lab: Lab) -> None:
    client = lab.client()
    os.killpg(client.process.pid, signal.SIGINT)
    assert client.says() == "interrupted"
    assert client.leave() == ["alive", "left"]
    assert lab.is_stopped


@pytest.mark.parametrize("stranger", ["a living process", "a zombie", "nothing"])
def test_a_stale_pid_file_does_not_prevent_the_start(lab: Lab, stranger: str) -> None:
    sleeper = subprocess.Popen(["/bin/sleep", "60"])
    if stranger == "a zombie":
        sleeper.kill()
        os.waitid(os.P_PID, sleeper.pid, os.WEXITED | os.WNOWAIT)
    content = "" if stranger == "nothing" else f"{sleeper.pid}\n{lab.home.database}\n"
    lab.socket.parent.mkdir(mode=0o700, exist_ok=True)
    lab.socket.touch()
    for file in (lab.home.database / "postmaster.pid", Path(f"{lab.socket}.lock")):
        file.write_text(content)
    assert lab.works()
    sleeper.kill()
    sleeper.wait()


def test_backends_that_outlive_the_postmaster_are_waited_for(lab: Lab) -> None:
    client = lab.client()
    orphan = _stuck_orphan(lab)
    client.kill()
    account = choose_account(lab.home)
    patience = Patience(orphans_seconds=0.3)
    impatient = Server(home=lab.home, account=account, tell=lambda _: None, patience=patience)
    with pytest.raises(Refusal) as refused:
        impatient.ensure(alone=lambda: True)
    assert refused.value.code == "database.orphans"
    assert str(orphan) in str(refused.value)
    threading.Timer(0.3, lab.kill, [[orphan], signal.SIGCONT]).start()
    assert lab.works()


def _stuck_orphan(lab: Lab) -> int:
    """Kill the postmaster while one of its children is stopped, and so cannot notice."""
    child = next(pid for pid in lab.servers if pid != lab.postmaster)
    master = lab.postmaster
    lab.kill([child], signal.SIGSTOP)
    lab.kill([master])
    assert wait_until(lambda: lab.servers == [child], seconds=SOON)
    return child


def test_a_lost_socket_is_replaced_when_nobody_else_needs_the_server(lab: Lab) -> None:
    client = lab.client()
    lab.socket.unlink()
    with pytest.raises(Refusal) as refused, running(lab.home):
        pass
    assert refused.value.code == "database.socket-lost"
    client.kill()
    assert lab.works()


def test_an_interrupted_creation_is_done_again(new_lab: Lab) -> None:
    home = new_lab.home
    abandoned = home.path / "database.new-00000000"
    (abandoned / "global").mkdir(parents=True)
    client = new_lab.starting_client()
    assert wait_until(lambda: any(home.path.glob("database.new-*/base/1")), seconds=SOON)
    client.kill()
    assert not home.database.exists()
    assert new_lab.works()
    assert not abandoned.exists()


def test_a_server_that_dies_at_the_start_is_explained_by_its_log(spare_lab: Lab) -> None:
    (spare_lab.home.database / "postgresql.auto.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(Refusal) as refused, running(spare_lab.home):
        pass
    assert refused.value.code == "database.died"
    assert "no_such_setting" in str(refused.value)
