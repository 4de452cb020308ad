"""Every declaration parses, names its law, and carries examples that come out as they say."""

from __future__ import annotations

import datetime as dt
import re

import polars as pl
import pytest
from tests.house.repository import DECLARATIONS, ROOT

from yuexin.base.codes import check_uscc
from yuexin.domains.collection.checks.program import Checked, CheckProgram
from yuexin.domains.collection.reading.batches import ROW
from yuexin.domains.subjects.linkage.check import check_linkage
from yuexin.engines.cases.queries import check_process
from yuexin.engines.declare.queries import current, load, load_folder, pack, unpack
from yuexin.engines.declare.types import (
    Clause,
    Example,
    Linkage,
    Process,
    Release,
    ReleaseKind,
    Resource,
    SubjectRule,
    Term,
)
from yuexin.engines.rules.frames import text_frame
from yuexin.engines.rules.queries import (
    ReleaseProgram,
    SubjectProgram,
    check_rule,
    check_term,
    check_withholding,
)

RECEIVED_ON = dt.date(2026, 11, 24)
CLAUSES = [
    "I", "II.1", "II.2", "II.3", "II.4", "II.5", "II.6", "II.7",
    "III.1", "III.2", "III.3", "III.4", "III.5", "III.6", "III.7", "III.8",
    "IV.1", "IV.2", "IV.3", "IV.4", "V.1", "V.2", "V.3", "V.4", "V.5", "VI.1", "VI.2",
    "VII.1", "VII.2", "VII.3", "VII.4", "VII.5", "VII.6",
]  # fmt: skip
RESOURCES = tuple(current().resources.values())
RULES = tuple(current().rules.values())
TERMS = tuple(current().terms.values())
RELEASES = tuple(current().releases.values())
SCENES = [
    "licensing", "qualification", "annual_check", "social_security", "recruitment", "bidding",
    "procurement", "project_approval", "funding", "honours", "financing_guarantee",
    "import_export", "public_resource_trading", "inspection", "purchased_services",
]  # fmt: skip
EXAMPLES = [(resource, example) for resource in RESOURCES for example in resource.examples]


def checks(resource: Resource, *examples: Example) -> Checked:
    program = CheckProgram.of(resource=resource, declarations=current())
    headers = [column.header for column in resource.columns]
    rows = [
        {ROW: number, **{header: example.row.get(header) for header in headers}}
        for number, example in enumerate(examples, start=1)
    ]
    frame = pl.DataFrame(rows, schema={ROW: pl.Int64, **dict.fromkeys(headers, pl.String)})
    return program.run(frame=frame, received_on=pl.lit(RECEIVED_ON))


def found(resource: Resource, *examples: Example) -> pl.DataFrame:
    return checks(resource, *examples).findings


def said(findings: pl.DataFrame) -> list[str]:
    return sorted(f"{column}:{rule}" for _, column, rule, _ in findings.iter_rows())


def test_every_file_below_declarations_is_read() -> None:
    declared = load_folder(DECLARATIONS)
    files = {p.relative_to(DECLARATIONS).as_posix() for p in DECLARATIONS.rglob("*") if p.is_file()}
    assert files == set(declared.files)
    many = ("laws/", "measures/")
    folders = [item for item in files if item.count("/") == 1 and not item.startswith(many)]
    read = (
        declared.codes, declared.kinds, declared.resources, declared.terms, declared.rules,
        declared.releases, declared.roles, declared.linkage, declared.notices,
        declared.processes, declared.regimes, declared.filings, declared.commitments,
    )  # fmt: skip
    assert len(folders) == sum(map(len, read)), "a folder of declarations that nobody reads"
    conditions = {item for item in files if item.count("/") == 2}
    assert conditions == {
        f"releases/{release.id}/{item.kind}.yaml"
        for release in RELEASES
        for item in release.kinds
        if item != ReleaseKind(kind=item.kind)
    }


