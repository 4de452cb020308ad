"""Calls of the gateway, each answer checked for what every answer owes."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.test import Client

PROBLEM = "application/problem+json"
MEMBERS = {
    "type", "title", "status", "detail", "instance", "code", "where", "rule", "remedy", "zh", "en",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Keys:
    """The secrets of keys."""

    system: str
    other: str
    clerk: str
    idle: str
    reader: str
    expired: str
    busy: str
    slow: str
    fenced: str


@dataclass(frozen=True, kw_only=True)
class Said:
    """An answer, its body read."""

    status: int
    type: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.body.splitlines()]


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Whoever calls, with a key where one is named."""

    keys: Keys

    def get(self, path: str, *, key: str = "", **headers: str) -> Said:
        return self._call("GET", path, key=key, headers=headers)

    def post(
        self, path: str, body: bytes = b"", *, type: str = "text/csv", key: str = "",  # noqa: A002
        **headers: str,
    ) -> Said:  # fmt: skip
        return self._call("POST", path, key=key, headers=headers, body=body, type_=type)

    def deliver(
        self, body: bytes, *, key: str = "", name: str = "", query: str = "", **more: str
    ) -> Said:
        """Deliver penalties under a name of one's own, a new one where none is given."""
        path = f"/api/v1/deliveries?resource=penalties_2018{query}"
        return self.post(path, body, key=key, **{"Idempotency-Key": name or str(uuid4()), **more})

    def _call(
        self, method: str, path: str, *, key: str, headers: dict[str, str], body: bytes = b"",
        type_: str = "",
    ) -> Said:  # fmt: skip
        given = {"Authorization": f"Bearer {key}"} if key else {}
        if method == "POST":
            given |= {"Content-Type": type_, "Content-Length": str(len(body))}
        client = Client(SERVER_NAME="localhost", raise_request_exception=False)
        # Django's own payload fails where a server's ends.
        wire: dict[str, Any] = {"wsgi.input": io.BytesIO(body)}
        answer: Any = client.generic(method, path, headers={**given, **headers}, **wire)
        read = b"".join(answer.streaming_content) if answer.streaming else answer.content
        said = Said(
            status=answer.status_code, type=answer.headers.get("Content-Type", ""),
            headers=dict(answer.headers), body=read,
        )  # fmt: skip
        if said.status >= 400:
            _require_problem(said)
        return said


def _require_problem(said: Said) -> None:
    """Every error has the one form."""
    assert said.type == PROBLEM, (said.status, said.type, said.body[:200])
    problem = said.json
    assert problem.keys() >= MEMBERS
    assert problem["status"] == said.status
    assert problem["type"] == f"urn:yuexin:refusal:{problem['code']}"
    assert problem["zh"]
    assert problem["en"]
    assert problem["zh"] != problem["en"]
    assert said.headers["Cache-Control"] == "no-store"
    assert ("WWW-Authenticate" in said.headers) == (
        said.status == 401 or problem["code"] == "KEY_SCOPE"
    )
