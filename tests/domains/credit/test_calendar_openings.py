"""The calendar tells from when on one may apply where there is something to apply for, and where;
until when an entry may be objected to; and the last day of publicity as every page tells it."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest
from django.test import Client, override_settings
from tests.cast import COMPANY, OWNER, TRADER, Entity
from tests.conftest import NOW
from tests.domains.credit.handling.rows import abnormal, dishonest
from tests.engines.notices.told import owner
from tests.intake import Intake
from tests.state import all_rows, value

from yuexin.domains.credit.calendar import Due, What, deadlines
from yuexin.domains.credit.queries import credit_file
from yuexin.domains.credit.watching.operations import remind_owners
from yuexin.engines.access.types import PUBLIC
from yuexin.engines.cases.queries import eligibility_of
from yuexin.engines.cases.types import Eligibility
from yuexin.engines.declare.queries import current

pytestmark = pytest.mark.usefixtures("undone")
DAY = dt.timedelta(days=1)
ON = dt.date(2026, 11, 24)
OBJECTION = "listing_objection"


@pytest.fixture(autouse=True)
def _registered(undone: None, deliver: Intake) -> None:
    del undone
    deliver("registration", [COMPANY.registration(), TRADER.registration()], now=NOW)


def ahead(*what: What, of: Entity = COMPANY, on: dt.date = ON) -> list[Due]:
    found = deadlines(declarations=current(), code=of.uscc, now=NOW + (on - ON), on=on)
    return [one for one in found if one.what in what]


def listed(deliver: Intake, resource: str, **changes: str) -> None:
    """COMPANY on the list of a resource, by its first example."""
    row = dict(current().resources[resource].examples[0].row)
    deliver(resource, [{**row, **changes}], now=NOW)


def record(kind: str, of: Entity = COMPANY) -> str:
    return str(
        value(
            "SELECT r.id FROM record r JOIN subject s ON s.id = r.subject "
            f"WHERE r.kind = '{kind}' AND s.code = '{of.uscc}' AND r.superseded_at IS NULL"
        )
    )


def test_what_is_applied_for_here_leads_to_the_application(deliver: Intake) -> None:
    deliver("penalties_2018", [COMPANY.penalty()], agency="environment", now=NOW)
    deliver("serious_dishonesty", [dishonest(COMPANY, 列入日期="2026-05-12")], now=NOW)
    assert ahead("apply_elsewhere") == []
    found = {one.path: one for one in ahead("repair_from")}
    of_penalty = found[f"/counter/apply/penalty_repair/{record('penalty')}"]
    assert of_penalty.on == dt.date(2026, 12, 3)
    assert "这里" in of_penalty.label.zh
    of_list = found[f"/counter/apply/serious_removal/{record('serious_dishonesty')}"]
    assert of_list.on == dt.date(2027, 5, 12)


def test_what_has_no_process_says_at_which_body_one_applies(deliver: Intake) -> None:
    listed(deliver, "statistics_dishonesty", 列入日期="2026-09-01", 列入期限至="")
    assert ahead("repair_from") == []
    (found,) = ahead("apply_elsewhere")
    assert found.on == dt.date(2027, 3, 1), "six months, by the exit that is declared"
    assert "广东省统计局" in found.detail.zh
    assert current().agencies["statistics"].en in found.detail.en
    assert "这里" not in found.label.zh + found.detail.zh
    assert found.path == f"/s/{COMPANY.uscc}/records/{record('statistics_dishonesty')}"


def test_where_nothing_can_be_applied_for_no_day_is_told(deliver: Intake) -> None:
    listed(deliver, "procurement_dishonesty", 处罚日期="2026-09-01", 公布日期="2026-09-02")
    assert ahead("publicity_end"), "it is public, and by a term with a shortest time"
    assert ahead("repair_from", "apply_elsewhere") == []


def test_no_day_of_a_list_whose_exit_is_open_from_the_beginning(deliver: Intake) -> None:
    deliver("abnormal_operations", [abnormal(COMPANY, 列入日期="2026-11-10")], now=NOW)
    assert ahead("repair_from", "apply_elsewhere") == []


def test_the_last_day_of_publicity_is_a_day_on_which_it_is_public(deliver: Intake) -> None:
    deliver("penalties_2018", [COMPANY.penalty()], agency="environment", now=NOW)
    (found,) = ahead("publicity_end")
    assert found.on == dt.date(2027, 9, 3)
    file = credit_file(actor=PUBLIC, code=COMPANY.uscc, on=None, now=NOW)
    assert file is not None
    ends = {one.shown_until for section in file.sections for one in section.entries}
    assert ends == {found.on + DAY, None}, "the first day on which it is public no more"


def test_the_last_day_of_publicity_is_the_one_that_the_list_tells(deliver: Intake) -> None:
    listed(deliver, "statistics_dishonesty", 列入日期="2026-09-01", 列入期限至="")
    file = credit_file(actor=PUBLIC, code=COMPANY.uscc, on=None, now=NOW)
    assert file is not None
    (told,) = file.lists
    assert [one.on for one in ahead("publicity_end")] == [told.last_day]
    assert told.last_day == dt.date(2027, 9, 1)
    client = Client(SERVER_NAME="localhost")
    with override_settings(ALLOWED_HOSTS=["localhost"]):
        assert "2027年9月1日" in client.get("/lists/statistics_dishonesty").content.decode()


def eligible(on: dt.date, of: Entity = COMPANY) -> Eligibility:
    subject = value(f"SELECT id FROM subject WHERE code = '{of.uscc}'")
    found = eligibility_of(
        declarations=current(), actor=OWNER, process=OBJECTION, subject=subject,
        record=UUID(record("abnormal_operation", of)), now=NOW + (on - ON),
    )  # fmt: skip
    assert found is not None
    return found


def in_time(on: dt.date, of: Entity = COMPANY) -> bool | None:
    return next(one.holds for one in eligible(on, of).conditions if one.id == "in_time")


def last_day(of: Entity = COMPANY) -> Due:
    (found,) = (one for one in ahead("remedy", of=of) if one.path.startswith("/counter/apply"))
    return found


def test_an_entry_of_stock_is_objected_to_within_thirty_days_of_its_day(deliver: Intake) -> None:
    deliver("abnormal_operations", [abnormal(COMPANY, 列入日期="2026-11-10")], now=NOW)
    found = last_day()
    assert found.on == dt.date(2026, 12, 10)
    assert "书面异议" in found.detail.zh
    assert found.path == f"/counter/apply/{OBJECTION}/{record('abnormal_operation')}"
    assert (in_time(found.on), in_time(found.on + DAY)) == (True, False)


def test_another_is_objected_to_within_thirty_days_of_its_publication(deliver: Intake) -> None:
    deliver("abnormal_operations", [abnormal(TRADER, 列入日期="2026-11-10")], now=NOW - DAY)
    deliver("abnormal_operations", [abnormal(COMPANY, 列入日期="2026-11-20")], now=NOW)
    found = last_day()
    assert found.on == dt.date(2026, 12, 24), "published on 24 November"
    assert (in_time(found.on), in_time(found.on + DAY)) == (True, False)


def test_a_correction_of_an_entry_opens_no_new_days(deliver: Intake) -> None:
    deliver("abnormal_operations", [abnormal(TRADER, 列入日期="2026-11-10")], now=NOW - DAY)
    row = abnormal(COMPANY, 列入日期="2026-11-20")
    deliver("abnormal_operations", [row], now=NOW)
    later = NOW + 10 * DAY
    deliver("abnormal_operations", [{**row, "备注": "更正"}], now=later)
    assert len(all_rows("SELECT 1 FROM record WHERE kind = 'abnormal_operation'")) == 3
    on = dt.date(2026, 12, 4)
    (found,) = (one for one in ahead("remedy", on=on) if OBJECTION in one.id)
    assert found.on == dt.date(2026, 12, 24)


def test_owners_are_told_of_the_last_day_to_object_and_others_have_no_such_day(
    deliver: Intake,
) -> None:
    deliver("abnormal_operations", [abnormal(COMPANY, 列入日期="2026-11-10")], now=NOW)
    deliver("serious_dishonesty", [dishonest(TRADER, 列入日期="2026-11-10")], now=NOW)
    assert not [one for one in ahead("remedy", of=TRADER) if OBJECTION in one.id]
    owner("chen", COMPANY.uscc)
    for days in range(18):
        sum(remind_owners(declarations=current(), now=NOW + days * DAY))
    keys = [key for (key,) in all_rows(f"SELECT key FROM notice WHERE key LIKE '%{OBJECTION}%'")]
    assert sorted(key.rpartition("/")[2] for key in keys) == ["1", "30", "7"]
    said = value(f"SELECT said->'zh'->>'body' FROM notice WHERE key LIKE '%{OBJECTION}%/7'")
    assert "书面异议" in said
    assert "2026年12月10日" in said
