"""What the laws of cases begin with."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.intake import Intake
from tests.laws.casework import LONGEST
from tests.laws.office import Office

from yuexin.engines.declare.queries import current
from yuexin.home.folder import Home


@pytest.fixture(scope="module")
def founded(
    database: str, home: Home, tmp_path_factory: pytest.TempPathFactory, now: dt.datetime
) -> Intake:
    """A platform on which something is known, long before today."""
    del database
    intake = Intake(
        home=home, folder=tmp_path_factory.mktemp("delivered"), declarations=current(), now=now
    )
    Office(deliver=intake, now=now - dt.timedelta(days=LONGEST + 2)).founded()
    return intake
