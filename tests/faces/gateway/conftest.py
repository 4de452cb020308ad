"""A gateway with a few subjects behind it, and keys of several hands before it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings
from tests.cast import COMPANY, TRADER
from tests.engines.access.given import account, grant, key
from tests.faces.gateway.calls import Caller, Keys
from tests.intake import Intake

from yuexin.engines.access.types import KEY_SCOPES
from yuexin.engines.declare.queries import current
from yuexin.home.folder import Home

DAY = dt.timedelta(days=1)


@pytest.fixture(scope="module", autouse=True)
def at_home(home: Home) -> Iterator[None]:
    """The gateway keeps what comes in in the folder of this module."""
    with override_settings(HOME=home, FILE_UPLOAD_TEMP_DIR=home.scratch):
        yield


@pytest.fixture(scope="module")
def filled(database: str, home: Home, tmp_path_factory: pytest.TempPathFactory) -> Intake:
    """Two subjects, with a licence and a penalty, as delivered a day ago."""
    del database
    folder: Path = tmp_path_factory.mktemp("delivered")
    yesterday = dt.datetime.now(dt.UTC) - DAY
    intake = Intake(home=home, folder=folder, declarations=current(), now=yesterday)
    intake("registration", [COMPANY.registration(), TRADER.registration()])
    intake("licences_2018", [COMPANY.licence()], agency="environment")
    intake("penalties_2018", [COMPANY.penalty(), COMPANY.penalty("2", CF_JDRQ="去年")],
           agency="environment")  # fmt: skip
    return intake


@pytest.fixture(scope="module")
def keys(filled: Intake) -> Keys:
    """Keys that were issued yesterday, by what they are good for."""
    now = filled.now
    given = {"now": now, "expires_at": now + 30 * DAY, "scopes": KEY_SCOPES}
    clerk = account("lin.clerk")
    grant(clerk, valid_from=now.date() - DAY, now=now)
    officer = {**given, "account": clerk, "role": "clerk"}
    return Keys(
        system=key(**given)[1],
        other=key(agency="market_regulation", **given)[1],
        clerk=key(purpose="licensing", **officer)[1],
        idle=key(**officer)[1],
        reader=key(**{**given, "scopes": ["read"]})[1],
        expired=key(**{**given, "expires_at": now + DAY / 2})[1],
        busy=key(rate_per_minute=1_000_000, **given)[1],
        slow=key(rate_per_minute=1, **given)[1],
        fenced=key(networks=["203.0.113.0/24"], **given)[1],
    )


@pytest.fixture
def call(keys: Keys) -> Caller:
    return Caller(keys=keys)