def test_a_file_is_named_after_what_it_declares() -> None:
    for folder, items in {
        "codes": current().codes, "records": current().kinds, "resources": current().resources,
        "terms": current().terms, "rules": current().rules, "releases": current().releases,
        "roles": current().roles, "linkage": current().linkage, "notices": current().notices,
        "processes": current().processes, "regimes": current().regimes,
        "filings": current().filings, "commitments": current().commitments,
    }.items():  # fmt: skip
        assert {f"{folder}/{item}.yaml" for item in items} == {
            name
            for name in current().files
            if name.startswith(f"{folder}/") and name.count("/") == 1
        }


@pytest.mark.parametrize("process", current().processes.values(), ids=lambda item: item.id)
def test_a_process_gives_what_its_worked_examples_say(process: Process) -> None:
    check_process(process, current())


def test_a_snapshot_unpacks_to_itself() -> None:
    kept = pack(current())
    assert unpack(kept) == current()
    assert pack(unpack(kept)) == kept


def test_one_changed_byte_gives_another_digest() -> None:
    files = dict(current().files)
    files["calendar.yaml"] += b"\n"
    assert load(files).digest != current().digest


@pytest.mark.parametrize(
    ("resource", "example"), EXAMPLES, ids=lambda item: getattr(item, "id", "")
)
def test_a_resource_example_gives_exactly_its_findings(
    resource: Resource, example: Example
) -> None:
    assert said(found(resource, example)) == sorted(example.findings), example.name


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda item: item.id)
def test_examples_together_give_what_each_gives_alone(resource: Resource) -> None:
    together = found(resource, *resource.examples)
    for number, example in enumerate(resource.examples, start=1):
        assert said(together.filter(pl.col(ROW) == number)) == sorted(example.findings)


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda item: item.id)
def test_some_examples_of_a_resource_pass_and_two_fail(resource: Resource) -> None:
    failing = sum(bool(example.findings) for example in resource.examples)
    assert failing >= 2
    assert failing < len(resource.examples)


def test_every_resource_can_build_its_checks_and_its_release() -> None:
    for resource in RESOURCES:
        assert CheckProgram.of(resource=resource, declarations=current()).flags
    for release in current().releases.values():
        for item in release.kinds:
            kind = current().kinds[item.kind]
            term = current().terms[item.term] if item.term else None
            ReleaseProgram(kind=kind, release_kind=item, term=term)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_example_gives_its_outcome(rule: SubjectRule) -> None:
    check_rule(rule, current().kinds)
    assert len({example.outcome for example in rule.examples}) > 1, "no example that fails"


@pytest.mark.parametrize("linkage", current().linkage.values(), ids=lambda item: item.id)
def test_a_linkage_example_gives_its_finding(linkage: Linkage) -> None:
    check_linkage(linkage)


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.id)
def test_a_term_example_gives_its_class_and_its_end(term: Term) -> None:
    check_term(term, current().kinds)
    assert sum(not example.shown for example in term.examples) >= 2


def test_a_minor_penalty_is_told_by_every_heavier_kind_of_the_list() -> None:
    """A kind added to the list and forgotten in a term would be withheld as a mere warning."""
    listed = current().codes["penalty_types"]
    heavier = set(listed.by_code) - {"警告", "通报批评", listed.other}
    classes = [
        item
        for version in current().terms["penalty_publicity"].versions
        for item in version.classes
        if item.id == "minor"
    ]
    assert len(classes) == 2
    for item in classes:
        assert [code for code in heavier if item.when.count(f"'{code}'") != 2] == []


def publicity(kinds: str, day: str) -> tuple[str, str]:
    """The class and the withholding of a penalty whose kinds are delivered so."""
    resource, term = current().resources["penalties_2018"], current().terms["penalty_publicity"]
    row = resource.examples[0].row | {"CF_CFLB": kinds, "CF_NR_ZKDX": "示例证1号"}
    checked = checks(resource, Example(name="", row=row))
    assert checked.rejected.to_list() == [False]
    record = {"penalty_types": ";".join(checked.typed["=CF_CFLB"][0]), "decision_date": day}
    program = ReleaseProgram(
        kind=current().kinds["penalty"],
        release_kind=ReleaseKind(kind="penalty", term=term.id),
        term=term,
    )
    frame = text_frame(current().kinds["penalty"], [record])
    event = frame.with_columns(event_date=pl.col("decision_date"))
    judged = program.evaluate(event, RECEIVED_ON).row(0, named=True)
    return judged["term_class"], judged["withheld"]


