"""Simplified deregistration is open to whoever stands in no list of abnormal operations now."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from tests.cast import COMPANY, OWNER
from tests.domains.credit.handling.rows import abnormal
from tests.domains.credit.test_proposals import at
from tests.intake import Intake
from tests.state import value

from yuexin.base.errors import Refusal
from yuexin.engines.cases.operations import open_case
from yuexin.engines.cases.papers import keep_paper
from yuexin.engines.declare.queries import current

ON = dt.date(2026, 11, 24)
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def registered(own_database: str, home: object, deliver: Intake) -> Intake:
    del own_database, home
    deliver("registration", [COMPANY.registration()])
    return deliver


def announce(intake: Intake) -> str:
    subject = value("SELECT id FROM subject WHERE code = %s", COMPANY.uscc)
    paper = keep_paper(
        home=intake.home, stream=io.BytesIO(PDF), slot="commitment", name="承诺书.pdf"
    )
    return open_case(
        declarations=current(), actor=OWNER, process="simplified_deregistration",
        subject=subject, record=None, form={"debts": "未发生债权债务", "committed": "true"},
        papers=[paper], reason="", now=at(ON),
    )  # fmt: skip


@pytest.mark.parametrize(
    "said", [{"列入状态": "撤销"}, {"列入状态": "移出", "移出日期": "2026-11-20"}]
)
def test_an_entry_that_does_not_stand_bars_nobody(registered: Intake, said: dict[str, str]) -> None:
    registered("abnormal_operations", [abnormal(COMPANY, **said)])
    assert value("SELECT count(*) FROM record WHERE kind = 'abnormal_operation'") == 1
    assert announce(registered)


@pytest.mark.parametrize("state", ["列入", "异议处理中"])
def test_an_entry_that_stands_bars(registered: Intake, state: str) -> None:
    registered("abnormal_operations", [abnormal(COMPANY, 列入状态=state)])
    with pytest.raises(Refusal) as refused:
        announce(registered)
    assert refused.value.code == "CASE_CONDITION"
