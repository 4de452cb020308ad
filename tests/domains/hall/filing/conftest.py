"""Two entities that are on the register before anybody files."""

from __future__ import annotations

import pytest
from tests.cast import COMPANY, TRADER
from tests.conftest import NOW
from tests.intake import Intake

from yuexin.engines.declare.queries import current
from yuexin.home.folder import Home


@pytest.fixture(scope="module")
def register(database: str, home: Home, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The register of this module, delivered once; what a test writes to it is taken back."""
    del database
    folder = tmp_path_factory.mktemp("register")
    told = Intake(home=home, folder=folder, declarations=current(), now=NOW)
    told("registration", [COMPANY.registration(), TRADER.registration()])


@pytest.fixture
def registered(register: None, undone: None, deliver: Intake) -> Intake:
    """Hands in more, beside the register."""
    del register, undone
    return deliver
