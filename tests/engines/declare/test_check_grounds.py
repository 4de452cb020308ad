"""What the grounds of a process may not say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from yuexin.engines.declare.check_grounds import check_grounds
from yuexin.engines.declare.queries import current
from yuexin.engines.declare.types import Grounds, Process

PROCESS = current().processes["serious_listing"]


def _told(process: Process) -> list[str]:
    return [one.what.en for one in check_grounds(current(), process)]


def _with(**changes: Any) -> Process:
    assert isinstance(PROCESS.grounds, Grounds)
    return replace(PROCESS, grounds=replace(PROCESS.grounds, **changes))


def _in_last_law(ground: dict[str, Any], condition: dict[str, Any]) -> Process:
    assert PROCESS.grounds is not None
    *before, law = PROCESS.grounds.laws
    grounds = (replace(law.grounds[0], **ground), *law.grounds[1:])
    conditions = (replace(law.conditions[0], **condition), *law.conditions[1:])
    return _with(laws=(*before, replace(law, grounds=grounds, conditions=conditions)))


def test_the_declared_grounds_are_in_order() -> None:
    assert _told(PROCESS) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"event": "cause"}, "no field “cause” of type date"),
        ({"record": "nothing"}, "no field “nothing” of type file_record"),
        ({"judged": ("told",)}, "step “told” is not declared"),
        ({"bodies": ("nobody",)}, "agency “nobody” is not declared"),
    ],
)
def test_what_grounds_ask_and_name_is_there(changes: dict[str, Any], said: str) -> None:
    assert said in _told(_with(**changes))


@pytest.mark.parametrize(
    ("ground", "condition", "said"),
    [
        ({"needs": ("nothing",)}, {}, "condition “nothing” is not declared"),
        ({"needs": ()}, {}, "“food” needs nothing to hold"),
        ({"months": 36}, {}, "months is for event: record"),
        ({"rests_on": "nothing"}, {}, "kind “nothing” is not declared"),
        ({"basis": "serious-list-measures-2015:5"}, {}, "ended on 2021-09-01"),
        ({}, {"on_file": "TRUE"}, "when or on_file, and nothing beside"),
        ({}, {"warns": True}, "when or on_file, and nothing beside"),
    ],
)
def test_a_ground_can_be_judged(
    ground: dict[str, Any], condition: dict[str, Any], said: str
) -> None:
    assert any(said in one for one in _told(_in_last_law(ground, condition)))


def test_nothing_is_asked_for_grounds_that_are_none() -> None:
    assert _told(replace(PROCESS, grounds=None)) == ["no grounds are declared"]
