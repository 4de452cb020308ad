"""One served sample province for every story that only reads, and an empty platform to deliver to.

The province was delivered over two months, each file on its day, and the last three files today:
so something has ended since it was shown, something was corrected, and something is late.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from tests.cast import Entity, entity
from tests.database import pointed
from tests.intake import Intake, Row, table
from tests.sample.reading import Province
from tests.stories.site import Console, Site, folder, serving

from yuexin.base.dates import SHANGHAI, today
from yuexin.engines.declare.queries import current
from yuexin.home.cluster import running
from yuexin.home.folder import Home
from yuexin.sample import Delivery, Manifest
from yuexin.sample.schedule import Times

SUBJECTS = 400
TODAY = today(dt.datetime.now(dt.UTC))

# A shop that bears the name of its operator, and a licence that begins in a month.
NAMED_AFTER_OPERATOR = entity(7001, trader=True)
OPERATOR_NAME = "欧阳示例"
NOT_YET = entity(7002)
EXTRAS = (
    ("registration", [
        NAMED_AFTER_OPERATOR.registration(名称=OPERATOR_NAME, 法定代表人=OPERATOR_NAME),
        NOT_YET.registration(),
    ]),
    ("licences_2018", [
        NOT_YET.licence(
            XK_JDRQ=(TODAY - dt.timedelta(days=3)).isoformat(),
            XK_YXQZ=(TODAY + dt.timedelta(days=30)).isoformat(),
        ),
    ]),
)  # fmt: skip


@pytest.fixture(scope="session")
def console() -> Iterator[Console]:
    """The command of the province's platform."""
    with folder() as path, pytest.MonkeyPatch.context() as environment:
        environment.delenv("YUEXIN_DATABASE_URL", raising=False)
        yield Console(home=path / "home")


@pytest.fixture(scope="session")
def province(console: Console) -> Province:
    """The sample province, as `yuexin sample` makes it."""
    out = console.home.with_name("province")
    console("sample", "--subjects", SUBJECTS, "--out", out)
    told = json.loads((out / "manifest.json").read_text("utf-8"))
    deliveries = tuple(Delivery(**one) for one in told)
    return Province(Manifest(folder=out, deliveries=deliveries), Times(today=TODAY))


@pytest.fixture(scope="session")
def site(console: Console, province: Province) -> Iterator[Site]:
    """The province delivered and served. Stories that ask for it only read."""
    with running(Home.at(path=console.home)) as url:
        with pointed(url):
            call_command("migrate", verbosity=0, interactive=False)
            _deliver_on_their_days(console.home, province)
        with serving(console) as served:
            received = console("deliver", "--skip-known", "--json", province.manifest.folder)
            assert all(receipt["state"] == "folded" for receipt in received.lines())
            for resource, rows in EXTRAS:
                path = console.home.with_name(f"{resource}.csv")
                path.write_text(as_csv(resource, rows), "utf-8")
                console.deliver(resource, path)
            yield served


def _deliver_on_their_days(home: Path, province: Province) -> None:
    """What the province's agencies sent before today, through the intake, by their clock."""
    truth = province.manifest.folder / "truth" / "deliveries.csv"
    with truth.open(encoding="utf-8", newline="") as stream:
        days = {row["file"]: row["delivered_on"] for row in csv.DictReader(stream)}
    for one in province.manifest.deliveries:
        day = dt.date.fromisoformat(days[one.file])
        if day < TODAY:
            moment = dt.datetime.combine(day, dt.time(9), SHANGHAI)
            intake = Intake(
                home=Home(home), folder=home, declarations=current(), now=moment.astimezone(dt.UTC)
            )
            path = province.manifest.folder / one.file
            intake.path(one.resource, path, agency=one.agency, declared_rows=one.declared_rows)


@pytest.fixture(scope="module")
def office() -> Iterator[Console]:
    """An empty platform of this module, its database kept running by its own server."""
    with folder() as path, pytest.MonkeyPatch.context() as environment:
        environment.delenv("YUEXIN_DATABASE_URL", raising=False)
        yield Console(home=path / "home")


@pytest.fixture(scope="module")
def served_office(office: Console) -> Iterator[Site]:
    with serving(office, workers=1) as served:
        yield served


Write = Callable[..., Path]


@pytest.fixture
def written(tmp_path: Path) -> Write:
    """Rows as an agency's CSV file under the declared headers."""

    def write(resource: str, rows: list[Row], name: str = "delivery.csv") -> Path:
        path = tmp_path / name
        path.write_text(as_csv(resource, rows), "utf-8")
        return path

    return write


def as_csv(resource: str, rows: list[Row]) -> str:
    return table([column.header for column in current().resources[resource].columns], rows)


__all__ = ["Entity"]
