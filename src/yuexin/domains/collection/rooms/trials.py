"""What the checks say of a file before it is delivered, in words."""

from __future__ import annotations

from dataclasses import dataclass

from yuexin.domains.collection.layout import Layout
from yuexin.domains.collection.rooms.asked import Named, agency_named, resource_named
from yuexin.domains.collection.rooms.delivered import FindingLine
from yuexin.domains.collection.rooms.held import Finding, finding_of
from yuexin.domains.collection.trial import Trial
from yuexin.domains.collection.types import Offer
from yuexin.engines.access.queries import disclose
from yuexin.engines.access.types import PUBLIC
from yuexin.engines.declare.types import Declarations


@dataclass(frozen=True, kw_only=True)
class TrialView:
    """A file that was tried and not kept. `sound` rows would go in; `published`: and be public at
    once. `first` are the first findings, each with the number of its row."""

    agency: Named
    resource: Named
    file_name: str
    received: int
    sound: int
    doubtful: int
    rejected: int
    published: bool
    findings: tuple[FindingLine, ...]
    first: tuple[tuple[int, Finding], ...]


def trial_view(*, declarations: Declarations, offer: Offer, trial: Trial) -> TrialView:
    """A trial in words. No cell is quoted: of a row that is mended, some are not shown."""
    layout = Layout.of(declarations=declarations, resource=offer.resource)
    return TrialView(
        agency=agency_named(declarations, offer.agency),
        resource=resource_named(declarations, offer.resource),
        file_name=offer.file_name,
        received=trial.received,
        sound=trial.received - trial.rejected - trial.doubtful,
        doubtful=trial.doubtful,
        rejected=trial.rejected,
        published=offer.intent == "report"
        and disclose(declarations=declarations, actor=PUBLIC, kind=layout.kind).allowed,
        findings=tuple(
            FindingLine(
                column=item["column"],
                label=layout.label(item["column"]),
                rule=item["rule"],
                sentence=layout.sentence(item["rule"]),
                rows=item["rows"],
                of=item["of"],
                rejected=item["rows"] if item["severity"] == "reject" else 0,
            )
            for item in trial.findings
        ),
        first=tuple(
            (one.row, finding_of(layout, one.column, one.rule, rejects=one.rejects))
            for one in trial.first
        ),
    )