@pytest.mark.parametrize("day", ["2025-12-01", "2026-09-01"])
@pytest.mark.parametrize(
    "kinds",
    ["警告", "警告,通报批评", "警告 通报批评", "警告、通报批评", "行政警告", "给予警告", "口头警告",
     "罚金", "警告，罚金", "警告处分", "其他-警告", "其他", "其他——", "警告并通报批评"],
)  # fmt: skip
def test_a_warning_however_it_is_written_is_not_public(kinds: str, day: str) -> None:
    assert publicity(kinds, day) == ("minor", "term:minor")


@pytest.mark.parametrize("kinds", ["警告,罚款", "罚款 责令改正", "罚金;罚款", "其他-责令改正"])
def test_a_heavier_kind_decides_whatever_stands_beside_it(kinds: str) -> None:
    assert publicity(kinds, "2026-09-01") == ("general", "")


@pytest.mark.parametrize("kinds", ["警告,吊销营业执照", "吊销道路运输经营许可证 罚金"])
def test_a_revocation_decides_by_its_first_word(kinds: str) -> None:
    assert publicity(kinds, "2026-09-01") == ("serious", "")


@pytest.mark.parametrize("release", RELEASES, ids=lambda release: release.id)
def test_a_release_example_is_withheld_by_the_rule_it_names(release: Release) -> None:
    check_withholding(release, current().kinds)


@pytest.mark.parametrize(
    "day",
    ["07-30", "07-31", "06-30", "07-01", "04-30", "05-01", "03-31", "04-01", "02-29", "08-31"],
)
def test_the_edges_of_the_laws_of_publicity_stand_among_the_examples(day: str) -> None:
    examples = current().terms["penalty_publicity"].examples
    assert [e.name for e in examples if e.record.get("decision_date", "").endswith(day)]


def test_what_the_public_sees_and_what_officers_share_have_terms_of_their_own() -> None:
    terms = {item.id: item.by_kind["penalty"].term for item in RELEASES}
    assert terms == {"public": "penalty_publicity", "agency": "negative_information", "subject": ""}


def test_a_term_of_another_channel_is_shown_to_operators_as_not_applied() -> None:
    idle = [item for item in current().unconfirmed if item.endswith("applied by no release")]
    assert idle == ["term penalty_publicity_gsxt applied by no release"]
    assert "term penalty_publicity_gsxt from 2021-09-01" in current().unconfirmed


def test_whatever_is_declared_as_not_confirmed_is_told_to_operators() -> None:
    written = sum(
        len(re.findall(r"^[^#]*?\bconfirmed: false\b", line))
        for name, data in current().files.items()
        if name.endswith(".yaml")
        for line in data.decode().splitlines()
    )
    told = [line.rpartition(": ") for line in current().unconfirmed if " applied by " not in line]
    assert written == sum(int(count) if of.startswith("measures ") else 1 for of, _, count in told)


@pytest.mark.parametrize(
    "line",
    [
        "process market_withdrawal from 2024-05-01",
        "process market_withdrawal from 2024-05-01 clock serve",
        "filing annual_report from 2014-10-01 filer cooperative",
        "filing annual_report share 2014-10-01",
        "commitment trade from 2019-07-09",
        "announcement removal removal abnormal_operation",
        "handling clock feedback",
        "list serious_dishonesty from 2021-09-01 transition",
        "term penalty_publicity from 2023-05-01 transition",
        "process penalty_repair from 2026-04-01 transition",
        "measure item B5",
    ],
)
def test_operators_are_told_in_words_what_is_open(line: str) -> None:
    assert line in current().unconfirmed


