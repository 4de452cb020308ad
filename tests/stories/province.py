"""The province of the stories: the sample, delivered over two months, and a few entities of ours.

Each file comes on its day, by the clock of that day, and the last ones today through the command:
so something has ended since it was shown, something was corrected, and something is late.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from tests.cast import entity
from tests.intake import Intake, Row, table
from tests.sample.reading import Province
from tests.stories.site import Console

from yuexin.base.dates import SHANGHAI, today
from yuexin.engines.declare.queries import current
from yuexin.home.folder import Home
from yuexin.sample.province import Delivery, Manifest
from yuexin.sample.schedule import Times

Truth = dict[str, str]
SUBJECTS = 400
TODAY = today(dt.datetime.now(dt.UTC))


def ago(days: int) -> str:
    """A day before today, as agencies write it."""
    return (TODAY - dt.timedelta(days=days)).isoformat()


def as_csv(resource: str, rows: Iterable[Row]) -> str:
    return table([column.header for column in current().resources[resource].columns], rows)


# Beside the province's own subjects: who moved, who was punished and then less, who was repaired
# after a while, a shop that bears its operator's name, a licence that begins in a month, and a
# decision that names its culprit's number and telephone in prose.
MOVED, LESSENED, REPAIRED, NOT_YET = (entity(n) for n in range(7001, 7005))
TALKATIVE = entity(7006)
CULPRITS_NUMBER, CULPRITS_PHONE = "440106197505050511", "13900139000"
NAMED_AFTER_OPERATOR = entity(7005, trader=True)
OPERATOR_NAME = "欧阳示例"
HOME_ROAD = "藏幽示例路9号后座"
WRONG_FACT, REPAIRED_FACT = "误录的示例事实甲乙丙", "已修复的示例事实丁戊己"
_OLD = {"CF_JDRQ": ago(50)}
HISTORY: tuple[tuple[int, str, list[Row]], ...] = (
    (40, "registration", [
        MOVED.registration(住所="广州市天河区旧址路1号", 核准日期=ago(60)),
        LESSENED.registration(), REPAIRED.registration(),
    ]),
    (39, "penalties_2018", [
        LESSENED.penalty(CF_NR_FK="12", CF_SY=WRONG_FACT, **_OLD),
        REPAIRED.penalty("2", CF_SY=REPAIRED_FACT, **_OLD),
    ]),
    (20, "registration", [MOVED.registration(住所="广州市天河区新址路2号", 核准日期=ago(25))]),
    (19, "penalties_2018", [
        LESSENED.penalty(CF_NR_FK="3", **_OLD),
        REPAIRED.penalty("2", CF_SY=REPAIRED_FACT, CF_ZT="已修复", **_OLD),
    ]),
    (1, "registration", [
        NAMED_AFTER_OPERATOR.registration(
            名称=OPERATOR_NAME, 法定代表人=OPERATOR_NAME, 住所=f"广州市天河区{HOME_ROAD}",
        ),
        NOT_YET.registration(), TALKATIVE.registration(),
    ]),
    (1, "penalties_2018", [TALKATIVE.penalty(
        CF_SY=f"负责人王示例（身份证{CULPRITS_NUMBER}，手机{CULPRITS_PHONE}）承认违法事实",
    )]),
    (0, "licences_2018", [NOT_YET.licence(XK_JDRQ=ago(3), XK_YXQZ=ago(-30))]),
)  # fmt: skip


def registered(province: Province) -> list[Truth]:
    """The subjects whose registration arrived soundly and whose name no later row disputes."""
    sound = {
        row["code"]
        for row in province.rows
        if current().resources[row["resource"]].establishes and row["public"] == "yes"
    }
    return [subject for subject in province.subjects if subject["code"] in sound]


def rows_of(province: Province, part: str) -> list[Truth]:
    """The rows of a part, as the truth lists them."""
    return [row for row in province.rows if row["part"] == part]


class Sent(NamedTuple):
    """A file, and the day on which its agency sent it."""

    day: dt.date
    path: Path
    resource: str
    agency: str


def made(console: Console) -> Province:
    """The sample province, as `yuexin sample` makes it beside the home."""
    out = console.home.with_name("province")
    console("sample", "--subjects", SUBJECTS, "--out", out)
    told = json.loads((out / "manifest.json").read_text("utf-8"))
    deliveries = tuple(Delivery(**one) for one in told)
    return Province(Manifest(folder=out, deliveries=deliveries), Times(today=TODAY))


def deliver_the_past(home: Path, province: Province) -> None:
    """All that came before today, through the same intake as the command."""
    for sent in sorted([*_sample_files(province), *_own_files(home.parent)]):
        if sent.day < TODAY:
            _deliver_on_its_day(home, sent)


def deliver_today(console: Console, province: Province) -> None:
    """What comes today, through the command."""
    console("deliver", "--skip-known", province.manifest.folder)
    for sent in _own_files(console.home.parent):
        if sent.day == TODAY:
            console.deliver(sent.resource, sent.path)


def _sample_files(province: Province) -> Iterator[Sent]:
    folder = province.manifest.folder
    with (folder / "truth" / "deliveries.csv").open(encoding="utf-8", newline="") as stream:
        days = {row["file"]: row["delivered_on"] for row in csv.DictReader(stream)}
    for one in province.manifest.deliveries:
        day = dt.date.fromisoformat(days[one.file])
        yield Sent(day, folder / one.file, one.resource, one.agency)


def _own_files(folder: Path) -> Iterator[Sent]:
    for days, resource, rows in HISTORY:
        path = folder / f"{days}-{resource}.csv"
        path.write_text(as_csv(resource, rows), "utf-8")
        agency = current().resources[resource].providers[0]
        yield Sent(TODAY - dt.timedelta(days=days), path, resource, agency)


def _deliver_on_its_day(home: Path, sent: Sent) -> None:
    moment = dt.datetime.combine(sent.day, dt.time(9), SHANGHAI).astimezone(dt.UTC)
    intake = Intake(home=Home(home), folder=home, declarations=current(), now=moment)
    receipt = intake.path(sent.resource, sent.path, agency=sent.agency)
    assert receipt["state"] == "folded", receipt
