"""Lists and measures carry examples that come out as they say, judged as the living are."""

from __future__ import annotations

import pytest

from yuexin.engines.declare.queries import current
from yuexin.engines.declare.types import Commitment, Measure, Regime
from yuexin.engines.rules.queries import check_commitment, check_measure, check_regime

REGIMES = tuple(current().regimes.values())
MEASURES = tuple(current().measures.values())
COMMITMENTS = tuple(current().commitments.values())


@pytest.mark.parametrize("regime", REGIMES, ids=lambda regime: regime.id)
def test_a_list_ends_when_its_law_says_and_its_examples_come_out(regime: Regime) -> None:
    check_regime(declarations=current(), regime=regime)


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.id)
def test_a_measure_example_gives_its_answer(measure: Measure) -> None:
    check_measure(declarations=current(), measure=measure)


@pytest.mark.parametrize("commitment", COMMITMENTS, ids=lambda commitment: commitment.id)
def test_a_commitment_is_lost_to_whom_its_examples_say(commitment: Commitment) -> None:
    check_commitment(declarations=current(), commitment=commitment)