def test_what_other_authorities_ask_for_in_an_annual_report_is_closed_to_the_public() -> None:
    kind = current().kinds["annual_report"]
    asked = [item for item in kind.fields if item.basis == "joint-report-notice"]
    assert len(asked) == 13
    assert [item.id for item in asked if item.scope == "public" or item.public_when] == []
    assert not current().laws["joint-report-notice"].confirmed


def test_the_purposes_of_officers_begin_with_the_fifteen_scenes_in_their_order() -> None:
    purposes = current().releases["agency"].purposes
    assert list(purposes[: len(SCENES)]) == SCENES
    assert len(set(purposes)) == len(purposes)


def test_a_public_figure_of_an_annual_report_hangs_on_its_own_flag() -> None:
    kind = current().kinds["annual_report"]
    switched = {field.id: field.public_when for field in kind.fields if field.public_when}
    assert len(switched) == 10
    assert switched == {name: f"{name}_public" for name in switched}
    assert {kind.by_field[name].scope for name in switched} == {"authorised"}


def test_a_law_with_something_left_to_confirm_is_not_confirmed() -> None:
    doubtful = ("待核对", "待补")
    left = [law for law in current().laws.values() if any(word in law.note for word in doubtful)]
    assert left
    assert [law.id for law in left if law.confirmed] == []
    assert {f"law {law.id}" for law in left} <= set(current().unconfirmed)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_what_a_rule_says_today_rests_on_laws_in_force(rule: SubjectRule) -> None:
    version = max(rule.versions, key=lambda one: one.valid_from)
    laws = [current().laws[basis.partition(":")[0]] for basis in rule.basis_of(version)]
    assert [law.id for law in laws if law.valid_to] == []


def test_the_rules_compile_together() -> None:
    program = SubjectProgram(rules=RULES, kinds=current().kinds)
    judged = program.evaluate(["nobody"], {}, RECEIVED_ON)
    assert judged["rule"].to_list() == [rule.id for rule in RULES]


def test_the_clauses_are_the_33_of_the_policy() -> None:
    assert [clause.id for clause in current().clauses] == CLAUSES


@pytest.mark.parametrize("clause", current().clauses, ids=lambda clause: clause.id)
def test_what_a_clause_points_at_exists(clause: Clause) -> None:
    if clause.state == "open":
        assert not clause.declarations
        assert not clause.story
        return
    assert clause.declarations
    assert clause.story.startswith("tests/stories/")
    assert (ROOT / clause.story).is_file(), f"{clause.story} is not written yet"


def test_everything_declared_names_a_law_that_is_declared() -> None:
    basis = {
        **{f"records/{kind.id}": kind.basis for kind in current().kinds.values()},
        **{f"resources/{resource.id}": resource.basis for resource in RESOURCES},
        **{f"releases/{release.id}": release.basis for release in current().releases.values()},
        **{f"rules/{rule.id}": rule.basis for rule in RULES},
    }
    assert [place for place, laws in basis.items() if not laws] == []


def test_an_agency_has_a_valid_code_that_no_other_has() -> None:
    codes = [agency.uscc for agency in current().agencies.values()]
    assert len(set(codes)) == len(codes)
    assert [code for code in codes if not check_uscc(code).valid] == []


def test_no_declared_period_ends_before_it_begins() -> None:
    periods = [
        *((law.valid_from, law.valid_to) for law in current().laws.values()),
        *((agency.valid_from, agency.valid_to) for agency in current().agencies.values()),
        *((remedy.valid_from, remedy.valid_to) for remedy in current().remedies.values()),
        *(
            (code.valid_from or dt.date.min, code.valid_to)
            for codes in current().codes.values()
            for code in codes.values
        ),
        *((v.valid_from, v.valid_to) for term in current().terms.values() for v in term.versions),
        *((v.valid_from, v.valid_to) for rule in RULES for v in rule.versions),
    ]
    assert [(start, end) for start, end in periods if end and end <= start] == []
