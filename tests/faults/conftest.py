"""Short rounds of faults; with `--soak` long ones, and at the end a line for each kill."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.faults.programs import Platform, platform_of_its_own

HITS = pytest.StashKey[list[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("faults")
    group.addoption("--soak", action="store_true", help="long fault rounds instead of a few")
    group.addoption("--seed", type=int, default=20160624, help="which rounds --soak draws")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[HITS] = []


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    hits = config.stash.get(HITS, [])
    if hits and config.getoption("--soak", default=False):
        terminalreporter.section("where each kill hit")
        for line in hits:
            terminalreporter.write_line(line)


@pytest.fixture
def hits(pytestconfig: pytest.Config) -> list[str]:
    """Lines for the summary: what was killed, when, and what stood then."""
    return pytestconfig.stash[HITS]


@pytest.fixture
def unserved() -> Iterator[Platform]:
    """An empty platform of one test that nobody serves yet."""
    with platform_of_its_own() as platform:
        yield platform
