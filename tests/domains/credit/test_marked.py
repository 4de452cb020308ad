"""A sole trader is marked as abnormal and stands in no list: on pages, in checks, in cases."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from tests.cast import COMPANY, TRADER, Entity
from tests.domains.credit.handling.rows import abnormal
from tests.intake import Intake
from tests.state import all_rows, value

from yuexin.base.dates import today
from yuexin.base.errors import Refusal
from yuexin.domains.collection.outcomes import carry_out
from yuexin.domains.credit.handling.answering import answers_to
from yuexin.engines.access.types import Actor
from yuexin.engines.cases.operations import open_case, take_step
from yuexin.engines.declare.queries import current

pytestmark = pytest.mark.usefixtures("undone")

DAY = dt.timedelta(days=1)
SIGNER = Actor(id="head-ye", role="signing_officer", agency="guangzhou_market_regulation")
OWNER = Actor(id="owner-he", role="owner", subject_code=TRADER.uscc)
LISTS = {"/lists/abnormal_operations", "/lists/abnormal_operations.csv"}
MARKS = {"/lists/abnormal_mark", "/lists/abnormal_mark.csv"}


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@pytest.fixture
def both(deliver: Intake) -> Intake:
    """A firm that is listed and a trader who is marked, each told yesterday."""
    code = current().agencies["guangzhou_market_regulation"].uscc
    deliver("registration", [COMPANY.registration(), TRADER.registration()], now=now() - 2 * DAY)
    rows = [abnormal(one, **{"作出决定机关（列入）代码": code}) for one in (COMPANY, TRADER)]
    deliver("abnormal_operations", rows, agency="guangzhou_market_regulation", now=now() - DAY)
    return deliver


def shown(address: str) -> str:
    answer = Client(SERVER_NAME="localhost").get(address)
    assert answer.status_code == 200, address
    parts: Any = answer.streaming_content if answer.streaming else [answer.content]  # type: ignore[attr-defined]
    return b"".join(parts).decode()


def who(address: str) -> set[str]:
    page = shown(address)
    return {one.uscc for one in (COMPANY, TRADER) if one.uscc in page}


def test_a_trader_stands_on_the_page_of_the_mark_and_in_no_list(both: Intake) -> None:
    for address in LISTS:
        assert who(address) == {COMPANY.uscc}, address
    for address in MARKS:
        assert who(address) == {TRADER.uscc}, address
    for regime in current().regimes:
        if regime != "abnormal_mark":
            assert TRADER.uscc not in shown(f"/lists/{regime}"), regime


def test_his_file_calls_it_a_mark(both: Intake) -> None:
    words = {COMPANY: "经营异常名录", TRADER: "个体工商户经营异常状态标记"}
    for entity, said in words.items():
        page = shown(f"/s/{entity.uscc}")
        assert said in page
        assert f"/lists/{'abnormal_mark' if entity is TRADER else 'abnormal_operations'}" in page
    assert "/lists/abnormal_operations" not in shown(f"/s/{TRADER.uscc}")
    assert "/lists/abnormal_mark" not in shown(f"/s/{COMPANY.uscc}")


@pytest.mark.parametrize("page", ["/announcements", "/announcements.atom"])
def test_he_is_announced_as_marked_and_never_as_listed(both: Intake, page: str) -> None:
    assert who(f"{page}?kind=listing") == {COMPANY.uscc}
    assert who(f"{page}?kind=abnormal_mark") == {TRADER.uscc}
    assert who(page) == {COMPANY.uscc, TRADER.uscc}


@pytest.mark.parametrize("scene", ["honours", "procurement", "inspection"])
def test_no_measure_hits_the_mark(both: Intake, scene: str) -> None:
    hit = {entity.uscc: hits(both, entity, scene) for entity in (COMPANY, TRADER)}
    assert hit[COMPANY.uscc]
    assert not hit[TRADER.uscc]


def hits(both: Intake, entity: Entity, scene: str) -> tuple[Any, ...]:
    answer = answers_to(
        declarations=current(), actor=Actor(
            id="clerk-lin", role="clerk", agency="environment", purpose=scene
        ),
        lines=[entity.uscc], scene=scene, on=today(now()),
    )  # fmt: skip
    (one,) = answer.subjects
    return tuple(one.hits)


def opened(process: str, entity: Entity, *, actor: Actor, form: dict[str, str]) -> str:
    subject, record = all_rows(
        "SELECT r.subject, r.id FROM record r JOIN subject s ON s.id = r.subject "
        "WHERE r.kind = 'abnormal_operation' AND s.code = %s AND r.superseded_at IS NULL",
        entity.uscc,
    )[0]
    about = current().processes[process].about
    return open_case(
        declarations=current(), actor=actor, process=process, subject=subject,
        record=record if about == "record" else None, form=form, papers=(), reason="已查实",
        now=now(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("process", "entity", "said"),
    [
        ("abnormal_listing", TRADER, "不对个体工商户办理"),
        ("abnormal_removal", TRADER, "不对个体工商户办理"),
        ("abnormal_mark", COMPANY, "只对个体工商户办理"),
        ("abnormal_mark_end", COMPANY, "只对个体工商户办理"),
    ],
)
def test_nobody_is_listed_who_is_marked_nor_marked_who_is_listed(
    both: Intake, process: str, entity: Entity, said: str
) -> None:
    with pytest.raises(Refusal) as refused:
        opened(process, entity, actor=SIGNER, form={})
    assert refused.value.code == "CASE_ENTITY"
    assert said in refused.value.what.zh


def test_the_mark_ends_by_a_case_of_its_own_and_no_removal_is_announced(both: Intake) -> None:
    case = opened("abnormal_mark_end", TRADER, actor=OWNER, form={"performed": "已补报"})
    take_step(
        declarations=current(), actor=SIGNER, case=case, step="end", seen=1, form={}, papers=(),
        reason="已补报年度报告", now=now(),
    )  # fmt: skip
    carry_out(home=both.home, declarations=current(), clock=now)
    both.settle(now=now())
    state = "SELECT body->>'state' FROM record WHERE superseded_at IS NULL AND body ? 'remove_date'"
    assert value(state) == "removed"
    for address in (*LISTS, *MARKS, "/announcements"):
        assert TRADER.uscc not in shown(address), address
