"""Whose names are nearest to a subject's own: whom it might be taken for. By index, and bounded."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import polars as pl
from django.db import connection

from yuexin.domains.subjects.linkage.blocking import BRAND_CHARACTERS
from yuexin.domains.subjects.linkage.comparison import told
from yuexin.domains.subjects.models import Subject, SubjectName

MOST_NEAREST: Final = 8
MOST_MET: Final = 300
# Namesakes first, whatever else bears the brand; a name that is a person's own leads to nobody.
_NEAREST: Final = """
SELECT a.subject, few.code, few.name, few.city, few.by_name, few.namesake, few.met,
    few.names
FROM unnest(%(subjects)s::uuid[], %(brands)s::text[], %(cores)s::text[], %(cities)s::text[],
    %(roots)s::uuid[]) a(subject, brand, core, city, root)
CROSS JOIN LATERAL (
    SELECT s.code, s.name, s.city, min(n.name) AS by_name, bool_or(n.core = a.core) AS namesake,
        count(*) OVER () AS met, sum(count(*)) OVER () AS names
    FROM (
        (SELECT subject, name, core FROM subject_name
         WHERE core = a.core AND searchable LIMIT %(most_met)s)
        UNION
        (SELECT subject, name, core FROM subject_name
         WHERE core >= a.brand AND core < a.brand || U&'\\+10FFFF' AND searchable
         LIMIT %(most_met)s)
    ) n JOIN subject s ON s.id = n.subject
    WHERE coalesce(s.joined_to, s.id) <> a.root AND NOT s.named_after_person
        AND NOT s.id = ANY(%(but)s)
    GROUP BY s.id
    ORDER BY bool_or(n.core = a.core) DESC, s.city = a.city DESC, s.prominence, s.code
    LIMIT %(most)s
) few
"""


@dataclass(frozen=True, kw_only=True)
class Neighbour:
    """A subject of the same brand: `namesake` where all but region and form is the same;
    `by_name` is the name that is near, where that is not the one it has."""

    code: str
    name: str
    by_name: str
    city: str
    namesake: bool


@dataclass(frozen=True, kw_only=True)
class Neighbours:
    """How many share the brand of a subject, and the nearest of them. `brand` is what they share;
    `many` where no more were counted."""

    brand: str
    total: int
    many: bool
    nearest: tuple[Neighbour, ...]


def neighbours(
    *, subjects: Collection[Subject], trades: tuple[str, ...], but: Collection[Subject] = ()
) -> Mapping[UUID, Neighbours]:
    """Of each subject the others that share the brand of its name, in its city first; `but` those
    that are before everybody's eyes already."""
    brands = _brands(subjects, trades)
    asked = [one for one in subjects if one.id in brands]
    if not asked:
        return {}
    values: dict[str, Any] = {
        "subjects": [one.id for one in asked],
        "brands": [brands[one.id][0] for one in asked],
        "cores": [brands[one.id][1] for one in asked],
        "cities": [one.city for one in asked],
        "roots": [one.joined_to or one.id for one in asked],
        "but": [one.id for one in but],
        "most": MOST_NEAREST,
        "most_met": MOST_MET,
    }
    found: dict[UUID, list[Neighbour]] = {one.id: [] for one in asked}
    met = dict.fromkeys(found, 0)
    looked_at = dict.fromkeys(found, 0)
    with connection.cursor() as cursor:
        cursor.execute(_NEAREST, values)
        for subject, code, name, city, by_name, namesake, total, names in cursor.fetchall():
            met[subject], looked_at[subject] = total, names
            other = "" if by_name == name else by_name
            found[subject].append(
                Neighbour(code=code, name=name, by_name=other, city=city, namesake=namesake)
            )
    return {
        one: Neighbours(
            brand=brands[one][0],
            total=met[one],
            many=looked_at[one] >= MOST_MET,
            nearest=tuple(near),
        )
        for one, near in found.items()
    }


def _brands(
    subjects: Collection[Subject], trades: tuple[str, ...]
) -> Mapping[UUID, tuple[str, str]]:
    """Of each subject the brand and the core of the name it has; of none whose brand is too short
    to tell anything."""
    named = {one.id: one.name for one in subjects if not one.named_after_person}
    rows = SubjectName.objects.filter(subject__in=named).values_list("subject", "name", "key")
    keys = {subject: key for subject, name, key in rows if named[subject] == name}
    apart = told(pl.Series(list(keys.values()), dtype=pl.String), trades)
    by_key = {
        key: (brand, core) for key, brand, core in apart.select("key", "brand", "core").rows()
    }
    found = {
        subject: (brand if len(brand) >= BRAND_CHARACTERS else core, core)
        for subject, (brand, core) in ((one, by_key[key]) for one, key in keys.items())
    }
    return {one: said for one, said in found.items() if len(said[0]) >= BRAND_CHARACTERS}
