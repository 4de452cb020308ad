"""What an audience may see, already filtered and masked. Derived."""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q


class ReleaseRow(models.Model):
    """One record as one release shows it, on the days [shown_from, shown_until)."""

    record = models.UUIDField(primary_key=True)
    version = models.IntegerField(default=1, db_default=1)
    subject = models.UUIDField()
    kind = models.TextField()
    agency = models.TextField()
    resource = models.TextField()
    event_date = models.DateField(null=True)
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    shown_from = models.DateField()
    shown_until = models.DateField(null=True)
    known_at = models.DateTimeField()
    delivery = models.BigIntegerField()
    row = models.BigIntegerField()
    term_class = models.TextField(default="")
    body = models.JSONField()

    class Meta:
        db_table = "public_row"
        constraints = (
            models.CheckConstraint(
                condition=Q(shown_until__isnull=True) | Q(shown_until__gt=F("shown_from")),
                name="public_row_term",
            ),
        )
        indexes = (
            models.Index(fields=["subject"], name="public_row_subject"),
            models.Index(
                fields=["agency", "kind", "-event_date", "record"], name="public_row_page"
            ),
            # Rows come in the order of the days on which they begin to be shown.
            BrinIndex(fields=["shown_from"], name="public_row_shown_from", autosummarize=True),
        )
