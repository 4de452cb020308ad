"""Addresses: by which path something is shown, for whatever is told below the faces; and the
accounts by which the platform speaks to everybody elsewhere. `types` is the door."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from yuexin.engines.declare.law import Labelled
from yuexin.engines.declare.notice import NoticeChannel, filled


@dataclass(frozen=True, kw_only=True)
class Address(Labelled):
    """A page of the platform: its `path` from the root, with placeholders."""

    path: str

    def of(self, **values: object) -> str:
        """The path with these values; none of them leaves its place in it."""
        named = {name: str(value) for name, value in values.items()}
        return filled(self.path, named, written=lambda value: quote(value, safe=""))


@dataclass(frozen=True, kw_only=True)
class PublicAccount(Labelled):
    """An account by which the platform speaks to everybody on another network: on this `channel`,
    by the `handle` under which its gateway knows it, in one language.

    Once a day it is told by the notice `digest` how much was announced under `headings`, all where
    none is named, and for `back_days` how much of what it told before is public no more.
    """

    channel: NoticeChannel
    handle: str
    language: Literal["zh", "en"] = "zh"
    digest: str
    headings: tuple[str, ...] = ()
    back_days: int = 14
    basis: str
