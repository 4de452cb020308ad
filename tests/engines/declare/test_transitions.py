"""A version of law that does not say what becomes of what began before it does not load."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import pytest
from tests.engines.declare.small import FILES, files, with_change

from yuexin.base.errors import Refusal
from yuexin.engines.declare.check_processes import check_process
from yuexin.engines.declare.queries import current, load, pack, unpack
from yuexin.engines.declare.types import LawVersion, TermVersion, Transition, TransitionClause

TERM = "terms/shown.yaml"
SILENT = """
  - valid_from: 2020-01-01
    law: licence-law
    confirmed: true
    classes:
      - {id: all, zh: 全部, en: All, when: "true", months_max: 12, basis: licence-law}
examples:"""
SAID = "    transition: {clause: milder, basis: licence-law, confirmed: false}\n"
SAYING = SILENT.replace("    classes:", f"{SAID}    classes:")


def with_second(second: str) -> dict[str, bytes]:
    return with_change(TERM, "\nexamples:", second)


def refused(given: dict[str, bytes]) -> Refusal:
    with pytest.raises(Refusal) as caught:
        load(given)
    return caught.value


def test_a_term_whose_later_version_says_what_becomes_of_old_records_loads() -> None:
    found = load(with_second(SAYING))
    assert [one.clause for one in found.terms["shown"].versions] == ["old_law", "milder"]


def test_one_that_does_not_is_refused_with_what_where_by_which_rule_and_what_to_do() -> None:
    caught = refused(with_second(SILENT))
    assert caught.sentence("en") == (
        "The version from 2020-01-01 does not say what becomes of what began before it, as each "
        "later version of law has to. Where: terms/shown 2020-01-01 transition. "
        "Rule: declarations. What to do: add transition: {clause: old_law | milder | new_law, "
        "basis: <law>, confirmed: false}; while nobody confirmed it the milder holds."
    )
    assert "此前已经开始的适用何种规定" in caught.sentence("zh")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("milder", "mildest", "milder"),
        ("basis: licence-law, confirmed", "basis: licence-lore, confirmed", "is not declared"),
        ("basis: licence-law, confirmed", "basis: notice-1, confirmed", "ended on 2020-01-01"),
        (", confirmed: false", "", "lacks confirmed"),
        ("basis: licence-law, ", "", "lacks basis"),
    ],
)
def test_a_clause_is_one_of_three_by_a_law_in_force_and_says_whether_it_is_confirmed(
    old: str, new: str, says: str
) -> None:
    caught = refused(with_second(SAYING.replace(SAID, SAID.replace(old, new))))
    assert says in caught.sentence("en")


def test_the_first_version_has_nothing_before_it() -> None:
    text = FILES[TERM].replace("    classes:", f"{SAID}    classes:", 1)
    caught = refused(files(**{TERM: text.encode()}))
    assert caught.where == "terms/shown 2004-07-01 transition"
    assert "nothing began before it" in caught.what.en


def test_operators_are_told_of_each_that_nobody_confirmed() -> None:
    told = "term shown from 2020-01-01 transition"
    assert told in load(with_second(SAYING)).unconfirmed
    confirmed = SAYING.replace("confirmed: false", "confirmed: true")
    assert told not in load(with_second(confirmed)).unconfirmed


def test_a_process_says_it_too() -> None:
    process = current().processes["penalty_repair"]
    first, *later = process.versions
    silent = replace(process, versions=(first, *(replace(one, transition=None) for one in later)))
    told = [one.where for one in check_process(current(), silent)]
    assert told == [f"processes/penalty_repair {one.valid_from} transition" for one in later]
    assert list(check_process(current(), process)) == []


@pytest.mark.parametrize(
    ("clause", "law_confirmed", "confirmed", "holds"),
    [
        ("old_law", True, True, "old_law"),
        ("old_law", False, True, "old_law"),
        ("new_law", True, True, "new_law"),
        ("milder", True, True, "milder"),
        ("old_law", True, False, "milder"),
        ("new_law", True, False, "milder"),
        # Numbers that nobody confirmed make nothing of before worse.
        ("new_law", False, True, "milder"),
    ],
)
def test_the_milder_holds_until_an_official_confirmed_what_the_law_says(
    clause: TransitionClause, *, law_confirmed: bool, confirmed: bool, holds: TransitionClause
) -> None:
    said = Transition(clause=clause, basis="order-36", confirmed=confirmed)
    version = TermVersion(
        valid_from=dt.date(2026, 4, 1), law="order-36", confirmed=law_confirmed, transition=said,
        classes=(),
    )  # fmt: skip
    assert version.clause == holds
    assert version.settled == (law_confirmed and confirmed)


def test_every_declared_version_after_the_first_says_it() -> None:
    d = current()
    declared: list[Sequence[LawVersion]] = [one.versions for one in d.terms.values()]
    declared += [one.versions for one in d.regimes.values()]
    declared += [one.versions for one in d.processes.values()]
    later = [
        version
        for versions in declared
        for version in sorted(versions, key=lambda version: version.valid_from)[1:]
    ]
    assert {version.valid_from.year for version in later} >= {2021, 2023, 2026}
    assert [version for version in later if version.transition is None] == []


LIST_OF_THEN = """\
id: of_then
zh: 某名单
en: A list
tone: adverse
kind: permit
rule: none
listed: [listed]
keepers: [environment]
versions:
  - {valid_from: 2004-07-01, valid_to: 2021-01-01, basis: [licence-law], transition: milder}
  - valid_from: 2021-01-01
    valid_to: 2024-01-01
    basis: [licence-law]
    transition: old_law
    confirmed: false
    doubt: transition
  - {valid_from: 2024-01-01, basis: [licence-law], transition: new_law}
examples: []
"""


def test_a_snapshot_of_before_is_read_as_what_it_said_and_its_words_are_taken_from_nobody() -> None:
    old = SILENT.replace("    classes:", "    applies_to_old: true\n    classes:")
    given = {**with_second(old), "regimes/of_then.yaml": LIST_OF_THEN.encode()}
    found = unpack(pack(replace(load(files()), files=given)))
    assert found.files == given
    assert [one.clause for one in found.terms["shown"].versions] == ["old_law", "new_law"]
    versions = found.regimes["of_then"].versions
    assert [one.clause for one in versions[1:]] == ["milder", "new_law"]
    assert [(one.confirmed, one.settled) for one in versions[1:]] == [(True, False), (True, True)]
    assert "no field “applies_to_old”" in refused(with_second(old)).what.en
