"""From what rules say to the measures that are called for, each with its law. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from yuexin.base.dates import add_months
from yuexin.base.text import Text
from yuexin.domains.credit.handling import words
from yuexin.domains.credit.handling.book import Book, Call
from yuexin.domains.credit.handling.evidence import Records
from yuexin.domains.credit.handling.reading import Verdict
from yuexin.domains.credit.handling.types import Evidence, Hit, Standing
from yuexin.domains.credit.present import cited
from yuexin.engines.declare.types import Declarations, Strength, version_on

ONE_DAY = dt.timedelta(days=1)
DISPUTED_OUTCOME = "disputed"
NOTHING = Text("", "")


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What hits are made by: the declarations, what is called for, the records, and the day."""

    declarations: Declarations
    book: Book
    records: Records
    on: dt.date


def hits_of(*, scene: Scene, verdict: Verdict) -> Iterator[Hit]:
    """The measures that a verdict calls for, but those whose own time is over."""
    if verdict.value is None or scene.records.closed(verdict.records):
        return
    for call in scene.book.calls.get((verdict.rule, verdict.value), ()):
        evidence = scene.records.of(verdict.records)
        until = _until(call, verdict, evidence)
        if until is None or until >= scene.on:
            yield _hit(scene, call, verdict, evidence, until)


def standing_of(*, scene: Scene, verdict: Verdict) -> Standing | None:
    """The list that a verdict says the subject stands in, if it is of one."""
    regime = scene.book.regimes.get((verdict.rule, verdict.value or ""))
    if regime is None or scene.records.closed(verdict.records):
        return None
    return Standing(
        regime=regime.id,
        label=regime.label,
        adverse=regime.tone == "adverse",
        found=outcome_label(
            declarations=scene.declarations, rule=verdict.rule, value=verdict.value, on=scene.on
        ),
    )


def outcome_label(*, declarations: Declarations, rule: str, value: str | None, on: dt.date) -> Text:
    """What a rule says, in words."""
    declared = declarations.rules[rule]
    version = version_on(declared.versions, on)
    outcomes = version.outcomes if version else ()
    found = next((one.label for one in outcomes if one.id == value), None)
    return found or Text(declared.otherwise_zh, declared.otherwise_en)


def _until(call: Call, verdict: Verdict, evidence: tuple[Evidence, ...]) -> dt.date | None:
    """The last day by what is known: of the verdict, or of the measure's own term if that ends it
    first."""
    ends = [verdict.until - ONE_DAY] if verdict.until else []
    dates = [one.date for one in evidence if one.date]
    if call.measure.term_months and dates:
        ends.append(add_months(max(dates), call.measure.term_months))
    if call.measure.valid_to:
        ends.append(call.measure.valid_to - ONE_DAY)
    return min(ends, default=None)


def _hit(
    scene: Scene,
    call: Call,
    verdict: Verdict,
    evidence: tuple[Evidence, ...],
    until: dt.date | None,
) -> Hit:
    declared, measure = scene.declarations, call.measure
    regime = scene.book.regimes.get((verdict.rule, verdict.value or ""))
    disputed = verdict.value == DISPUTED_OUTCOME or _all(one.disputed for one in evidence)
    stale = _all(one.stale for one in evidence)
    look = tuple(
        said
        for said, holds in (
            (words.NOT_CONFIRMED, not measure.confirmed and measure.strength == "mandatory_deny"),
            (words.DISPUTED, disputed),
            (words.STALE, stale),
            (words.PERSONS_ONLY, "subject" not in measure.targets),
        )
        if holds
    )
    agency = evidence[0].agency if evidence else (regime.keepers[0] if regime else "")
    source = declared.agencies[agency].label if agency else NOTHING
    item = declared.measure_items.get(measure.item)
    return Hit(
        measure=measure.id,
        label=measure.label,
        content=Text(measure.content_zh, measure.content_en),
        item=measure.item,
        item_label=item.label if item else NOTHING,
        incentive=measure.incentive,
        strength=measure.strength,
        effective=_effective(measure.strength, doubtful=bool(look)),
        confirmed=measure.confirmed,
        regime=regime.id if regime else "",
        list_label=regime.label if regime else declared.rules[verdict.rule].label,
        rule=verdict.rule,
        outcome=verdict.value or "",
        found=outcome_label(
            declarations=declared, rule=verdict.rule, value=verdict.value, on=scene.on
        ),
        basis=cited(laws=declared.laws, basis=measure.basis, on=scene.on),
        scene_law=cited(laws=declared.laws, basis=[call.scene.basis], on=scene.on)[0],
        agency=agency,
        source=source,
        contact=words.filled(words.CONTACT, source) if agency else NOTHING,
        until=until,
        targets=measure.targets,
        disputed=disputed,
        stale=stale,
        look=look,
        records=evidence,
    )


def _effective(strength: Strength, *, doubtful: bool) -> Strength:
    """What is not certain refuses nothing (domain notes 4.4 a, b)."""
    return "must_consider" if doubtful and strength == "mandatory_deny" else strength


def _all(held: Iterator[bool]) -> bool:
    """Whether it holds of all, of which there is at least one."""
    found = list(held)
    return bool(found) and all(found)
