"""What a declared process may not say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from yuexin.engines.declare.check_processes import check_process
from yuexin.engines.declare.queries import current
from yuexin.engines.declare.types import Process


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ({"past": True}, True),
        ({"workdays_ahead": 7}, True),
        ({"type": "date", "past": True}, False),
        ({"type": "date", "workdays_ahead": 7}, False),
        ({"type": "date", "workdays_ahead": -1}, True),
    ],
)
def test_only_a_date_lies_in_the_past_or_so_many_days_ahead(
    asked: dict[str, Any], wrong: bool
) -> None:
    process = current().processes["serious_listing"]
    step = process.by_step["call_hearing"]
    field = replace(step.form[0], type="text", workdays_ahead=0)
    changed = replace(step, form=(replace(field, **asked),))
    steps = tuple(changed if one.id == step.id else one for one in process.steps)
    told = [one.what.en for one in check_process(current(), replace(process, steps=steps))]
    assert any("is for dates" in one for one in told) == wrong


DEREGISTRATION = current().processes["compulsory_deregistration"]


def told_of(process: Process) -> list[str]:
    return [one.what.en for one in check_process(current(), process)]


def test_compulsory_deregistration_is_in_order() -> None:
    assert told_of(DEREGISTRATION) == []


@pytest.mark.parametrize(
    ("amended_of", "said"),
    [("", "amended_of: in a process about subjects"), ("nothing", "kind “nothing”"),
     ("penalty", "field “cancel_date”")],
)  # fmt: skip
def test_what_a_process_about_subjects_amends_is_named(amended_of: str, said: str) -> None:
    changed = (replace(DEREGISTRATION.by_outcome["entered"], amended_of=amended_of),)
    kept = tuple(one for one in DEREGISTRATION.outcomes if one.id != "entered")
    assert any(said in one for one in told_of(replace(DEREGISTRATION, outcomes=kept + changed)))


@pytest.mark.parametrize(
    ("step", "said"),
    [("nothing", "step “nothing”"), ("announce", "field “objection”"), ("", "needs when_due")],
)
def test_what_anybody_does_is_a_step_that_asks_for_it(step: str, said: str) -> None:
    assert DEREGISTRATION.anyone is not None
    changed = replace(DEREGISTRATION, anyone=replace(DEREGISTRATION.anyone, step=step))
    assert any(said in one for one in told_of(changed))


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"again": ("nothing",)}, "step “nothing”"), ({"warns": True}, "only warns")],
)
def test_what_is_asked_again_bars_a_step(changes: dict[str, Any], said: str) -> None:
    *kept, version = DEREGISTRATION.versions
    conditions = tuple(replace(one, **changes) if one.again else one for one in version.conditions)
    versions = (*kept, replace(version, conditions=conditions))
    assert any(said in one for one in told_of(replace(DEREGISTRATION, versions=versions)))
