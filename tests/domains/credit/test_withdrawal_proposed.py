"""A long-silent firm is proposed for withdrawal from the market; the registrar announces."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.cast import COMPANY, COOPERATIVE, TRADER, entity
from tests.domains.credit.handling.rows import abnormal
from tests.domains.credit.test_proposals import SIGNER, at, codes, one
from tests.intake import Intake
from tests.state import value

from yuexin.domains.collection.outcomes import carry_out
from yuexin.domains.credit.signing.operations import sign
from yuexin.engines.declare.queries import current

PROCESS = "market_withdrawal"
ON = dt.date(2026, 11, 24)
LOST = {"列入经营异常名录原因": "4"}


@pytest.fixture
def silent(own_database: str, home: object, deliver: Intake) -> Intake:
    """COMPANY is silent and lost; the others file, can be reached, or are a sole trader."""
    del own_database, home
    reached = entity(21)
    firms = (COMPANY, COOPERATIVE, TRADER, reached)
    deliver("registration", [firm.registration() for firm in firms])
    deliver("annual_reports", [COOPERATIVE.report(2024, 填报日期="2025-05-06")])
    lost = [abnormal(firm, **LOST) for firm in (COMPANY, COOPERATIVE, TRADER)]
    deliver("abnormal_operations", [*lost, abnormal(reached)])
    return deliver


def test_only_who_is_silent_and_lost_is_proposed_and_announced_once(silent: Intake) -> None:
    found = one(ON, PROCESS)
    assert codes(found) == {COMPANY.uscc}
    (candidate,) = found.candidates
    signed = sign(
        declarations=current(), actor=SIGNER, process=PROCESS,
        subjects=[candidate.subject, candidate.subject], reason="两年未年报且失联", now=at(ON),
    )  # fmt: skip
    assert len(signed.opened) == 1
    assert signed.refused == ()
    carry_out(home=silent.home, declarations=current(), clock=lambda: at(ON))
    silent.settle(now=at(ON))
    stage = "SELECT body->>'stage' FROM record WHERE kind = 'revocation_announcement'"
    assert value(stage) == "told"
    assert one(ON, PROCESS).total == 0
