"""A small set of declarations that loads: of each sort one or two."""

from __future__ import annotations

FILES = {
    "laws/general.yaml": """\
laws:
  - {id: licence-law, zh: 行政许可法, en: Licence Law, number: "7", valid_from: 2004-07-01}
  - {id: notice-1, zh: 旧法, en: Old, number: "1", valid_from: 2000-01-01, valid_to: 2020-01-01}
""",
    "agencies.yaml": """\
agencies:
  - {id: environment, zh: 生态环境厅, en: Environment, uscc: X, valid_from: 2018-10-01}
  - {id: water, zh: 水利厅, en: Water, uscc: Y, valid_from: 2000-01-01, successor: environment}
""",
    "sections.yaml": """\
sections:
  - {id: basic, zh: 基本信息, en: Basic, empty_zh: 无, empty_en: none}
""",
    "calendar.yaml": "days: []\n",
    "policy.yaml": """\
clauses:
  - {id: I, zh: 一, en: one, state: begun, declarations: [records/permit], story: tests/x.py}
""",
    "ages.yaml": """\
ages:
  - id: majority
    zh: 成年年龄
    en: Age of majority
    versions:
      - {years: 18, valid_from: 2004-07-01, basis: licence-law}
""",
    "codes/states.yaml": """\
id: states
zh: 状态
en: States
source: 本地
values:
  - {code: "1", zh: 有效, en: valid}
""",
    "records/permit.yaml": """\
id: permit
zh: 许可
en: Permit
section: basic
temporal: event
basis: [licence-law]
key: [number]
event_date: date
headline: [number]
fields:
  - {id: number, zh: 文号, en: Number, scope: public, level: L1, basis: "licence-law:40"}
  - {id: date, zh: 日期, en: Date, type: date}
  - {id: state, zh: 状态, en: State, type: code, codes: states}
  - {id: chosen, zh: 是否公示, en: Public by choice, type: flag}
  - {id: minor, zh: 未成年人, en: Minor, type: flag}
""",
    "resources/permits.yaml": """\
id: permits
zh: 许可信息
en: Permits
code: 1/1
providers: [environment]
kind: permit
basis: [licence-law]
cycle: daily
sharing: unconditional
openness: open
identifiers:
  - {scheme: uscc, column: 代码}
subject_name: 名称
columns:
  - {header: 代码, type: uscc}
  - {header: 名称, required: true}
  - {header: 文号, field: number, required: true}
  - {header: 日期, field: date, type: date}
  - {header: 证件号码, minor_field: minor}
examples:
  - {name: good, row: {名称: 甲, 文号: "1"}}
  - {name: no number, row: {名称: 甲}, findings: ["文号:REQUIRED"]}
  - {name: no name, row: {文号: "1"}, findings: ["名称:REQUIRED"]}
""",
    "releases/public.yaml": """\
id: public
zh: 公开
en: Public
audience: public
basis: [licence-law]
kinds: [permit]
""",
    "releases/public/permit.yaml": """\
kind: permit
withhold:
  - {id: void, zh: 无效, en: Void, when: "number <> '1'", basis: licence-law}
examples:
  - {name: in force, record: {number: "1"}}
  - {name: void, record: {number: "2"}, withheld: void}
  - {name: without a number, record: {state: "1"}, withheld: void}
""",
    "terms/shown.yaml": """\
id: shown
zh: 公示期限
en: Publicity
kind: permit
delivered_end: date
versions:
  - valid_from: 2004-07-01
    valid_to: 2020-01-01
    law: notice-1
    confirmed: true
    classes:
      - {id: light, zh: 轻, en: Light, when: "number = '1'", publish: false, basis: notice-1}
      - {id: general, zh: 一般, en: General, when: "true", months_max: 12, basis: notice-1}
examples:
  - name: shown
    known_on: 2019-01-01
    record: {number: "2", date: "2019-01-02"}
    term_class: general
    shown_until: 2019-01-03
  - name: light
    known_on: 2019-01-04
    record: {number: "1", date: "2019-01-02"}
    term_class: light
    withheld: "term:light"
  - name: none
    known_on: 2019-01-04
    record: {number: "1"}
    term_class: undated
    withheld: "term:undated"
""",
    "remedies.yaml": """\
remedies:
  - {id: review, zh: 可申请复议, en: Ask for review, valid_from: 2004-07-01, basis: licence-law}
examples:
  - {name: now, decided: 2026-09-03, remedies: [review]}
  - {name: before, decided: 2004-06-30, remedies: []}
""",
    "roles/public.yaml": """\
id: public
zh: 公众
en: The public
releases: [public]
""",
}


def files(**changed: bytes) -> dict[str, bytes]:
    """The set as bytes, some files replaced."""
    return {name: text.encode() for name, text in FILES.items()} | changed


def with_change(name: str, old: str, new: str) -> dict[str, bytes]:
    """The set with one passage of one file written differently."""
    text = FILES[name]
    assert old in text, f"{old!r} is not in {name}"
    return files(**{name: text.replace(old, new, 1).encode()})
