"""Whoever keeps copies asks which files held what was not theirs; a key confirms what it saw."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.cast import COMPANY, TRADER
from tests.faces.gateway.calls import Caller
from tests.intake import Intake
from tests.judging import held_row, judge
from tests.state import value

pytestmark = pytest.mark.usefixtures("undone")

FEED = "/api/v1/corrections"
FILE = f"/api/v1/subjects/{COMPANY.uscc}?purpose=licensing"
WRONG = "粤环示例罚〔2026〕31号"


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@pytest.fixture
def number(filled: Intake, call: Caller, undone: None) -> int:
    """Of a correction of a file that the clerk's key looked at."""
    del undone
    nameless = COMPANY.penalty("31", CF_XDR_SHXYM="", CF_FRDB="", CF_WSH=WRONG)
    filled("penalties_2018", [nameless], agency="environment")
    judge(filled, held_row(), "same", COMPANY.uscc, now=now())
    assert WRONG in call.get(FILE, key=call.keys.clerk).body.decode()
    found = judge(filled, held_row(), "taken_back", COMPANY.uscc, now=now(), reason="同名")
    assert found is not None
    return found


def test_everybody_reads_which_files_and_when(call: Caller, number: int) -> None:
    said = call.get(FEED)
    assert said.status == 200
    (one,) = said.json["corrections"]
    (file,) = one["files"]
    assert (one["number"], one["shown"], one["confirmed_at"]) == (number, False, None)
    assert file["code"] == COMPANY.uscc
    assert file["from"] < file["until"] == one["at"]
    assert said.json["more"] is False
    for hidden in (WRONG, TRADER.uscc, "同名"):
        assert hidden not in said.body.decode()
    assert call.get(f"{FEED}?since={number}").json == {"corrections": [], "more": False}
    assert len(call.get(f"{FEED}?since={number - 1}").json["corrections"]) == 1


def test_a_key_confirms_what_it_was_shown_once(call: Caller, number: int) -> None:
    key = call.keys.clerk
    assert [one["shown"] for one in call.get(FEED, key=key).json["corrections"]] == [True]
    answers = [call.post(f"{FEED}/{number}/confirmed", key=key) for _ in range(2)]
    assert [answer.status for answer in answers] == [200, 200]
    assert answers[0].json == answers[1].json
    assert value("SELECT count(*) FROM journal_entry WHERE action = 'correction.confirmed'") == 1
    (one,) = call.get(FEED, key=key).json["corrections"]
    assert one["confirmed_at"] == answers[0].json["confirmed_at"]


def test_nobody_confirms_what_he_was_not_shown(call: Caller, number: int) -> None:
    for key in (call.keys.system, call.keys.reader):
        refused = call.post(f"{FEED}/{number}/confirmed", key=key)
        assert (refused.status, refused.json["code"]) == (404, "NO_SUCH_CORRECTION")
    assert call.post(f"{FEED}/{number}/confirmed").status == 401
    assert call.post(f"{FEED}/{number + 1}/confirmed", key=call.keys.clerk).status == 404
    assert call.get(f"{FEED}?since=-1").status == 422
    assert value("SELECT count(*) FROM journal_entry WHERE action = 'correction.confirmed'") == 0
