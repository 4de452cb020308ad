"""A list or measure that no law in force carries does not load, and the refusal says where."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from tests.engines.declare.small import FILES

from yuexin.base.errors import Refusal
from yuexin.engines.declare.queries import load

REGIME = """\
id: serious
zh: 严重失信主体名单
en: List of serious dishonesty
tone: adverse
kind: permit
rule: listed_now
listed: [listed]
keepers: [environment]
follow_up_zh: 重点监管
follow_up_en: Key supervision
versions:
  - {valid_from: 2004-07-01, valid_to: 2021-01-01, basis: [licence-law]}
  - {valid_from: 2021-01-01, basis: [licence-law], term_months: 36,
     transition: {clause: old_law, basis: licence-law, confirmed: true}}
exits:
  - {id: time, zh: 期满移出, en: Off by time, basis: licence-law}
examples:
  - {name: listed, on: 2026-11-01, records: {permit: [{number: "1"}]}, listed: true}
  - {name: not, on: 2026-11-01, records: {}, listed: false}
"""
RULE = """\
id: listed_now
zh: 在列
en: Listed
basis: [licence-law]
otherwise: none
versions:
  - valid_from: 2004-07-01
    outcomes: [{id: listed, zh: 在列, en: Listed, when: "count(permit) >= 1"}]
examples: []
"""
ITEMS = """\
items:
  - {id: A1, zh: 限制市场准入, en: Access is restricted, group: A, basis: licence-law}
"""
MEASURES = """\
measures:
  - id: refused
    zh: 不予许可
    en: Refused
    item: A1
    content_zh: 不予许可
    content_en: Refused
    basis: [licence-law]
    executors_zh: 许可机关
    executors_en: The licensing body
    scenes: [{scene: licensing, basis: licence-law}]
    strength: mandatory_deny
    valid_from: 2004-07-01
    triggers: [{rule: listed_now, outcomes: [listed]}]
    examples:
      - {name: hit, on: 2026-11-01, verdicts: {listed_now: listed}, scene: licensing, hit: true}
      - {name: none, on: 2026-11-01, verdicts: {listed_now: none}, scene: licensing, hit: false}
"""
PURPOSES = """\
id: purposes
zh: 查询目的
en: Purposes
source: 本地
values: [{code: licensing, zh: 行政许可, en: Licensing}]
"""
ANNOUNCED = """\
announcements:
  - id: listing
    zh: 列入公告
    en: Entries
    kinds: [permit]
    only: {permit: not_sole_trader}
    basis: licence-law
