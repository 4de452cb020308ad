"""The door for reads: the fields of a record with their types."""

from __future__ import annotations

from yuexin.engines.records.bodies import typed

__all__ = ["typed"]
