"""What every test may ask for: a clock that stands, and, lazily, a home, a database and an intake.

Django is set up once, pointed nowhere: a test that reads the database without asking for it fails.
Nothing here starts a server unless a test asks for `database`.
"""

from __future__ import annotations

import atexit
import datetime as dt
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django
import hypothesis
import pytest


def _folder() -> Path:
    """A short path, for sockets, that a server of another user may pass through."""
    folder = Path(tempfile.mkdtemp(prefix="yx", dir="/tmp"))
    folder.chmod(0o711)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


# Before any import of the settings, and whatever `make` exports: never the operator's own folder.
os.environ["YUEXIN_HOME"] = str(_folder() / "home")
os.environ["DJANGO_SETTINGS_MODULE"] = "yuexin.settings"
django.setup()

from django.test import Client  # noqa: E402
from tests import database as databases  # noqa: E402
from tests.intake import Intake  # noqa: E402
from tests.state import undone as taken_back  # noqa: E402

from yuexin.engines.declare.queries import current  # noqa: E402
from yuexin.home.folder import Home  # noqa: E402

databases.point(databases.NOWHERE)
# The same examples in every run: what fails here fails for everybody.
hypothesis.settings.register_profile("yuexin", deadline=None, derandomize=True)
# `--hypothesis-profile=soak`: other examples in every run, and many more (tests/laws/events.py).
hypothesis.settings.register_profile("soak", deadline=None, derandomize=False, print_blob=True)
hypothesis.settings.load_profile("yuexin")

NOW = dt.datetime(2026, 11, 24, 3, 0, tzinfo=dt.UTC)


@pytest.fixture(scope="session")
def now() -> dt.datetime:
    """The moment at which the tests stand: a Tuesday, 11 in the morning in Guangzhou."""
    return NOW


@pytest.fixture(scope="session")
def cluster() -> Iterator[databases.Cluster]:
    """The one server of this run (of this worker, under xdist)."""
    with databases.cluster(Home.at(path=_folder() / "home")) as started:
        yield started


@pytest.fixture(scope="module")
def home() -> Iterator[Home]:
    """A data folder of this module, which YUEXIN_HOME names meanwhile."""
    folder = _folder()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("YUEXIN_HOME", str(folder / "home"))
        yield Home.at(path=folder / "home")
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def database(cluster: databases.Cluster) -> Iterator[str]:
    """A fresh database for this module, by its URL."""
    with cluster.copy() as url:
        yield url


@pytest.fixture
def own_database(cluster: databases.Cluster) -> Iterator[str]:
    """A fresh database for one test."""
    with cluster.copy() as url:
        yield url


@pytest.fixture
def undone(database: str) -> Iterator[None]:
    """Whatever the test writes to its module's database is taken back."""
    del database
    with taken_back():
        yield


@pytest.fixture
def client(database: str) -> Client:
    """A visitor."""
    del database
    return Client(SERVER_NAME="localhost")


@pytest.fixture
def deliver(home: Home, tmp_path: Path) -> Intake:
    """Deliver rows or files through the real intake; ask for a database beside it."""
    return Intake(home=home, folder=tmp_path, declarations=current(), now=NOW)
