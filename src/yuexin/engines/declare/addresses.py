"""Addresses: by which path something is shown, for whatever is told below the faces. `types` is the
door."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from yuexin.engines.declare.law import Labelled
from yuexin.engines.declare.notice import filled


@dataclass(frozen=True, kw_only=True)
class Address(Labelled):
    """A page of the platform: its `path` from the root, with placeholders."""

    path: str

    def of(self, **values: object) -> str:
        """The path with these values; none of them leaves its place in it."""
        named = {name: str(value) for name, value in values.items()}
        return filled(self.path, named, written=lambda value: quote(value, safe=""))
