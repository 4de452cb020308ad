"""Law declared anew reaches what was folded, by a difference that was shown (laws 1 and 2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from tests.cast import COMPANY, OPERATOR, SOCIETY
from tests.intake import Intake
from tests.laws.events import HISTORIES, Sent, live, worlds
from tests.state import all_rows, current_facts, state, undone, value

from yuexin.base.errors import Refusal
from yuexin.domains.collection.queries import receipt
from yuexin.domains.collection.rebuild import rebuild
from yuexin.domains.collection.reprocess import Reprocessed, difference, reprocess
from yuexin.domains.credit.rows import record_rows
from yuexin.engines.declare.queries import current, load
from yuexin.engines.declare.types import Declarations
from yuexin.engines.deliveries.queries import breaks

pytestmark = pytest.mark.usefixtures("database")

PENALTIES = "resources/penalties_2018.yaml"
PUBLIC_VIEW = "releases/public.yaml"
SWAPPED = (
    (PENALTIES, "field: violation_type", "field: @"),
    (PENALTIES, "field: facts", "field: violation_type"),
    (PENALTIES, "field: @", "field: facts"),
)
SHORTER = ((PENALTIES, "field: facts, required: true, max_length: 5000",
            "field: facts, required: true, max_length: 10"),)  # fmt: skip
KIND = "records/penalty.yaml"
CLOSED = ((KIND, "{id: facts, zh: 违法事实, en: Facts, scope: public, level: L1,",
           "{id: facts, zh: 违法事实, en: Facts, scope: agencies, level: L2,"),)  # fmt: skip
COMMENT = ((PUBLIC_VIEW, "# What anyone sees.", "# What anyone sees, then."),)


@cache
def declared(*changes: tuple[str, str, str]) -> Declarations:
    """The declarations with a text of a file replaced by another."""
    files = dict(current().files)
    for name, old, new in changes:
        text = files[name].decode()
        assert old in text, old
        files[name] = text.replace(old, new).encode()
    return load(files)


@pytest.fixture
def world(deliver: Intake) -> Iterator[Intake]:
    with undone():
        yield deliver


def asked(deliver: Intake, declarations: Declarations) -> dict[str, Any]:
    return {
        "home": deliver.home,
        "declarations": declarations,
        "resource": "",
        "kind": "",
        "actor": OPERATOR,
        "now": deliver.now + dt.timedelta(days=1),
    }


def applied(deliver: Intake, declarations: Declarations) -> Reprocessed:
    """Read everything again, as an operator would: look at the difference, then confirm it."""
    said = asked(deliver, declarations)
    return reprocess(**said, expect=difference(**said).digest)


def differences(deliver: Intake, *, days: int = 1) -> tuple[Any, ...]:
    now = deliver.now + dt.timedelta(days=days)
    return rebuild(
        home=deliver.home, declarations=deliver.declarations, check=True, now=now
    ).differences


def bodies() -> list[Any]:
    return all_rows(
        "SELECT body->>'violation_type', body->>'facts', version FROM record "
        "WHERE kind = 'penalty' AND superseded_at IS NULL"
    )


def test_a_corrected_mapping_is_shown_then_applied(world: Intake) -> None:
    world("registration", [COMPANY.registration()])
    world("penalties_2018", [COMPANY.penalty()])
    world("penalties_2018", [COMPANY.penalty(CF_NR="罚款人民币十三万元")])
    row = COMPANY.penalty()
    assert bodies() == [(row["CF_WFXW"], row["CF_SY"], 2)]
    before, now = state(), declared(*SWAPPED)
    shown = difference(**asked(world, now))
    assert state() == before
    (kind,) = shown.kinds
    assert (kind.kind, kind.changed, kind.new, kind.gone) == ("penalty", 1, 0, 0)
    assert dict(kind.fields) == {"violation_type": 1, "facts": 1}
    assert len(shown.examples) == 1
    done = reprocess(**asked(world, now), expect=shown.digest)
    assert (done.number, done.digest) == (1, shown.digest)
    assert bodies() == [(row["CF_SY"], row["CF_WFXW"], 3)]
    assert value("SELECT body->>'facts' FROM public_row WHERE kind = 'penalty'") == row["CF_WFXW"]
    assert differences(world) == ()
    assert list(breaks(home=world.home)) == []


def test_the_past_stays_as_it_was_known(world: Intake) -> None:
    world("registration", [COMPANY.registration()])
    world("penalties_2018", [COMPANY.penalty()])
    subject = value("SELECT id FROM subject")

    def known() -> list[Any]:
        rows = record_rows(
            subject=subject, on=world.now.date(), moment=world.now, states=["registration"]
        )
        return [(row.kind, row.record, row.body) for row in rows]

    before = known()
    applied(world, declared(*SWAPPED))
    assert known() == before
    later = all_rows("SELECT known_at FROM record WHERE kind = 'penalty' AND version = 2")
    assert later == [(world.now + dt.timedelta(days=1),)]


def test_what_is_closed_now_leaves_the_public_at_once(world: Intake) -> None:
    world("registration", [COMPANY.registration()])
    world("penalties_2018", [COMPANY.penalty()])
    done = applied(world, declared(*CLOSED))
    assert [(one.kind, one.changed, one.fields) for one in done.kinds] == [("penalty", 1, ())]
    assert value("SELECT body ? 'facts' FROM public_row WHERE kind = 'penalty'") is False
    assert differences(world) == ()


def test_rows_move_into_quarantine_and_out_of_it(world: Intake) -> None:
    world("registration", [COMPANY.registration()])
    number = world("penalties_2018", [COMPANY.penalty(), COMPANY.penalty("2", CF_SY="短")])[
        "batch_id"
    ]
    done = applied(world, declared(*SHORTER))
    assert (done.moved.into_quarantine, done.kinds[0].gone, done.kinds[0].withdrawn) == (1, 1, 1)
    assert all_rows("SELECT delivery, row FROM quarantined") == [(number, 1)]
    assert differences(world) == ()
    found = receipt(number=number, home=world.home)
    assert found is not None
    assert [act["act"] for act in found["later"]] == ["reading"]
    back = applied(world, replace(declared(*COMMENT)))
    assert (back.moved.out_of_quarantine, back.kinds[0].new) == (1, 1)
    assert value("SELECT count(*) FROM public_row WHERE kind = 'penalty'") == 2
    assert differences(world) == ()


def test_rows_that_wait_are_read_again_too(world: Intake) -> None:
    world("penalties_2018", [COMPANY.penalty()])
    done = applied(world, declared(*SWAPPED))
    assert (done.kinds, done.moved.waiting_otherwise) == ((), 1)
    assert differences(world) == ()
    later = replace(world, declarations=declared(*SWAPPED), now=world.now + dt.timedelta(days=2))
    later("registration", [COMPANY.registration()])
    row = COMPANY.penalty()
    assert bodies() == [(row["CF_SY"], row["CF_WFXW"], 1)]
    assert differences(later) == ()


def test_the_same_law_in_other_words_makes_no_difference(world: Intake) -> None:
    live(world, HISTORY)
    before = state()
    shown = difference(**asked(world, declared(*COMMENT)))
    assert (shown.kinds, shown.digest, shown.is_nothing) == ((), "", True)
    assert reprocess(**asked(world, declared(*COMMENT)), expect="").number is None
    assert reprocess(**asked(world, current()), expect="").number is None
    assert (state(), value("SELECT count(*) FROM reading")) == (before, 0)


def test_reprocessing_twice_changes_nothing(world: Intake) -> None:
    live(world, HISTORY)
    now = declared(*SWAPPED)
    applied(world, now)
    before = state()
    assert applied(world, now).number is None
    assert state() == before


def test_only_the_difference_that_was_shown_is_applied(world: Intake) -> None:
    world("registration", [COMPANY.registration()])
    world("penalties_2018", [COMPANY.penalty()])
    now = declared(*SWAPPED)
    shown = difference(**asked(world, now))
    world("penalties_2018", [COMPANY.penalty("2")])
    before = state()
    for expect in ("", shown.digest):
        with pytest.raises(Refusal) as refused:
            reprocess(**asked(world, now), expect=expect)
        assert refused.value.code == "DIFFERENCE"
    assert state() == before
    with pytest.raises(Refusal):
        difference(**(asked(world, now) | {"resource": "no_such"}))


def test_a_delivery_that_cannot_be_read_so_keeps_everything_as_it_is(world: Intake) -> None:
    world("registration", [COMPANY.registration()])
    world.bytes("registration_changes", "统一社会信用代码,名称,变更事项,变更后,变更日期\n".encode())
    missing = (
        ("resources/registration_changes.yaml", "field: before}", "field: before, required: true}"),
    )
    before = state()
    with pytest.raises(Refusal) as refused:
        difference(**asked(world, declared(*missing)))
    assert refused.value.code == "COLUMNS"
    assert state() == before


HISTORY = [
    Sent(resource="penalties_2018", rows=[COMPANY.penalty(), SOCIETY.penalty()]),
    Sent(
        resource="registration", rows=[COMPANY.registration(), COMPANY.registration(登记状态="2")]
    ),
    Sent(resource="registration", rows=[COMPANY.registration(登记状态="4", 核准日期="2026-01-05")]),
    Sent(resource="penalties_2018", rows=[COMPANY.penalty(CF_NR_FK="9"), {}]),
    Sent(resource="register_extract", rows=[SOCIETY.extract(), COMPANY.extract()]),
]


@worlds(3)
@given(history=HISTORIES, more=HISTORIES)
def test_rebuilding_equals_living_after_reprocessing(
    deliver: Intake, history: list[Sent], more: list[Sent]
) -> None:
    """Also when more comes, is read again, and what was read again is corrected."""
    with undone():
        live(deliver, history)
        applied(deliver, declared(*SWAPPED))
        assert differences(deliver) == ()
        later = replace(
            deliver, declarations=declared(*SWAPPED), now=deliver.now + dt.timedelta(weeks=9)
        )
        live(later, more)
        assert differences(later) == ()
        applied(later, declared(*SHORTER, *CLOSED))
        assert differences(later) == ()


@worlds(4)
@given(history=HISTORIES)
def test_what_is_read_again_is_as_if_it_had_been_read_so_at_first(
    deliver: Intake, history: list[Sent]
) -> None:
    """Of what is known now: `known_at` and what is shown from when tell when it became known."""
    now = declared(*SWAPPED)
    with undone():
        live(deliver, history)
        applied(deliver, now)
        found = current_facts()
    with undone():
        live(replace(deliver, declarations=now), history)
        first = current_facts()
    for table in ("subject", "alias", "record", "waiting"):
        assert found[table] == first[table], table
