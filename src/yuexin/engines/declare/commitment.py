"""Credit commitments: the texts that an entity promises by, and what follows of a breach.

`types` is the door.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from yuexin.base.text import Text
from yuexin.engines.declare.law import Dated, Labelled, version_on


@dataclass(frozen=True, kw_only=True)
class CommitmentVersion(Dated):
    """The text promised from `valid_from` to before `valid_to`, and its periods.

    `check_months` after the promise it is checked at the latest, `publish_workdays` after it is
    public. `barred_months` is how long whoever broke it may not promise in this way again, and
    `holds_months` how long it holds, 0 for no end.
    """

    basis: tuple[str, ...]
    confirmed: bool = True
    content_zh: str
    content_en: str
    liability_zh: str
    liability_en: str
    check_months: int = 0
    publish_workdays: int = 7
    barred_months: int = 0
    holds_months: int = 0

    @property
    def content(self) -> Text:
        return Text(self.content_zh, self.content_en)

    @property
    def liability(self) -> Text:
        return Text(self.liability_zh, self.liability_en)


@dataclass(frozen=True, kw_only=True)
class CommitmentExample:
    """A worked example: promised on a day, broken or not, and what then holds on a later day."""

    name: str
    promised_on: dt.date
    broken_on: dt.date | None = None
    on: dt.date
    check_due: dt.date | None = None
    barred: bool = False


@dataclass(frozen=True, kw_only=True)
class Commitment(Labelled):
    """A commitment that can be made at the counter: its `type` (a code of commitment_types), the
    matter, the body that accepts it, and whether it is made before or after entry."""

    type: str
    accepted_by: str
    item_code: str = ""
    order: int = 0
    versions: tuple[CommitmentVersion, ...]
    examples: tuple[CommitmentExample, ...]

    def version_on(self, day: dt.date) -> CommitmentVersion | None:
        return version_on(self.versions, day)
