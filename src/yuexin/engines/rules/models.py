"""Verdicts of subject rules as intervals, so that midnight needs no job. Derived."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class VerdictRow(models.Model):
    """What a rule says of a subject on the days [valid_from, valid_until).

    Kept only where the subject has a record that the rule reads: of all others it says what it
    says of nobody.
    """

    pk = models.CompositePrimaryKey("subject", "rule", "valid_from")
    subject = models.UUIDField()
    rule = models.TextField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    value = models.TextField(null=True)
    reasons = models.JSONField()

    class Meta:
        db_table = "verdict"
        # Of whom a rule says something because of a record: who is proposed, who is listed.
        indexes = (
            models.Index(
                fields=["rule", "value", "subject"],
                condition=~models.Q(reasons=[]),
                name="verdict_said",
            ),
        )


class Judging(models.Model):
    """How often verdicts were written, in the one row of its table: what is counted of verdicts
    holds until the next time."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    times = models.BigIntegerField()

    class Meta:
        db_table = "judging"
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="judging_one_row"),)


class RuleSet(models.Model):
    """The rules that were judged together, by the digest of what they say."""

    id = models.UUIDField(primary_key=True)
    rules = ArrayField(models.TextField())

    class Meta:
        db_table = "rule_set"


class Judged(models.Model):
    """By which rules a subject was judged last."""

    subject = models.UUIDField(primary_key=True)
    rules = models.UUIDField()

    class Meta:
        db_table = "judged"
        indexes = (models.Index(fields=["rules"], name="judged_by_rules"),)
