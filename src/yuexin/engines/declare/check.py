"""What refers to what: a declaration that names something undeclared is refused at load."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.declare import types as t
from yuexin.engines.declare.check_accounts import check_public_accounts
from yuexin.engines.declare.check_kinds import check_kind
from yuexin.engines.declare.check_processes import check_process
from yuexin.engines.declare.check_regimes import check_regimes
from yuexin.engines.declare.filing_check import filings_checked
from yuexin.engines.declare.linkage import weighed
from yuexin.engines.declare.notice import placeholders, stray_brace
from yuexin.engines.declare.notice_check import check_notice
from yuexin.engines.declare.numbers import numbered, taken
from yuexin.engines.declare.references import based, known, laws_of
from yuexin.engines.declare.source import declaration_error
from yuexin.engines.declare.transitions import carried_over

LEAST_FAILING_EXAMPLES = 2
REMOVED_ON = "remove_date"
DATES = frozenset({"date", "open_date"})


def check(declarations: t.Declarations) -> None:
    """Raise the first broken reference as a `Refusal`."""
    for problem in _problems(declarations):
        raise problem


def _problems(d: t.Declarations) -> Iterator[Refusal]:
    for agency in d.agencies.values():
        yield from _agency(d, agency)
    for listed in d.codes.values():
        yield from _codes(listed)
    for kind in d.kinds.values():
        yield from check_kind(d, kind)
    for resource in d.resources.values():
        yield from _resource(d, resource)
    for term in d.terms.values():
        yield from _term(d, term)
    for rule in d.rules.values():
        yield from _rule(d, rule)
    yield from _status(d)
    for release in d.releases.values():
        yield from _release(d, release)
    for role in d.roles.values():
        yield from _role(d, role)
    for model in d.linkage.values():
        yield from weighed(model)
    yield from _ages(d)
    yield from _addresses(d)
    yield from check_public_accounts(d)
    yield from _notices(d)
    yield from check_regimes(d)
    yield from _acting(d)
    yield from _handled(d)
    yield from filings_checked(d)
    yield from _remedies(d)
    yield from _policy(d)
    for process in d.processes.values():
        yield from check_process(d, process)


def _ages(d: t.Declarations) -> Iterator[Refusal]:
    for age in d.ages.values():
        for version in age.versions:
            place = f"ages.yaml {age.id} {version.valid_from}"
            yield from based(d, place, [version.basis], version.valid_to)


def _handled(d: t.Declarations) -> Iterator[Refusal]:
    for clock in d.handling.clocks if d.handling else ():
        yield from based(d, f"handling.yaml {clock.id}", [clock.basis], None)


def _agency(d: t.Declarations, agency: t.Agency) -> Iterator[Refusal]:
    place = f"agencies.yaml {agency.id}"
    others = [name for name in (agency.successor, agency.parent) if name]
    yield from known(place, "agency", others, [one for one in d.agencies if one != agency.id])
    if agency.valid_to and not agency.successor:
        yield declaration_error(
            place=place,
            what=Text(
                "部门已撤并，没有写承接的部门", "the agency has ended and names no successor"
            ),
            remedy=Text("写明 successor", "name its successor"),
        )
    passed, heir = {agency.id}, agency.successor
    while heir in d.agencies and heir not in passed:
        passed.add(heir)
        heir = d.agencies[heir].successor
    if heir in passed:
        yield declaration_error(
            place=place,
            what=Text("承接关系成环", "its successors lead back to an agency before them"),
            remedy=Text("改 successor", "name another successor"),
        )


def _codes(listed: t.CodeList) -> Iterator[Refusal]:
    place = f"codes/{listed.id}"
    yield from known(place, "other", [listed.other] if listed.other else [], listed.by_code)
    if listed.other and not listed.open:
        yield declaration_error(
            place=place,
            what=Text("封闭的代码表不能有 other", "a closed list has no texts behind `other`"),
            remedy=Text("写 open: true，或去掉 other", "write open: true, or drop other"),
        )


def _resource(d: t.Declarations, resource: t.Resource) -> Iterator[Refusal]:
    place = f"resources/{resource.id}"
    yield from known(place, "providers", resource.providers, d.agencies)
    yield from known(place, "kind", [resource.kind], d.kinds)
    yield from known(place, "basis", laws_of(resource.basis), d.laws)
    if resource.kind in d.kinds:
        yield from _columns(d, resource, d.kinds[resource.kind])
        yield from _register(resource, d.kinds[resource.kind])
    named = [item.column for item in resource.identifiers]
    named += [resource.subject_name, resource.former_names, resource.secrecy_column]
    named += [name for rule in resource.required_when for name in (rule.column, rule.require)]
    named += [name for rule in resource.not_after for name in (rule.first, rule.second)]
    named += [name for rule in resource.as_told for name in (rule.column, rule.within)]
    if resource.natural_person:
        named.append(resource.natural_person.column)
    yield from known(place, "column", [n for n in named if n and n != "today"], resource.by_header)
    for example in resource.examples:
        yield from known(f"{place} “{example.name}”", "column", example.row, resource.by_header)
    if sum(bool(e.findings) for e in resource.examples) < LEAST_FAILING_EXAMPLES:
        yield declaration_error(
            place=place,
            what=Text("至少要有两个不通过的示例", "at least two worked examples must fail"),
            remedy=Text("补写带 findings 的示例", "add examples with findings"),
        )


def _columns(d: t.Declarations, resource: t.Resource, kind: t.RecordKind) -> Iterator[Refusal]:
    for column in resource.columns:
        where = f"resources/{resource.id}.{column.header}"
        marked = t.PERSON_MARK if column.person_mark else ""
        named = (column.field, column.currency_field, column.minor_field, marked)
        fields = [name for name in named if name]
        yield from known(where, "field", fields, kind.by_field)
        yield from known(where, "codes", [column.codes] if column.codes else [], d.codes)
        yield from known(where, "age", [t.MAJORITY] if column.minor_field else [], d.ages)


def _register(resource: t.Resource, kind: t.RecordKind) -> Iterator[Refusal]:
    """A register names subjects by the columns that fill the fields its kind is known by."""
    if not resource.establishes:
        return
    if kind.names is None:
        yield declaration_error(
            place=f"records/{kind.id}",
            what=Text(
                f"“{resource.id}”据以登记主体，却没有写 names",
                f"“{resource.id}” establishes subjects, and no names are declared",
            ),
            remedy=Text("写明 names", "add names"),
        )
        return
    numbers: dict[str, str] = {item.scheme: item.column for item in resource.identifiers}
    columns = {kind.names.name: resource.subject_name, kind.names.former: resource.former_names}
    columns |= {field: numbers.get(scheme, "") for scheme, field in kind.names.numbers.items()}
    for field, header in columns.items():
        filled = [column.header for column in resource.columns if field and column.field == field]
        if filled != [header] * bool(header):
            yield declaration_error(
                place=f"resources/{resource.id}",
                what=Text(
                    f"字段“{field}”应由列“{header or '无'}”填写",
                    f"the field “{field}” must be filled by the column “{header or 'none'}”",
                ),
                remedy=Text(
                    "改 field，或改主体名称、曾用名、标识列",
                    "change field, or subject_name, former_names, identifiers",
                ),
            )


def _term(d: t.Declarations, term: t.Term) -> Iterator[Refusal]:
    place = f"terms/{term.id}"
    yield from known(place, "kind", [term.kind], d.kinds)
    for version in term.versions:
        bases = [version.law, *(item.basis for item in version.classes)]
        yield from based(d, f"{place} {version.valid_from}", bases, version.valid_to)
    yield from carried_over(d, place, term.versions)
    fields = d.kinds[term.kind].by_field
    dates = [field.id for field in fields.values() if field.type in DATES]
    ends = [term.delivered_end] if term.delivered_end else []
    yield from known(place, "delivered_end", ends, dates)
    for example in term.examples:
        yield from known(f"{place} “{example.name}”", "field", example.record, fields)
    yield from _examples(place, [example.shown for example in term.examples])


def _rule(d: t.Declarations, rule: t.SubjectRule) -> Iterator[Refusal]:
    place = f"rules/{rule.id}"
    yield from known(place, "basis", laws_of(rule.basis), d.laws)
    for version in rule.versions:
        where = f"{place} {version.valid_from}"
        yield from based(d, where, rule.basis_of(version), version.valid_to)
        cited = laws_of([p.basis for p in version.parameters if p.basis])
        yield from known(where, "basis", cited, d.laws)
        yield from numbered(where, version)
        yield from taken(d, where, version)


def _status(d: t.Declarations) -> Iterator[Refusal]:
    """One rule says who is gone; of two nobody could tell which is asked."""
    named = [rule.id for rule in d.rules.values() if rule.gone]
    if len(named) > 1:
        yield declaration_error(
            place=f"rules/{named[1]}",
            what=Text(
                f"“{named[0]}”已经说明主体是否不复存在",
                f"“{named[0]}” says already who is gone",
            ),
            remedy=Text("只在一条规则中写 gone", "write gone in one rule only"),
        )


def _release(d: t.Declarations, release: t.Release) -> Iterator[Refusal]:
    place = f"releases/{release.id}"
    yield from known(place, "basis", laws_of(release.basis), d.laws)
    yield from known(place, "kind", release.by_kind, d.kinds)
    for item in release.kinds:
        where = f"{place}/{item.kind}"
        terms = [term.id for term in d.terms.values() if term.kind == item.kind]
        yield from known(where, "term", [item.term] if item.term else [], terms)
        yield from _withhold(d, where, item)


def _withhold(d: t.Declarations, place: str, item: t.ReleaseKind) -> Iterator[Refusal]:
    rules = [rule.id for rule in item.withhold]
    named = [example.withheld for example in item.examples if example.withheld]
    yield from known(place, "basis", laws_of([rule.basis for rule in item.withhold]), d.laws)
    yield from known(place, "withheld", named, rules)
    for example in item.examples:
        fields = d.kinds[item.kind].by_field
        yield from known(f"{place} “{example.name}”", "field", example.record, fields)
    if rules:
        yield from _examples(place, [not example.withheld for example in item.examples])
    for rule in rules:
        if rule not in named:
            yield declaration_error(
                place=f"{place} {rule}",
                what=Text("没有示例说明这条规则", "no worked example shows this rule"),
                remedy=Text(f"补写 withheld: {rule} 的示例", f"add one with withheld: {rule}"),
            )


def _examples(place: str, shown: Sequence[bool]) -> Iterator[Refusal]:
    """Examples say both what is shown and what is not."""
    if any(shown) and shown.count(False) >= LEAST_FAILING_EXAMPLES:
        return
    yield declaration_error(
        place=place,
        what=Text(
            "至少要有一个显示的示例和两个不显示的示例",
            "at least one worked example must be shown, and two must not",
        ),
        remedy=Text("补写 examples", "add examples"),
    )


def _addresses(d: t.Declarations) -> Iterator[Refusal]:
    for one in d.addresses.values():
        if not one.path.startswith("/") or one.path.startswith("//") or stray_brace(one.path):
            yield declaration_error(
                place=f"addresses.yaml {one.id}",
                what=Text("path 不是本站的路径", "it is no path of the platform"),
                remedy=Text("写作 /s/{code}", "write it like /s/{code}"),
            )


def _notices(d: t.Declarations) -> Iterator[Refusal]:
    for announced in d.announcements.values():
        place = f"announcements.yaml {announced.id}"
        yield from known(place, "kind", announced.kinds, d.releases["public"].by_kind)
        yield from known(place, "only", announced.only, announced.kinds)
        yield from known(place, "basis", laws_of([announced.basis]), d.laws)
        for removal in announced.removals:
            yield from _removal(d, place, removal)
    for notice in d.notices.values():
        cited = [notice.basis] if notice.basis else []
        place = f"notices/{notice.id}"
        yield from known(place, "basis", laws_of(cited), d.laws)
        yield from check_notice(notice)
        yield from known(place, "link", [notice.link] if notice.link else [], d.addresses)
        if notice.link:
            named = placeholders(d.addresses[notice.link].path)
            yield from known(f"{place} link", "value", named, notice.values)


def _removal(d: t.Declarations, place: str, removal: t.Removal) -> Iterator[Refusal]:
    """A removal tells for some days what any reader may see, of a kind that says when it was."""
    yield from known(place, "kind", [removal.kind], d.releases["public"].by_kind)
    yield from based(d, place, [removal.basis], None)
    kind = d.kinds.get(removal.kind)
    if kind is None:
        return
    dated = {one.id for one in kind.fields if one.type == "date"}
    shown = {one.id for one in kind.fields if one.scope == "public"}
    yield from known(place, "date", [REMOVED_ON], dated)
    yield from known(place, "field", [*removal.says, *removal.gives, REMOVED_ON], shown)
    if removal.days < 1 or not removal.says or REMOVED_ON not in removal.gives:
        yield declaration_error(
            place=place,
            what=Text(
                "移出公告要写明天数、列入状态和移出日期",
                "a removal names its days, the state of the entry and the day of removal",
            ),
            remedy=Text("补写 days、says 和 gives", "give days, says and gives"),
        )


def _remedies(d: t.Declarations) -> Iterator[Refusal]:
    for remedy in d.remedies.values():
        place = f"remedies.yaml {remedy.id}"
        yield from based(d, place, [remedy.basis], remedy.valid_to)
        yield from known(place, "kinds", remedy.kinds, d.kinds)
        yield from known(place, "process", [remedy.process] if remedy.process else [], d.processes)
    for example in d.remedy_examples:
        found = tuple(
            item.id
            for item in d.remedies.values()
            if item.open_to(example.against, example.decided, kind=example.kind)
        )
        if found != example.remedies:
            names = ", ".join(found) or "-"
            yield declaration_error(
                place=f"remedies.yaml “{example.name}”",
                what=Text(f"示例得到“{names}”", f"the example gives “{names}”"),
                remedy=Text("改救济途径或示例", "change the remedies or the example"),
            )


def _role(d: t.Declarations, role: t.Role) -> Iterator[Refusal]:
    place = f"roles/{role.id}"
    yield from known(place, "releases", role.releases, d.releases)
    officer = role.holder == "officer"
    if (role.rooms or role.grants != "none") and not officer:
        yield declaration_error(
            place=place,
            what=Text("只有公职人员的角色可以进入工作台", "only officers enter the desk"),
            remedy=Text("写 holder: officer，或删去 rooms 和 grants", "write holder: officer"),
        )


def _acting(d: t.Declarations) -> Iterator[Refusal]:
    place, said = "acting.yaml", d.acting
    yield from known(place, "agency", said.windows, d.agencies)
    yield from known(place, "basis", laws_of(said.basis), d.laws)
    for contact in said.contacts:
        yield from known(place, "kind", [contact.kind], d.kinds)
        fields = d.kinds[contact.kind].by_field if contact.kind in d.kinds else ()
        yield from known(place, "phone", [contact.phone], fields)


def _policy(d: t.Declarations) -> Iterator[Refusal]:
    ids = {
        *(f"records/{one}" for one in d.kinds),
        *(f"resources/{one}" for one in d.resources),
        *(f"rules/{one}" for one in d.rules),
        *(f"releases/{one}" for one in d.releases),
        *(f"terms/{one}" for one in d.terms),
        *(f"roles/{one}" for one in d.roles),
        *(f"codes/{one}" for one in d.codes),
        *(f"regimes/{one}" for one in d.regimes),
        *(f"measures/{one}" for one in d.measures),
        *(f"processes/{one}" for one in d.processes),
    }
    for clause in d.clauses:
        yield from known(f"policy.yaml {clause.id}", "declaration", clause.declarations, ids)
