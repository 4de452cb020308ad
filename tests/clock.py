"""A clock that stands for pages, which ask the machine's: what is compared is of one moment."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from django.urls import get_resolver


class _AnyMoment(type):
    def __instancecheck__(cls, thing: object) -> bool:
        return isinstance(thing, dt.datetime)


@contextmanager
def standing(now: dt.datetime) -> Iterator[None]:
    """During the body it is this moment for every face."""

    class Standing(dt.datetime, metaclass=_AnyMoment):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:  # type: ignore[override]
            return now.astimezone(tz)

    # Pages that nobody asked for yet are not read in yet, and would look at their own clock.
    get_resolver().url_patterns  # noqa: B018
    clock = SimpleNamespace(**{**vars(dt), "datetime": Standing})
    with pytest.MonkeyPatch.context() as patched:
        for name, module in list(sys.modules.items()):
            if name.startswith("yuexin.faces.") and getattr(module, "dt", None) is dt:
                patched.setattr(module, "dt", clock)
        yield
