"""An officer signs and reports nothing at the point of handling about a firm of his own."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest
from tests.cast import COMPANY, OWNER
from tests.domains.credit.handling.conftest import OFFICER, Asking
from tests.intake import Intake
from tests.state import value

from yuexin.base.errors import Refusal
from yuexin.domains.credit.handling.feedback import Report, report
from yuexin.domains.credit.handling.papers import sign_refusal
from yuexin.domains.credit.handling.queries import followed
from yuexin.engines.access.queries import own_looks

pytestmark = pytest.mark.usefixtures("undone")
OWNING = dataclasses.replace(OFFICER, also_for=frozenset({COMPANY.uscc}))


def test_he_neither_signs_a_refusal_nor_reports(
    ask: Asking, filled: Intake, now: dt.datetime
) -> None:
    kept = ask([COMPANY.uscc])
    who: dict[str, Any] = {"declarations": filled.declarations, "number": kept.number, "now": now}
    with pytest.raises(Refusal) as refused:
        sign_refusal(actor=OWNING, subject=COMPANY.uscc, **who)
    assert refused.value.code == "OWN_AFFAIR"
    (hit,) = kept.only.hits if kept.only else ()
    said = Report(subject=COMPANY.uscc, measure=hit.measure, applied=False, reason="不实施")
    with pytest.raises(Refusal) as refused:
        report(actor=OWNING, said=said, **who)
    assert refused.value.code == "OWN_AFFAIR"
    assert sign_refusal(actor=OFFICER, subject=COMPANY.uscc, **who).actor == OFFICER.id


def test_a_refusal_is_signed_on_the_day_of_its_check_only(
    ask: Asking, filled: Intake, now: dt.datetime
) -> None:
    kept = ask([COMPANY.uscc])
    who: dict[str, Any] = {"declarations": filled.declarations, "number": kept.number}
    tomorrow = now + dt.timedelta(days=1)
    with pytest.raises(Refusal) as refused:
        sign_refusal(actor=OFFICER, subject=COMPANY.uscc, now=tomorrow, **who)
    assert refused.value.code == "CHECK_OUTDATED"


def test_whoever_reads_a_kept_check_again_is_journaled_for_its_subject(
    ask: Asking, filled: Intake, now: dt.datetime
) -> None:
    kept = ask([COMPANY.uscc])
    who: dict[str, Any] = {"declarations": filled.declarations, "number": kept.number, "now": now}
    followed(actor=OFFICER, **who)
    seen = own_looks(declarations=filled.declarations, actor=OWNER, now=now)
    assert seen
    assert seen.total == 2
    assert value("SELECT thing FROM journal_entry WHERE action = 'check.read'") == (
        f"subject/{COMPANY.uscc}"
    )
