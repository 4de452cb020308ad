"""The journal: changes and looks, append-only, chained in sealed batches."""

from __future__ import annotations

from django.db import models


class Seal(models.Model):
    """A sealed batch of one stream; `chain` covers the previous seal and the batch's digest."""

    stream = models.TextField()
    number = models.BigIntegerField()
    entries = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    chain = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        db_table = "journal_seal"
        constraints = (
            models.UniqueConstraint(fields=["stream", "number"], name="journal_seal_number"),
        )


class Entry(models.Model):
    """Who did or saw what, when, and for which purpose."""

    stream = models.TextField()
    at = models.DateTimeField()
    actor = models.TextField()
    action = models.TextField()
    thing = models.TextField()
    detail = models.JSONField(default=dict)
    seal = models.ForeignKey(Seal, models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "journal_entry"
        indexes = (
            models.Index(
                fields=["stream", "id"],
                name="journal_unsealed",
                condition=models.Q(seal__isnull=True),
            ),
            models.Index(fields=["thing"], name="journal_by_thing"),
            models.Index(
                fields=["actor"],
                name="journal_of_delegates",
                condition=models.Q(detail__has_key="for"),
            ),
        )
