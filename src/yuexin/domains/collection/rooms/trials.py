"""What the checks say of a file before it is delivered, in words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import BinaryIO

from yuexin.domains.collection.kept import masked
from yuexin.domains.collection.layout import TRY_AGAIN, Layout
from yuexin.domains.collection.operations import try_out
from yuexin.domains.collection.queries import REASONS
from yuexin.domains.collection.rooms.asked import Named, resource_named
from yuexin.domains.collection.rooms.delivered import FindingLine, ReasonLine
from yuexin.domains.collection.rooms.held import Finding, finding_of
from yuexin.domains.collection.trial import Found, Trial
from yuexin.domains.collection.types import Offer
from yuexin.engines.access.queries import disclose
from yuexin.engines.access.types import PUBLIC, Actor
from yuexin.engines.declare.types import Declarations
from yuexin.engines.deliveries.types import Intent
from yuexin.home.folder import Home


@dataclass(frozen=True, kw_only=True)
class TrialView:
    """A file that was tried and not kept. `passed` rows would be placed, as far as `compared`: the
    rest have nothing against them by themselves. Whose `matched` ones are, the matcher would say,
    or was judged before, whose `asked` ones are, people would. `public`: this kind of record is.
    `first` are the first findings, each with its row's number."""

    resource: Named
    file_name: str
    intent: Intent
    received: int
    passed: int
    rejected: int
    waiting: tuple[ReasonLine, ...]
    compared: int
    matched: int
    asked: int
    public: bool
    whole: bool
    findings: tuple[FindingLine, ...]
    first: tuple[tuple[int, Finding], ...]

    @property
    def many(self) -> bool:
        """Whether there are more findings than the first ones."""
        return sum(line.rows for line in self.findings) > len(self.first)

    @property
    def compares_part(self) -> bool:
        """Whether only the first of its good rows were compared with subjects."""
        return not self.whole or self.compared < self.received - self.rejected

    @property
    def waits(self) -> int:
        """How many rows wait, for whatever reason."""
        return sum(line.rows for line in self.waiting)


def try_view(
    *,
    home: Home,
    stream: BinaryIO,
    offer: Offer,
    declarations: Declarations,
    actor: Actor,
    now: dt.datetime,
) -> TrialView:
    """Try a file and say what came of it. Raises a `Refusal` as `try_out` does."""
    trial = try_out(
        home=home, stream=stream, offer=offer, declarations=declarations, actor=actor, now=now
    )
    return _view(declarations, offer, trial)


def _view(declarations: Declarations, offer: Offer, trial: Trial) -> TrialView:
    """Cells are quoted as those of rejected rows are: of a personal one nothing is shown."""
    layout = Layout.of(declarations=declarations, resource=offer.resource)
    return TrialView(
        resource=resource_named(declarations, offer.resource),
        file_name=offer.file_name,
        intent=offer.intent,
        received=trial.received,
        passed=trial.received - trial.rejected - sum(trial.waiting.values()),
        rejected=trial.rejected,
        waiting=tuple(
            ReasonLine(reason=reason, label=REASONS[reason], rows=rows)
            for reason, rows in trial.waiting.items()
        ),
        compared=trial.compared,
        matched=trial.matched,
        asked=trial.asked,
        public=disclose(declarations=declarations, actor=PUBLIC, kind=layout.kind).allowed,
        whole=trial.whole,
        findings=tuple(
            FindingLine(
                column=item["column"],
                label=layout.label(item["column"]),
                rule=item["rule"],
                sentence=layout.sentence(item["rule"], header=item["column"]),
                rows=item["rows"],
                of=item["of"],
                rejected=item["rows"] if item["severity"] == "reject" else 0,
            )
            for item in trial.findings
        ),
        first=tuple(
            (
                one.row,
                finding_of(
                    layout=layout,
                    column=one.column,
                    rule=one.rule,
                    value=_quoted(layout, one),
                    rejects=one.rejects,
                    otherwise=TRY_AGAIN,
                ),
            )
            for one in trial.first
        ),
    )


def _quoted(layout: Layout, found: Found) -> str:
    column = layout.resource.by_header.get(found.column)
    if column is not None and column.personal:
        return ""
    return masked(layout.resource, found.column, found.value)
