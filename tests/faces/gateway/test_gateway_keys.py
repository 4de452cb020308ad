"""Keys: none, wrong, of another, ended, too narrow, too often; and errors in one form."""

from __future__ import annotations

import pytest
from tests.cast import COMPANY
from tests.faces.gateway.calls import Caller

FILE = f"/api/v1/subjects/{COMPANY.uscc}"
NEED_A_KEY = [
    ("POST", "/api/v1/subjects/batch"),
    ("POST", "/api/v1/deliveries?resource=penalties_2018"),
    ("GET", "/api/v1/deliveries/1"),
    ("GET", "/api/v1/deliveries/1/receipt"),
    ("GET", "/api/v1/deliveries/1/resolved"),
    ("GET", "/api/v1/deliveries/1/errors"),
]
OPEN = [FILE, "/api/v1/subjects?q=示例", "/api/v1/catalogue", "/api/v1/openapi.json", "/api/"]


def ask(call: Caller, method: str, path: str, key: str = "") -> int:
    if method == "GET":
        return call.get(path, key=key).status
    return call.post(path, b"x", key=key, **{"Idempotency-Key": "asked"}).status


@pytest.mark.parametrize(("method", "path"), NEED_A_KEY)
def test_without_a_key_or_with_a_wrong_one_nothing_is_told(
    call: Caller, method: str, path: str
) -> None:
    assert ask(call, method, path) == 401
    assert ask(call, method, path, "yx_0123456789ab_wrong") == 401
    assert ask(call, method, path, call.keys.expired) == 401
    assert ask(call, method, path, call.keys.reader) == 403
    assert ask(call, method, path, call.keys.fenced) == 403


@pytest.mark.parametrize("path", OPEN)
def test_what_is_open_needs_no_key(call: Caller, path: str) -> None:
    assert call.get(path).status == 200


def test_a_wrong_key_is_refused_where_none_is_needed(call: Caller) -> None:
    assert call.get(FILE, key="yx_0123456789ab_wrong").json["code"] == "KEY_UNKNOWN"
    assert call.get(FILE, Authorization="Basic bGluOmxpbg==").json["code"] == "KEY_FORM"
    assert call.get(FILE, Authorization="Bearer").json["code"] == "KEY_FORM"
    assert call.get(FILE, Authorization="Bearer ÿ").json["code"] == "KEY_FORM"


def test_too_many_requests_are_told_when_to_come_back(call: Caller) -> None:
    asked = [call.get(FILE, key=call.keys.slow) for _ in range(3)]
    refused = [said for said in asked if said.status == 429]
    # The minute may turn once meanwhile.
    assert refused
    assert 1 <= int(refused[0].headers["Retry-After"]) <= 60
    assert refused[0].headers["RateLimit-Policy"] == '"key";q=1;w=60'


def test_an_address_told_by_the_client_is_not_believed(call: Caller) -> None:
    said = call.get(FILE, key=call.keys.fenced, **{"X-Forwarded-For": "203.0.113.9"})
    assert said.json["code"] == "KEY_NETWORK"


def test_an_address_told_by_a_trusted_proxy_is(call: Caller) -> None:
    from ipaddress import ip_network

    from django.test import override_settings

    with override_settings(TRUSTED_PROXIES=(ip_network("127.0.0.0/8"),)):
        told = call.get(FILE, key=call.keys.fenced, **{"X-Forwarded-For": "10.0.0.1, 203.0.113.9"})
        forged = call.get(
            FILE, key=call.keys.fenced, **{"X-Forwarded-For": "203.0.113.9, 10.0.0.1"}
        )
    assert told.status == 200
    assert forged.json["code"] == "KEY_NETWORK"


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/nothing", 404, "NO_SUCH_ADDRESS"),
        ("GET", "/api/v2/subjects", 404, "NO_SUCH_ADDRESS"),
        ("GET", "/api/v1/", 404, "NO_SUCH_ADDRESS"),
        ("POST", "/api/v1/catalogue", 405, "METHOD"),
        ("GET", "/api/v1/subjects/batch", 405, "METHOD"),
        ("GET", "/api/v1/deliveries", 405, "METHOD"),
    ],
)
def test_what_django_refuses_is_a_problem_too(
    call: Caller, method: str, path: str, status: int, code: str
) -> None:
    said = call.get(path) if method == "GET" else call.post(path)
    assert (said.status, said.json["code"]) == (status, code)
    assert ("Allow" in said.headers) == (status == 405)


def test_a_host_that_is_not_ours_is_a_problem_too(call: Caller) -> None:
    assert call.get(FILE, Host="elsewhere.example").status == 400


def test_what_is_asked_for_in_another_form_is_refused(call: Caller) -> None:
    said = call.get(FILE, Accept="text/turtle")
    assert (said.status, said.json["code"]) == (406, "NOT_ACCEPTABLE")


def test_a_failure_of_ours_is_a_problem_that_tells_nothing_of_it(
    call: Caller, database: str
) -> None:
    from tests.database import NOWHERE, pointed

    del database
    with pointed(NOWHERE):
        said = call.get(FILE)
    assert (said.status, said.json["code"]) == (500, "BROKEN")
    assert b"nonexistent" not in said.body


def test_problems_speak_the_language_of_the_request(call: Caller) -> None:
    zh, en = (call.get("/api/v1/x", **{"Accept-Language": name}).json for name in ("zh", "en"))
    assert zh["detail"] == zh["zh"] == en["zh"]
    assert en["detail"] == en["en"]
