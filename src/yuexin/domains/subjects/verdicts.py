"""What rules say of subjects on a day: the one place where stored verdicts are read.

A verdict is stored where the subject has a record that its rule reads. Of all others a rule says
what it says of nobody; of whoever was not judged by it for the day yet, nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from uuid import UUID

from yuexin.engines.declare.types import Declarations
from yuexin.engines.rules.models import Judged, RuleSet, VerdictRow
from yuexin.engines.rules.queries import said_of_nobody

Said = Mapping[tuple[UUID, str], VerdictRow]


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
    nobody = said_of_nobody(declarations=declarations, on=on)
    found = {key: row for key, row in told.items() if _holds(row, on)}
    for subject, judged in judged_by(subjects=subjects).items():
        for rule in judged.intersection(rules).intersection(nobody):
            # What has run out is not what is said of nobody.
            if (subject, rule) not in told:
                found[subject, rule] = VerdictRow(
                    subject=subject, rule=rule, valid_from=on, value=nobody[rule], reasons=[]
                )
    return found


def _holds(row: VerdictRow, on: dt.date) -> bool:
    return row.valid_until is None or row.valid_until > on


def judged_by(*, subjects: Collection[UUID]) -> dict[UUID, frozenset[str]]:
    """The rules by which each of these subjects was judged last."""
    marked = dict(Judged.objects.filter(subject__in=subjects).values_list("subject", "rules"))
    sets = RuleSet.objects.filter(pk__in=set(marked.values())).values_list("id", "rules")
    named = {digest: frozenset(rules) for digest, rules in sets}
    return {subject: named[digest] for subject, digest in marked.items()}
