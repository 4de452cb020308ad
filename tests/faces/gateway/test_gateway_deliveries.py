"""Deliveries over HTTP: kept once, by whom they are, and told what became of them."""

from __future__ import annotations

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from tests.cast import COMPANY
from tests.faces.gateway.calls import Caller, Said
from tests.intake import Intake, table
from tests.state import value

from yuexin.engines.deliveries.queries import breaks


def penalties(intake: Intake, *numbers: str) -> bytes:
    rows = [COMPANY.penalty(number) for number in numbers]
    return table(intake.headers("penalties_2018"), rows).encode()


def count() -> int:
    return int(value("SELECT count(*) FROM delivery"))


def test_a_delivery_is_acknowledged_then_folded_then_receipted(
    call: Caller, filled: Intake
) -> None:
    body = penalties(filled, "loop")
    said = call.deliver(body, key=call.keys.system, query="&file_name=处罚.csv&rows=1")
    assert said.status == 202
    kept = said.json
    assert kept["sha256"] == hashlib.sha256(body).hexdigest()
    assert (kept["agency"], kept["file_name"]) == ("environment", "处罚.csv")
    assert said.headers["Location"] == kept["links"]["self"]
    waiting = call.get(kept["links"]["receipt"], key=call.keys.system)
    assert (waiting.status, waiting.json["state"]) == (202, "waiting")
    assert int(waiting.headers["Retry-After"]) > 0
    assert call.get(kept["links"]["errors"], key=call.keys.system).status == 202
    assert call.get(kept["links"]["self"], key=call.keys.system).json["state"] == "waiting"
    filled.settle()
    done = call.get(kept["links"]["receipt"], key=call.keys.system)
    assert done.status == 200
    assert done.json["rows_new"] == 1
    assert done.json["ack_no"] == kept["chain"]
    assert done.json["channel"] == "gateway"
    state = call.get(kept["links"]["self"], key=call.keys.system).json
    assert (state["state"], state["channel"], state["declared_rows"]) == ("folded", "gateway", 1)


def test_a_file_is_tried_before_it_is_delivered(call: Caller, filled: Intake) -> None:
    rows = [COMPANY.penalty("1"), COMPANY.penalty("2", CF_JDRQ="2025-02-30")]
    body = table(filled.headers("penalties_2018"), rows).encode()
    before = count()
    address = "/api/v1/trials?resource=penalties_2018&agency=environment"
    said = call.post(address, body, key=call.keys.system)
    assert (said.status, count()) == (200, before)
    counted = {name: said.json[f"rows_{name}"] for name in ("seen", "passed", "rejected")}
    assert counted == {"seen": 2, "passed": 1, "rejected": 1}
    (error,) = said.json["errors"]
    assert (error["row"], error["field"], error["value_masked"]) == (2, "CF_JDRQ", "2025-02-30")
    assert "日历上没有这一天" in error["sentence"]["zh"]
    secret = call.post(f"{address}&secrecy=机密", body, key=call.keys.system)
    assert (secret.status, secret.json["code"]) == (422, "SECRET")
    foreign = call.post(f"{address.replace('environment', 'housing')}", body, key=call.keys.system)
    assert (foreign.status, count()) == (403, before)


def test_every_rejected_row_is_told(call: Caller, filled: Intake) -> None:
    rows = [COMPANY.penalty(str(number), CF_JDRQ="去年") for number in range(1, 1203)]
    body = table(filled.headers("penalties_2018"), rows).encode()
    kept = call.deliver(body, key=call.keys.system).json
    filled.settle()
    said = call.get(kept["links"]["errors"], key=call.keys.system)
    assert (said.status, said.type) == (200, "application/x-ndjson")
    told = [line["row"] for line in said.lines if line["field"] == "CF_JDRQ"]
    assert told == list(range(1, 1203))
    assert said.lines[0]["sentence"]["zh"]


def test_a_form_carries_a_file_as_well(call: Caller, filled: Intake) -> None:
    form, type_ = multipart(("file", "处罚.csv", penalties(filled, "form")))
    said = call.deliver(form, key=call.keys.system, **{"Content-Type": type_})
    assert (said.status, said.json["file_name"]) == (202, "处罚.csv")
    assert said.json["sha256"] == hashlib.sha256(penalties(filled, "form")).hexdigest()


