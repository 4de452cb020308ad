"""The smallest set of declarations that loads: one law, one agency, one kind, one resource."""

from __future__ import annotations

FILES = {
    "laws.yaml": """\
laws:
  - {id: licence-law, zh: 行政许可法, en: Licence Law, number: "7", valid_from: 2004-07-01}
""",
    "agencies.yaml": """\
agencies:
  - {id: environment, zh: 生态环境厅, en: Environment, uscc: X, valid_from: 2018-10-01}
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
  - {id: number, zh: 文号, en: Number, scope: public, basis: "licence-law:40"}
  - {id: date, zh: 日期, en: Date, type: date}
  - {id: state, zh: 状态, en: State, type: code, codes: states}
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
kinds:
  - kind: permit
    fields: [number]
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
