"""One served province for every story that only reads, and an empty platform to deliver to."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from tests.database import pointed
from tests.intake import Row
from tests.sample.reading import Province
from tests.stories import province as provinces
from tests.stories.site import Console, Site, embedded, own_console, serving
from tests.stories.town import Town, inhabited

from yuexin.home.cluster import running
from yuexin.home.folder import Home

Write = Callable[..., Path]
READERS = frozenset({"test_never_shown.py", "test_the_loop.py", "test_the_past.py"})
TOWNSPEOPLE = frozenset({
    "test_late_report.py", "test_penalty_repaired.py", "test_measures_applied.py",
    "test_wrong_record.py", "test_bad_input.py",
})  # fmt: skip


@pytest.hookimpl(wrapper=True, optionalhook=True)
def pytest_xdist_make_scheduler() -> Generator[None, Any, Any]:
    """Under `--dist loadfile` one worker gets all files that read the province, and one all that
    play in the town: each is made once.

    Marks for `--dist loadgroup` would say it too, but go unheard by this pytest.
    """
    scheduler = yield
    if split := getattr(scheduler, "_split_scope", None):
        scheduler._split_scope = lambda node: _shared(Path(node.split("::")[0]).name) or split(node)
    return scheduler


def _shared(file: str) -> str:
    """What is made once for the stories of this file and of others."""
    if file in READERS:
        return "province"
    return "town" if file in TOWNSPEOPLE else ""


@pytest.fixture(scope="session")
def console() -> Iterator[Console]:
    """The command of the province's platform."""
    with own_console() as console:
        yield console


@pytest.fixture(scope="session")
def province(console: Console) -> Province:
    """The sample province and its truth."""
    return provinces.made(console)


@pytest.fixture(scope="session")
def site(console: Console, province: Province) -> Iterator[Site]:
    """The province delivered and served. Stories that ask for it only read."""
    with embedded(), running(Home.at(path=console.home)) as url, pointed(url):
        call_command("migrate", verbosity=0, interactive=False)
        provinces.deliver_the_past(console.home, province)
    with serving(console) as served:
        provinces.deliver_today(console, province)
        yield served


@pytest.fixture(scope="session")
def town() -> Iterator[Town]:
    """Firms, their owners, officers and systems; each story has firms of its own."""
    with inhabited() as found:
        yield found


@pytest.fixture(scope="module")
def office() -> Iterator[Site]:
    """An empty platform of this module, served meanwhile, to which its stories deliver."""
    with own_console() as console, serving(console, workers=1) as served:
        yield served


@pytest.fixture
def written(tmp_path: Path) -> Write:
    """Rows as an agency's CSV file under the declared headers."""

    def write(resource: str, *rows: Row, name: str = "delivery.csv") -> Path:
        path = tmp_path / name
        path.write_text(provinces.as_csv(resource, rows), "utf-8")
        return path

    return write
