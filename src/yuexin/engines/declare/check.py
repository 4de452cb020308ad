"""What refers to what: a declaration that names something undeclared is refused at load."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.declare import types as t
from yuexin.engines.declare.source import declaration_error

LEAST_FAILING_EXAMPLES = 2


def check(declarations: t.Declarations) -> None:
    """Raise the first broken reference as a `Refusal`."""
    for problem in _problems(declarations):
        raise problem


def _problems(d: t.Declarations) -> Iterator[Refusal]:
    for kind in d.kinds.values():
        yield from _kind(d, kind)
    for resource in d.resources.values():
        yield from _resource(d, resource)
    for term in d.terms.values():
        yield from _term(d, term)
    for rule in d.rules.values():
        yield from _known(f"rules/{rule.id}", "basis", _laws(rule.basis), d.laws)
    for release in d.releases.values():
        yield from _release(d, release)
    for role in d.roles.values():
        yield from _known(f"roles/{role.id}", "releases", role.releases, d.releases)
    yield from _policy(d)


def _kind(d: t.Declarations, kind: t.RecordKind) -> Iterator[Refusal]:
    place = f"records/{kind.id}"
    yield from _known(place, "section", [kind.section], d.sections)
    yield from _known(place, "basis", _laws(kind.basis), d.laws)
    dates = [name for name in (kind.event_date, kind.valid_from, kind.valid_until) if name]
    yield from _known(place, "field", [*kind.key, *kind.headline, *dates], kind.by_field)
    for field in kind.fields:
        where = f"{place}.{field.id}"
        yield from _known(where, "codes", [field.codes] if field.codes else [], d.codes)
        yield from _known(where, "basis", _laws([field.basis] if field.basis else []), d.laws)
        if field.scope == "public" and not field.basis:
            yield declaration_error(
                place=where,
                what=Text("公开字段没有法律依据", "a public field without a law that says so"),
                remedy=Text("写明 basis，或改为不公开", "name its basis, or do not make it public"),
            )


def _resource(d: t.Declarations, resource: t.Resource) -> Iterator[Refusal]:
    place = f"resources/{resource.id}"
    yield from _known(place, "providers", resource.providers, d.agencies)
    yield from _known(place, "kind", [resource.kind], d.kinds)
    yield from _known(place, "basis", _laws(resource.basis), d.laws)
    if resource.kind in d.kinds:
        yield from _columns(d, resource, d.kinds[resource.kind])
    named = [item.column for item in resource.identifiers]
    named += [resource.subject_name, resource.former_names, resource.secrecy_column]
    named += [name for rule in resource.required_when for name in (rule.column, rule.require)]
    named += [name for rule in resource.not_after for name in (rule.first, rule.second)]
    if resource.natural_person:
        named.append(resource.natural_person.column)
    yield from _known(place, "column", [n for n in named if n and n != "today"], resource.by_header)
    for example in resource.examples:
        yield from _known(f"{place} “{example.name}”", "column", example.row, resource.by_header)
    if sum(bool(e.findings) for e in resource.examples) < LEAST_FAILING_EXAMPLES:
        yield declaration_error(
            place=place,
            what=Text("至少要有两个不通过的示例", "at least two worked examples must fail"),
            remedy=Text("补写带 findings 的示例", "add examples with findings"),
        )


def _columns(d: t.Declarations, resource: t.Resource, kind: t.RecordKind) -> Iterator[Refusal]:
    for column in resource.columns:
        where = f"resources/{resource.id}.{column.header}"
        fields = [
            name for name in (column.field, column.currency_field, column.minor_field) if name
        ]
        yield from _known(where, "field", fields, kind.by_field)
        yield from _known(where, "codes", [column.codes] if column.codes else [], d.codes)


def _term(d: t.Declarations, term: t.Term) -> Iterator[Refusal]:
    yield from _known(f"terms/{term.id}", "kind", [term.kind], d.kinds)
    for version in term.versions:
        bases = [version.law, *(item.basis for item in version.classes)]
        yield from _known(f"terms/{term.id}", "basis", _laws(bases), d.laws)


def _release(d: t.Declarations, release: t.Release) -> Iterator[Refusal]:
    place = f"releases/{release.id}"
    yield from _known(place, "basis", _laws(release.basis), d.laws)
    yield from _known(place, "kind", release.by_kind, d.kinds)
    for item in release.kinds:
        fields = d.kinds[item.kind].by_field
        yield from _known(f"{place}.{item.kind}", "field", item.fields, fields)
        yield from _known(place, "term", [item.term] if item.term else [], d.terms)
        yield from _known(place, "basis", _laws([w.basis for w in item.withhold]), d.laws)
        for name in item.fields if release.audience == "public" else ():
            if fields[name].scope != "public":
                yield declaration_error(
                    place=f"{place}.{item.kind}.{name}",
                    what=Text("这个字段没有公开的法律依据", "no law makes this field public"),
                    remedy=Text("从公开视图中去掉", "take it out of the public release"),
                )


def _policy(d: t.Declarations) -> Iterator[Refusal]:
    ids = {
        *(f"records/{one}" for one in d.kinds),
        *(f"resources/{one}" for one in d.resources),
        *(f"rules/{one}" for one in d.rules),
        *(f"releases/{one}" for one in d.releases),
        *(f"terms/{one}" for one in d.terms),
        *(f"roles/{one}" for one in d.roles),
        *(f"codes/{one}" for one in d.codes),
    }
    for clause in d.clauses:
        yield from _known(f"policy.yaml {clause.id}", "declaration", clause.declarations, ids)


def _laws(bases: Collection[str]) -> list[str]:
    return [basis.partition(":")[0] for basis in bases]


def _known(
    place: str, what: str, names: Collection[str], known: Collection[str]
) -> Iterator[Refusal]:
    for name in names:
        if name in known:
            continue
        near = difflib.get_close_matches(name, known, n=3) or list(known)[:8]
        yield declaration_error(
            place=place,
            what=Text(f"{what}“{name}”没有声明", f"{what} “{name}” is not declared"),
            remedy=Text(f"应为：{'、'.join(near)}", f"write one of: {', '.join(near)}"),
        )