def test_a_form_without_one_file_is_refused(call: Caller, filled: Intake) -> None:
    before = count()
    body = penalties(filled, "forms")
    for parts in ([], [("other", "a.csv", body)], [("file", "a", body), ("file", "b", body)]):
        form, type_ = multipart(*parts)
        said = call.deliver(form, key=call.keys.system, **{"Content-Type": type_})
        assert said.json["code"] == "NO_FILE"
    form, type_ = multipart(("file", "a.csv", body))
    cut = call.deliver(
        form[:-40], key=call.keys.system,
        **{"Content-Type": type_, "Content-Length": str(len(form))},
    )  # fmt: skip
    assert cut.json["code"] == "BODY_CUT"
    bare = call.deliver(body, key=call.keys.system, **{"Content-Type": "multipart/form-data"})
    assert bare.json["code"] == "NO_FILE"
    assert count() == before


def multipart(*files: tuple[str, str, bytes]) -> tuple[bytes, str]:
    body = b""
    for field, name, data in files:
        head = f'--edge\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"'
        body += head.encode() + b"\r\nContent-Type: text/csv\r\n\r\n" + data + b"\r\n"
    return body + b"--edge--\r\n", "multipart/form-data; boundary=edge"


def test_the_same_again_is_one_delivery_with_one_answer(call: Caller, filled: Intake) -> None:
    body, before = penalties(filled, "again"), count()
    first = call.deliver(body, key=call.keys.system, name="again")
    filled.settle()
    second = call.deliver(body, key=call.keys.system, name='"again"')
    assert (first.status, first.body) == (second.status, second.body)
    assert count() == before + 1


@pytest.mark.parametrize("query", ["", "&intent=withdraw", "&rows=7", "&file_name=other.csv"])
def test_something_else_under_the_key_is_refused(call: Caller, filled: Intake, query: str) -> None:
    first = call.deliver(penalties(filled, "first"), key=call.keys.system, name="else")
    assert first.status == 202
    before = count()
    body = penalties(filled, "first") if query else penalties(filled, "second")
    said = call.deliver(body, key=call.keys.system, name="else", query=query)
    assert (said.status, said.json["code"]) == (422, "IDEMPOTENCY_KEY")
    assert str(first.json["number"]) in said.json["zh"]
    assert count() == before


def test_each_key_has_names_of_its_own(call: Caller, filled: Intake) -> None:
    body = penalties(filled, "own")
    one = call.deliver(body, key=call.keys.system, name="own")
    two = call.deliver(body, key=call.keys.other, name="own")
    assert one.status == two.status == 202
    assert one.json["number"] != two.json["number"]


def test_two_at_once_are_one_delivery(call: Caller, filled: Intake) -> None:
    body, before = penalties(filled, "together"), count()
    ready = threading.Barrier(4)

    def send(_: int) -> Said:
        try:
            ready.wait()
            return call.deliver(body, key=call.keys.system, name="together")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        said = list(threads.map(send, range(4)))
    assert {one.status for one in said} == {202}
    assert len({one.body for one in said}) == 1
    assert count() == before + 1


@pytest.mark.parametrize("name", ["", "two words", "键", "x" * 256, '""'])
def test_a_delivery_needs_a_name_of_its_own(call: Caller, name: str) -> None:
    before = count()
    path = "/api/v1/deliveries?resource=penalties_2018"
    headers = {"Idempotency-Key": name} if name else {}
    said = call.post(path, b"a\n1\n", key=call.keys.system, **headers)
    assert (said.status, said.json["code"]) == (400, "IDEMPOTENCY_MISSING")
    assert count() == before


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("&agency=housing", 403, "OWNERSHIP"),
        ("&agency=data_bureau", 403, "PROVIDER"),
        ("&agency=%27", 422, "PARAMETER"),
        ("&secrecy=机密", 422, "SECRET"),
        ("&sha256=" + "0" * 64, 422, "DIGEST"),
        ("&sha256=0", 422, "PARAMETER"),
        ("&sent_at=2999-01-01T00:00:00Z", 422, "SENT_AT"),
        ("&sent_at=yesterday", 422, "NOT_A_MOMENT"),
        ("&sent_at=2026-11-24T11:00:00", 422, "NOT_A_MOMENT"),
        ("&linked_to=999999", 422, "LINK"),
        ("&linked_to=1", 403, "OWNERSHIP"),
        ("&rows=-1", 422, "PARAMETER"),
    ],
)  # fmt: skip
def test_what_may_not_be_delivered_is_not_kept(
    call: Caller, filled: Intake, query: str, status: int, code: str
) -> None:
    before = count()
    said = call.deliver(penalties(filled, "no"), key=call.keys.system, query=query)
    assert (said.status, said.json["code"]) == (status, code)
    assert count() == before
    assert not list(filled.home.deliveries.glob(".arriving-*"))


