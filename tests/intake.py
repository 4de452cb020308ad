"""Deliveries as agencies make them: rows become a file, the file goes through the real intake."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.cast import OPERATOR

from yuexin.domains.collection.operations import settle_pending, take_in
from yuexin.domains.collection.queries import receipt
from yuexin.engines.declare.types import Declarations
from yuexin.engines.deliveries.types import Kept
from yuexin.home.folder import Home

Row = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Intake:
    """The intake of one home. Every call delivers, folds, and gives the receipt."""

    home: Home
    folder: Path
    declarations: Declarations = field(repr=False)
    now: dt.datetime

    def __call__(
        self, resource: str, rows: Iterable[Row], *, encoding: str = "utf-8", **said: Any
    ) -> dict[str, Any]:
        """Deliver rows as CSV under the declared headers."""
        text = table(self.headers(resource), rows)
        return self.bytes(resource, text.encode(encoding), **said)

    def bytes(
        self, resource: str, data: bytes, *, name: str = "delivery.csv", **said: Any
    ) -> dict[str, Any]:
        """Deliver a file with these contents."""
        path = self.folder / name
        path.write_bytes(data)
        return self.path(resource, path, **said)

    def path(self, resource: str, path: Path, **said: Any) -> dict[str, Any]:
        """Deliver a file and fold it."""
        kept = self.take_in(resource, path, **said)
        self.settle(now=said.get("now"))
        found = receipt(number=kept.number, home=self.home)
        assert found is not None
        return found

    def take_in(
        self,
        resource: str,
        path: Path,
        *,
        agency: str = "",
        now: dt.datetime | None = None,
        **said: Any,
    ) -> Kept:
        """Deliver a file and leave it at that."""
        declared = self.declarations.resources.get(resource)
        provider = agency or (declared.providers[0] if declared else "")
        return take_in(
            home=self.home,
            path=path,
            resource=resource,
            agency=provider,
            declarations=self.declarations,
            actor=OPERATOR,
            now=now or self.now,
            **said,
        )

    def settle(self, *, now: dt.datetime | None = None) -> tuple[int, ...]:
        """Fold what was taken in."""
        return settle_pending(home=self.home, actor=OPERATOR, clock=lambda: now or self.now)

    def headers(self, resource: str) -> list[str]:
        return [column.header for column in self.declarations.resources[resource].columns]


def table(headers: list[str], rows: Iterable[Row]) -> str:
    """Rows as CSV text under these headers; what a row does not hold is empty."""
    out = io.StringIO()
    writer = csv.DictWriter(out, headers, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
