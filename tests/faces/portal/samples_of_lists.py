"""Lists, who stands in one, and what a file says of its lists, as the portal's pages get them."""

from __future__ import annotations

import datetime as dt

from tests.faces.portal import samples

from yuexin.base.text import Text
from yuexin.domains.credit.listings import TONES, law_of, not_confirmed, ways_off
from yuexin.domains.credit.measured import MeasureCatalogue, MeasureFilter, catalogue
from yuexin.domains.credit.members import ListSummary, Member, MembersPage, Narrowed
from yuexin.domains.credit.types import Listing
from yuexin.engines.declare.queries import current
from yuexin.engines.declare.types import Regime, version_on


def _summary(regime: Regime, subjects: int) -> ListSummary:
    version = version_on(regime.versions, samples.TODAY)
    return ListSummary(
        regime=regime.id,
        label=regime.label,
        tone=TONES[regime.tone],
        group=regime.tone,
        field=regime.field,
        keepers=Text("广东省市场监督管理局", "Guangdong Administration for Market Regulation"),
        subjects=subjects,
        term_months=version.term_months if version else 0,
        by_case=regime.terms_by_case,
        basis=law_of(declarations=current(), version=version, on=samples.TODAY),
        provisional=not_confirmed(version),
        follow_up=Text(regime.follow_up_zh, regime.follow_up_en),
        ways=ways_off(declarations=current(), regime=regime, on=samples.TODAY),
    )


def lists() -> tuple[ListSummary, ...]:
    """All declared lists, with invented numbers."""
    regimes = current().regimes.values()
    return tuple(_summary(one, 37 * number) for number, one in enumerate(regimes))


def members(regime: str = "abnormal_operations", *, rows: int = 30) -> MembersPage:
    """A page of a list."""
    shown = samples.publicity_page(rows=rows).rows
    place = Text("广州市", "Guangzhou")
    return MembersPage(
        summary=_summary(current().regimes[regime], 110),
        asked=Narrowed(city="440100"),
        cities=(("440100", place), ("440300", Text("深圳市", "Shenzhen"))),
        subjects=108 if rows else 0,
        entries=110 if rows else 0,
        page=1,
        pages=4 if rows else 0,
        rows=tuple(
            Member(row=one, city=place, last_day=dt.date(2028, 5, 12) if n % 2 else None)
            for n, one in enumerate(shown)
        ),
    )


def measures(**asked: str) -> MeasureCatalogue:
    """The declared catalogue."""
    return catalogue(declarations=current(), asked=MeasureFilter(**asked), on=samples.TODAY)


def listings() -> tuple[Listing, ...]:
    """What a file says that stands in an adverse list and would be honoured."""
    return tuple(
        Listing(
            regime=regime.id,
            label=regime.label,
            tone=TONES[regime.tone],
            since=dt.date(2025, 5, 12),
            last_day=dt.date(2028, 5, 12) if regime.tone == "adverse" else None,
            disputed=regime.tone == "adverse",
            counts=regime.tone == "adverse",
            provisional=not_confirmed(version_on(regime.versions, samples.TODAY)),
            follow_up=Text(regime.follow_up_zh, regime.follow_up_en),
            ways=ways_off(declarations=current(), regime=regime, on=samples.TODAY),
            basis=law_of(
                declarations=current(),
                version=version_on(regime.versions, samples.TODAY),
                on=samples.TODAY,
            ),
            remedies=samples.REMEDIES if regime.tone == "adverse" else (),
        )
        for regime in (current().regimes[one] for one in ("serious_dishonesty", "tax_grade_a"))
    )
