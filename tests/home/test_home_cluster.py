"""The embedded server in ordinary times: made, started, shared, stopped, and as whom it runs."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.home import processes
from yuexin.home.account import choose_account
from yuexin.home.cluster import database_url, running, status, stop
from yuexin.home.folder import Home
from yuexin.home.sockets import socket_directory

if TYPE_CHECKING:
    from tests.home.conftest import Lab

AS_ROOT = os.geteuid() == 0
NOBODY = 65534
SOON = 20.0


def test_a_new_home_gets_a_database_that_starts_and_stops_again_and_again(new_lab: Lab) -> None:
    said: list[Text] = []
    with running(new_lab.home, said.append) as url:
        assert url == database_url(new_lab.home)
        new_lab.keep_seven(url)
    assert [note.zh for note in said][-2:] == ["正在建立数据库。", "正在启动数据库。"]
    assert new_lab.is_stopped
    with running(new_lab.home) as url:
        assert new_lab.value(url, "SELECT n FROM kept") == 7
    assert new_lab.is_stopped
    assert not (new_lab.home.database / "postmaster.pid").exists()


def test_the_server_runs_with_our_settings(lab: Lab) -> None:
    expected = {
        "server_encoding": "UTF8",
        "data_checksums": "on",
        "listen_addresses": "",
        "fsync": "on",
        "synchronous_commit": "on",
        "jit": "off",
        "max_wal_size": "4GB",
        "TimeZone": "UTC",
    }
    with running(lab.home) as url:
        found = {name: lab.value(url, f"SELECT current_setting('{name}')") for name in expected}
        character_type = lab.value(url, "SELECT datctype FROM pg_database WHERE datname = 'yuexin'")
        assert lab.value(url, "SELECT upper('é') || length('粤信')") == "É2"
    assert found == expected
    assert character_type == "C.UTF-8"


def test_a_configured_server_is_used_and_nothing_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YUEXIN_DATABASE_URL", "postgresql://db.example/yuexin")
    home = Home.at(path=tmp_path)
    with running(home) as url:
        assert url == database_url(home) == "postgresql://db.example/yuexin"
    assert not home.database.exists()


def test_the_first_of_two_may_leave_first(lab: Lab) -> None:
    first, second = lab.client(), lab.client()
    assert first.leave() == ["alive", "left"]
    assert status(lab.home).in_use
    assert second.leave() == ["alive", "left"]
    assert lab.is_stopped


def test_nested_use_in_one_process_stops_the_server_once(lab: Lab) -> None:
    with running(lab.home) as outer:
        with running(lab.home) as inner:
            assert inner == outer
        assert lab.value(outer, "SELECT 1") == 1
    assert lab.is_stopped


def test_many_that_come_and_go_never_lose_the_server(lab: Lab) -> None:
    with multiprocessing.get_context("fork").Pool(6) as pool:
        urls = pool.map(_come_and_go, [lab.home] * 24, chunksize=1)
    assert set(urls) == {database_url(lab.home)}
    assert lab.is_stopped


def _come_and_go(home: Home) -> str:
    with running(home) as url:
        assert status(home).answers
        return url


def test_a_forked_worker_that_ends_does_not_stop_its_parents_server(lab: Lab) -> None:
    try:
        with running(lab.home) as url:
            worker = os.fork()
            if worker == 0:
                raise _WorkerEndsError
            _, code = os.waitpid(worker, 0)
            assert lab.value(url, "SELECT 1") == 1
    except _WorkerEndsError:
        os._exit(7)
    assert os.waitstatus_to_exitcode(code) == 7
    assert lab.is_stopped


class _WorkerEndsError(Exception):
    """Takes a forked worker out of its parent's body, through every `finally`."""


def test_the_operator_stops_an_unused_server_but_not_a_used_one(lab: Lab) -> None:
    client = lab.client()
    with pytest.raises(Refusal) as refused:
        stop(lab.home)
    assert refused.value.code == "database.in-use"
    client.kill()
    stop(lab.home)
    assert lab.is_stopped


