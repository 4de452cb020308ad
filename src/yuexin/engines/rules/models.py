"""Verdicts of subject rules as intervals, so that midnight needs no job. Derived."""

from __future__ import annotations

from django.db import models


class VerdictRow(models.Model):
    """What a rule says of a subject on the days [valid_from, valid_until)."""

    pk = models.CompositePrimaryKey("subject", "rule", "valid_from")
    subject = models.UUIDField()
    rule = models.TextField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    value = models.TextField(null=True)
    reasons = models.JSONField()

    class Meta:
        db_table = "verdict"
