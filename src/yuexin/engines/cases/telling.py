"""The one place from which a case tells notices."""

from __future__ import annotations

import datetime as dt

from yuexin.engines.cases.acts import Case
from yuexin.engines.declare.types import Declarations, Step


def tell_of(*, declarations: Declarations, case: Case, step: Step, now: dt.datetime) -> None:
    """Tell the notices that a step sends, once each, under the key of the act."""
    del declarations, case, step, now
