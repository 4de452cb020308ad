"""One signature for all who are proposed: carried out part by part, each of them once."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from django.db import connection
from tests.cast import Entity, entity
from tests.domains.credit.test_proposals import FIRST, LISTING, SIGNER, STEWARD, at, codes, one
from tests.intake import Intake
from tests.state import all_rows, execute, value

from yuexin.base.errors import Refusal
from yuexin.domains.credit.proposals import NOBODY_BEFORE
from yuexin.domains.credit.signing.carrying import carry_on
from yuexin.domains.credit.signing.models import SignaturePart
from yuexin.domains.credit.signing.operations import everybody, sign, sign_for_all, stop
from yuexin.domains.credit.signing.queries import PART, progress
from yuexin.domains.credit.signing.types import Progress
from yuexin.engines.access.types import Actor
from yuexin.engines.cases.models import CaseAct
from yuexin.engines.declare.queries import current

FIRMS: tuple[Entity, ...] = tuple(
    sorted((entity(number) for number in range(30, 30 + PART + 2)), key=lambda one: one.uscc)
)
LATER = at(FIRST) + dt.timedelta(hours=2)


@pytest.fixture
def late(own_database: str, home: object, deliver: Intake) -> Intake:
    """So many that two parts are needed, and none of them filed for 2026."""
    del own_database, home
    deliver("registration", [firm.registration() for firm in FIRMS])
    deliver("annual_reports", [firm.report(2025, 填报日期="2026-03-02") for firm in FIRMS])
    return deliver


def signed(actor: Actor = SIGNER, seen: str = "", city: str = "") -> int:
    said = {"declarations": current(), "process": LISTING, "city": city, "now": at(FIRST)}
    seen = seen or everybody(actor=SIGNER, **said).digest  # type: ignore[arg-type]
    return sign_for_all(actor=actor, seen=seen, reason="逾期未报", **said)  # type: ignore[arg-type]


@contextmanager
def refused(code: str) -> Iterator[None]:
    with pytest.raises(Refusal) as refusal:
        yield
    assert refusal.value.code == code


def carried() -> bool:
    return carry_on(declarations=current(), clock=lambda: LATER)


def told() -> Progress:
    (found,) = progress(declarations=current(), actor=SIGNER, process=LISTING)
    return found


def acts() -> list[CaseAct]:
    return list(CaseAct.objects.filter(process=LISTING, number=1))


def test_a_signature_for_all_opens_one_case_of_each_dated_as_it_was_signed(late: Intake) -> None:
    del late
    number = signed()
    assert (told().total, told().opened, told().running) == (len(FIRMS), 0, True)
    assert carried()
    assert told().opened == PART
    assert carried()
    assert not carried()
    found = told()
    assert (found.opened, found.passed_over, found.refused) == (len(FIRMS), 0, ())
    assert (found.running, found.left) == (False, 0)
    assert {(act.at, act.actor, act.reason) for act in acts()} == {
        (at(FIRST), SIGNER.id, "逾期未报")
    }
    assert len(acts()) == len(FIRMS)
    assert one(FIRST).total == 0
    noted = all_rows("SELECT thing FROM journal_entry WHERE action = 'proposals.signed'")
    assert noted == [(f"signature/{number}",)]


def test_whoever_files_before_his_turn_is_passed_over(late: Intake) -> None:
    signed()
    assert carried()
    last = FIRMS[-1]
    assert last.uscc in codes(one(FIRST))
    late("annual_reports", [last.report(2026, 填报日期="2027-07-01")], now=at(FIRST))
    assert carried()
    assert (told().opened, told().passed_over) == (len(FIRMS) - 1, 1)
    about = "SELECT count(*) FROM case_file f JOIN subject s ON s.id = f.subject WHERE s.code = %s"
    assert value(about, last.uscc) == 0


def test_of_whom_a_condition_does_not_hold_the_reason_is_kept(late: Intake) -> None:
    del late
    signed()
    first = FIRMS[0]
    execute(
        """UPDATE record r SET body = body || '{"state": "4"}' FROM subject s """
        "WHERE s.id = r.subject AND s.code = %s AND r.kind = 'registration'",
        first.uscc,
    )
    assert carried()
    ((code, why),) = told().refused
    assert code == first.uscc
    assert "不符合条件" in why.zh
    assert "a condition does not hold" in why.en
    assert told().opened == PART - 1


def test_what_was_stopped_leaves_the_rest_proposed(late: Intake) -> None:
    del late
    number = signed()
    assert carried()
    said = {"declarations": current(), "number": number, "now": LATER}
    with refused("CASE_REASON"):
        stop(actor=SIGNER, reason=" ", **said)  # type: ignore[arg-type]
    with refused("NOTHING_LEFT"):
        stop(actor=replace(SIGNER, agency="environment"), reason="误签", **said)  # type: ignore[arg-type]
    stop(actor=SIGNER, reason="误签", **said)  # type: ignore[arg-type]
    assert not carried()
    assert (told().running, told().stopped_at, told().left) == (False, LATER, 2)
    assert one(FIRST).total == 2
    with refused("NOTHING_LEFT"):
        stop(actor=SIGNER, reason="误签", **said)  # type: ignore[arg-type]
    assert signed() > number


def test_a_part_is_kept_whole_or_not_at_all(late: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    del late
    signed()
    with monkeypatch.context() as broken:
        broken.setattr(SignaturePart.objects, "create", lambda **_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            carried()
    assert acts() == []
    assert carried()
    assert told().opened == PART


def test_only_who_signs_signs_for_those_whom_he_was_told_of_and_once(late: Intake) -> None:
    seen = everybody(
        declarations=current(), actor=SIGNER, process=LISTING, city="", now=at(FIRST)
    )  # fmt: skip
    assert seen.count == len(FIRMS)
    for actor in (STEWARD, replace(SIGNER, role="clerk")):
        with refused("NOT_A_SIGNER"):
            signed(actor, seen.digest)
    late("annual_reports", [FIRMS[0].report(2026, 填报日期="2027-07-01")], now=at(FIRST))
    with refused("LIST_CHANGED"):
        signed(seen=seen.digest)
    with refused("LIST_CHANGED"):
        signed(city="445300")
    signed()
    with refused("SIGNING_UNDER_WAY"):
        signed()
    assert value("SELECT count(*) FROM signature") == 1


def test_of_two_signatures_at_once_for_one_firm_one_opens_a_case(late: Intake) -> None:
    del late
    chosen = next(iter(one(FIRST, after=NOBODY_BEFORE).candidates)).subject
    ready = threading.Barrier(2, timeout=60)
    opened: list[str] = []

    def act() -> None:
        ready.wait()
        try:
            found = sign(
                declarations=current(), actor=SIGNER, process=LISTING, subjects=[chosen],
                reason="", now=at(FIRST),
            )  # fmt: skip
            opened.extend(found.opened)
        finally:
            connection.close()

    threads = [threading.Thread(target=act) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(opened) == len(acts()) == 1