def test_an_operator_may_type_queries_and_hold_the_server(lab: Lab) -> None:
    environment = {**os.environ, "YUEXIN_HOME": str(lab.home.path)}
    command = [sys.executable, "-m", "yuexin.home"]
    holder = subprocess.Popen(
        [*command, "start"], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline().strip() == database_url(lab.home)
    typed = subprocess.check_output([*command, "psql", "-Atc", "SELECT 40 + 2"], env=environment)
    assert typed == b"42\n"
    shown = json.loads(subprocess.check_output([*command, "status"], env=environment))
    assert shown == {**asdict(status(lab.home)), "in_use": True}
    holder.terminate()
    holder.communicate(timeout=SOON)
    assert holder.returncode == 0
    assert lab.is_stopped


def test_a_long_path_is_served_through_a_short_directory(spare_lab: Lab) -> None:
    home = Home.at(path=spare_lab.home.path.parent / "很长的路径" / ("x" * 100))
    shutil.move(spare_lab.home.database, home.database)
    short = socket_directory(home.run)
    with running(home) as url:
        assert spare_lab.value(url, "SELECT 1") == 1
        assert short.stat().st_mode & 0o777 == 0o700
    assert not short.exists()


def test_another_major_version_is_refused(spare_lab: Lab) -> None:
    (spare_lab.home.database / "PG_VERSION").write_text("14\n")
    with pytest.raises(Refusal) as refused, running(spare_lab.home):
        pass
    assert refused.value.code == "database.other-version"
    assert "pg_dumpall" in refused.value.sentence("en")


def test_a_folder_that_holds_something_else_is_refused(new_lab: Lab) -> None:
    new_lab.home.database.mkdir()
    (new_lab.home.database / "letter.txt").touch()
    with pytest.raises(Refusal) as refused, running(new_lab.home):
        pass
    assert refused.value.code == "database.folder-foreign"


@pytest.fixture
def theirs(new_lab: Lab) -> Path:
    """A folder that belongs to an ordinary user."""
    folder = new_lab.home.path.parent / "theirs"
    folder.mkdir()
    os.chown(folder, NOBODY, NOBODY)
    return folder


@pytest.mark.skipif(not AS_ROOT, reason="only root can become another user")
def test_an_ordinary_user_runs_it_directly(theirs: Path) -> None:
    # A fork, since the interpreter itself may lie where that user cannot reach it.
    child = multiprocessing.get_context("fork").Process(target=_as_nobody, args=[theirs / "home"])
    child.start()
    child.join(SOON)
    assert child.exitcode == 0
    assert (theirs / "home" / "database").stat().st_uid == NOBODY


def _as_nobody(path: Path) -> None:
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    home = Home.at(path=path)
    assert choose_account(home).prefix == ()
    with running(home):
        assert status(home).answers
    assert not processes.servers(home.database)


@pytest.mark.skipif(not AS_ROOT, reason="only root gives way to another user")
def test_root_runs_it_as_the_user_who_owns_the_database(new_lab: Lab) -> None:
    new_lab.home.database.mkdir(mode=0o700)
    os.chown(new_lab.home.database, NOBODY, NOBODY)
    with running(new_lab.home) as url:
        assert new_lab.value(url, "SELECT 1") == 1
        assert Path(f"/proc/{new_lab.postmaster}").stat().st_uid == NOBODY
    assert new_lab.works()
    assert new_lab.is_stopped


@pytest.mark.skipif(not AS_ROOT, reason="only root can give a folder away")
def test_a_database_its_owner_cannot_reach_is_refused(new_lab: Lab) -> None:
    new_lab.home.path.parent.chmod(0o700)
    new_lab.home.database.mkdir(mode=0o700)
    os.chown(new_lab.home.database, NOBODY, NOBODY)
    with pytest.raises(Refusal) as refused, running(new_lab.home):
        pass
    assert refused.value.code == "database.root"
