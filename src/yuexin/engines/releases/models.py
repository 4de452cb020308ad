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


class TakenDown(models.Model):
    """A version of a record that was taken down before its time: it left the public before the end
    of its term, was taken back, or was followed by one that says that it counts no more. `ended`:
    so it is; else a case changed it otherwise, or a judgement found that it was another's.

    It was taken down at `ended_at`, with the fold of `folded_in`, by a row of `agency` ('' where
    it was read again). `shown_from` is the day since when the public saw it, where it still did.
    `opened`: whoever had been shown it was looked for.
    """

    record = models.UUIDField(primary_key=True)
    subject = models.UUIDField()
    kind = models.TextField()
    agency = models.TextField()
    folded_in = models.BigIntegerField()
    ended_at = models.DateTimeField()
    shown_from = models.DateField(null=True)
    ended = models.BooleanField()
    opened = models.BooleanField(default=False, db_default=False)

    class Meta:
        db_table = "taken_down"
        indexes = (
            models.Index(fields=["subject"], name="taken_down_subject"),
            models.Index(fields=["folded_in"], name="taken_down_folded"),
            models.Index(fields=["ended_at"], name="taken_down_ended"),
            models.Index(
                fields=["folded_in"], condition=Q(opened=False), name="taken_down_unopened"
            ),
        )
