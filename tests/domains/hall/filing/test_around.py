"""What goes with filings: orders, corrections, counts, reminders, draws, commitments, tellers."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.cast import COMPANY, OPERATOR, OWNER, TRADER, entity
from tests.domains.credit.handling.rows import dishonest
from tests.domains.hall.filing.asking import IN_TIME, LATE, ask, filled, sent
from tests.intake import Intake
from tests.state import all_rows

from yuexin.base.errors import Refusal
from yuexin.base.lots import drawn, seed_digest
from yuexin.domains.hall.filing.commitments import commit, made, offered
from yuexin.domains.hall.filing.draws import announce, draw_now, draw_of, population_of
from yuexin.domains.hall.filing.models import Draw, Teller
from yuexin.domains.hall.filing.operations import send
from yuexin.domains.hall.filing.reminders import remind
from yuexin.domains.hall.filing.statistics import count
from yuexin.domains.hall.filing.told import answer_tellers, tell_false, token_of, told_of
from yuexin.domains.hall.filing.versions import corrections_of
from yuexin.engines.access.operations import give_grant, open_account
from yuexin.engines.access.types import Actor
from yuexin.engines.cases.models import CaseFile
from yuexin.engines.cases.operations import open_case, take_due, take_step
from yuexin.engines.declare.queries import accepted_by, accepting, current
from yuexin.engines.notices.models import Notice
from yuexin.engines.releases.models import ReleaseRow
from yuexin.home.folder import Home

pytestmark = pytest.mark.usefixtures("undone")

REGISTRAR = Actor(id="registrar", role="signing_officer", agency="market_regulation")
COLLEAGUE = Actor(id="colleague", role="signing_officer", agency="market_regulation")
STRANGER = Actor(id="elsewhere", role="signing_officer", agency="environment")
ANSWERED = LATE + dt.timedelta(days=8)
"""After the five working days within which an entity may answer."""
COMMITMENTS = tuple(current().commitments.values())


def report() -> ReleaseRow:
    return ReleaseRow.objects.get(kind="annual_report")


# --- correction, and the order to correct ---


def test_before_and_after_a_correction_are_public_with_their_days(
    home: Home, registered: Intake
) -> None:
    sent(home, 从业人数="38", 从业人数是否公示="是", 资产总额="9", 资产总额是否公示="否")
    registered.settle(now=IN_TIME)
    assert corrections_of(declarations=current(), record=report().record) == ()
    later = IN_TIME + dt.timedelta(days=2)
    sent(home, now=later, 从业人数="41", 从业人数是否公示="是", 资产总额="7", 资产总额是否公示="否")
    registered.settle(now=later)
    (one,) = corrections_of(declarations=current(), record=report().record)
    changed = {c.label.zh: (c.before.zh, c.after.zh) for c in one.changes}
    assert changed["从业人数"] == ("38", "41")
    assert "资产总额" not in changed, "what is not public is not told by its change"
    assert one.corrected_at == later


def test_an_order_of_the_register_opens_a_correction_and_its_end_closes_it(
    home: Home, registered: Intake
) -> None:
    sent(home)
    registered.settle(now=IN_TIME)
    assert ask(home, now=LATE).stand.standing == "closed"
    row = report()
    open_case(
        declarations=current(), actor=REGISTRAR, process="correction_order", subject=row.subject,
        record=row.record, form={}, papers=(), reason="从业人数有误", now=LATE,
    )  # fmt: skip
    assert ask(home, now=LATE).stand.standing == "ordered"
    assert ask(home, thing="2024", now=LATE).stand.standing == "late"
    again = sent(home, now=LATE, 通信地址="佛山市示例路9号")
    assert again.version == 2
    registered.settle(now=LATE)
    over = LATE + dt.timedelta(days=15)
    assert take_due(declarations=current(), now=over) == 1
    assert ask(home, now=over).stand.standing == "closed"


# --- counts and reminders ---


def test_the_counts_of_all_are_what_is_said_of_each(home: Home, registered: Intake) -> None:
    firms = [entity(n) for n in range(41, 47)]
    young, gone, prompt, tardy, *silent = firms
    registered("registration", [
        young.registration(成立日期="2026-02-01", 核准日期="2026-02-01"),
        gone.registration(登记状态="4"), prompt.registration(), tardy.registration(),
        *(one.registration() for one in silent),
    ])  # fmt: skip
    registered("annual_reports", [
        prompt.report(2025, 填报日期="2026-04-30"), tardy.report(2025, 填报日期="2026-08-01"),
    ])  # fmt: skip
    found = count(
        declarations=current(), filing=current().filings["annual_report"], period=2025, now=LATE
    )
    whole = found.whole
    assert (whole.obliged, whole.in_time, whole.late, whole.missing) == (6, 1, 1, 4)
    each = {one.uscc: ask(home, now=LATE, code=one.uscc).stand for one in (*firms, COMPANY, TRADER)}
    assert sum(s.standing == "late" for s in each.values()) == whole.missing
    assert sum(line.obliged for line in found.by_city) == whole.obliged
    assert sum(n for _, n in found.days) == whole.in_time + whole.late
    assert [line.label.zh for line in found.by_class] == ["企业", "个体工商户"]


@pytest.mark.parametrize(
    ("day", "told"),
    [("2025-12-31", 0), ("2026-01-01", 1), ("2026-02-02", 1), ("2026-06-30", 1),
     ("2026-07-01", 0)],
)  # fmt: skip
def test_whoever_acts_for_a_firm_is_told_once_that_the_window_is_open(
    registered: Intake, day: str, told: int
) -> None:
    del registered
    moment = dt.datetime.fromisoformat(f"{day}T02:00:00+00:00")
    before = moment - dt.timedelta(days=2)
    holder = open_account(
        actor=OPERATOR, declarations=current(), login="owner", display_name="陈示例", now=before
    )
    give_grant(
        actor=OPERATOR, declarations=current(), account=holder, role="owner",
        subject_code=COMPANY.uscc, reason="示例", valid_from=before.date(), now=before,
    )  # fmt: skip
    assert sum(remind(declarations=current(), now=moment)) == told
    assert sum(remind(declarations=current(), now=moment)) == 0


def test_who_has_filed_is_not_reminded(home: Home, registered: Intake) -> None:
    sent(home)
    registered.settle(now=IN_TIME)
    assert not sum(remind(declarations=current(), now=dt.datetime(2026, 6, 23, 2, tzinfo=dt.UTC)))


# --- draws ---


def test_a_draw_is_announced_first_and_recomputed_by_anyone(home: Home, deliver: Intake) -> None:
    firms = [entity(n) for n in range(101, 141)]
    deliver("registration", [one.registration() for one in firms])
    deliver("annual_reports", [one.report(2025) for one in firms])
    how: dict[str, Any] = {"declarations": current(), "home": home}
    said = announce(**how, actor=REGISTRAR, filing="annual_report", period=2025, now=LATE)
    assert (said.seed, said.drawn, said.permille) == ("", (), 30)
    later = LATE + dt.timedelta(hours=2)
    for actor, now, code in (
        (REGISTRAR, later, "DRAW_SAME"), (COLLEAGUE, LATE, "DRAW_EARLY"),
        (STRANGER, later, "DRAW_OFFICE"),
    ):  # fmt: skip
        with pytest.raises(Refusal) as refused:
            draw_now(**how, actor=actor, number=1, now=now)
        assert refused.value.code == code
    found = draw_now(**how, actor=COLLEAGUE, number=1, now=later)
    assert found.holds
    assert len(found.drawn) == 2, "three in a hundred of forty, rounded up"
    packed = population_of(number=1)
    assert packed is not None
    members = packed.decode().split()
    assert members == sorted(one.uscc for one in firms)
    assert drawn(members=members, seed=found.seed, count=2) == found.drawn
    assert seed_digest(seed=found.seed) == said.seed_sha256
    assert draw_now(**how, actor=COLLEAGUE, number=1, now=later) == found
    assert draw_of(declarations=current(), number=1) == found


def test_a_draw_is_never_changed(home: Home, registered: Intake) -> None:
    del registered
    announce(
        declarations=current(), home=home, actor=REGISTRAR, filing="annual_report", period=2025,
        now=LATE,
    )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Draw.objects.update(seed_sha256="0" * 64)
    with pytest.raises(IntegrityError), transaction.atomic():
        Draw.objects.all().delete()


# --- commitments ---


def test_all_seven_kinds_of_commitment_are_declared() -> None:
    types = current().codes["commitment_types"].by_code
    assert {one.type for one in COMMITMENTS} == set(types)


def test_a_commitment_is_public_then_checked_and_its_breach_bars_the_next(
    home: Home, registered: Intake
) -> None:
    from yuexin.domains.collection.outcomes import carry_out

    holder = open_account(
        actor=OPERATOR, declarations=current(), login="owner", display_name="陈示例", now=IN_TIME
    )
    give_grant(
        actor=OPERATOR, declarations=current(), account=holder, role="owner",
        subject_code=COMPANY.uscc, reason="示例", valid_from=IN_TIME.date(), now=IN_TIME,
    )  # fmt: skip
    how: dict[str, Any] = {
        "declarations": current(), "actor": OWNER, "home": home, "code": COMPANY.uscc,
        "name": COMPANY.name, "commitment": "approval_replaced", "matter": "食品经营许可",
    }  # fmt: skip
    with pytest.raises(Refusal, match="同意"):
        commit(**how, agreed=False, now=IN_TIME)
    with pytest.raises(Refusal, match="办件号"):
        commit(**how, agreed=True, now=IN_TIME)
    how["case_no"] = "粤办示例1"
    commit(**how, agreed=True, now=IN_TIME)
    registered.settle(now=IN_TIME)
    (line,) = made(declarations=current(), kind="01", code="", page=1, now=IN_TIME).lines
    assert (line.code, line.reason) == (COMPANY.uscc, "食品经营许可")
    assert line.accepted_by == "广东省市场监督管理局", "who registered it"
    row = ReleaseRow.objects.get(kind="commitment")
    case = open_case(
        declarations=current(), actor=REGISTRAR, process="commitment_check", subject=row.subject,
        record=row.record, form={}, papers=(), reason="", now=LATE,
    )  # fmt: skip
    found = {"found": "场所与承诺不符", "follows": "撤销许可，限制期内不适用告知承诺"}
    asked: dict[str, Any] = {"declarations": current(), "case": case, "reason": "现场核查"}
    take_step(**asked, actor=REGISTRAR, step="propose", seen=1, form=found, papers=(), now=LATE)
    assert CaseFile.objects.get(number=case).due == dt.date(2026, 7, 13), (
        "two months of the promise"
    )
    to_owner = Notice.objects.filter(about=f"case/{case}", recipient="account:owner")
    assert to_owner.count() == 2, "told of the begin, and in advance of a breach"
    take_step(
        **asked, actor=OWNER, step="plead", seen=2, form={"plea": "已经整改"}, papers=(), now=LATE
    )
    assert take_due(declarations=current(), now=LATE) == 0, "the days to answer are not over"
    assert take_due(declarations=current(), now=ANSWERED) == 1
    take_step(
        **asked, actor=COLLEAGUE, step="broken", seen=4, papers=(), now=ANSWERED,
        form={"consequence": "撤销许可，三年内不适用告知承诺"},
    )  # fmt: skip
    carry_out(home=home, declarations=current(), clock=lambda: ANSWERED)
    registered.settle(now=ANSWERED)
    ((performance,),) = all_rows(
        "SELECT body->>'performance' FROM record "
        "WHERE kind = 'commitment' AND superseded_at IS NULL"
    )
    assert performance == "broken"
    on = ANSWERED.date()
    assert lost(COMPANY.uscc, on) == {"approval_replaced": ("approval_commitment_lost",)}
    assert {
        one.barred_until for one in offered(declarations=current(), code=COMPANY.uscc, on=on)
    } == {None, dt.date(2029, 12, 2)}
    with pytest.raises(Refusal) as refused:
        commit(**how, agreed=True, now=ANSWERED)
    assert refused.value.code == "COMMITMENT_BARRED"
    public = ReleaseRow.objects.get(kind="commitment").body
    assert "performance" not in public, "no law known here publishes it"


@pytest.mark.parametrize(
    ("commitment", "city", "register", "body"),
    [
        ("papers_to_come", "440600", "market_regulation", "foshan_data"),
        ("papers_to_come", "440100", "market_regulation", "data_bureau"),
        ("papers_to_come", "", "", "data_bureau"),
        ("before_entry", "440600", "civil_affairs", "civil_affairs"),
        ("approval_replaced", "440600", "", "market_regulation"),
        ("volunteered", "440600", "civil_affairs", "development_reform"),
    ],
)
def test_the_body_of_ones_own_city_or_register_accepts_it(
    commitment: str, city: str, register: str, body: str
) -> None:
    one = current().commitments[commitment]
    how: dict[str, Any] = {"declarations": current(), "commitment": one}
    assert accepted_by(**how, city=city, register=register) == body
    assert body in accepting(**how)


def lost(code: str, on: dt.date = LATE.date()) -> dict[str, tuple[str, ...]]:  # noqa: B008
    """By which measures an entity may not make which commitments."""
    found = offered(declarations=current(), code=code, on=on)
    return {
        one.commitment.id: tuple(gone.measure.id for gone in one.lost) for one in found if one.lost
    }


def test_whoever_stands_in_the_list_of_serious_dishonesty_makes_none_in_place_of_an_approval(
    registered: Intake,
) -> None:
    assert lost(COMPANY.uscc) == {}
    registered("serious_dishonesty", [dishonest(COMPANY)])
    route = ("no_commitment_route",)
    assert lost(COMPANY.uscc) == {"approval_replaced": route, "proof_replaced": route}
    assert lost(TRADER.uscc) == {}


@pytest.mark.parametrize("kind", ["行业自律型", "主动公示型", "准入前承诺"])
def test_a_pledge_that_declares_no_bar_bars_nothing(registered: Intake, kind: str) -> None:
    row = {
        "承诺编码": "粤诺示例1", "承诺人类别": "法人及非法人组织", "承诺人名称": COMPANY.name,
        "统一社会信用代码": COMPANY.uscc, "承诺类型": kind, "承诺事由": "诚信", "承诺内容": "诚信",
        "承诺日期": "2026-03-02", "受理单位": "广东省市场监督管理局", "履约状态": "违诺",
        "核查日期": "2026-06-01", "核查结论": "与承诺不符",
    }  # fmt: skip
    registered("commitments", [row])
    assert lost(COMPANY.uscc) == {}


# --- a false report told ---


def tell(**changes: Any) -> str:
    terms: dict[str, Any] = {
        "declarations": current(), "record": report().record, "language": "zh", "now": LATE,
        "what": "从业人数与实际不符，门店只有三人", "contact": "", **changes,
    }  # fmt: skip
    return tell_false(**terms)


def test_anybody_tells_of_a_false_report_and_is_answered_once(
    home: Home, registered: Intake
) -> None:
    sent(home)
    registered.settle(now=IN_TIME)
    number = tell(contact="reader@example.org")
    case = CaseFile.objects.get(number=number)
    assert (case.office, case.state) == ("market_regulation", "told")
    assert answer_tellers(declarations=current(), now=LATE) == 0
    take_step(
        declarations=current(), actor=REGISTRAR, case=number, step="unfounded", seen=1, form={},
        papers=(), reason="核查属实无误", now=LATE,
    )  # fmt: skip
    assert answer_tellers(declarations=current(), now=LATE) == 1
    assert Teller.objects.count() == 0
    (said,) = all_rows("SELECT said->'zh'->>'body' FROM notice WHERE key LIKE 'told/%%'")[0]
    for word in (COMPANY.name, "不属实", "核查属实无误", "广东省市场监督管理局", "行政复议"):
        assert word in said
    assert answer_tellers(declarations=current(), now=LATE) == 0
    acts = all_rows("SELECT form::text || about::text FROM case_act")
    assert not any("reader@example.org" in said for (said,) in acts)


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"what": "假"}, "TOLD_LENGTH"), ({"what": "x" * 1001}, "TOLD_LENGTH"),
     ({"contact": "nobody"}, "TOLD_CONTACT"), ({"contact": "a@b.c d"}, "TOLD_CONTACT")],
)  # fmt: skip
def test_what_says_nothing_is_refused(
    home: Home, registered: Intake, changes: dict[str, str], code: str
) -> None:
    sent(home)
    registered.settle(now=IN_TIME)
    with pytest.raises(Refusal) as refused:
        tell(**changes)
    assert refused.value.code == code


def test_whoever_told_follows_it_by_his_link_and_no_number_of_a_person_stands_there(
    home: Home, registered: Intake
) -> None:
    sent(home)
    registered.settle(now=IN_TIME)
    number = tell(contact="reader@example.org")
    token = token_of(number=number)
    before = told_of(declarations=current(), token=token)
    assert before is not None
    assert (before.number, before.code, before.closed_on) == (number, COMPANY.uscc, None)
    assert (before.state.id, before.due) == ("told", dt.date(2026, 12, 22))
    assert before.record == report().record
    take_step(
        declarations=current(), actor=REGISTRAR, case=number, step="unfounded", seen=1, form={},
        papers=(), reason="已电话13900139001核实，身份证440106199003071231", now=LATE,
    )  # fmt: skip
    after = told_of(declarations=current(), token=token)
    assert after is not None
    assert (after.state.id, after.closed_on) == ("unfounded", LATE.date())
    assert "核实" in after.reason
    assert "13900139001" not in after.reason
    assert "440106199003071231" not in after.reason
    for wrong in (number, f"{number}:x", "", "x" * 500):
        assert told_of(declarations=current(), token=wrong) is None


def test_many_may_tell_and_then_it_is_enough(home: Home, registered: Intake) -> None:
    sent(home)
    registered.settle(now=IN_TIME)
    assert len({tell() for _ in range(20)}) == 20
    with pytest.raises(Refusal, match="多人举报") as refused:
        tell()
    assert refused.value.remedy
    assert "改好" not in refused.value.remedy.zh, "nothing is to be mended"


def test_an_order_does_not_open_another_years_report(home: Home, registered: Intake) -> None:
    sent(home)
    filer = ask(home, thing="2024", now=IN_TIME)
    send(filer=filer, filled=filled(), home=home, actor=OWNER, now=IN_TIME)
    registered.settle(now=IN_TIME)
    row = next(r for r in ReleaseRow.objects.filter(kind="annual_report") if r.body["year"] == 2025)
    open_case(
        declarations=current(), actor=REGISTRAR, process="correction_order", subject=row.subject,
        record=row.record, form={}, papers=(), reason="有误", now=LATE,
    )  # fmt: skip
    assert ask(home, thing="2024", now=LATE).stand.standing == "closed"
    assert ask(home, thing="2025", now=LATE).stand.standing == "ordered"
