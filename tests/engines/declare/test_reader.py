"""What is wrong in a declaration is said with file, line, field and remedy."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import NamedTuple

import pytest
from tests.engines.declare.small import FILES, files, with_change

from yuexin.base.errors import Refusal
from yuexin.engines.declare.queries import load, pack, remedies_on, unpack
from yuexin.engines.declare.source import MAX_BYTES
from yuexin.engines.rules.queries import check_term, check_withholding


class Case(NamedTuple):
    """A passage of a file, what is written instead, and what the refusal must say of it."""

    what: str
    file: str
    old: str
    new: str
    where: str
    says: str
    remedy: str


CASES = [
    Case("a duplicate key", "records/permit.yaml", "zh: 许可\n", "zh: 许可\nzh: 许可证\n",
         "records/permit.yaml:3", "“zh” stands twice", "keep one"),
    Case("a duplicate key in a flow mapping", "records/permit.yaml", "{id: number,",
         "{id: number, id: no,", "records/permit.yaml:11", "“id” stands twice", "keep one"),
    Case("an anchor", "laws/general.yaml", "{id: licence-law,", "&law {id: licence-law,",
         "laws/general.yaml:2", "anchors, aliases and tags", "write the content out"),
    Case("an alias", "calendar.yaml", "days: []", "days: *other",
         "calendar.yaml", "alias", ""),
    Case("a tag", "laws/general.yaml", "number: \"7\"", "number: !!int \"7\"",
         "laws/general.yaml:2", "anchors, aliases and tags", "write the content out"),
    Case("a tag that would run code", "laws/general.yaml", "number: \"7\"",
         "number: !!python/object/apply:os.system [id]", "laws/general.yaml:2", "tags",
         "write the content out"),
    Case("a merge key", "records/permit.yaml", "{id: date,", "{<<: {mask: none}, id: date,",
         "records/permit.yaml:12", "no field “<<”", "write one of"),
    Case("a field that is nearly known", "records/permit.yaml", "headline:", "headlines:",
         "records/permit.yaml:9", "RecordKind has no field “headlines”", "headline"),
    Case("a field that nobody knows", "roles/public.yaml", "releases:", "qqqq:",
         "roles/public.yaml:4", "Role has no field “qqqq”", "releases"),
    Case("a field deep inside", "resources/permits.yaml", "header: 文号, field: number",
         "header: 文号, feild: number", "resources/permits.yaml:17",
         "Resource.columns[2] has no field “feild”", "field"),
    Case("a missing field", "records/permit.yaml", "temporal: event\n", "",
         "records/permit.yaml:1", "RecordKind lacks temporal", "add temporal:"),
    Case("a missing field in a list", "laws/general.yaml", ", valid_from: 2004-07-01", "",
         "laws/general.yaml:2", "lacks valid_from", "add valid_from:"),
    Case("no such choice", "records/permit.yaml", "temporal: event", "temporal: sometimes",
         "records/permit.yaml:5", "RecordKind.temporal cannot be “sometimes”", "state, event"),
    Case("a day that is none", "laws/general.yaml", "2004-07-01", "2004-02-30",
         "laws/general.yaml:2", "_Laws.laws[0].valid_from cannot be “2004-02-30”", "2026-04-01"),
    Case("a date in another form", "laws/general.yaml", "2004-07-01", "1 July 2004",
         "laws/general.yaml:2", "cannot be “1 July 2004”", "2026-04-01"),
    Case("YAML's own truth", "records/permit.yaml", "temporal: event",
         "temporal: event\nadverse: yes",
         "records/permit.yaml:6", "adverse cannot be “yes”", "true"),
    Case("a number in words", "resources/permits.yaml", "field: number, required: true",
         "field: number, max_length: twelve", "resources/permits.yaml:17",
         "max_length cannot be “twelve”", "12"),
    Case("a list where a text belongs", "roles/public.yaml", "zh: 公众", "zh: [公众]",
         "roles/public.yaml:2", "Role.zh must be a single value", "write a single value"),
    Case("a text where a list belongs", "roles/public.yaml", "[public]", "public",
         "roles/public.yaml:4", "Role.releases must be a list", "write a list"),
    Case("a list where a mapping belongs", "calendar.yaml", "days: []", "[]",
         "calendar.yaml:1", "_Calendar must be a mapping of fields", "mapping"),
    Case("a bracket too many", "laws/general.yaml", "{id: licence-law, zh", "[{id: licence-law, zh",
         "laws/general.yaml", "this is not YAML", "mend the line"),
    Case("a text where a mapping belongs", "calendar.yaml", "days: []", "days: [tomorrow]",
         "calendar.yaml:1", "_Calendar.days[0] must be a mapping of fields", "mapping"),
    Case("not YAML", "roles/public.yaml", "releases: [public]", "releases: [public",
         "roles/public.yaml", "this is not YAML", "mend the line"),
    Case("a tab for indentation", "laws/general.yaml", "  - {id", "\t- {id",
         "laws/general.yaml", "this is not YAML", "mend the line"),
    Case("two documents in a file", "calendar.yaml", "days: []", "days: []\n---\ndays: []",
         "calendar.yaml", "this is not YAML", "mend the line"),
    Case("a law nobody declared", "records/permit.yaml", "basis: [licence-law]",
         "basis: [license-law]", "records/permit", "“license-law” is not declared", "licence-law"),
    Case("a law nobody declared, of a field", "records/permit.yaml", "licence-law:40",
         "some-law:40", "records/permit.number", "“some-law” is not declared", "licence-law"),
    Case("a public field without a law", "records/permit.yaml",
         "{id: date, zh: 日期, en: Date, type: date}",
         "{id: date, zh: 日期, en: Date, type: date, scope: public}",
         "records/permit.date", "a public field without a law", "basis"),
    Case("one failing example only", "resources/permits.yaml", "findings: [\"名称:REQUIRED\"]",
         "findings: []", "resources/permits", "at least two worked examples must fail",
         "add examples"),
    Case("a condition on a kind that is not released", "releases/public/permit.yaml",
         "kind: permit", "kind: permits", "releases/public/permit.yaml",
         "“permits” is not among the kinds", "mend its kinds"),
    Case("a release of a kind nobody declared", "releases/public.yaml", "kinds: [permit]",
         "kinds: [permit, permits]", "releases/public", "“permits” is not declared", "permit"),
    Case("a column for a field nobody declared", "resources/permits.yaml", "field: number",
         "field: no", "resources/permits.文号", "“no” is not declared", "number"),
    Case("a provider nobody declared", "resources/permits.yaml", "[environment]", "[enviroment]",
         "resources/permits", "“enviroment” is not declared", "environment"),
    Case("an example with a column nobody declared", "resources/permits.yaml",
         "{name: good, row: {名称: 甲, 文号: \"1\"}}", "{name: good, row: {名字: 甲}}",
         "resources/permits “good”", "“名字” is not declared", "名称"),
    Case("codes nobody declared", "records/permit.yaml", "codes: states", "codes: state",
         "records/permit.state", "“state” is not declared", "states"),
    Case("texts behind a code nobody declared", "codes/states.yaml", "source: 本地",
         "source: 本地\nopen: true\nother: 其他", "codes/states", "“其他” is not declared", "1"),
    Case("texts in a closed list", "codes/states.yaml", "source: 本地",
         'source: 本地\nother: "1"', "codes/states", "a closed list", "open: true"),
    Case("a section nobody declared", "records/permit.yaml", "section: basic", "section: basics",
         "records/permit", "“basics” is not declared", "basic"),
    Case("a release nobody declared, in a role", "roles/public.yaml", "[public]", "[publik]",
         "roles/public", "“publik” is not declared", "public"),
    Case("a clause that points at nothing", "policy.yaml", "records/permit", "records/permits",
         "policy.yaml I", "“records/permits” is not declared", "records/permit"),
    Case("a public field that is not classified as public", "records/permit.yaml", "level: L1",
         "level: L2", "records/permit.number", "a public field of level L2", "level: L1"),
    Case("a sensitive field that is not personal", "records/permit.yaml", "type: date}",
         "type: date, sensitive: true, level: L4}", "records/permit.date", "is personal, L3 or L4",
         "personal: true"),
    Case("a sensitive field of a low level", "records/permit.yaml", "type: date}",
         "type: date, sensitive: true, personal: true}", "records/permit.date",
         "is personal, L3 or L4", "the level"),
    Case("an id number that is not personal", "records/permit.yaml", "type: date}",
         "type: id_number}", "records/permit.date", "is personal information", "personal: true"),
    Case("an id number in public", "records/permit.yaml", "type: date}",
         "type: id_number, personal: true, scope: public, level: L1, basis: licence-law}",
         "records/permit.date", "never public", "do not make it public"),
    Case("a sensitive field in public where a flag is true", "records/permit.yaml", "type: date}",
         "type: date, personal: true, sensitive: true, level: L4, basis: licence-law, "
         "public_when: chosen}", "records/permit.date", "never public", "do not make it public"),
    Case("a telephone number in public without a mask", "records/permit.yaml", "type: date}",
         "type: phone, personal: true, scope: public, level: L1, basis: licence-law}",
         "records/permit.date", "without a mask", "hidden_at_home"),
    Case("a switch that is no flag", "records/permit.yaml", "type: date}",
         "type: date, public_when: state, basis: licence-law}", "records/permit.date",
         "“state” is no flag", "chosen"),
    Case("a switch of a field that is public anyway", "records/permit.yaml",
         'basis: "licence-law:40"}', "basis: licence-law, public_when: chosen}",
         "records/permit.number", "needs no public_when", "drop public_when"),
    Case("a switch without a law", "records/permit.yaml", "type: date}",
         "type: date, public_when: chosen}", "records/permit.date", "without a law", "basis"),
    Case("a state of standing nobody declared", "records/permit.yaml", "headline: [number]",
         'headline: [number]\nstanding: {field: state, codes: ["2"]}', "records/permit",
         "“2” is not declared", "1"),
    Case("adverse by a code nobody declared", "records/permit.yaml", "headline: [number]",
         'headline: [number]\nadverse: true\nadverse_when: {field: state, codes: ["2"]}',
         "records/permit", "“2” is not declared", "1"),
    Case("adverse by a field that is closed", "records/permit.yaml", "headline: [number]",
         'headline: [number]\nadverse: true\nadverse_when: {field: state, codes: ["1"]}',
         "records/permit", "which is not public", "public field"),
    Case("adverse by a code where nothing is adverse", "records/permit.yaml",
         "headline: [number]", 'headline: [number]\nadverse_when: {field: state, codes: ["1"]}',
         "records/permit", "without adverse: true", "write adverse: true"),
    Case("an agency that ended without a successor", "agencies.yaml", "valid_from: 2018-10-01",
         "valid_from: 2018-10-01, valid_to: 2024-01-01", "agencies.yaml environment",
         "names no successor", "name its successor"),
    Case("a successor nobody declared", "agencies.yaml", "valid_from: 2018-10-01",
         "valid_from: 2018-10-01, successor: ecology", "agencies.yaml environment",
         "“ecology” is not declared", "water"),
    Case("successors in a circle", "agencies.yaml", "uscc: X,", "uscc: X, successor: water,",
         "agencies.yaml environment", "lead back", "another successor"),
    Case("a term that binds another kind", "releases/public/permit.yaml", "kind: permit",
         "kind: permit\nterm: other", "releases/public/permit", "“other” is not declared",
         "shown"),
    Case("an end that is no date", "terms/shown.yaml", "delivered_end: date",
         "delivered_end: number", "terms/shown", "“number” is not declared", "date"),
    Case("a term that shows all its examples", "terms/shown.yaml", 'withheld: "term:light"',
         "shown_until: 2030-01-01", "terms/shown", "two must not", "add examples"),
    Case("a term that outlives its law", "terms/shown.yaml", "    valid_to: 2020-01-01\n", "",
         "terms/shown 2004-07-01", "“notice-1” ended on 2020-01-01", "valid_to"),
    Case("an example of a term with a field nobody declared", "terms/shown.yaml",
         'record: {number: "1"}\n    term_class: undated',
         'record: {numbers: "1"}\n    term_class: undated', "terms/shown “none”",
         "“numbers” is not declared", "number"),
    Case("an example withheld by no rule", "releases/public/permit.yaml", "withheld: void}",
         "withheld: avoid}", "releases/public/permit", "“avoid” is not declared", "void"),
    Case("withhold rules with one example that withholds", "releases/public/permit.yaml",
         'record: {number: "2"}, withheld: void}', 'record: {number: "2"}}',
         "releases/public/permit", "two must not", "add examples"),
    Case("a withhold rule that no example shows", "releases/public/permit.yaml", "withhold:\n",
         "withhold:\n  - {id: lost, zh: 失, en: Lost, when: \"state = '2'\", "
         "basis: licence-law}\n", "releases/public/permit lost", "no worked example", "lost"),
    Case("a remedy by a law that has ended", "remedies.yaml", "basis: licence-law",
         "basis: notice-1", "remedies.yaml review", "“notice-1” ended", "valid_to"),
    Case("an age by a law that has ended", "ages.yaml", "basis: licence-law",
         "basis: notice-1", "ages.yaml majority 2004-07-01", "“notice-1” ended", "valid_to"),
    Case("an example of remedies that does not come out", "remedies.yaml", "remedies: []",
         "remedies: [review]", "remedies.yaml “before”", "gives “-”", "change the remedies"),
    Case("one id twice", "laws/general.yaml", "laws:\n",
         "laws:\n  - {id: licence-law, zh: 法, en: l, "
         "number: \"1\", valid_from: 2004-07-01}\n",
         "laws/general.yaml", "“licence-law” stands twice", "choose another id"),
]  # fmt: skip


def refused(given: dict[str, bytes]) -> Refusal:
    with pytest.raises(Refusal) as caught:
        load(given)
    return caught.value


def test_the_small_set_loads() -> None:
    declared = load(files())
    assert list(declared.kinds) == ["permit"]
    assert declared.resources["permits"].by_header["文号"].field == "number"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_a_mistake_is_named(case: Case) -> None:
    refusal = refused(with_change(case.file, case.old, case.new))
    assert refusal.code == "DECLARATION"
    assert refusal.where.startswith(case.where)
    assert case.says in refusal.what.en
    assert refusal.what.zh
    assert refusal.remedy is not None
    assert case.remedy in refusal.remedy.en
    assert case.file in refusal.where or case.file.removesuffix(".yaml") in refusal.where


@pytest.mark.parametrize("name", ["calendar.yaml", "policy.yaml", "agencies.yaml"])
def test_a_missing_file_is_named(name: str) -> None:
    refusal = refused({n: data for n, data in files().items() if n != name})
    assert refusal.where == name
    assert refusal.remedy is not None
    assert name in refusal.remedy.en


def test_a_snapshot_from_before_there_were_remedies_loads() -> None:
    given = {name: data for name, data in files().items() if name != "remedies.yaml"}
    assert load(given).remedies == {}


def test_who_is_a_minor_needs_a_declared_age() -> None:
    refusal = refused(with_change("ages.yaml", "id: majority", "id: vote"))
    assert refusal.where == "resources/permits.证件号码"
    assert "“majority” is not declared" in refusal.what.en


def test_what_was_adopted_is_read_again_whatever_has_been_asked_for_since() -> None:
    lame = with_change("records/permit.yaml", ", level: L1", "")
    with pytest.raises(Refusal):
        load(lame)
    kept = pack(dataclasses.replace(load(files()), files=lame))
    assert unpack(kept).kinds["permit"].by_field["number"].level == "L2"


@pytest.mark.parametrize(
    ("decided", "found"),
    [("2004-06-30", []), ("2004-07-01", ["review"]), ("2026-09-03", ["review"])],
)
def test_the_remedies_against_a_decision_are_those_of_its_day(
    decided: str, found: list[str]
) -> None:
    given = remedies_on(declarations=load(files()), decided=dt.date.fromisoformat(decided))
    assert [remedy.id for remedy in given] == found


def test_what_is_not_confirmed_and_what_is_for_trials_can_be_listed() -> None:
    idle = "term shown applied by no release"
    given = with_change("agencies.yaml", "uscc: X,", "uscc: X, confirmed: false,")
    assert load(given).unconfirmed == ("agency environment", idle)
    age = with_change("ages.yaml", "basis: licence-law", "basis: licence-law, confirmed: false")
    assert load(age).unconfirmed == ("age majority from 2004-07-01", idle)
    bound = with_change("releases/public/permit.yaml", "kind: permit", "kind: permit\nterm: shown")
    assert load(bound).unconfirmed == ()
    trial = with_change(
        "resources/permits.yaml", "cycle: daily", "cycle: daily\ntesting_only: true"
    )
    assert load(trial).for_testing == ("permits",)
    assert load(files()).for_testing == ()
    assert load(files()).unconfirmed == (idle,)


def test_a_huge_file_is_refused_before_it_is_parsed() -> None:
    refusal = refused(files(**{"calendar.yaml": b"days: []\n#" + b"x" * MAX_BYTES}))
    assert refusal.where == "calendar.yaml"
    assert "too large" in refusal.what.en


@pytest.mark.parametrize(
    "data",
    [b"\xff\xfe\x00", "days: []".encode("utf-16"), b"days: []\x00", b"days: \x07", b"%YAML 9\n---"],
)
def test_bytes_that_are_no_text_are_refused(data: bytes) -> None:
    refusal = refused(files(**{"calendar.yaml": data}))
    assert refusal.where.startswith("calendar.yaml")
    assert "not YAML" in refusal.what.en


@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b"{a: ", b"}"), (b"[", b"")])
def test_a_deeply_nested_file_is_refused(opening: bytes, closing: bytes) -> None:
    nested = b"days: " + opening * 1_000 + closing * 1_000
    refusal = refused(files(**{"calendar.yaml": nested}))
    assert refusal.where.startswith("calendar.yaml")


@pytest.mark.parametrize("key", ["[a, b]: 1", "{a: b}: 1", "? [a]\n: 1", "null: 1", "1: 1"])
def test_a_key_that_is_no_name_is_refused(key: str) -> None:
    refusal = refused(files(**{"calendar.yaml": f"{key}\n".encode()}))
    assert refusal.where.startswith("calendar.yaml")


@pytest.mark.parametrize("data", [b"", b"# nothing\n"])
def test_an_empty_file_lacks_its_fields(data: bytes) -> None:
    assert "lacks days" in refused(files(**{"calendar.yaml": data})).what.en


@pytest.mark.parametrize(
    ("written", "read"),
    [("no", "no"), ("1e3", "1e3"), ("0x1F", "0x1F"), ("~", "~"), ("2026-04-01", "2026-04-01"),
     ("1:30", "1:30"), ("012", "012"), ("null", "null")],
)  # fmt: skip
def test_a_scalar_stays_the_text_it_is(written: str, read: str) -> None:
    """YAML would make a flag, a number, nothing, a date, a sexagesimal or an octal of these."""
    declared = load(with_change("laws/general.yaml", 'number: "7"', f"number: {written}"))
    assert declared.laws["licence-law"].number == read


def test_the_order_of_files_changes_nothing() -> None:
    backwards = dict(reversed(list(files().items())))
    assert load(backwards).digest == load(files()).digest


def test_what_is_declared_cannot_be_changed() -> None:
    law = load(files()).laws["licence-law"]
    with pytest.raises(dataclasses.FrozenInstanceError):
        law.number = "8"  # type: ignore[misc]


def test_the_worked_examples_of_the_small_set_come_out() -> None:
    declared = load(files())
    for term in declared.terms.values():
        check_term(term, declared.kinds)
    for release in declared.releases.values():
        check_withholding(release, declared.kinds)


def test_every_file_of_the_small_set_is_needed_or_read() -> None:
    assert set(load(files()).files) == set(FILES)
