"""Institutions and social organisations: each on a register of its own, and told of like others."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.cast import CLERK, COMPANY, PUBLIC
from tests.intake import Intake, Row

from yuexin.domains.credit.finding.types import Hit, Query
from yuexin.domains.credit.queries import credit_file, search
from yuexin.domains.credit.types import CreditFile
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.queries import current

pytestmark = pytest.mark.usefixtures("undone")

LATER = dt.datetime(2026, 11, 24, 4, tzinfo=dt.UTC)
REGISTERS = [
    ("institutions", "12440000455857983D", "研究院", "事业单位", "注销"),
    ("social_organisations", "51440000502999993U", "行业协会", "社会团体", "撤销登记"),
]
LISTS = {
    "social_organisation_abnormal": "social_organisation_abnormal_now",
    "social_organisation_dishonesty": "social_organisation_listed",
}


def worked(resource: str) -> Row:
    """The first worked example of a layout."""
    return current().resources[resource].examples[0].row


def file_of(deliver: Intake, code: str, actor: Actor = PUBLIC) -> CreditFile:
    file = credit_file(actor=actor, code=code, on=None, now=deliver.now)
    assert file is not None
    return file


def hits(deliver: Intake, text: str) -> list[Hit]:
    return list(search(actor=PUBLIC, query=Query(text=text), now=deliver.now).hits)


def verdict(deliver: Intake, code: str, rule: str) -> str:
    """What an officer is told: not every rule speaks to everyone."""
    told = file_of(deliver, code, CLERK).head.verdicts
    return next(v.outcome for v in told if v.rule == rule)


@pytest.mark.parametrize(("resource", "code", "part", "type_", "_end"), REGISTERS)
def test_a_body_is_found_by_a_part_of_its_name_with_its_type_and_status(
    deliver: Intake, resource: str, code: str, part: str, type_: str, _end: str
) -> None:
    deliver(resource, [worked(resource)])
    (hit,) = hits(deliver, part)
    assert (hit.code, hit.type_label.zh, hit.status.zh) == (code, type_, "存续")
    assert [one.code for one in hits(deliver, code)] == [code]
    basic = next(s for s in file_of(deliver, code).sections if s.id == "basic")
    assert [entry.source.resource for entry in basic.entries] == [resource]


@pytest.mark.parametrize(("resource", "code", "part", "_type", "end"), REGISTERS)
def test_a_later_state_renames_a_body_and_ends_it(
    deliver: Intake, resource: str, code: str, part: str, _type: str, end: str
) -> None:
    deliver(resource, [worked(resource)])
    ended = {**worked(resource), "名称": "广东省示例新名单位", "核准日期": "2026-11-02"}
    ended |= {"登记状态": end, "注销日期": "2026-11-02"}
    deliver(resource, [ended], now=LATER)
    head = file_of(deliver, code).head
    assert head.name == "广东省示例新名单位"
    assert [hit.code for hit in hits(deliver, part)] == [code], "by its former name"
    assert verdict(deliver, code, "subject_status") in ("cancelled", "annulled")


@pytest.mark.parametrize(("resource", "rule"), LISTS.items())
def test_an_entry_waits_for_its_organisation_and_leaves_with_its_removal(
    deliver: Intake, resource: str, rule: str
) -> None:
    code, row = REGISTERS[1][1], worked(resource)
    assert deliver(resource, [row])["rows_waiting"] == 1
    deliver("social_organisations", [worked("social_organisations")])
    (entry,) = [e for e in file_of(deliver, code).timeline if e.kind == resource]
    assert entry.adverse
    assert entry.remedies
    before = verdict(deliver, code, rule)
    removed = {**row, "名单状态": "已移出", "移出日期": "2026-11-20"}
    assert deliver(resource, [removed], now=LATER)["rows_changed"] == 1
    assert [e for e in file_of(deliver, code).timeline if e.kind == resource] == []
    after = verdict(deliver, code, rule)
    assert (before != after, after) == (True, current().rules[rule].otherwise)


@pytest.mark.parametrize(
    ("resource", "code", "law"),
    [
        ("institutions", REGISTERS[0][1], ["《事业单位登记管理暂行条例》"]),
        ("social_organisations", REGISTERS[1][1], [
            "《社会团体登记管理条例》", "《民办非企业单位登记管理暂行条例》", "《基金会管理条例》",
        ]),
    ],
)  # fmt: skip
def test_a_status_cites_the_laws_of_the_own_register_alone(
    deliver: Intake, resource: str, code: str, law: list[str]
) -> None:
    deliver(resource, [worked(resource)])
    (status,) = [v for v in file_of(deliver, code).head.verdicts if v.rule == "subject_status"]
    assert [text.zh for text in status.basis] == law


def test_the_status_of_a_company_cites_no_law_of_organisations(deliver: Intake) -> None:
    deliver("registration", [COMPANY.registration()])
    told = file_of(deliver, COMPANY.uscc).head.verdicts
    (status,) = [v for v in told if v.rule == "subject_status"]
    assert [text.zh for text in status.basis] == [
        "《市场主体登记管理条例》", "《企业信息公示暂行条例》第六条"
    ]  # fmt: skip
