"""The catalogue of measures says of each what the page promises."""

from __future__ import annotations

import datetime as dt

from yuexin.domains.credit.measured import STRENGTH_WORDS, MeasureFilter, catalogue
from yuexin.engines.declare.queries import current


def test_what_awaits_confirmation_itself_only_informs() -> None:
    """The page says so of exactly these. A law that awaits it is told with the hit, to officers."""
    found = catalogue(declarations=current(), asked=MeasureFilter(), on=dt.date(2026, 11, 24))
    open_ones = [line for line in found.lines if not line.confirmed]
    assert len(open_ones) == found.unconfirmed
    assert {line.strength for line in open_ones} == {STRENGTH_WORDS["inform"]}
