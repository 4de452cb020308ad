"""Who is proposed stands ready by itself, and who signs opens a case for each, once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

import pytest
from tests.cast import AUDITOR, COMPANY, COOPERATIVE, OPERATOR, TRADER, Entity, entity
from tests.intake import Intake
from tests.state import all_rows, execute, value

from yuexin.base.errors import Refusal
from yuexin.domains.collection.outcomes import carry_out
from yuexin.domains.credit.grounds import Declined
from yuexin.domains.credit.proposals import PAGE_SIZE, WHY, Proposed, processes_proposed, proposed
from yuexin.domains.credit.signing.operations import decline, sign
from yuexin.domains.subjects.verdicts import holding
from yuexin.engines.access.queries import OwnLook, own_looks
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.check_processes import check_process
from yuexin.engines.declare.queries import calendar_of, current

JUDGED = dt.datetime(2026, 11, 24, 3, 0, tzinfo=dt.UTC)
LISTING, MARK, RULE = "abnormal_listing", "abnormal_mark", "annual_report_missing"
FALSE = "abnormal_listing_false"
SIGNER = Actor(id="head-ye", role="signing_officer", agency="market_regulation")
ELSEWHERE = replace(SIGNER, id="head-he", agency="environment")
STEWARD = Actor(id="steward-mo", role="steward", agency="data_bureau", division="440000")
LATE, NEW, EXCUSED, CANCELLED = (entity(number) for number in (11, 12, 13, 14))
FIRMS: Mapping[Entity, dict[str, str]] = {
    COMPANY: {}, COOPERATIVE: {}, LATE: {}, EXCUSED: {},
    TRADER: {"法定代表人": "林示例"},
    NEW: {"成立日期": "2027-02-03", "核准日期": "2027-02-03"},
    CANCELLED: {"登记状态": "4", "注销日期": "2026-10-08"},
}  # fmt: skip
LAST, FIRST = dt.date(2027, 6, 30), dt.date(2027, 7, 1)


def at(day: dt.date) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, 3, tzinfo=dt.UTC)


@pytest.fixture
def year(own_database: str, home: object, deliver: Intake) -> Intake:
    """Everything that is known by November 2026: whoever exists then filed for 2025."""
    del own_database, home
    known = {one: changes for one, changes in FIRMS.items() if one is not NEW}
    deliver("registration", [one.registration(**changes) for one, changes in known.items()])
    reports = [one.report(2025, 填报日期="2026-03-02") for one in known if one is not CANCELLED]
    deliver("annual_reports", reports)
    return deliver


def one(day: dt.date, process: str = LISTING, actor: Actor = SIGNER, **said: object) -> Proposed:
    return proposed(
        declarations=current(), actor=actor, process=process, now=at(day), **said,  # type: ignore[arg-type]
    )  # fmt: skip


def codes(found: Proposed) -> set[str]:
    return {candidate.code for candidate in found.candidates}


def test_on_the_first_day_after_the_window_the_batch_stands_ready_without_a_job(
    year: Intake,
) -> None:
    del year
    assert calendar_of(declarations=current()).is_workday(FIRST)
    before = value("SELECT max(valid_from) FROM verdict WHERE rule = %s", RULE)
    assert one(LAST).total == 0
    found = one(FIRST)
    assert codes(found) == {COMPANY.uscc, COOPERATIVE.uscc, LATE.uscc, EXCUSED.uscc}
    # Nothing was judged since November: what was stored then says so of July.
    assert value("SELECT max(valid_from) FROM verdict WHERE rule = %s", RULE) == before == FIRST
    assert {c.since for c in found.candidates} == {FIRST}
    due = calendar_of(declarations=current()).add_workdays(LAST, 10)
    assert {c.due for c in found.candidates} == {due}
    assert codes(one(FIRST, MARK)) == {TRADER.uscc}
    assert dict(found.left_out) == {label("other_entity"): 1}


def label(why: str) -> object:
    return WHY[why]


def test_who_filed_is_new_or_excused_is_left_out_with_the_reason(year: Intake) -> None:
    april = at(dt.date(2027, 4, 6))
    year("annual_reports", [COMPANY.report(2026, 填报日期="2027-03-30")], now=april)
    year("registration", [NEW.registration(**FIRMS[NEW])], now=april)
    excuse = {
        "统一社会信用代码": EXCUSED.uscc, "名称": EXCUSED.name, "报告年度": "2026",
        "情形": "不可抗力", "认定日期": "2027-03-22", "认定文书号": "示例免〔2027〕1号",
        "认定机关": "广东省市场监督管理局",
    }  # fmt: skip
    year("filing_exemptions", [excuse], now=april)
    found = one(FIRST)
    assert codes(found) == {COOPERATIVE.uscc, LATE.uscc}
    out = one(FIRST, stands=False)
    words = {candidate.code: candidate.left_out for candidate in out.candidates}
    assert {code: text.zh for code, text in words.items() if text} == {
        EXCUSED.uscc: "未报，有正当理由",
        NEW.uscc: "设立当年，次年起报送",
        TRADER.uscc: "适用另一程序的主体",
    }
    assert sum(count for _, count in found.left_out) == 3


def test_who_went_since_the_window_opened_is_left_out_and_who_went_before_is_not_told(
    year: Intake,
) -> None:
    went = at(dt.date(2027, 5, 6))
    assert CANCELLED.uscc not in codes(one(FIRST, stands=False)), "cancelled in 2026"
    cancelled = {"登记状态": "4", "注销日期": "2027-05-04", "核准日期": "2027-05-04"}
    year("registration", [LATE.registration(**cancelled)], now=went)
    found, out = one(FIRST), one(FIRST, stands=False)
    assert LATE.uscc not in codes(found)
    left = {c.code: c.left_out.zh for c in out.candidates if c.left_out}
    assert left[LATE.uscc] == "未报，窗口期开始后已注销、吊销、撤销或者迁出"
    assert CANCELLED.uscc not in left
    assert sum(count for _, count in found.left_out) == len(left)


def test_an_entry_for_another_cause_leaves_nobody_out(year: Intake) -> None:
    later, code = dt.date(2027, 7, 6), current().agencies["market_regulation"].uscc

    def entry(cause: str) -> dict[str, str]:
        return {
            "统一社会信用代码": LATE.uscc, "名称": LATE.name, "列入日期": "2027-07-05",
            "列入经营异常名录原因": cause, "列入决定文书号": f"示例〔2027〕{cause}号",
            "作出决定机关（列入）": "广东省市场监督管理局",
            "作出决定机关（列入）代码": code, "列入状态": "listed",
        }  # fmt: skip

    year("abnormal_operations", [entry("4")], now=at(later))
    assert LATE.uscc in codes(one(later)), "it cannot be reached, and owes its report as well"
    year("abnormal_operations", [entry("4"), entry("1")], now=at(later))
    assert LATE.uscc not in codes(one(later))


def test_a_candidate_comes_with_the_records_and_words_of_the_verdict(year: Intake) -> None:
    del year
    found = next(c for c in one(FIRST).candidates if c.code == LATE.uscc)
    assert found.said.outcome == "owed"
    assert found.said.outcome_label.zh == "未按期报送"
    registration = value(
        "SELECT id FROM record WHERE subject = %s AND kind = 'registration'", found.subject
    )
    assert found.said.records == (registration,)
    assert any("第八条" in basis.zh for basis in found.said.basis)


def test_whoever_reads_the_evidence_leaves_a_look_that_each_owner_is_told_of(
    year: Intake,
) -> None:
    del year
    joined, own = LATE.uscc, value("SELECT id FROM subject WHERE code = %s", COOPERATIVE.uscc)
    execute("UPDATE subject SET joined_to = %s WHERE code = %s", own, joined)
    officer = replace(SIGNER, purpose="enforcement")
    read = codes(one(FIRST, actor=officer))
    assert COOPERATIVE.uscc in read
    assert joined not in read
    for code in (COOPERATIVE.uscc, joined):
        (look,) = looks(code)
        assert (look.action, look.body, look.purpose) == (
            "proposal.read", "market_regulation", "enforcement",
        )  # fmt: skip
        assert look.at == at(FIRST)
    assert looks(NEW.uscc) == ()
    noted = "SELECT count(*) FROM journal_entry WHERE action = 'proposal.read'"
    before = value(noted)
    assert before == len(read) + 1
    one(FIRST, actor=ELSEWHERE)
    assert value(noted) == before, "whoever is shown nobody looks at nobody"


def looks(code: str) -> tuple[OwnLook, ...]:
    owner = Actor(id="owner", role="owner", subject_code=code)
    found = own_looks(declarations=current(), actor=owner, now=at(FIRST))
    assert found is not None
    return found.lines


def test_an_officer_signs_and_the_entry_enters_by_the_loop(year: Intake) -> None:
    ready = one(FIRST)
    chosen = [candidate.subject for candidate in ready.candidates][:2]
    asked = {"declarations": current(), "process": LISTING, "subjects": chosen, "reason": ""}
    signed = sign(actor=SIGNER, now=at(FIRST), **asked)  # type: ignore[arg-type]
    assert len(signed.opened) == 2
    assert signed.refused == ()
    again = sign(actor=SIGNER, now=at(FIRST), **asked)  # type: ignore[arg-type]
    assert again.opened == ()
    assert again.passed_over == 2
    assert one(FIRST).total == ready.total - 2
    carry_out(home=year.home, declarations=current(), clock=lambda: at(FIRST))
    year.settle(now=at(FIRST))
    entries = all_rows(
        "SELECT subject, event_date, body->>'cause' FROM record WHERE kind = 'abnormal_operation'"
    )
    assert sorted(entries) == sorted((subject, FIRST, "1") for subject in chosen)
    said = holding(
        declarations=current(), subjects=chosen, rules=["abnormal_operations_now", RULE], on=FIRST
    )
    assert {row.value for (_, rule), row in said.items() if rule == RULE} == {"listed"}
    assert {row.value for (_, rule), row in said.items() if rule != RULE} == {"listed"}
    reasons = {text.zh for text, _ in one(FIRST).left_out}
    assert "未报，已因此列入或者标记" in reasons


def test_only_whoever_may_sign_for_their_register_opens_a_case(year: Intake) -> None:
    del year
    chosen = [candidate.subject for candidate in one(FIRST).candidates][:1]
    asked = {"declarations": current(), "process": LISTING, "subjects": chosen, "reason": ""}
    assert one(FIRST, actor=ELSEWHERE).total == 0
    assert sign(actor=ELSEWHERE, now=at(FIRST), **asked).passed_over == 1  # type: ignore[arg-type]
    steward = sign(actor=STEWARD, now=at(FIRST), **asked)  # type: ignore[arg-type]
    assert steward.opened == ()
    assert value("SELECT count(*) FROM case_act") == 0
    for nobody in (AUDITOR, OPERATOR):
        with pytest.raises(Refusal) as refusal:
            sign(actor=nobody, now=at(FIRST), **asked)  # type: ignore[arg-type]
        assert refusal.value.code == "ROOM"
    with pytest.raises(Refusal):
        one(FIRST, "penalty_repair")
    with pytest.raises(Refusal):
        sign(actor=SIGNER, now=at(FIRST), **{**asked, "subjects": []})  # type: ignore[arg-type]
    assert {p.id for p in processes_proposed(declarations=current(), actor=SIGNER)} >= {
        LISTING, MARK,
    }  # fmt: skip


def test_the_days_to_decide_count_from_the_law_not_from_the_day_of_the_delivery(
    own_database: str, home: object, deliver: Intake
) -> None:
    del own_database, home
    late = dt.date(2027, 9, 15)
    deliver("registration", [LATE.registration()], now=at(late))
    (found,) = one(late).candidates
    assert found.since == late, "it is said of them since they came in"
    assert found.window is not None
    assert (found.window.year, found.window.ended) == (2026, LAST)
    assert found.due == calendar_of(declarations=current()).add_workdays(LAST, 10)
    assert found.overdue
    (rest,) = found.rested
    assert (rest.record, rest.kind.zh) == (*found.said.records, "登记注册")


def test_a_finding_is_decided_on_within_the_days_from_its_own_day(
    own_database: str, home: object, deliver: Intake
) -> None:
    del own_database, home
    verified, known = dt.date(2026, 8, 20), dt.date(2026, 10, 20)
    row = {
        "统一社会信用代码": LATE.uscc, "名称": LATE.name, "核查的公示信息": "年度报告",
        "查实日期": verified.isoformat(), "核查文书号": "示例核〔2026〕1号",
        "核查结论": "网店信息不实", "核查机关": "广东省市场监督管理局",
    }  # fmt: skip
    deliver("registration", [LATE.registration()], now=at(known))
    deliver("false_information", [row], now=at(known))
    (found,) = one(known, FALSE).candidates
    assert found.due == calendar_of(declarations=current()).add_workdays(verified, 10)
    assert found.overdue
    declined(found.subject, known, FALSE)
    years = dt.date(2028, 10, 20)
    assert one(years, FALSE).total == 0, "declined once, it is declined for good"
    again = {**row, "查实日期": "2028-10-20", "核查文书号": "示例核〔2028〕2号"}
    deliver("false_information", [again], now=at(years))
    assert codes(one(years, FALSE)) == {LATE.uscc}, "another finding is another matter"


def declined(subject: UUID, day: dt.date, process: str = LISTING) -> tuple[str, ...]:
    done = decline(
        declarations=current(), actor=SIGNER, process=process, subjects=[subject],
        reason="已核实按时报送，系统未收到", now=at(day),
    )  # fmt: skip
    assert done.refused == ()
    return done.opened


def test_who_is_declined_is_told_apart_with_the_reason_until_the_next_year(year: Intake) -> None:
    del year
    winter = dt.date(2027, 12, 1)
    ready = one(winter)
    subject = next(c.subject for c in ready.candidates if c.code == LATE.uscc)
    with pytest.raises(Refusal) as refusal:
        decline(
            declarations=current(), actor=SIGNER, process=LISTING, subjects=[subject],
            reason=" ", now=at(winter),
        )  # fmt: skip
    assert refusal.value.code == "CASE_REASON"
    (case,) = declined(subject, winter)
    assert declined(subject, winter) == (), "declined twice, it is one case"
    assert codes(one(winter)) == codes(ready) - {LATE.uscc}
    (left,) = [c for c in one(winter, stands=False).candidates if c.code == LATE.uscc]
    assert left.left_out == label("declined")
    assert left.declined == Declined(case=case, on=winter, reason="已核实按时报送，系统未收到")
    assert value("SELECT count(*) FROM record WHERE kind = 'abnormal_operation'") == 0
    after = dt.date(2028, 7, 4)
    assert LATE.uscc in codes(one(after)), "what was declined for a year is not for the next one"


def test_a_body_that_registers_nobody_is_said_to(year: Intake) -> None:
    del year
    assert one(LAST).registers
    assert one(FIRST).registers
    assert not one(FIRST, actor=ELSEWHERE).registers


def test_many_are_read_by_pages_each_of_them_once(year: Intake) -> None:
    del year
    execute(
        "INSERT INTO subject (id, code, name, sole_trader, entity_type, city, authority, "
        "delivery, row) SELECT md5(n::text)::uuid, '91' || lpad(n::text, 16, '0'), n::text, "
        "false, '', '', 0, 1, n FROM generate_series(1, 350) AS n"
    )
    execute(
        "INSERT INTO record (id, subject, kind, source_key, version, known_at, delivery, row, "
        "folded_in, content, body) SELECT md5('r' || n)::uuid, md5(n::text)::uuid, 'registration', "
        "'', 1, now(), 1, n, 1, md5('r' || n)::uuid, '{}' FROM generate_series(1, 350) AS n"
    )
    execute(
        "INSERT INTO verdict (subject, rule, valid_from, value, reasons) "
        "SELECT md5(n::text)::uuid, %s, %s, 'owed', "
        "jsonb_build_array(jsonb_build_object('text', '', 'truth', true, 'records', "
        "jsonb_build_array(md5('r' || n)))) FROM generate_series(1, 350) AS n",
        RULE, FIRST,
    )  # fmt: skip
    first = one(FIRST)
    assert first.total == 354
    assert len(first.candidates) == PAGE_SIZE
    met: list[UUID] = [c.subject for c in first.candidates]
    page = first
    while page.after:
        page = one(FIRST, after=page.after)
        met += [c.subject for c in page.candidates]
    assert len(met) == len(set(met)) == 354


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"refuse": "list_missing_report"}, "declines"),
        ({"refuse": "drop"}, "“drop” is not declared"),
        ({"filing": "instant_penalty"}, "“instant_penalty” is not declared"),
        ({"found_by": "no_such_kind"}, "“no_such_kind” is not declared"),
    ],
)
def test_a_proposal_that_cannot_be_answered_or_dated_is_not_declared(
    changes: dict[str, str], said: str
) -> None:
    declared = current()
    process = declared.processes[LISTING]
    assert process.proposed is not None
    wrong = replace(process, proposed=replace(process.proposed, **changes))  # type: ignore[arg-type]
    changed = replace(declared, processes={**declared.processes, wrong.id: wrong})
    assert said in " ".join(one.what.en for one in check_process(changed, wrong))
