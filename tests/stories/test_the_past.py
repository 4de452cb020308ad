"""A file as it was on a past day: only through today's law."""

from __future__ import annotations

from tests.sample.reading import Province
from tests.stories.pages import Entry, sections
from tests.stories.province import LESSENED, MOVED, Truth, ago, rows_of
from tests.stories.site import Site


def test_a_former_state_shows_at_its_date(site: Site) -> None:
    addresses = {day: _basic(site, MOVED.uscc, day).get("住所") for day in (39, 26, 20, 0)}
    old, new = "广州市天河区旧址路1号", "广州市天河区新址路2号"
    assert addresses == {39: old, 26: old, 20: new, 0: new}
    timeline = site.page(f"/s/{MOVED.uscc}/timeline")
    assert len(timeline.one("div", cls="sections").all("li")) == 2


def test_no_day_since_the_first_delivery_is_without_a_registration(site: Site) -> None:
    """A change takes days from its approval to its delivery: then something still stood."""
    empty = [day for day in range(40) if not _shown(site, MOVED.uscc, day, "basic")]
    assert empty == []


def test_what_was_corrected_stays_hidden_at_every_date(site: Site) -> None:
    for day in range(0, 46, 3):
        for path in (f"/s/{LESSENED.uscc}", f"/s/{LESSENED.uscc}/timeline"):
            assert "120,000" not in site.page(path, on=ago(day)).text
        entries = _shown(site, LESSENED.uscc, day, "administration")
        fines = [entry.facts["罚款金额"] for entry in entries]
        assert fines == (["30,000 元"] if day <= 19 else [])


def test_the_address_of_what_was_corrected_leads_to_the_correction(site: Site) -> None:
    ((heavy,),) = site.console.rows(_REPLACED, code=LESSENED.uscc)
    (now,) = _shown(site, LESSENED.uscc, 0, "administration")
    answer = site.answer(f"/s/{LESSENED.uscc}/records/{heavy}")
    assert (answer.status_code, answer.headers["Location"]) == (302, now.address)
    assert answer.text == ""
    assert "120,000" not in site.page(now.address).text


def test_what_has_expired_stays_hidden_at_every_date(site: Site, province: Province) -> None:
    # Both were delivered eight days ago, and both were public then.
    for row in rows_of(province, "ended_yesterday"):
        assert [day for day in range(12) if _is_shown(site, province, row, day)] == []
    for row in rows_of(province, "ends_tomorrow"):
        shown = [day for day in range(12) if _is_shown(site, province, row, day)]
        assert shown == list(range(9))


def test_a_past_file_says_that_it_is_past_and_is_not_kept(site: Site) -> None:
    answer = site.answer(f"/s/{MOVED.uscc}", on=ago(30))
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert "按今天的法律展示" in answer.text


def test_before_the_first_delivery_nothing_is_said_to_be_missing(site: Site) -> None:
    """Of a day when nothing had come yet, nobody knows what was not there."""
    for section in sections(site.file(MOVED.uscc, on=ago(100))).values():
        assert section.entries == []
        assert section.state not in ("none", "late"), section.node.text


def test_absence_on_a_past_day_is_not_said_to_prove_anything(site: Site) -> None:
    """Its penalty stood on that day and was corrected since: nothing says that there was none."""
    section = sections(site.file(LESSENED.uscc, on=ago(30)))["administration"]
    assert section.entries == []
    assert section.state in ("past", "partial", "late")
    assert "无行政管理信息" not in section.node.text
    notice = site.file(LESSENED.uscc, on=ago(30)).one("header", cls="subject").text
    assert "这里没有的不等于当时没有" in notice
    assert "主体状态没有保存" in notice


_REPLACED = """
SELECT r.id FROM record r JOIN subject s ON s.id = r.subject
WHERE s.code = %(code)s AND r.kind = 'penalty' AND r.superseded_at IS NOT NULL
"""


def _basic(site: Site, code: str, days: int) -> dict[str, str]:
    """What the register says of an entity on a day."""
    (entry,) = _shown(site, code, days, "basic")
    return entry.facts


def _is_shown(site: Site, province: Province, row: Truth, days: int) -> bool:
    """Whether the penalty of a row of the truth shows on a day, in the file or its timeline."""
    number = province.delivered(row)["CF_WSH"]
    paths = (f"/s/{row['code']}", f"/s/{row['code']}/timeline")
    return any(number in site.page(path, on=ago(days)).text for path in paths)


def _shown(site: Site, code: str, days: int, section: str) -> list[Entry]:
    return sections(site.file(code, on=ago(days)))[section].entries
