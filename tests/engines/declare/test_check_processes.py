"""What a declared process may not say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from yuexin.engines.declare.check_processes import check_process
from yuexin.engines.declare.queries import current


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
