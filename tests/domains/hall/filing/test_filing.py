"""An entity files with the register: by the one door, once, in time or marked late."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest
from tests.cast import CLERK, COMPANY, OWNER, TRADER, entity
from tests.domains.hall.filing.asking import IN_TIME, LATE, ask, filled, sent
from tests.intake import Intake

from yuexin.base.errors import Refusal
from yuexin.domains.hall.filing.asked import sent_of
from yuexin.domains.hall.filing.models import Draft
from yuexin.domains.hall.filing.operations import begin, checked, drop, save, send
from yuexin.domains.hall.filing.queries import things
from yuexin.domains.hall.filing.types import Filled
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.queries import current
from yuexin.engines.deliveries.models import Delivery
from yuexin.engines.releases.models import ReleaseRow
from yuexin.home.folder import Home

pytestmark = pytest.mark.usefixtures("undone")


def public() -> list[dict[str, Any]]:
    return [row.body for row in ReleaseRow.objects.filter(kind="annual_report").order_by("record")]


def test_a_report_in_time_is_acknowledged_at_once_and_public_after_its_fold(
    home: Home, registered: Intake
) -> None:
    receipt = sent(home)
    assert (receipt.version, receipt.state, receipt.late) == (1, "pending", False)
    assert len(receipt.sha256) == 64
    kept = Delivery.objects.get(number=receipt.delivery)
    assert (kept.channel, kept.agency, kept.submitted_by) == (
        "counter", "market_regulation", OWNER.id,
    )  # fmt: skip
    assert public() == []
    registered.settle(now=IN_TIME)
    (body,) = public()
    assert (body["year"], body["report_date"]) == (2025, "2026-05-12")
    assert sent_of(ask(home))[-1].state == "folded"


def test_a_figure_is_public_only_where_its_switch_says_so(home: Home, registered: Intake) -> None:
    sent(home, 从业人数="38", 从业人数是否公示="是", 资产总额="12", 资产总额是否公示="否")
    registered.settle(now=IN_TIME)
    (body,) = public()
    assert body["employees"] == 38
    assert "assets_total" not in body


def test_it_is_corrected_until_the_window_ends_and_then_no_more(
    home: Home, registered: Intake
) -> None:
    sent(home)
    registered.settle(now=IN_TIME)
    again = sent(home, now=IN_TIME + dt.timedelta(days=3), 通信地址="佛山市示例路2号")
    assert again.version == 2
    registered.settle(now=IN_TIME + dt.timedelta(days=3))
    (body,) = public()
    assert body["mail_address"] == "佛山市示例路2号"
    with pytest.raises(Refusal, match="报告期已过") as refused:
        sent(home, now=LATE, 通信地址="佛山市示例路3号")
    assert refused.value.code == "FILING_CLOSED"
    assert refused.value.rule == "publicity-regulation:8"


def test_a_late_report_is_accepted_and_marked_late(home: Home, registered: Intake) -> None:
    assert ask(home, now=LATE).stand.standing == "late"
    receipt = sent(home, now=LATE)
    assert receipt.late
    registered.settle(now=LATE)
    assert ask(home, now=LATE).stand.standing == "closed"


def test_sent_twice_it_is_one_delivery(home: Home, registered: Intake) -> None:
    del registered
    first, second = sent(home), sent(home)
    assert (first.delivery, first.again) == (second.delivery, False)
    assert second.again


@pytest.mark.parametrize(
    ("thing", "code"),
    [("2026", "FILING_TOO_EARLY"), ("2031", "FILING_TOO_EARLY"), ("2008", "FILING_NO_LAW"),
     ("0", "FILING_THING"), ("20x5", "FILING_THING"), ("-1", "FILING_THING"),
     ("٢٠٢٥", "FILING_THING"), ("02025", "FILING_THING")],
)  # fmt: skip
def test_a_year_that_cannot_be_reported_on_is_refused(
    home: Home, registered: Intake, thing: str, code: str
) -> None:
    del registered
    with pytest.raises(Refusal) as refused:
        begin(filer=ask(home, thing=thing, now=LATE))
    assert refused.value.code == code


def test_the_year_before_the_founding_and_a_cancelled_entity_are_refused(
    home: Home, deliver: Intake
) -> None:
    young, gone = entity(31), entity(32)
    deliver("registration", [
        young.registration(成立日期="2025-02-01", 核准日期="2025-02-01"),
        gone.registration(登记状态="4"),
    ])  # fmt: skip
    for one, thing, code in (
        (young, "2024", "FILING_NOT_FOUNDED"), (gone, "2025", "FILING_ENDED"),
    ):  # fmt: skip
        actor = Actor(id="owner", role="owner", subject_code=one.uscc)
        filer = ask(home, thing=thing, actor=actor, code=one.uscc)
        with pytest.raises(Refusal) as refused:
            send(filer=filer, filled=filled(), home=home, actor=actor, now=IN_TIME)
        assert refused.value.code == code
    assert Delivery.objects.filter(channel="counter").count() == 0


@pytest.mark.parametrize("actor", [CLERK, Actor(id="x", role="owner", subject_code=TRADER.uscc)])
def test_nobody_files_for_another_firm(home: Home, registered: Intake, actor: Actor) -> None:
    del registered
    with pytest.raises(Refusal) as refused:
        sent(home, actor=actor)
    assert refused.value.code == "NOT_YOUR_FIRM"


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [("资产总额", "99999999999", "RANGE"), ("资产总额", "一千万", "TYPE"),
     ("从业人数", "-1", "RANGE"), ("存续状态", "良好", "CODE_LIST"), ("存续状态", "", "REQUIRED"),
     ("通信地址", "路" * 501, "LENGTH"), ("邮政编码", "5283000", "LENGTH")],
)  # fmt: skip
def test_the_checks_of_its_delivery_are_told_before_it_is_sent(
    home: Home, registered: Intake, column: str, value: str, rule: str
) -> None:
    del registered
    filer = ask(home)
    values = filled(**{column: value})
    found = checked(filer=filer, filled=values, home=home, actor=OWNER, now=IN_TIME)
    assert [(one.column, one.rule) for one in found if one.rejects] == [(column, rule)]
    with pytest.raises(Refusal) as refused:
        send(filer=filer, filled=values, home=home, actor=OWNER, now=IN_TIME)
    assert refused.value.code == "FILING_CHECKS"
    assert Delivery.objects.filter(channel="counter").count() == 0


def test_what_the_platform_has_stands_in_the_form_with_its_source(
    home: Home, registered: Intake
) -> None:
    registered("annual_reports", [
        COMPANY.report(2024, 通信地址="佛山市旧路9号", 从业人数="41", 从业人数是否公示="是",
                       网站网店="网站或网店：网店｜名称：示例店｜网址：https://shop.example.com"),
    ])  # fmt: skip
    filer = ask(home)
    got = begin(filer=filer)
    assert got.values["通信地址"] == "佛山市旧路9号"
    assert got.values["从业人数是否公示"] == "是"
    assert "从业人数" not in got.values, "last year's figure would be wrong"
    assert got.lines["网站网店"][0]["网址"] == "https://shop.example.com"
    address, staff = filer.filing.items[0], filer.filing.items[5]
    known = filer.held.of(address)
    assert known is not None
    assert "2024" in known.source.zh
    told = filer.held.of(staff)
    assert told is not None
    assert told.value == "41"


def test_a_draft_is_kept_until_it_is_sent(home: Home, registered: Intake) -> None:
    del registered
    filer = ask(home)
    begin(filer=filer)
    kept = save(
        filer=filer, screen="contact", posted={"c0": "佛山市新路1号", "c4": "开业", "c5": "7"},
        actor=OWNER, now=IN_TIME,
    )  # fmt: skip
    assert begin(filer=filer) == kept
    send(filer=filer, filled=kept, home=home, actor=OWNER, now=IN_TIME)
    assert Draft.objects.count() == 0


def test_ten_thousand_web_sites_are_refused_in_words(home: Home, registered: Intake) -> None:
    del registered
    filer = ask(home)
    place = next(n for n, i in enumerate(filer.filing.items) if i.column == "网站网店")
    posted = {f"c{place}-{row}-1": f"店{row}" for row in range(10_000)}
    with pytest.raises(Refusal, match="最多填 50 行"):
        save(filer=filer, screen="owners", posted=posted, actor=OWNER, now=IN_TIME)


def test_instant_information_is_told_in_twenty_working_days_or_marked_late(
    home: Home, registered: Intake
) -> None:
    for thing, day, late in (("1", "2026-11-02", False), ("2", "2026-09-01", True)):
        filer = ask(home, filing="instant_licence", thing=thing, now=LATE)
        values = Filled(
            values={"形成日期": day, "内容名称": "排污许可证", "文书号或登记号": "粤示例1号"},
            lines={},
        )
        receipt = send(filer=filer, filled=values, home=home, actor=OWNER, now=LATE)
        assert receipt.late == late
    registered.settle(now=LATE)
    rows = ReleaseRow.objects.filter(kind="instant_information")
    assert {row.body["event_date"] for row in rows} == {"2026-11-02", "2026-09-01"}


def test_a_penalty_told_by_whoever_received_it_is_not_public_from_here(
    home: Home, registered: Intake
) -> None:
    filer = ask(home, filing="instant_penalty", thing="1", now=LATE)
    values = Filled(
        values={"形成日期": "2026-11-02", "内容名称": "超标排放", "文书号或登记号": "粤示例罚1号"},
        lines={},
    )
    send(filer=filer, filled=values, home=home, actor=OWNER, now=LATE)
    registered.settle(now=LATE)
    assert not ReleaseRow.objects.filter(kind="instant_information").exists()


def test_the_page_lists_what_is_owed_and_what_was_filed(home: Home, registered: Intake) -> None:
    del registered
    sent(home)
    found = things(
        declarations=current(), actor=OWNER, code=COMPANY.uscc, store=home.deliveries, now=IN_TIME
    )
    (report, years), *instant = found
    assert report.id == "annual_report"
    assert [(y.thing, y.stand.standing) for y in years[:2]] == [("2025", "filed"), ("2024", "late")]
    assert len(instant) == 6
    trader = Actor(id="owner", role="owner", subject_code=TRADER.uscc)
    only = things(
        declarations=current(), actor=trader, code=TRADER.uscc, store=home.deliveries, now=IN_TIME
    )
    assert [filing.id for filing, _ in only] == ["annual_report"]


def test_a_delegate_without_the_right_to_file_fills_in_nothing(
    home: Home, registered: Intake
) -> None:
    reader = dataclasses.replace(OWNER, role="delegate", rights=frozenset({"read_file"}))
    del registered
    filer = ask(home, actor=reader)
    for act in (
        lambda: begin(filer=filer),
        lambda: save(filer=filer, screen="basics", posted={}, actor=reader, now=IN_TIME),
        lambda: drop(filer=filer),
    ):
        with pytest.raises(Refusal) as refused:
            act()
        assert refused.value.code == "NOT_YOUR_FIRM"
