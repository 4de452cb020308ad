"""Kill -9 during an erasure: it was never begun, or the next command ends it; nothing half."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from tests.cast import entity
from tests.faults.aftermath import assert_sound
from tests.faults.files import Sent
from tests.faults.moments import NUMBERING, Moment, Start, held
from tests.faults.programs import Platform, Program, Victim, served_platform, until
from tests.stories.province import as_csv

pytestmark = pytest.mark.fault

WORD = "无人见过之字"
ROWS = 6
ERASED = 2
ORDER = (
    "--order", "粤数删〔2026〕1号", "--basis", "guangdong-credit-regulation", "--issued-by",
    "广东省政务服务和数据管理局", "--reason", "依申请删除",
)  # fmt: skip


@contextmanager
def committed(platform: Platform, sent: Sent, start: Start) -> Iterator[Program]:
    """The erasure is law, and what it replaced is about to be dropped, or was a moment ago."""
    del sent
    before = _erasures(platform)
    program = start(Sent(path=Path(), resource="", new=0))
    until(lambda: _erasures(platform) > before or not program.is_running, "the commit")
    yield program


MOMENTS: dict[str, Moment] = {
    "when its copies are kept": partial(held, by="erasure"),
    "before what lives is replaced": partial(held, by="public_row"),
    "before the journal says so": partial(held, by="journal_entry"),
    "as it commits": partial(held, by=NUMBERING),
    "after its commit": committed,
}
VICTIMS = (Victim.DELIVERER, Victim.DATABASE, Victim.EVERYTHING)
SHORT = (
    (Victim.DELIVERER, "when its copies are kept"),
    (Victim.DATABASE, "as it commits"),
    (Victim.DELIVERER, "after its commit"),
)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "when" in metafunc.fixturenames:
        soak = metafunc.config.getoption("--soak", default=False)
        cases = [(victim, when) for victim in VICTIMS for when in MOMENTS] if soak else SHORT
        metafunc.parametrize(("victim", "when"), cases)


@pytest.fixture(scope="module")
def platform() -> Iterator[Platform]:
    with served_platform() as platform:
        yield platform


def test_an_erasure_is_whole_or_was_never_begun(
    platform: Platform, victim: Victim, when: str, tmp_path: Path, hits: list[str]
) -> None:
    word = f"{WORD}{platform.home.name}{victim.name}{len(when)}"
    sent, number = _delivered(platform, tmp_path, word)
    before = _erasures(platform)
    words = ("erase", *ORDER, "--delivery", number, "--row", ERASED, "--yes")
    with MOMENTS[when](platform, sent, lambda _: platform.start(*words)) as program:
        platform.kill(victim, program)
    program.ended()
    # Whatever is started next puts things in order.
    if platform.server is None:
        platform.start_server()
    # It waits its turn behind the killed one's transaction, should the database still be at it.
    platform.console("work", "--once")
    verified = platform.console("verify", "--json").json()
    assert verified["problems"] == []
    done = _erasures(platform) > before
    hits.append(f"erasure {victim} {when}: {'done' if done else 'never begun'}")
    assert bool(_holders(platform, word)) is not done
    assert _copies(platform) == _erasures(platform)
    assert _records(platform, number) == (ROWS - 1 if done else ROWS)
    platform.console(*words)
    assert _holders(platform, word) == []
    assert _records(platform, number) == ROWS - 1
    assert _erasures(platform) == before + 1
    assert_sound(platform)


def _delivered(platform: Platform, folder: Path, word: str) -> tuple[Sent, int]:
    """A register in whose second row a word stands that stands nowhere else."""
    first = 100 * (1 + _erasures(platform))
    rows = [entity(first + n).registration(经营范围="示例。") for n in range(ROWS)]
    rows[ERASED - 1]["经营范围"] = word
    path = folder / "register.csv"
    path.write_text(as_csv("registration", rows), "utf-8")
    sent = Sent(path=path, resource="registration", new=ROWS)
    return sent, int(platform.console(*sent.words).json()["batch_id"])


def _erasures(platform: Platform) -> int:
    ((count,),) = platform.rows("SELECT count(*) FROM erasure")
    return int(count)


def _records(platform: Platform, number: int) -> int:
    ((count,),) = platform.rows("SELECT count(*) FROM record WHERE delivery = %s", number)
    return int(count)


def _copies(platform: Platform) -> int:
    return len(list((platform.home / "deliveries").rglob("*.redacted")))


def _holders(platform: Platform, word: str) -> list[str]:
    """Files and records that still hold the word."""
    folders = [platform.home / name for name in ("deliveries", "lake", "scratch")]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    found = [path.name for path in files if word.encode() in path.read_bytes()]
    rows = platform.rows("SELECT id::text FROM record WHERE body::text LIKE %s", f"%{word}%")
    return found + [record for (record,) in rows]