"""
WHOLE = FILES | {
    "announcements.yaml": ANNOUNCED,
    "regimes/serious.yaml": REGIME,
    "rules/listed_now.yaml": RULE,
    "measure_items.yaml": ITEMS,
    "measures/some.yaml": MEASURES,
    "codes/purposes.yaml": PURPOSES,
}
LIST, MEASURE = "regimes/serious.yaml", "measures/some.yaml"
CLAUSE = "transition: {clause: old_law, basis: licence-law, confirmed: true}"


class Case(NamedTuple):
    """A passage, what is written instead, and what the refusal must say."""

    what: str
    file: str
    old: str
    new: str
    says: str


CASES = [
    Case("a list without a basis", LIST, "2021-01-01, basis: [licence-law]",
         "2021-01-01, basis: []", "basis is missing"),
    Case("a list by a law that is over", LIST, "2021-01-01, basis: [licence-law]",
         "2021-01-01, basis: [notice-1]", "ended on 2020-01-01"),
    Case("a list by a law that nobody declared", LIST, "2021-01-01, basis: [licence-law]",
         "2021-01-01, basis: [licence-lore]", "is not declared"),
    Case("a list before its law", LIST, "- {valid_from: 2004-07-01", "- {valid_from: 2004-06-30",
         "begins before its basis"),
    Case("a version without a transition clause", LIST, f",\n     {CLAUSE}", "",
         "does not say what becomes of what began before"),
    Case("a first version with one", LIST, "basis: [licence-law]}",
         f"basis: [licence-law], {CLAUSE}}}", "nothing began before it"),
    Case("a transition by no law", LIST, "old_law, basis: licence-law",
         "old_law, basis: licence-lore", "basis “licence-lore” is not declared"),
    Case("a name that the law does not use, of a transition", LIST, "old_law, basis: licence-law",
         "old_law, note_zh: 旧黑名单, basis: licence-law", "is not said in public"),
    Case("versions with a day between them", LIST, "valid_to: 2021-01-01, basis",
         "valid_to: 2020-12-31, basis", "does not end where the next begins"),
    Case("a list that its rule reaches later", "rules/listed_now.yaml", "valid_from: 2004-07-01",
         "valid_from: 2015-01-01", "no version as early"),
    Case("an outcome that the rule does not have", LIST, "listed: [listed]", "listed: [on_it]",
         "outcome “on_it” is not declared"),
    Case("a rule that nobody declared", LIST, "rule: listed_now", "rule: listed_then",
         "rule “listed_then” is not declared"),
    Case("an agency that nobody declared", LIST, "[environment]", "[environs]", "is not declared"),
    Case("a name that the law does not use", LIST, "zh: 严重失信主体名单", "zh: 失信黑名单",
         "is not said in public"),
    Case("nor in English", LIST, "en: List of serious dishonesty", "en: The Blacklist",
         "is not said in public"),
    Case("nor as a measure", MEASURE, "content_zh: 不予许可", "content_zh: 列入黑名单",
         "is not said in public"),
    Case("examples of the listed only", LIST, "records: {}, listed: false",
         "records: {}, listed: true", "both listed and not"),
    Case("a public list that is announced nowhere", "announcements.yaml",
         "kinds: [permit]\n    only: {permit: not_sole_trader}", "kinds: []",
         "is public and announced under no heading"),
    Case("a kind that a heading narrows and does not announce", "announcements.yaml",
         "only: {permit: not", "only: {licence: not", "only “licence” is not declared"),
    Case("a measure without a basis", MEASURE, "    basis: [licence-law]\n    exec",
         "    basis: []\n    exec", "basis is missing"),
    Case("a measure by a law that is over", MEASURE, "    basis: [licence-law]\n    exec",
         "    basis: [notice-1]\n    exec", "ended on 2020-01-01"),
    Case("a scene that no law names", MEASURE, "scene: licensing, basis: licence-law",
         "scene: licensing, basis: \"\"", "basis is missing"),
    Case("a scene by a law that is over", MEASURE, "scene: licensing, basis: licence-law",
         "scene: licensing, basis: notice-1", "ended on 2020-01-01"),
    Case("a scene that is none", MEASURE, "{scene: licensing", "{scene: licencing",
         "scene “licencing” is not declared"),
    Case("an item that is none", MEASURE, "item: A1", "item: A9", "item “A9” is not declared"),
    Case("a refusal that nobody confirmed", MEASURE, "strength: mandatory_deny",
         "strength: mandatory_deny\n    confirmed: false", "nobody confirmed"),
    Case("an advice that nobody confirmed", MEASURE, "strength: mandatory_deny",
         "strength: advisory\n    confirmed: false", "nobody confirmed"),
    Case("a refusal without a scene", MEASURE,
         "    scenes: [{scene: licensing, basis: licence-law}]\n", "", "names the scenes"),
    Case("a refusal by a law that nobody confirmed", "laws/general.yaml",
         "valid_from: 2004-07-01}", "valid_from: 2004-07-01, confirmed: false}",
         "is not confirmed and refuses nobody"),
    Case("a body in one language", MEASURE, "    executors_en: The licensing body\n", "",
         "executors_en is missing"),
    Case("an unknown trigger", MEASURE, "triggers: [{rule: listed_now, outcomes: [listed]}]",
         "triggers: [{rule: listed_now, outcomes: [barred]}]", "outcome “barred” is not declared"),
    Case("examples of hits only", MEASURE, "hit: false", "hit: true", "both a hit and none"),
]  # fmt: skip


def changed(file: str = "", old: str = "", new: str = "") -> dict[str, bytes]:
    files = dict(WHOLE)
    if file:
        assert old in files[file], old
        files[file] = files[file].replace(old, new, 1)
    return {name: text.encode() for name, text in files.items()}


def test_lists_and_measures_that_rest_on_law_load() -> None:
    loaded = load(changed())
    assert [*loaded.regimes] == ["serious"]
    assert [*loaded.measures] == ["refused"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_what_no_law_carries_does_not_load(case: Case) -> None:
    with pytest.raises(Refusal) as refused:
        load(changed(case.file, case.old, case.new))
    assert case.says in refused.value.what.en


def test_what_is_not_confirmed_is_told_to_operators() -> None:
    open_ = load(changed(LIST, "term_months: 36", "term_months: 36, confirmed: false"))
    assert "list serious from 2021-01-01" in open_.unconfirmed
    clause = load(changed(LIST, CLAUSE, CLAUSE.replace("true", "false"))).unconfirmed
    assert "list serious from 2021-01-01 transition" in clause
    assert "list serious from 2021-01-01" not in clause
