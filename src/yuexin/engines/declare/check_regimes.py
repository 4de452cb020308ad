"""What refers to what in lists and measures: none loads without a law in force that says so."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.declare import types as t
from yuexin.engines.declare.check_periods import check_period
from yuexin.engines.declare.references import based, known
from yuexin.engines.declare.source import declaration_error
from yuexin.engines.declare.transitions import carried_over

SCENES = "purposes"
NEVER_SAID = ("黑名单", "红名单", "黑榜", "红榜", "blacklist", "black list", "red list", "redlist")


def check_regimes(d: t.Declarations) -> Iterator[Refusal]:
    """What is wrong with the lists and the measures, and with the items of their catalogue."""
    for item in d.measure_items.values():
        yield from based(d, f"measure_items.yaml {item.id}", [item.basis], None)
        yield from _worded(f"measure_items.yaml {item.id}", [item.zh, item.en])
    for regime in d.regimes.values():
        yield from _regime(d, regime)
    for measure in d.measures.values():
        yield from _measure(d, measure)


def _regime(d: t.Declarations, regime: t.Regime) -> Iterator[Refusal]:
    place = f"regimes/{regime.id}"
    yield from known(place, "kind", [regime.kind], d.kinds)
    yield from known(place, "keepers", regime.keepers, d.agencies)
    yield from _said(d, place, t.Trigger(rule=regime.rule, outcomes=regime.listed))
    yield from known(place, "disputed", regime.disputed, regime.listed)
    for one in regime.ended_by:
        yield from _said(d, place, one)
    processes = [name for name in (regime.listing, regime.removal, regime.repair) if name]
    processes += [one.process for one in regime.exits if one.process]
    yield from known(place, "process", processes, d.processes)
    yield from _versions(d, place, regime)
    yield from _announced(d, place, regime)
    for follow_up in regime.follow_ups:
        yield from check_period(d, f"{place} follow_ups", follow_up, kind=regime.kind)
        yield from _begun(d, f"{place} follow_ups", [follow_up.basis], follow_up)
    for way in regime.exits:
        yield from based(d, f"{place} {way.id}", [way.basis], None)
        if way.process and way.by_application:
            yield _two_ways(f"{place} {way.id}")
    if regime.yields:
        yield from based(d, f"{place} yields", [regime.yields], None)
    words = [regime.zh, regime.en, regime.follow_up_zh, regime.follow_up_en]
    words += [text for one in regime.exits for text in (one.zh, one.en)]
    words += [text for one in _noted(regime) for text in (one.note_zh, one.note_en)]
    words += [text for one in regime.follow_ups for text in one.what]
    yield from _worded(place, words)
    yield from _regime_examples(d, place, regime)


def _noted(regime: t.Regime) -> Iterator[t.RegimeVersion | t.Transition]:
    for version in regime.versions:
        yield version
        if version.transition:
            yield version.transition


def _announced(d: t.Declarations, place: str, regime: t.Regime) -> Iterator[Refusal]:
    """What the public sees of a list that is no honour, it is also told by day."""
    told = {kind for one in d.announcements.values() for kind in one.kinds}
    opened = d.releases["public"].by_kind
    if regime.tone != "honour" and regime.kind in opened and regime.kind not in told:
        yield declaration_error(
            place=place,
            what=Text(
                f"公开的“{regime.kind}”没有列在任何公告栏目",
                f"“{regime.kind}” is public and announced under no heading",
            ),
            remedy=Text(
                "在 announcements.yaml 的一个栏目中加上",
                "add it to a heading there",
            ),
        )


def _versions(d: t.Declarations, place: str, regime: t.Regime) -> Iterator[Refusal]:
    if not regime.versions:
        yield _lacks(place, "versions")
    yield from carried_over(d, place, regime.versions)
    for version in regime.versions:
        where = f"{place} {version.valid_from}"
        if not version.basis:
            yield _lacks(where, "basis")
        yield from based(d, where, version.basis, version.valid_to)
        yield from _begun(d, where, version.basis, version)
    starts = [one.valid_from for one in regime.versions]
    for before, after in zip(regime.versions, regime.versions[1:], strict=False):
        if before.valid_to != after.valid_from:
            yield declaration_error(
                place=place,
                what=Text(
                    f"{before.valid_from} 起的版本没有接到 {after.valid_from}",
                    f"the version from {before.valid_from} does not end where the next begins",
                ),
                remedy=Text("版本按先后相接", "let each version end on the next one's first day"),
            )
    if regime.rule in d.rules and starts:
        told = min((one.valid_from for one in d.rules[regime.rule].versions), default=None)
        if told is None or told > min(starts):
            yield declaration_error(
                place=place,
                what=Text(
                    "规则自更晚的日期才有版本", "its rule has no version as early as the list"
                ),
                remedy=Text("补写规则的版本", "add a version to the rule"),
            )


def _regime_examples(d: t.Declarations, place: str, regime: t.Regime) -> Iterator[Refusal]:
    for example in regime.examples:
        where = f"{place} “{example.name}”"
        yield from known(where, "kind", example.records, d.kinds)
        for kind, rows in example.records.items():
            if kind in d.kinds:
                fields = [name for row in rows for name in row]
                yield from known(where, "field", fields, d.kinds[kind].readable)
    if len({one.listed for one in regime.examples}) < 2:
        yield declaration_error(
            place=place,
            what=Text("示例应有列入的，也有未列入的", "examples must show both listed and not"),
            remedy=Text("补写 examples", "add examples"),
        )


def _measure(d: t.Declarations, measure: t.Measure) -> Iterator[Refusal]:
    place = f"measures {measure.id}"
    yield from known(place, "item", [measure.item], d.measure_items)
    yield from known(place, "executors", measure.executors, d.agencies)
    if bool(measure.executors_zh) != bool(measure.executors_en):
        yield _lacks(place, "executors_zh" if measure.executors_en else "executors_en")
    if not measure.basis:
        yield _lacks(place, "basis")
    yield from based(d, place, measure.basis, measure.valid_to)
    yield from _begun(d, place, measure.basis[:1], measure)
    for named in measure.scenes:
        yield from _scene(d, place, measure, named)
    for trigger in measure.triggers:
        yield from _said(d, place, trigger)
    words = [measure.zh, measure.en, measure.content_zh, measure.content_en]
    words += [measure.executors_zh, measure.executors_en]
    yield from _worded(place, words)
    yield from _strength(d, place, measure)
    yield from _measure_examples(d, place, measure)


def _scene(
    d: t.Declarations, place: str, measure: t.Measure, named: t.NamedScene
) -> Iterator[Refusal]:
    """A scene stands only by a law that names it, and only while that law is in force."""
    where = f"{place} {named.scene}"
    scenes = d.codes[SCENES].by_code if SCENES in d.codes else ()
    yield from known(where, "scene", [named.scene], scenes)
    if not named.basis:
        yield _lacks(where, "basis")
        return
    yield from based(d, where, [named.basis], measure.valid_to)


def _strength(d: t.Declarations, place: str, measure: t.Measure) -> Iterator[Refusal]:
    """Only what is confirmed refuses anybody; what nobody confirmed informs."""
    if not measure.confirmed and measure.strength != "inform":
        yield declaration_error(
            place=place,
            what=Text(
                f"未确认的措施不能是 {measure.strength}",
                f"a measure that nobody confirmed cannot be {measure.strength}",
            ),
            remedy=Text("写 strength: inform", "write strength: inform"),
        )
    if measure.strength != "mandatory_deny":
        return
    if measure.incentive or not measure.scenes:
        yield declaration_error(
            place=place,
            what=Text("拒绝类措施应写明法律列明的环节", "what refuses names the scenes of a law"),
            remedy=Text("补写 scenes，或改 strength", "add scenes, or another strength"),
        )
    for named in measure.scenes:
        law = d.laws.get(named.basis.partition(":")[0])
        if law is not None and not law.confirmed:
            yield declaration_error(
                place=f"{place} {named.scene}",
                what=Text(
                    f"依据“{law.zh}”尚未确认，不能据以拒绝",
                    f"its basis “{law.id}” is not confirmed and refuses nobody",
                ),
                remedy=Text("改 strength，或请主管部门确认", "write another strength"),
            )


def _measure_examples(d: t.Declarations, place: str, measure: t.Measure) -> Iterator[Refusal]:
    for example in measure.examples:
        yield from known(f"{place} “{example.name}”", "rule", example.verdicts, d.rules)
    if measure.triggers and measure.scenes and len({one.hit for one in measure.examples}) < 2:
        yield declaration_error(
            place=place,
            what=Text("示例应有触发的，也有不触发的", "examples must show both a hit and none"),
            remedy=Text("补写 examples", "add examples"),
        )


def _said(d: t.Declarations, place: str, trigger: t.Trigger) -> Iterator[Refusal]:
    """A trigger names outcomes that its rule has in some version."""
    yield from known(place, "rule", [trigger.rule], d.rules)
    if trigger.rule in d.rules:
        versions = d.rules[trigger.rule].versions
        outcomes = {one.id for version in versions for one in version.outcomes}
        yield from known(f"{place} {trigger.rule}", "outcome", trigger.outcomes, outcomes)
    if not trigger.outcomes:
        yield _lacks(place, "outcomes")


def _begun(
    d: t.Declarations, place: str, bases: Collection[str], dated: t.Dated
) -> Iterator[Refusal]:
    """What rests on a law begins no earlier than the law."""
    for law in (d.laws.get(basis.partition(":")[0]) for basis in bases):
        if law is not None and dated.valid_from < law.valid_from:
            yield declaration_error(
                place=place,
                what=Text(
                    f"早于依据“{law.zh}”的施行日 {law.valid_from}",
                    f"begins before its basis “{law.id}” does, on {law.valid_from}",
                ),
                remedy=Text("改 valid_from 或依据", "mend valid_from, or name another basis"),
            )


def _worded(place: str, words: Collection[str]) -> Iterator[Refusal]:
    """Lists go by their statutory names: nobody is called what the law does not call them."""
    said = [word for text in words for word in NEVER_SAID if word in text.casefold()]
    for word in said[:1]:
        yield declaration_error(
            place=place,
            what=Text(f"公开的文字不能写“{word}”", f"“{word}” is not said in public"),
            remedy=Text("使用法定名称", "use the statutory name"),
        )


def _two_ways(place: str) -> Refusal:
    return declaration_error(
        place=place,
        what=Text(
            "既在这里办理，又向决定机关申请", "applied for here and at the body that decided"
        ),
        remedy=Text("有 process 的，去掉 by_application", "drop by_application beside a process"),
    )


def _lacks(place: str, what: str) -> Refusal:
    return declaration_error(
        place=place,
        what=Text(f"没有写 {what}", f"{what} is missing"),
        remedy=Text(f"补写 {what}", f"add {what}"),
    )
