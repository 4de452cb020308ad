"""What is due goes out: in order, at the right hour, again after a failure, and never twice."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest
from django.test import override_settings
from tests.conftest import NOW
from tests.engines.notices.told import sent, told
from tests.engines.notices.wire import Wire, deposit, gateway
from tests.state import all_rows, value

from yuexin.engines.notices.pacing import DISTANCES, may_go_at, next_try
from yuexin.engines.notices.types import Address
from yuexin.home.folder import Home

PHONE = Address(channel="sms", value="13800138000")
EVENING = dt.datetime(2026, 11, 24, 14, 0, tzinfo=dt.UTC)  # 22:00 in Guangzhou
MORNING = dt.datetime(2026, 11, 25, 0, 0, tzinfo=dt.UTC)
TRIED = "SELECT number, outcome FROM notice_attempt ORDER BY id"
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def wire(home: Home) -> Iterator[Wire]:
    deposit(home)
    with gateway() as found, override_settings(NOTICE_GATEWAYS={"sms": found.url}):
        yield found


def code(key: str = "k", now: dt.datetime = NOW) -> int:
    given = {"account": "陈示例", "minutes": "10"}
    secret = {"code": "318204"}
    return told(PHONE, key=key, now=now, notice="contact_code", values=given, secret=secret)


def test_a_gateway_is_told_the_short_text_signed_and_its_receipt_is_kept(
    undone: None, home: Home, wire: Wire
) -> None:
    del undone
    code()
    assert sent(home) == 1
    (came,) = wire.came
    assert came["to"] == "+8613800138000"
    assert came["text"].startswith("【粤信】验证码 318204")
    assert wire.signed == [True]
    assert wire.keys == [came["id"]]
    assert all_rows("SELECT outcome, receipt FROM notice_attempt") == [("sent", "r-1")]


def test_what_fails_is_tried_again_at_growing_distance_and_at_last_given_up(
    undone: None, home: Home, wire: Wire
) -> None:
    del undone
    wire.answer = lambda _: (429, b"later", {})
    code()
    now = NOW
    for number, distance in enumerate(DISTANCES, start=1):
        assert sent(home, now=now) == 1, number
        assert sent(home, now=now + distance - MINUTE / 2) == 0, number
        now += distance
    assert sent(home, now=now) == 1
    assert sent(home, now=now + dt.timedelta(days=30)) == 0
    tried = [(n, "failed") for n in range(1, len(DISTANCES) + 1)]
    assert all_rows(TRIED) == [*tried, (len(DISTANCES) + 1, "given_up")]
    assert value("SELECT count(*) FROM notice_errand") == 0


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ((400, b"no such number", {}), "given_up"),
        ((500, b"", {}), "failed"),
        ((302, b"", {"Location": "http://127.0.0.1:1/elsewhere"}), "failed"),
        ((200, b"\xff not json", {}), "sent"),
        ((200, b"x" * 1_000_000, {}), "sent"),
    ],
)
def test_whatever_a_gateway_answers_is_put_on_record(
    undone: None, home: Home, wire: Wire, answer: tuple[int, bytes, dict[str, str]], outcome: str
) -> None:
    del undone
    wire.answer = lambda _: answer
    code()
    sent(home)
    assert all_rows(TRIED) == [(1, outcome)]
    assert len(wire.came) == 1, "nothing is followed"


def test_a_gateway_that_is_down_is_asked_once_for_all_its_messages(
    undone: None, home: Home, wire: Wire
) -> None:
    del undone, wire
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/"
    with override_settings(NOTICE_GATEWAYS={"sms": url}):
        for number in range(5):
            code(str(number))
        assert sent(home) == 1
        assert sent(home, now=NOW + MINUTE / 2) == 0
    (error,) = all_rows("SELECT error FROM notice_attempt")[0]
    assert "ConnectionRefusedError" in error


def test_a_gateway_without_https_or_secret_is_told_nothing(undone: None, home: Home) -> None:
    del undone
    with override_settings(NOTICE_GATEWAYS={"sms": "http://gateway.example/send"}):
        code()
        sent(home)
    assert "https" in value("SELECT error FROM notice_attempt")


def test_quiet_hours_wait_for_the_morning_and_what_is_urgent_does_not(
    undone: None, home: Home, wire: Wire
) -> None:
    del undone
    told(Address(channel="email", value="a@example.org"), key="quiet", now=EVENING)
    code("urgent", now=EVENING)
    assert sent(home, now=EVENING) == 1
    assert len(wire.came) == 1
    assert sent(home, now=MORNING - MINUTE) == 0
    assert sent(home, now=MORNING) == 1


def test_the_hours_are_those_of_guangdong() -> None:
    for hour, waits in ((12, False), (13, True), (20, True), (23, True), (0, False)):
        at = dt.datetime(2026, 11, 24, hour, tzinfo=dt.UTC)
        assert (may_go_at(at, urgent=False) > at) is waits, hour
        assert may_go_at(at, urgent=True) == at
        assert may_go_at(may_go_at(at, urgent=False), urgent=False) == may_go_at(at, urgent=False)
    assert next_try(NOW, tries=len(DISTANCES) + 1, urgent=True) is None


def test_one_round_of_the_worker_is_bounded(undone: None, home: Home, wire: Wire) -> None:
    del undone
    for number in range(60):
        code(str(number))
    assert sent(home) == 50
    assert sent(home) == 10
    assert len(set(wire.keys)) == 60


SENDER = """
import datetime as dt, django; django.setup()
from yuexin.engines.declare.queries import current
from yuexin.engines.notices.operations import send_due
from yuexin.home.folder import Home
send_due(declarations=current(), home=Home.from_environment(),
         clock=lambda: dt.datetime.fromisoformat({now!r}))
"""


def test_a_sender_that_is_killed_sends_nothing_twice(own_database: str, home: Home) -> None:
    """The message had arrived when the sender died: the next one uses the same id, by which the
    gateway knows it."""
    deposit(home)
    with gateway() as wire, override_settings(NOTICE_GATEWAYS={"sms": wire.url}):
        wire.hold = threading.Event()
        code()
        environment = {
            **os.environ, "YUEXIN_SMS_GATEWAY": wire.url, "YUEXIN_HOME": str(home.path),
            "YUEXIN_DATABASE_URL": own_database,
        }  # fmt: skip
        command = [sys.executable, "-c", SENDER.format(now=NOW.isoformat())]
        sender = subprocess.Popen(command, env=environment)
        assert wire.arrived.wait(60)
        assert sent(home, now=NOW + MINUTE) == 0, "somebody else has it"
        sender.send_signal(signal.SIGKILL)
        sender.wait()
        wire.hold.set()
        wire.hold = None
        assert value("SELECT count(*) FROM notice_attempt") == 0
        assert sent(home, now=NOW + MINUTE * 6) == 1
    assert len(wire.keys) == 2
    assert len(set(wire.keys)) == 1
    assert json.dumps(wire.came[0]) == json.dumps(wire.came[1])
    assert all_rows(TRIED) == [(2, "sent")]
