"""What rules say of subjects on a day: the one place where stored verdicts are read.

A verdict is stored where the subject has a record that its rule reads. Of all others a rule says
what it says of nobody; of whoever was not judged by it for the day yet, nothing (decision 30).
Statements that have to be one round trip with something else are put together of the parts below,
which take the SQL of a subject, a rule or a day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from django.db.models import Q

from yuexin.domains.subjects.rulebook import rulebook
from yuexin.engines.declare.types import Declarations
from yuexin.engines.rules.models import Judged, RuleSet, VerdictRow

Said = Mapping[tuple[UUID, str], VerdictRow]
_HOLDS: Final = "{v}.valid_from <= {on} AND ({v}.valid_until IS NULL OR {v}.valid_until > {on})"
_STORED: Final = "SELECT FROM verdict v WHERE v.subject = {subject} AND v.rule = {rule}"


def holding(
    *,
    declarations: Declarations,
    subjects: Collection[UUID],
    rules: Collection[str],
    on: dt.date,
) -> Said:
    """What these rules say of these subjects on a day, today or later, by subject and rule. A rule
    by which a subject was not judged for that day yet is left out."""
    kept = VerdictRow.objects.filter(subject__in=subjects, rule__in=rules, valid_from__lte=on)
    told = {(row.subject, row.rule): row for row in kept.order_by("valid_from")}
    nobody = rulebook(declarations=declarations, on=on).nobody
    found = {key: row for key, row in told.items() if _holds(row, on)}
    for subject, judged in judged_by(subjects=subjects).items():
        for rule in judged.intersection(rules).intersection(nobody):
            # What has run out is not what is said of nobody.
            if (subject, rule) not in told:
                found[subject, rule] = VerdictRow(
                    subject=subject, rule=rule, valid_from=on, value=nobody[rule], reasons=[]
                )
    return found


def from_then_on(*, subject: UUID, rules: Collection[str], on: dt.date) -> tuple[VerdictRow, ...]:
    """What is stored of a subject by these rules for a day and the days after it."""
    later = Q(valid_until=None) | Q(valid_until__gt=on)
    return tuple(VerdictRow.objects.filter(later, subject=subject, rule__in=rules))


def judged_by(*, subjects: Collection[UUID]) -> dict[UUID, frozenset[str]]:
    """The rules by which each of these subjects was judged last."""
    marked = dict(Judged.objects.filter(subject__in=subjects).values_list("subject", "rules"))
    named = rule_sets(sets=set(marked.values()))
    return {subject: named[digest] for subject, digest in marked.items()}


def rule_sets(*, sets: Collection[UUID]) -> Mapping[UUID, frozenset[str]]:
    """Which rules were judged together, by the digest of what they said."""
    rows = RuleSet.objects.filter(pk__in=sets).values_list("id", "rules") if sets else ()
    return {digest: frozenset(rules) for digest, rules in rows}


def stored_on(*, on: str, where: str = "") -> str:
    """A table of what is stored for a day: of whom a rule says something because of a record.
    Nobody is in it of whom a rule says what it says of nobody."""
    narrowed = f" AND {where}" if where else ""
    return f"(SELECT * FROM verdict w WHERE {_HOLDS.format(v='w', on=on)}{narrowed})"


def said_of_one(*, subject: str, rule: str, nobody: str, on: str) -> str:
    """What a rule says of a subject on a day, in words of its declaration, empty where it is
    unknown; `nobody` is what it says of nobody. Null where it was not judged for the day."""
    stored = _STORED.format(subject=subject, rule=rule)
    return f"""coalesce(
        (SELECT coalesce(v.value, '') FROM verdict v
            WHERE v.subject = {subject} AND v.rule = {rule} AND {_HOLDS.format(v="v", on=on)}),
        CASE WHEN NOT EXISTS ({stored}) AND EXISTS (SELECT FROM judged j
            JOIN rule_set k ON k.id = j.rules
            WHERE j.subject = {subject} AND {rule} = ANY(k.rules)) THEN {nobody} END)"""


def said_by_all(*, subject: str, rules: str, nobody: str, judged_by: str, on: str) -> str:
    """What rules say of a subject on a day, as JSON by rule; null where it was not judged yet.
    `nobody` is what those rules say of nobody, by rule, `judged_by` the digest of all that is
    declared."""
    return f"""(SELECT of_nobody.said - ARRAY(
            SELECT v.rule FROM verdict v WHERE v.subject = {subject}) || coalesce((
            SELECT jsonb_object_agg(v.rule, v.value) FROM verdict v
            WHERE v.subject = {subject} AND v.rule = ANY({rules})
                AND {_HOLDS.format(v="v", on=on)}), '{{}}')
        FROM judged j CROSS JOIN LATERAL (SELECT CASE WHEN j.rules = {judged_by}
            THEN {nobody}::jsonb
            ELSE (SELECT coalesce(jsonb_object_agg(key, value), '{{}}')
                FROM jsonb_each({nobody}::jsonb)
                WHERE key = ANY((SELECT rules FROM rule_set WHERE id = j.rules)::text[])) END
            AS said) of_nobody
        WHERE j.subject = {subject})"""


def said_that_matters(*, subject: str, rules: str, wanted: str, on: str) -> str:
    """A table of one row of a subject: the digest of the rules by which it was `judged`, which
    rules have `told` something until a day and which say something for it (`live`), and, of those
    that say then what is `wanted` (`rule value`) or that it is unknown, all they say from that day
    on (`said`). Whoever reads it adds what is said of nobody."""
    return f"""(
    SELECT (SELECT j.rules FROM judged j WHERE j.subject = {subject}) AS judged,
        array_agg(w.rule) FILTER (WHERE w.valid_from <= {on}) AS told,
        array_agg(w.rule) FILTER (WHERE w.live) AS live,
        jsonb_agg(jsonb_build_array(w.rule, w.valid_from, w.valid_until, w.value,
            CASE WHEN w.live THEN w.reasons ELSE '[]' END)) FILTER (WHERE w.matters) AS said
    FROM (
        SELECT l.*, bool_or(l.live AND (l.value IS NULL
            OR (l.rule || ' ' || l.value) = ANY({wanted}))) OVER (PARTITION BY l.rule) AS matters
        FROM (
            SELECT v.*, {_HOLDS.format(v="v", on=on)} AS live
            FROM verdict v WHERE v.subject = {subject} AND v.rule = ANY({rules})
        ) l
    ) w
)"""


def _holds(row: VerdictRow, on: dt.date) -> bool:
    return row.valid_until is None or row.valid_until > on
