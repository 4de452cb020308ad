"""Decisions around the embedded server that need no server."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from yuexin.base.errors import Refusal
from yuexin.home import configuration, processes
from yuexin.home.configuration import Machine, settings_text, this_machine
from yuexin.home.locks import FileLock, is_held
from yuexin.home.sockets import PATH_LIMIT_BYTES, prepare_socket_directory, socket_directory


def test_a_large_machine_gets_the_full_settings_without_a_note() -> None:
    machine = Machine(memory_mb=16_000, shared_memory_mb=8_000)
    text = settings_text(machine=machine, sockets=Path("/s"), has_lz4=True)
    assert "shared_buffers = 2000MB" in text
    assert "temp_buffers = 250MB" in text
    assert "maintenance_work_mem = 512MB" in text
    assert "dynamic_shared_memory_type = posix" in text
    assert "wal_compression = lz4" in text
    assert "default_toast_compression = lz4" in text
    assert list(machine.notes()) == []


def test_a_small_container_gets_less_memory_and_is_told() -> None:
    machine = Machine(memory_mb=1_000, shared_memory_mb=64)
    text = settings_text(machine=machine, sockets=Path("/s"), has_lz4=False)
    assert "shared_buffers = 125MB" in text
    assert "temp_buffers = 15MB" in text
    assert "dynamic_shared_memory_type = mmap" in text
    assert "wal_compression = on" in text
    assert len(list(machine.notes())) == 2


def test_a_very_large_machine_is_not_filled() -> None:
    machine = Machine(memory_mb=512_000, shared_memory_mb=8_000)
    assert (machine.shared_buffers_mb, machine.temp_buffers_mb) == (4096, 256)


@pytest.mark.parametrize(
    ("groups", "files", "limit"),
    [
        ("0::/a.slice/b.service", {"a.slice/memory.max": "3", "memory.max": "max"}, 3),
        ("0::/a.slice/b.service", {"a.slice/b.service/memory.max": "2", "memory.max": "9"}, 2),
        ("0::/", {"memory.max": "7"}, 7),
        ("4:memory:/docker/x\n1:cpu:/y", {"memory/memory.limit_in_bytes": "5"}, 5),
        ("0::/a.slice", {}, None),
    ],
)
def test_the_least_limit_of_any_group_above_counts(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    groups: str,
    files: dict[str, str],
    limit: int | None,
) -> None:
    for name, text in {**files, "own": groups}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(configuration, "_CONTROL_GROUPS", tmp_path)
    monkeypatch.setattr(configuration, "_OWN_GROUPS", tmp_path / "own")
    assert configuration._container_limit_bytes() == limit


def test_this_machine_can_be_measured() -> None:
    assert this_machine().memory_mb > 0


@pytest.mark.parametrize(
    "name", ["x" * 90, "信" * 30, "a,b", "a b", "it's", "back\\slash", "a%20b"]
)
def test_a_path_that_cannot_serve_gives_a_short_directory(name: str) -> None:
    directory = socket_directory(Path("/var") / name)
    assert directory.parent == Path("/tmp")
    assert len(os.fsencode(directory / ".s.PGSQL.5432.lock")) <= PATH_LIMIT_BYTES
    assert directory == socket_directory(Path("/var") / name) != socket_directory(Path("/v") / name)


def test_an_ordinary_path_keeps_the_socket_in_the_home() -> None:
    assert socket_directory(Path("/var/lib/粤信/run")) == Path("/var/lib/粤信/run/pg")


def test_a_planted_socket_directory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "target").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "target")
    (tmp_path / "open").mkdir(mode=0o700)
    (tmp_path / "open").chmod(0o755)
    (tmp_path / "file").touch(0o600)
    for name in ("link", "open", "file"):
        with pytest.raises(Refusal) as refused:
            _prepare(tmp_path / name)
        assert refused.value.code == "database.socket-directory-unsafe"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_foreign_socket_directory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "foreign").mkdir(mode=0o700)
    os.chown(tmp_path / "foreign", 65534, 65534)
    with pytest.raises(Refusal):
        _prepare(tmp_path / "foreign")


def test_a_socket_directory_is_made_private_and_then_accepted(tmp_path: Path) -> None:
    _prepare(tmp_path / "new")
    _prepare(tmp_path / "new")
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700


def _prepare(directory: Path) -> None:
    prepare_socket_directory(directory=directory, uid=os.geteuid(), gid=os.getegid())


def test_a_lock_passes_to_a_forked_child_until_it_is_released(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / "lock")
    assert lock.take()
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(write_end)
        os.read(read_end, 1)
        os._exit(0)
    os.close(read_end)
    lock.close()
    assert is_held(tmp_path / "lock")
    os.close(write_end)
    os.waitpid(child, 0)
    assert not is_held(tmp_path / "lock")


def test_a_zombie_is_not_alive() -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
    assert not processes.is_alive(child)
    os.waitpid(child, 0)
    assert not processes.is_alive(child)
    assert processes.is_alive(os.getpid())


@pytest.mark.parametrize("content", ["", "x\n", "-12\n", "1\n"])
def test_a_pid_file_is_not_believed(tmp_path: Path, content: str) -> None:
    (tmp_path / "postmaster.pid").write_text(content)
    assert processes.postmaster(tmp_path) is None
