"""A batch of codes: every form it comes in, every line answered, memory bounded."""

from __future__ import annotations

import io
import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cast import COMPANY, INSTITUTION, TRADER
from tests.faces.gateway.calls import Caller, Said
from tests.intake import Intake

from yuexin.faces.gateway import batch

BATCH = "/api/v1/subjects/batch"
WRONG = f"{COMPANY.uscc[:-1]}A"
ASKED = [COMPANY.uscc, WRONG, INSTITUTION.uscc, TRADER.uscc, COMPANY.uscc]
STATES = ["found", "invalid", "unknown", "found", "found"]
FORMS = {
    "application/json": json.dumps(ASKED),
    "application/x-ndjson": "\n".join(json.dumps({"code": code}) for code in ASKED),
    "text/plain": "\r\n".join(ASKED),
    "text/csv": "统一社会信用代码,名称\n" + "\n".join(f'"{code}",示例' for code in ASKED),
}


def states(said: Said) -> list[str]:
    return [line["state"] for line in said.lines]


@pytest.mark.parametrize("type_", FORMS)
def test_every_form_is_answered_a_line_a_code_in_order(call: Caller, type_: str) -> None:
    said = call.post(BATCH, FORMS[type_].encode(), type=type_, key=call.keys.system)
    assert (said.status, said.type) == (200, "application/x-ndjson")
    assert states(said) == STATES
    assert [line["line"] for line in said.lines] == [1, 2, 3, 4, 5]
    assert [line["asked"] for line in said.lines] == ASKED
    single = call.get(f"/api/v1/subjects/{COMPANY.uscc}").json
    assert said.lines[0]["document"] == single == said.lines[4]["document"]
    assert [fault["code"] for fault in said.lines[1]["faults"]]


def test_a_name_is_looked_up_as_the_public_page_of_lists_does(call: Caller) -> None:
    body = f"{COMPANY.name}\n{COMPANY.org_code}\n没有这样一家公司\n9144O606684400012K"
    said = call.post(BATCH, body.encode(), key=call.keys.system)
    assert states(said) == ["found", "found", "invalid", "invalid"]
    assert [line.get("by") for line in said.lines[:2]] == ["name", "org_code"]
    assert said.lines[0]["document"] == said.lines[1]["document"]
    assert said.lines[2]["reason"]["zh"] == "按名称可查的主体中没有这个名称（含曾用名）"
    assert said.lines[3]["suggestion"] == COMPANY.uscc


@pytest.mark.parametrize(
    ("type_", "body", "expected"),
    [
        ("text/plain", b"", []),
        ("text/plain", b"\xef\xbb\xbf" + COMPANY.uscc.encode() + b"\n\n\n", ["found"]),
        ("text/plain", b"\xff\xfe\n" + COMPANY.uscc.encode(), ["broken", "found"]),
        ("text/plain", b"9" * 5000 + b"\n" + COMPANY.uscc.encode(), ["broken", "found"]),
        ("text/plain", b"\x00\n", ["invalid"]),
        ("text/plain", COMPANY.uscc.encode() + b" " * 200 + b"x\n", ["broken"]),
        ("text/csv", b'"unclosed\n' + COMPANY.uscc.encode(), ["invalid", "found"]),
        ("text/csv", b"a\rb,c\n" + COMPANY.uscc.encode(), ["broken", "found"]),
        ("text/csv", b'"a\x00b"', ["invalid"]),
        ("application/x-ndjson", b'{"x": 1}\n[]\nnull\n{\n"a"\n', ["broken"] * 4 + ["invalid"]),
        ("application/x-ndjson", b"[" * 4000, ["broken"]),
        ("application/x-ndjson", b'"\\ud800"', ["invalid"]),
        ("application/json", b"[]", []),
        ("application/json", b"", ["broken"]),
        ("application/json", b"{}", ["broken"]),
        ("application/json", b'"91440606684400012K"', ["broken"]),
        ("application/json", b'["x", 1, null, {"code": "91440606684400012K"}, [["y"]], "z"',
         ["invalid", "broken", "broken", "found", "broken", "invalid", "broken"]),
        ("application/json", b'["91440606684400012K", oops, "x"]', ["found", "broken"]),
        ("application/json", b"[" * 100_000, ["broken"]),
        ("application/json", b'["\xff"]', ["broken"]),
        ("application/json", b'["\\ud800"]', ["invalid"]),
    ],
)  # fmt: skip
def test_a_broken_line_is_said_and_passed_over(
    call: Caller, type_: str, body: bytes, expected: list[str]
) -> None:
    said = call.post(BATCH, body, type=type_, key=call.keys.system)
    assert said.status == 200
    assert states(said) == expected


def test_a_number_of_a_person_is_repeated_masked_only(call: Caller) -> None:
    said = call.post(BATCH, b"440106199003071231", key=call.keys.system)
    assert b"440106199003071231" not in said.body


def test_what_a_batch_may_not_be(call: Caller) -> None:
    assert call.post(BATCH, b"x", type="text/xml", key=call.keys.system).status == 415
    chunked = call.post(BATCH, b"x", key=call.keys.system, **{"Transfer-Encoding": "chunked"})
    assert chunked.status == 411
    large = call.post(BATCH, b"x", key=call.keys.system, **{"Content-Length": str(65 << 20)})
    assert large.status == 413
    cut = call.post(BATCH, b"x" * 10, key=call.keys.system, **{"Content-Length": "1000"})
    assert (cut.status, cut.json["code"]) == (400, "BODY_CUT")


class Endless(io.RawIOBase):
    """As many codes as are wanted, written as they are read."""

    def __init__(self, codes: int) -> None:
        self.rest = codes * 19
        self.line = f"{COMPANY.uscc}\n".encode()

    def readline(self, size: int | None = -1, /) -> bytes:
        del size
        self.rest -= len(self.line)
        return self.line if self.rest >= 0 else b""


def test_five_thousand_codes_take_no_more_memory_than_five_hundred(filled: Intake) -> None:
    def peak(codes: int) -> tuple[int, int]:
        tracemalloc.start()
        groups: Iterator[bytes] = batch.answered(Endless(codes), "text/plain", now=filled.now)  # type: ignore[arg-type]
        count = sum(group.count(b"\n") for group in groups)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return count, most

    peak(10)
    one, few = peak(1_000)
    two, many = peak(5_000)
    assert (one, two) == (1_000, 5_000)
    assert many < few * 1.2


def test_nothing_of_a_batch_is_left_behind(call: Caller, filled: Intake) -> None:
    call.post(BATCH, FORMS["text/plain"].encode(), key=call.keys.system)
    left: list[Path] = list(filled.home.scratch.iterdir())
    assert left == []
