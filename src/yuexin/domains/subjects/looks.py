"""Looks at many subjects at once, told to every owner of what was looked at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import Q

from yuexin.domains.subjects.models import Subject
from yuexin.engines.access.operations import note_all
from yuexin.engines.access.types import Actor


def note_looks(
    *, actor: Actor, action: str, subjects: Collection[UUID], now: dt.datetime, **detail: Any
) -> None:
    """Journal a look at each of these files, under every code of it."""
    if not subjects:
        return
    found = Subject.objects.filter(Q(id__in=subjects) | Q(joined_to__in=subjects))
    codes = found.order_by("code").values_list("code", flat=True)
    things = [f"subject/{code}" for code in codes]
    note_all(stream="look", actor=actor, action=action, things=things, now=now, **detail)
