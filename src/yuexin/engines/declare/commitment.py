"""Credit commitments: the texts that an entity promises by, and what follows of a breach.

`types` is the door.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal

from yuexin.base.dates import Calendar, add_months
from yuexin.base.text import Text
from yuexin.engines.declare.code_lists import InCodes
from yuexin.engines.declare.law import Dated, Labelled, version_on


@dataclass(frozen=True, kw_only=True)
class CommitmentVersion(Dated):
    """The text promised from `valid_from` to before `valid_to`, and its periods.

    `check_months` after the promise it is checked at the latest, `publish_workdays` after it is
    public. `barred_months` is how long whoever broke it may not promise in this way again: the rule
    that says of whom that holds takes the number from here. `holds_months` is how long it holds, 0
    for no end.
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

    def check_due(self, *, promised_on: dt.date, calendar: Calendar) -> dt.date | None:
        """By when a commitment is checked at the latest, a working day; none where no check is
        declared."""
        if not self.check_months:
            return None
        return calendar.roll(add_months(promised_on, self.check_months)).date


@dataclass(frozen=True, kw_only=True)
class CommitmentExample:
    """A worked example: promised on a day, by when it is checked, and whether whoever rules say
    this of (`verdicts`) on a later day is barred from another. Snapshots from before rules said so
    name the day `broken_on`; nothing reads it."""

    name: str
    promised_on: dt.date
    broken_on: dt.date | None = None
    verdicts: dict[str, str] = dataclasses.field(default_factory=dict)
    on: dt.date
    check_due: dt.date | None = None
    barred: bool = False


@dataclass(frozen=True, kw_only=True)
class Commitment(Labelled):
    """A commitment that can be made at the counter: its `type` (a code of commitment_types), the
    matter, and the body that accepts it. Nobody makes it of whom one of the measures `lost_by` is
    called for: the ordinary way is open to him.

    It is accepted by the body `accepted_by`; where its `office` is `city`, by the one below it of
    the entity's own city, if there is one; where it is `register`, by whoever registered the
    entity. One that is `tied` to a matter that is being handled names its item or its case."""

    type: str
    accepted_by: str
    office: Literal["named", "city", "register"] = "named"
    tied: bool = False
    lost_by: tuple[str, ...] = ()
    order: int = 0
    versions: tuple[CommitmentVersion, ...]
    examples: tuple[CommitmentExample, ...]

    def version_on(self, day: dt.date) -> CommitmentVersion | None:
        return version_on(self.versions, day)


PROMISED: Final = frozenset({
    "code", "name", "serial", "type", "matter", "item_code", "content", "liability", "digest",
    "date", "until", "office", "office_code", "case_no",
})  # fmt: skip
"""What the row of a commitment may name."""


def _none_named() -> InCodes:
    """Snapshots from before checks were listed name no state."""
    return InCodes(field="performance", codes=())


@dataclass(frozen=True, kw_only=True)
class Promising:
    """How commitments are kept: one row each of this `resource`, with `row` by its columns, and
    what differs of a sole trader. A value may hold `{placeholders}` (`PROMISED`).

    Of the fields of its kind `type`, `matter` and `accepted_by` are told in the list of them all;
    `broken` says which are broken, `checked` on which day that was found, `running` which have
    still to be checked: by the process `check`.
    """

    resource: str
    row: dict[str, str]
    of_sole_trader: dict[str, str] = dataclasses.field(default_factory=dict)
    type: str
    matter: str
    accepted_by: str
    checked: str
    broken: InCodes
    running: InCodes = dataclasses.field(default_factory=_none_named)
    check: str = ""

    @property
    def told(self) -> tuple[str, ...]:
        """The fields of the kind that it names."""
        fields = (self.type, self.matter, self.accepted_by, self.checked, self.broken.field)
        return (*fields, self.running.field)
