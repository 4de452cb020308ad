"""Facts about subjects. Derived: a rebuild makes every row again from the deliveries."""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q


class Record(models.Model):
    """One version of one fact: valid from–until in the world, known from–until here.

    `delivery` and `row` are its source; `folded_in` is the delivery whose fold placed it, later
    than `delivery` for a row that waited.
    """

    id = models.UUIDField(primary_key=True)
    subject = models.UUIDField()
    kind = models.TextField()
    source_key = models.TextField()
    version = models.IntegerField()
    event_date = models.DateField(null=True)
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    known_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)
    delivery = models.BigIntegerField()
    row = models.BigIntegerField()
    folded_in = models.BigIntegerField()
    content = models.UUIDField()
    body = models.JSONField()

    class Meta:
        db_table = "record"
        constraints = (
            models.UniqueConstraint(
                fields=["subject", "kind", "source_key"],
                condition=Q(superseded_at__isnull=True),
                name="record_one_current",
            ),
        )
        # The current ones are found by the index above.
        indexes = (
            models.Index(
                fields=["subject"],
                condition=Q(superseded_at__isnull=False),
                name="record_superseded",
            ),
            # Entries that left their list, which are few, are announced over all subjects.
            models.Index(
                fields=["kind"],
                condition=Q(superseded_at__isnull=True, body__has_key="remove_date"),
                name="record_removed",
            ),
            # What was promised and not checked yet is looked for over all subjects.
            models.Index(
                fields=["event_date"],
                condition=Q(superseded_at__isnull=True, body__has_key="commitment_date")
                & ~Q(body__has_key="check_date"),
                name="record_promised",
            ),
            # Records of a delivery lie together, but for what waited or was corrected: several
            # ranges for each block of pages find what a row became.
            BrinIndex(
                fields=["delivery", "row"],
                name="record_source",
                opclasses=["int8_minmax_multi_ops", "int8_minmax_multi_ops"],
                autosummarize=True,
            ),
        )
