"""The data folder: ours alone, and secrets that are made once."""

from __future__ import annotations

import multiprocessing
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from yuexin.base.errors import Refusal
from yuexin.home.folder import Home, write_durably

AS_ROOT = os.geteuid() == 0
NOBODY = 65534


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_environment_names_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YUEXIN_HOME", str(tmp_path / "here"))
    assert Home.from_environment().path == tmp_path / "here"


@pytest.mark.parametrize(
    ("data_home", "expected"), [("xdg", "xdg/yuexin"), ("", ".local/share/yuexin")]
)
def test_without_a_name_it_is_the_users_data_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data_home: str, expected: str
) -> None:
    monkeypatch.delenv("YUEXIN_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / data_home) if data_home else "relative")
    assert Home.from_environment().path == tmp_path / expected


def test_folder_and_subfolders_are_private_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        home = Home.at(path=tmp_path / "home")
    finally:
        os.umask(before)
    made = [home.path, home.deliveries, home.lake, home.run, home.logs, home.secrets]
    assert [mode(folder) for folder in made] == [0o700] * len(made)
    assert not home.database.exists()


def test_an_open_folder_of_ours_is_closed(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir(mode=0o755)
    assert mode(Home.at(path=tmp_path / "home").path) == 0o700


def test_a_secret_stays_the_same_and_is_private(tmp_path: Path) -> None:
    home = Home.at(path=tmp_path)
    first = home.secret("signing")
    assert len(first) == 32
    assert home.secret("signing") == first != home.secret("sessions")
    assert mode(home.secrets / "signing") == 0o600
    assert sorted(file.name for file in home.secrets.iterdir()) == ["sessions", "signing"]


def test_processes_that_ask_at_once_get_one_secret(tmp_path: Path) -> None:
    Home.at(path=tmp_path)
    with multiprocessing.get_context("fork").Pool(8) as pool:
        answers = pool.map(_ask_secret, [tmp_path] * 40, chunksize=1)
    assert len(set(answers)) == 1


def _ask_secret(path: Path) -> bytes:
    return Home.at(path=path).secret("signing")


@pytest.mark.parametrize("name", ["", "../x", ".hidden", "a/b", "A"])
def test_a_secrets_name_cannot_leave_its_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not a name"):
        Home.at(path=tmp_path).secret(name)


def test_a_damaged_or_exposed_secret_is_refused(tmp_path: Path) -> None:
    home = Home.at(path=tmp_path)
    home.secret("signing")
    (home.secrets / "signing").chmod(0o644)
    with pytest.raises(Refusal) as exposed:
        home.secret("signing")
    (home.secrets / "short").touch(0o600)
    with pytest.raises(Refusal) as short:
        home.secret("short")
    assert exposed.value.code == short.value.code == "home.secret-unsafe"


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(IsADirectoryError):
        write_durably(file=tmp_path / "folder", content=b"x")
    assert [entry.name for entry in tmp_path.iterdir()] == ["folder"]


@pytest.mark.skipif(not AS_ROOT, reason="only root can give a folder away")
def test_a_foreign_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    os.chown(tmp_path / "home", NOBODY, NOBODY)
    with pytest.raises(Refusal) as refused:
        Home.at(path=tmp_path / "home")
    assert refused.value.code == "home.foreign"


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Refusal) as below_a_file:
        Home.at(path=tmp_path / "file" / "home")
    assert below_a_file.value.code == "home.not-writable"
    with _unprivileged(tmp_path), pytest.raises(Refusal) as read_only:
        Home.at(path=tmp_path / "home")
    assert read_only.value.code == "home.not-writable"


@contextmanager
def _unprivileged(folder: Path) -> Iterator[None]:
    """A folder in which our (effective) user may not write."""
    folder.chmod(0o555)
    if AS_ROOT:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if AS_ROOT:
            os.seteuid(0)
        folder.chmod(0o755)
