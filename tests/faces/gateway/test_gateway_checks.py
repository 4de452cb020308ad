"""A system of a body checks, reports what it did, frames the answer, and reads nobody else's."""

from __future__ import annotations

import datetime as dt
import json
import threading
from typing import Any

import pytest
from django.core import signing
from django.db import connections
from django.test import Client
from psycopg import Cursor
from tests.cast import COMPANY, TRADER, entity
from tests.domains.credit.handling.rows import debtor
from tests.domains.credit.handling.test_persons import CHEN, post
from tests.engines.access.given import account, grant, key
from tests.faces.gateway.calls import Caller, Said
from tests.intake import Intake
from tests.state import value

CHECKS = "/api/v1/checks"
JSON = "application/json"
DAY = dt.timedelta(days=1)


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@pytest.fixture(scope="module")
def debtors(filled: Intake) -> Intake:
    filled("judgement_debtors", [debtor(COMPANY)], now=now())
    return filled


@pytest.fixture(scope="module")
def other(debtors: Intake) -> str:
    """The key of a system of another body, with a page that may frame its answers."""
    clerk = account("he.clerk")
    then = debtors.now
    grant(clerk, agency="housing", valid_from=then.date() - DAY, now=then)
    return key(
        account=clerk, role="clerk", agency="housing", scopes=["check"], now=then,
        expires_at=then + 30 * DAY, frame_hosts=["https://oa.example.org"],
    )[1]  # fmt: skip


def asked(*subjects: str, scene: str = "procurement", **more: Any) -> bytes:
    return json.dumps({"subjects": subjects, "scene": scene, **more}).encode()


def reports(*said: dict[str, Any], acknowledged: bool = True) -> bytes:
    noted = {"acknowledged": True} if acknowledged else {}
    return json.dumps({**noted, "reports": said}).encode()


REFUSED = {
    "subject": COMPANY.uscc, "measure": "procurement_refused", "applied": True,
    "result": "refused", "done_on": "2026-11-24",
}  # fmt: skip


@pytest.fixture
def checked(call: Caller, other: str, debtors: Intake) -> Said:
    del debtors
    return call.post(CHECKS, asked(COMPANY.uscc, TRADER.uscc), type=JSON, key=other)


def test_a_check_is_answered_and_read_again_word_for_word(
    call: Caller, other: str, checked: Said
) -> None:
    assert checked.status == 200
    said = checked.json
    assert [one["overall"] for one in said["subjects"]] == ["mandatory_deny", ""]
    assert said["must_ack"]
    (hit,) = said["subjects"][0]["hits"]
    assert (hit["measure"], hit["regime"]) == ("procurement_refused", "judgement_debtors")
    again = call.get(f"{CHECKS}/{said['number']}", key=other).json
    assert again["check"] == said
    assert (again["acknowledged_at"], again["owed"], again["reported"]) == (None, 1, [])
    assert again["lifted"] == []


def test_nobody_else_reads_or_answers_it(call: Caller, other: str, checked: Said) -> None:
    number = checked.json["number"]
    for secret in (call.keys.clerk, call.keys.idle):
        refused = call.get(f"{CHECKS}/{number}", key=secret)
        assert (refused.status, refused.json["code"]) == (404, "NO_SUCH_CHECK")
        body = reports(REFUSED)
        assert call.post(f"{CHECKS}/{number}/feedback", body, type=JSON, key=secret).status == 404
    assert call.get(f"{CHECKS}/{number}").status == 401
    assert call.get(f"{CHECKS}/HC20261124-0000000000", key=other).status == 404
    for secret, code in ((call.keys.system, "ROOM"), (call.keys.reader, "KEY_SCOPE")):
        refused = call.post(CHECKS, asked(COMPANY.uscc), type=JSON, key=secret)
        assert (refused.status, refused.json["code"]) == (403, code)
    refused = call.post(CHECKS, asked(COMPANY.uscc), type=JSON, key=call.keys.clerk)
    assert refused.status == 403, "a key for licensing serves licensing"


def test_feedback_is_whole_and_given_once(call: Caller, other: str, checked: Said) -> None:
    where = f"{CHECKS}/{checked.json['number']}/feedback"

    def told(*said: dict[str, Any], **more: bool) -> tuple[int, str]:
        answer = call.post(where, reports(*said, **more), type=JSON, key=other)
        return answer.status, answer.json.get("code", "")

    assert told(REFUSED, acknowledged=False) == (409, "ACKNOWLEDGE_FIRST")
    for wrong, code in (
        ({"subject": TRADER.uscc}, "NOT_IN_ANSWER"),
        ({"measure": "bidding_restricted"}, "NOT_IN_ANSWER"),
        ({"result": "gossip"}, "FEEDBACK"),
        ({"done_on": None}, "FEEDBACK"),
        ({"done_on": "2031-01-01"}, "FEEDBACK"),
        ({"applied": False}, "FEEDBACK"),
        ({"applied": False, "result": ""}, "FEEDBACK"),
        ({"withdrawn_on": "2026-11-01"}, "FEEDBACK"),
    ):
        assert told({**REFUSED, **wrong}) == (422, code), wrong
    assert told(REFUSED, {**REFUSED, "measure": "bidding_restricted"}) == (422, "NOT_IN_ANSWER")
    assert told(REFUSED)[0] == 200, "of those before none was taken"
    assert told(REFUSED) == (409, "REPORTED_ALREADY")
    found = call.get(where.removesuffix("/feedback"), key=other).json
    assert found["owed"] == 0
    assert [one["result"] for one in found["reported"]] == ["refused"]


