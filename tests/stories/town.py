"""A town that is served with its worker: firms with owners, officers of several bodies, systems.

Every story has firms of its own in it, so that all share one.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
from tests.faces.entrance import people
from tests.intake import Row
from tests.stories import printed
from tests.stories.province import as_csv
from tests.stories.site import PATIENCE_SECONDS, Site, own_console, serving
from tests.stories.townsfolk import OFFICERS
from tests.stories.visitor import Visitor, awaited, form_asking

from yuexin.engines.declare.queries import current


@dataclass(frozen=True, kw_only=True)
class Town:
    """The served platform, the secrets of its systems, the browsers in which people signed in."""

    site: Site
    keys: Mapping[str, str]
    browsers: dict[str, Visitor] = field(default_factory=dict)

    def visitor(self) -> Visitor:
        return Visitor(self.site)

    def enter(self, login: str) -> Visitor:
        """Somebody who is signed in, an officer with both factors: no code is taken twice."""
        if login not in self.browsers:
            self.browsers[login] = self._signed_in(login)
        return self.browsers[login]

    def _signed_in(self, login: str) -> Visitor:
        visitor = self.visitor()
        form = form_asking(visitor.open("/sign-in"), "password")
        page = visitor.submit(form, login=login, password=people.PASSWORD)
        if login in OFFICERS:
            visitor.submit(form_asking(page, "code"), code=people.code())
        visitor.open("/account")
        assert visitor.at == "/account", f"{login} is not signed in, but at {visitor.at}"
        return visitor

    def deliver(self, resource: str, *rows: Row, agency: str = "", **said: str) -> dict[str, Any]:
        """The receipt of what a system delivers over the interface."""
        agency = agency or current().resources[resource].providers[0]
        answer = self.site.client.post(
            "/api/v1/deliveries",
            params={"resource": resource, "agency": agency, **said},
            content=as_csv(resource, rows).encode(),
            headers=self._head(agency)
            | {"Content-Type": "text/csv", "Idempotency-Key": str(uuid4())},
        )
        assert answer.status_code == 202, answer.text
        where = f"{answer.headers['Location']}/receipt"
        return awaited(lambda: self._receipt(where, agency), where)

    def read(self, path: str, by: str) -> httpx.Response:
        """What a system reads over the interface."""
        return self.site.client.get(f"/api/v1/{path}", headers=self._head(by))

    def say(self, path: str, by: str) -> httpx.Response:
        """The answer to what a system says over the interface."""
        return self.site.client.post(f"/api/v1/{path}", headers=self._head(by))

    def recall(self, code: str, by: str) -> dict[str, Any]:
        """What a system is told of a file that it read, once it is."""

        def found() -> dict[str, Any] | None:
            told: list[dict[str, Any]] = self.read("recalls", by).json()["recalls"]
            return next((one for one in told if one["code"] == code), None)

        return awaited(found, f"{by} is told of {code}")

    def report(self, code: str) -> bytes:
        """The public report as a visitor takes it."""
        answer = self.site.client.post(f"/s/{code}/report")
        assert answer.headers["Content-Type"] == "application/pdf", answer.text[:2000]
        return answer.content

    def outlets(self, code: str, word: str, reader: str = "copier") -> set[str]:
        """Where this word is told of a firm: pages, feeds, tables, files for machines, the report
        that is typeset now, and what a body reads that keeps copies."""
        places = {place.format(code=code): self.site.answer(place.format(code=code)).text
                  for place in OUTLETS}  # fmt: skip
        places["report"] = printed.text(self.report(code))
        places["copy"] = self.read(f"subjects/{code}", reader).text
        return {place for place, said in places.items() if word in said}

    def _receipt(self, where: str, agency: str) -> dict[str, Any] | None:
        answer = self.site.client.get(where, headers=self._head(agency))
        return None if answer.status_code == 202 else answer.json()

    def _head(self, by: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.keys[by]}"}


OUTLETS = (
    "/s/{code}", "/s/{code}/timeline", "/s/{code}/history", "/s/{code}/feed.atom", "/s/{code}.json",
    "/api/v1/subjects/{code}", "/agencies/environment/penalty",
    "/agencies/market_regulation/abnormal_operation", "/announcements", "/announcements.atom",
    "/announcements?kind=penalty", "/lists/abnormal_operations", "/lists/abnormal_operations.csv",
)  # fmt: skip
"""Every public place where something adverse of a firm may be told."""


@contextmanager
def inhabited() -> Iterator[Town]:
    """The town, from its past on, until nobody is left in it."""
    with own_console() as console:
        made = subprocess.run(
            [sys.executable, "-m", "tests.stories.settling"],
            capture_output=True,
            check=False,
            env=console.environment,
            timeout=5 * PATIENCE_SECONDS,
            text=True,
        )
        assert made.returncode == 0, made.stderr[-4000:]
        with serving(console, workers=1, work=True) as site:
            yield Town(site=site, keys=json.loads(made.stdout.splitlines()[-1]))