def test_a_resource_of_another_and_one_that_is_none(call: Caller, filled: Intake) -> None:
    headers = {"Idempotency-Key": "resources"}
    register = "/api/v1/deliveries?resource=registration"
    said = call.post(register, b"x", key=call.keys.system, **headers)
    assert (said.status, said.json["code"]) == (403, "PROVIDER")
    none = call.post("/api/v1/deliveries?resource=none", b"x", key=call.keys.system, **headers)
    assert (none.status, none.json["code"]) == (422, "RESOURCE")


def test_a_file_that_breaks_off_is_not_kept(call: Caller, filled: Intake) -> None:
    before, body = count(), penalties(filled, "cut")
    said = call.deliver(body, key=call.keys.system, **{"Content-Length": str(len(body) + 1)})
    assert (said.status, said.json["code"]) == (400, "BODY_CUT")
    chunked = call.deliver(body, key=call.keys.system, **{"Transfer-Encoding": "chunked"})
    assert chunked.status == 411
    large = call.deliver(body, key=call.keys.system, **{"Content-Length": str(5 << 30)})
    assert large.status == 413
    assert count() == before
    assert not list(filled.home.deliveries.glob(".arriving-*"))


def test_only_the_deliverer_and_who_looks_after_it_sees_a_delivery(
    call: Caller, filled: Intake
) -> None:
    kept = call.deliver(penalties(filled, "seen"), key=call.keys.system).json
    filled.settle()
    for address in kept["links"].values():
        assert call.get(address, key=call.keys.clerk).status == 200
        said = call.get(address, key=call.keys.other)
        assert (said.status, said.json["code"]) == (403, "NOT_YOURS")


@pytest.mark.parametrize(("number", "status"), [("999999", 404), ("0", 422), ("x", 422),
                                                ("9223372036854775808", 422)])  # fmt: skip
def test_a_number_that_is_none(call: Caller, number: str, status: int) -> None:
    for tail in ("", "/receipt", "/errors", "/resolved"):
        said = call.get(f"/api/v1/deliveries/{number}{tail}", key=call.keys.system)
        assert said.status == status


def test_the_chain_holds_with_the_names_in_it(call: Caller, filled: Intake) -> None:
    call.deliver(penalties(filled, "chain"), key=call.keys.system, name="chain")
    filled.settle()
    assert list(breaks(home=filled.home)) == []
    named = value("SELECT count(*) FROM delivery WHERE idempotency_key = 'chain'")
    assert named == 1


def test_an_agency_fetches_what_became_of_its_rows_that_waited(
    call: Caller, filled: Intake
) -> None:
    rows = [
        COMPANY.penalty(f"8{number}", CF_XDR_SHXYM="", CF_WSH=f"粤环示例罚〔2026〕8{number}号")
        for number in range(101)
    ]
    body = table(filled.headers("penalties_2018"), rows).encode()
    kept = call.deliver(body, key=call.keys.system).json
    address = kept["links"]["resolved"]
    assert call.get(address, key=call.keys.system).status == 202
    filled.settle()
    first = call.get(address, key=call.keys.system).json
    assert (first["total"], first["pages"], len(first["rows"])) == (101, 2, 100)
    assert first["counts"] == {"matched": 101}
    second = call.get(f"{address}?page=2&how=matched", key=call.keys.system).json
    (last,) = second["rows"]
    assert (last["row"], last["how"], last["code"]) == (101, "matched", COMPANY.uscc)
    assert last["waited_for"]["zh"] == "没有任何代码"
    assert {"zh": "全称相同", "en": "the whole name is the same"} in [
        part["level"] for part in last["parts"]
    ]
    none = call.get(f"{address}?how=number", key=call.keys.system).json
    assert (none["total"], none["rows"]) == (0, [])
    past = call.get(f"{address}?page=3", key=call.keys.system)
    assert (past.status, past.json["code"]) == (404, "PAST_THE_LAST_PAGE")
    receipt = call.get(kept["links"]["receipt"], key=call.keys.system).json
    assert receipt["resolved"] == {"matched": 101}
