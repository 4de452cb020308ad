"""What filings and commitments refer to, and that their periods can be counted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.declare import types as t
from yuexin.engines.declare.source import declaration_error

A_YEAR = 2024


def filings_checked(d: t.Declarations) -> Iterator[Refusal]:
    """What is wrong with the filings and commitments that are declared."""
    for filing in d.filings.values():
        yield from _filing(d, filing)
    for commitment in d.commitments.values():
        yield from _commitment(d, commitment)


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
    if len({example.standing for example in filing.examples}) < 2:
        yield _wrong(place, "示例应有不止一种结果", "its examples show one standing only")


def _commitment(d: t.Declarations, commitment: t.Commitment) -> Iterator[Refusal]:
    place = f"commitments/{commitment.id}"
    types = d.codes["commitment_types"].by_code if "commitment_types" in d.codes else ()
    yield from _known(place, "type", [commitment.type], types)
    providers = d.resources["commitments"].providers if "commitments" in d.resources else ()
    yield from _known(place, "accepted_by", [commitment.accepted_by], providers)
    for version in commitment.versions:
        yield from _based(d, place, version.basis)
        if version.barred_months and not version.basis:
            yield _wrong(place, "限制须有依据", "what bars somebody needs a basis")


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