def test_of_two_feedbacks_at_once_one_is_taken(call: Caller, other: str, checked: Said) -> None:
    where = f"{CHECKS}/{checked.json['number']}/feedback"
    together, statuses = threading.Barrier(2), []

    def tell() -> None:
        together.wait()
        try:
            statuses.append(call.post(where, reports(REFUSED), type=JSON, key=other).status)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=tell) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(statuses) == [200, 409]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (asked(), "EMPTY"),
        (asked(*map(str, range(100_001))), "TOO_MANY_LINES"),
        (asked(COMPANY.uscc, scene="gossip"), "SCENE"),
        (asked(COMPANY.uscc, secret="x"), "PARAMETER"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(
    call: Caller, other: str, body: bytes, code: str
) -> None:
    refused = call.post(CHECKS, body, type=JSON, key=other)
    assert refused.json["code"] == code


def test_a_measure_is_no_hit_where_its_law_does_not_name_the_scene(
    call: Caller, other: str, debtors: Intake
) -> None:
    del debtors
    body = asked(COMPANY.uscc, scene="recruitment")
    (one,) = call.post(CHECKS, body, type=JSON, key=other).json["subjects"]
    assert (one["overall"], one["hits"]) == ("", [])
    assert [it["regime"] for it in one["lists"]] == ["judgement_debtors"]


@pytest.mark.usefixtures("undone")
def test_a_kept_answer_tells_what_of_it_holds_no_more(
    call: Caller, other: str, checked: Said, debtors: Intake
) -> None:
    body = asked(COMPANY.uscc, scene="recruitment")
    plain = call.post(CHECKS, body, type=JSON, key=other).json["number"]
    gone = debtor(COMPANY, 名单状态="已移出", 删除日期="2026-11-24", 删除原因="全部履行")
    debtors("judgement_debtors", [gone], now=now())
    (measure,) = call.get(f"{CHECKS}/{checked.json['number']}", key=other).json["lifted"]
    assert (measure["measure"], measure["regime"]) == ("procurement_refused", "judgement_debtors")
    assert (measure["subject"], measure["since"]) == (COMPANY.uscc, "2026-11-24")
    (left,) = call.get(f"{CHECKS}/{plain}", key=other).json["lifted"]
    assert (left["measure"], left["regime"]) == ("", "judgement_debtors")
    assert left["list_label"]["zh"] == "失信被执行人名单"


def test_persons_are_asked_for_by_the_document_where_a_law_binds_them(
    call: Caller, other: str, debtors: Intake
) -> None:
    gone = entity(31)
    debtors("registration", [gone.registration(登记状态="2", 吊销日期="2025-06-03")], now=now())
    debtors("key_people", [post(gone, "陈示例", CHEN)], now=now())
    said = call.post(
        CHECKS, asked(COMPANY.uscc, scene="registration", persons=[CHEN]), type=JSON, key=other
    ).json
    (person,) = said["subjects"][0]["persons"]
    assert (person["code"], person["person"]) == (gone.uscc, "440106********1231")
    assert said["must_ack"]
    assert CHEN not in json.dumps(said)
    refused = call.post(CHECKS, asked(COMPANY.uscc, persons=[CHEN]), type=JSON, key=other)
    assert (refused.status, refused.json["code"]) == (422, "NO_PERSONS")


def test_an_answer_is_framed_by_the_pages_of_its_key_alone(
    call: Caller, other: str, checked: Said
) -> None:
    address = checked.headers["X-Yuexin-Widget"]
    assert COMPANY.uscc not in address
    shown = Client(SERVER_NAME="localhost").get(address)
    assert shown.status_code == 200
    policy = shown.headers["Content-Security-Policy"]
    assert "frame-ancestors https://oa.example.org" in policy
    assert "script-src" not in policy
    assert not shown.cookies
    page = shown.content.decode()
    assert "依法不予办理" in page
    assert "<script" not in page
    assert "<form" not in page
    old = signing.dumps([checked.json["number"], "0" * 12], salt="yuexin.widget.check")
    for token in ("", "x", old, address.partition("t=")[2][:-1] + "_"):
        gone = Client(SERVER_NAME="localhost").get("/widget/check", {"t": token})
        assert gone.status_code == 403
        assert "frame-ancestors 'none'" in gone.headers["Content-Security-Policy"]
        assert COMPANY.uscc not in gone.content.decode()
    plain = call.post(CHECKS, asked(COMPANY.uscc, scene="licensing"), type=JSON,
                      key=call.keys.clerk)  # fmt: skip
    assert "X-Yuexin-Widget" not in plain.headers
    assert value("SELECT count(*) FROM handling_check") > 0


@pytest.mark.parametrize(("code", "trips"), [(TRADER.uscc, 4), (COMPANY.uscc, 6)])
def test_a_check_costs_so_many_round_trips(
    call: Caller, other: str, checked: Said, code: str, trips: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    del checked
    seen: list[str] = []
    execute = Cursor.execute

    def counted(cursor: Any, query: Any, *values: Any, **options: Any) -> Any:
        seen.append(" ".join(str(query).split())[:90])
        return execute(cursor, query, *values, **options)

    monkeypatch.setattr(Cursor, "execute", counted)
    assert call.post(CHECKS, asked(code), type=JSON, key=other).status == 200
    assert len(seen) == trips, seen
