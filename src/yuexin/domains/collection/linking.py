"""How a fold links what its delivery leaves waiting: judged now, or as it was judged then."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from django.db.backends.utils import CursorWrapper

from yuexin.domains.subjects.judgements import judged_with
from yuexin.engines.declare.types import Declarations


@dataclass(frozen=True, kw_only=True)
class Linked:
    """Numbers of the judgements that hold from a delivery on, and how many were left to people."""

    same: tuple[int, ...]
    asked: int


class Linking(Protocol):
    """Says which mentions of waiting rows are which subjects, once a delivery is placed; one that
    `teaches` names or numbers may say so of rows of others too."""

    def judged(
        self,
        *,
        cursor: CursorWrapper,
        delivery: int,
        declarations: Declarations,
        teaches: bool,
        now: dt.datetime,
    ) -> Linked: ...


class AsJudged:
    """What was judged with the delivery when it was first folded; nothing is judged anew."""

    def judged(
        self,
        *,
        cursor: CursorWrapper,
        delivery: int,
        declarations: Declarations,
        teaches: bool,
        now: dt.datetime,
    ) -> Linked:
        del declarations, teaches, now
        same, asked = judged_with(cursor=cursor, delivery=delivery)
        return Linked(same=same, asked=asked)
