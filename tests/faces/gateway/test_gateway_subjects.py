"""One file by its code, and search: for everybody, and for whoever may see more."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from tests.cast import COMPANY, INSTITUTION, TRADER
from tests.faces.gateway.calls import Caller
from tests.state import all_rows, value

from yuexin.base.dates import today

FILE = f"/api/v1/subjects/{COMPANY.uscc}"
TODAY = today(dt.datetime.now(dt.UTC))


def fields(said: dict[str, object], kind: str) -> set[str]:
    records = said["records"]
    assert isinstance(records, list)
    return {name for one in records if one["kind"] == kind for name in one["facts"]}


def test_everybody_reads_the_public_file_as_the_portal_gives_it(call: Caller) -> None:
    said = call.get(FILE)
    assert said.status == 200
    assert said.type == "application/json"
    assert said.body == call.get(f"/s/{COMPANY.uscc}.json").body
    assert "legal_rep" not in fields(said.json, "penalty")


def test_a_code_is_understood_however_it_is_typed(call: Caller) -> None:
    typed = f"%20{COMPANY.uscc[:8].lower()}-{COMPANY.uscc[8:].lower()}"
    said = call.get(f"/api/v1/subjects/{typed}")
    assert said.json == call.get(FILE).json
    assert said.headers["Content-Location"] == FILE


def test_a_wrong_code_is_told_what_is_wrong_and_an_unknown_one_that_it_is_not_there(
    call: Caller,
) -> None:
    wrong = call.get(f"/api/v1/subjects/{COMPANY.uscc[:-1]}A")
    assert (wrong.status, wrong.json["code"]) == (404, "INVALID_CODE")
    assert "校验位" in wrong.json["zh"]
    unknown = call.get(f"/api/v1/subjects/{INSTITUTION.uscc}")
    assert (unknown.status, unknown.json["code"]) == (404, "UNKNOWN_CODE")


def test_a_number_of_a_person_is_repeated_masked_only(call: Caller) -> None:
    said = call.get("/api/v1/subjects/440106199003071231")
    assert said.status == 404
    assert b"440106199003071231" not in said.body


def test_a_clerk_sees_for_his_purpose_what_the_law_opens_and_it_is_journaled(
    call: Caller,
) -> None:
    before = value("SELECT coalesce(max(id), 0) FROM journal_entry")
    said = call.get(FILE, key=call.keys.clerk)
    assert said.status == 200
    assert "legal_rep" in fields(said.json, "penalty")
    kept = all_rows(
        "SELECT action, thing, detail FROM journal_entry WHERE stream = 'look' AND id > %s", before
    )
    assert [(action, thing) for action, thing, _ in kept] == [
        ("file.read", f"subject/{COMPANY.uscc}")
    ]
    assert json.loads(kept[0][2])["purpose"] == "licensing"


def test_a_clerk_states_his_purpose_where_his_key_has_none(call: Caller) -> None:
    assert call.get(FILE, key=call.keys.idle).json["code"] == "CLOSED"
    said = call.get(f"{FILE}?purpose=licensing", key=call.keys.idle)
    assert "legal_rep" in fields(said.json, "penalty")
    other = call.get(f"{FILE}?purpose=bidding", key=call.keys.clerk)
    assert (other.status, other.json["code"]) == (403, "PURPOSE")
    assert call.get(f"{FILE}?purpose=curiosity", key=call.keys.idle).json["code"] == "CLOSED"


def test_a_system_sees_no_more_than_everybody(call: Caller) -> None:
    said = call.get(FILE, key=call.keys.system).json
    assert "legal_rep" not in fields(said, "penalty")
    assert fields(said, "licence") == fields(call.get(FILE).json, "licence")


def test_a_past_day_is_the_file_of_that_day(call: Caller) -> None:
    before = call.get(f"{FILE}?on={TODAY - dt.timedelta(days=2)}").json
    assert before["records"] == []
    assert call.get(f"{FILE}?on={TODAY}").json["records"]


@pytest.mark.parametrize("on", ["2999-01-01", "1899-12-31", "2024-02-30", "0", "x"])
def test_a_day_that_is_none_is_refused(call: Caller, on: str) -> None:
    assert call.get(f"{FILE}?on={on}").json["code"] == "not_a_day"


def test_search_finds_by_name_and_by_number(call: Caller) -> None:
    by_name = call.get("/api/v1/subjects?q=示例家具").json
    assert [hit["code"] for hit in by_name["hits"]] == [COMPANY.uscc]
    assert by_name["hits"][0]["href"] == FILE
    by_number = call.get(f"/api/v1/subjects?q={TRADER.uscc}").json
    assert by_number["total"] == 1


def test_search_says_why_it_found_and_is_narrowed(call: Caller) -> None:
    said = call.get("/api/v1/subjects?q=示例家具").json
    assert (said["hits"][0]["why"]["en"], said["hits"][0]["certainty"]) == (
        "part of the name", "certain",
    )  # fmt: skip
    cities = next(one for one in said["filters"] if one["field"] == "city")
    city = cities["choices"][0]["value"]
    assert call.get(f"/api/v1/subjects?q=示例家具&city={city}").json["total"] == said["total"]
    assert call.get("/api/v1/subjects?q=示例家具&city=445300").json["total"] == 0
    assert call.get("/api/v1/subjects?q=示例家具&city=x").status == 422


def test_the_portal_suggests_and_gives_a_table_that_reckons_nothing(call: Caller) -> None:
    suggested = call.get("/suggest.json?q=示例家具").json["suggestions"]
    assert [one["href"] for one in suggested] == [f"/s/{COMPANY.uscc}"]
    assert call.get("/suggest.json?q=%00").json == {"suggestions": []}
    table = call.get("/search.csv?q=示例家具")
    lines = table.body.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("名称,")
    assert lines[1].endswith(COMPANY.uscc)


def test_search_repeats_a_number_of_a_person_masked_only(call: Caller) -> None:
    said = call.get("/api/v1/subjects?q=440106199003071231")
    assert said.status == 200
    assert b"440106199003071231" not in said.body


def test_what_a_key_sees_no_cache_keeps(call: Caller) -> None:
    own, public = call.get(FILE, key=call.keys.clerk), call.get(FILE)
    assert own.headers["Cache-Control"] == "no-store"
    assert public.headers["Cache-Control"].startswith("public")
    assert "Authorization" in own.headers["Vary"]
    assert "Authorization" in public.headers["Vary"]


def test_search_tells_what_is_wrong_with_a_code(call: Caller) -> None:
    said = call.get(f"/api/v1/subjects?q={COMPANY.uscc[:-1]}A").json
    assert said["hits"] == []
    assert said["hint"]["zh"]


@pytest.mark.parametrize(
    ("query", "status"),
    [("", 422), ("q=" + "长" * 101, 422), ("q=示例&page=0", 422), ("q=示例&page=x", 422),
     ("q=示例&page=9", 404), ("q=%00", 200), ("q=%ff%fe", 200)],
)  # fmt: skip
def test_what_search_cannot_answer(call: Caller, query: str, status: int) -> None:
    assert call.get(f"/api/v1/subjects?{query}").status == status
