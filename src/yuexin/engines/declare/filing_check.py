"""What filings and commitments refer to, that their periods can be counted, and that their worked
examples come out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.declare import types as t
from yuexin.engines.declare.check_periods import check_period
from yuexin.engines.declare.commitment import PROMISED
from yuexin.engines.declare.filing_standing import event_standing, year_standing
from yuexin.engines.declare.notice import placeholders
from yuexin.engines.declare.source import declaration_error
from yuexin.engines.declare.workdays import calendar_of

A_YEAR = 2024


def filings_checked(d: t.Declarations) -> Iterator[Refusal]:
    """What is wrong with the filings and commitments that are declared."""
    for filing in d.filings.values():
        yield from _filing(d, filing)
    for commitment in d.commitments.values():
        yield from _commitment(d, commitment)
    yield from _promising(d)


def _filing(d: t.Declarations, filing: t.Filing) -> Iterator[Refusal]:
    place = f"filings/{filing.id}"
    yield from _known(place, "resource", [filing.resource], d.resources)
    if filing.resource not in d.resources:
        return
    resource = d.resources[filing.resource]
    yield from _known(place, "keeper", [filing.keeper], resource.providers)
    yield from _known(place, "column", filing.columns, resource.by_header)
    for item in filing.items:
        lines = [f"{item.lines_of}.{one.known}" for one in item.parts if one.known]
        for kind, _, field in (named.partition(".") for named in (*item.known, *lines)):
            yield from _known(f"{place} {item.column}", "kind", [kind], d.kinds)
            fields = d.kinds[kind].by_field if kind in d.kinds else ()
            yield from _known(f"{place} {item.column}", "field", [field], fields)
    if bool(filing.period) == bool(filing.event):
        yield _wrong(place, "period、event 应恰有一个", "it names either period or event")
    types = d.codes["entity_types"].by_code if "entity_types" in d.codes else ()
    for version in filing.versions:
        yield from _based(d, place, (*version.basis, *(one.basis for one in version.filers)))
        for filer in version.filers:
            where = f"{place} {version.valid_from} {filer.id}"
            yield from _known(where, "type", filer.types, types)
            yield from _windowed(where, filing, filer)
        yield from _known(place, "type", version.exempt, types)
    yield from _based(d, place, [share.basis for share in filing.shares])
    for share in filing.shares:
        if share.check:
            yield from check_period(d, place, share.check, kind=resource.kind)
    yield from _known(place, "register", [filing.register], d.kinds)
    names = d.kinds[filing.register].names if filing.register in d.kinds else None
    yield from _known(place, "ended", filing.ended, names.ended if names else ())
    yield from _known(place, "notice", [one for one in [filing.reminded] if one], d.notices)
    yield from _known(place, "process", [one for one in [filing.ordered] if one], d.processes)
    for example in filing.examples:
        yield from _example(d, place, filing, example)
    if len({example.standing for example in filing.examples}) < 2:
        yield _wrong(place, "示例应有不止一种结果", "its examples show one standing only")


def _commitment(d: t.Declarations, commitment: t.Commitment) -> Iterator[Refusal]:
    place = f"commitments/{commitment.id}"
    types = d.codes["commitment_types"].by_code if "commitment_types" in d.codes else ()
    yield from _known(place, "type", [commitment.type], types)
    resource = d.resources.get(d.promising.resource) if d.promising else None
    providers = resource.providers if resource else ()
    yield from _known(place, "accepted_by", [commitment.accepted_by], providers)
    if commitment.office == "city" and not any(
        d.agencies[one].parent == commitment.accepted_by for one in providers if one in d.agencies
    ):
        yield _wrong(place, "没有下级机关可以受理", "no body below it delivers commitments")
    yield from _known(place, "measure", commitment.lost_by, d.measures)
    for version in commitment.versions:
        yield from _based(d, place, version.basis)
        if version.barred_months and not version.basis:
            yield _wrong(place, "限制须有依据", "what bars somebody needs a basis")
        if version.barred_months and not _bars(d, commitment):
            yield _wrong(
                place,
                "限制期没有规则和措施用到",
                "no rule of a measure of lost_by takes its months",
            )
    for example in commitment.examples:
        yield from _promised(d, place, commitment, example)


def _promising(d: t.Declarations) -> Iterator[Refusal]:
    place, how = "promising.yaml", d.promising
    if how is None:
        if d.commitments:
            yield _wrong(place, "有承诺，却没有写怎样保存", "nothing says how commitments are kept")
        return
    yield from _known(place, "resource", [how.resource], d.resources)
    if how.resource not in d.resources:
        return
    resource = d.resources[how.resource]
    row = {**how.row, **how.of_sole_trader}
    yield from _known(place, "column", row, resource.by_header)
    used = frozenset[str]().union(*(placeholders(one) for one in row.values()))
    yield from _known(place, "value", sorted(used), PROMISED)
    fields = d.kinds[resource.kind].by_field if resource.kind in d.kinds else {}
    yield from _known(place, "field", how.told, fields)
    for named in (how.broken, how.running):
        if named.field in fields:
            listed = d.codes.get(fields[named.field].codes)
            yield from _known(place, "code", named.codes, listed.by_code if listed else ())
    yield from _known(place, "process", [how.check] if how.check else [], d.processes)


def _example(
    d: t.Declarations, place: str, filing: t.Filing, example: t.FilingExample
) -> Iterator[Refusal]:
    """A worked example stands as it says."""
    entity = t.Filed(
        entity_type=example.entity_type, est_date=example.est_date, state=example.state,
        first_filed=example.filed_on, ordered_until=example.ordered_until,
    )  # fmt: skip
    how: dict[str, Any] = {
        "entity": entity,
        "on": example.on,
        "calendar": calendar_of(declarations=d),
    }
    if filing.yearly:
        stand = year_standing(filing=filing, period=example.period, **how)
    elif example.event_date is None:
        yield _wrong(f"{place} “{example.name}”", "示例缺 event_date", "it lacks event_date")
        return
    else:
        stand = event_standing(filing=filing, event=example.event_date, **how)
    yield from _comes_out(
        f"{place} “{example.name}”",
        (example.standing, example.due),
        (stand.standing, stand.due.date if stand.due else None),
    )


def _promised(
    d: t.Declarations, place: str, commitment: t.Commitment, example: t.CommitmentExample
) -> Iterator[Refusal]:
    """What is promised in a worked example is checked by, and bars until, the day that it says."""
    where = f"{place} “{example.name}”"
    version = commitment.version_on(example.promised_on)
    if version is None:
        yield _wrong(where, "这一天没有文本", "no text is in force on that day")
        return
    due = version.check_due(promised_on=example.promised_on, calendar=calendar_of(declarations=d))
    yield from _comes_out(where, (example.check_due,), (due,))
    yield from _known(where, "rule", example.verdicts, d.rules)


def _bars(d: t.Declarations, commitment: t.Commitment) -> bool:
    """Whether a rule by which it is lost takes its months from it."""
    measures = (d.measures[one] for one in commitment.lost_by if one in d.measures)
    rules = {trigger.rule for one in measures for trigger in one.triggers}
    return any(
        number.commitment == commitment.id
        for rule in rules & d.rules.keys()
        for version in d.rules[rule].versions
        for number in version.parameters
    )


def _comes_out(
    place: str, wanted: tuple[object, ...], found: tuple[object, ...]
) -> Iterator[Refusal]:
    if found != wanted:
        said, gave = (" · ".join(str(one) for one in pair) for pair in (wanted, found))
        yield _wrong(
            place, f"示例应为“{said}”，得到“{gave}”",
            f"the example must give “{said}” and gives “{gave}”",
        )  # fmt: skip


def _windowed(place: str, filing: t.Filing, filer: t.Filer) -> Iterator[Refusal]:
    if not filing.yearly:
        return
    try:
        opens, closes = filer.window(A_YEAR)
    except ValueError:
        yield _wrong(place, "opens、closes 应写作 01-01", "write opens and closes like 01-01")
        return
    if closes <= opens:
        yield _wrong(place, "closes 应晚于 opens", "closes is not after opens")


def _based(d: t.Declarations, place: str, bases: Iterable[str]) -> Iterator[Refusal]:
    yield from _known(place, "basis", [basis.partition(":")[0] for basis in bases], d.laws)


def _known(
    place: str, what: str, names: Iterable[str], known: Collection[str]
) -> Iterator[Refusal]:
    for name in names:
        if name not in known:
            yield _wrong(place, f"{what}“{name}”没有声明", f"{what} “{name}” is not declared")


def _wrong(place: str, zh: str, en: str) -> Refusal:
    return declaration_error(
        place=place, what=Text(zh, en), remedy=Text("改声明", "mend the declaration")
    )
