"""One province for all tests of this folder."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.sample.reading import Province

from yuexin.sample.province import generate
from yuexin.sample.schedule import Times

TODAY = dt.date(2026, 11, 24)
SUBJECTS = 4000


@pytest.fixture(scope="session")
def province(tmp_path_factory: pytest.TempPathFactory) -> Province:
    out = tmp_path_factory.mktemp("sample") / "province"
    return Province(generate(subjects=SUBJECTS, out=out, today=TODAY), Times(today=TODAY))
