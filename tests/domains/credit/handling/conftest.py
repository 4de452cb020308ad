"""A few subjects, one of them a judgement debtor, one a taxpayer of grade A."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.cast import COMPANY, TRADER, entity
from tests.domains.credit.handling.rows import debtor, grade_a
from tests.intake import Intake

from yuexin.domains.credit.handling.operations import check
from yuexin.domains.credit.handling.types import Check
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.queries import current
from yuexin.home.folder import Home

OFFICER = Actor(id="clerk-lin", role="clerk", agency="environment")
Asking = Callable[..., Check]


@pytest.fixture(scope="module")
def filled(
    database: str, home: Home, tmp_path_factory: pytest.TempPathFactory, now: dt.datetime
) -> Intake:
    """COMPANY owes, TRADER pays its taxes well, a third is nothing in particular."""
    del database
    folder: Path = tmp_path_factory.mktemp("delivered")
    intake = Intake(
        home=home, folder=folder, declarations=current(), now=now - dt.timedelta(hours=6)
    )
    third, gone = entity(3), entity(4)
    intake(
        "registration",
        [
            COMPANY.registration(), TRADER.registration(), third.registration(),
            gone.registration(登记状态="4"),
        ],
    )  # fmt: skip
    intake("judgement_debtors", [debtor(COMPANY)])
    intake("tax_a_grades", [grade_a(TRADER), grade_a(COMPANY)])
    return intake


@pytest.fixture
def ask(filled: Intake, now: dt.datetime) -> Asking:
    """Check as the officer of the ministry of the environment does."""

    def asking(subjects: Sequence[str], *, scene: str = "procurement", **more: Any) -> Check:
        given: dict[str, Any] = {
            "declarations": filled.declarations, "actor": OFFICER, "channel": "desk", "now": now,
            **more,
        }  # fmt: skip
        return check(subjects=subjects, scene=scene, **given).check

    return asking
