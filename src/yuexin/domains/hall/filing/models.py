"""What is being filled in, and the draws. A draw and its result are truth: added, never changed."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Draft(models.Model):
    """A filing that is being filled in. Neither truth nor derived: nobody could make it again.

    `thing` is the year or the number of the fact; `values` by column, `lines` of repeated ones.
    """

    filing = models.TextField()
    code = models.TextField()
    thing = models.TextField()
    values = models.JSONField(default=dict)
    lines = models.JSONField(default=dict)
    begun_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    saved_by = models.TextField()

    class Meta:
        db_table = "filing_draft"
        constraints = (
            models.UniqueConstraint(fields=["filing", "code", "thing"], name="filing_draft_once"),
        )


class Teller(models.Model):
    """Where whoever told that a report is false wants to be answered. Shown to nobody, and gone
    with the answer: neither truth nor derived."""

    case = models.TextField(primary_key=True)
    channel = models.TextField()
    address = models.TextField()
    language = models.TextField()

    class Meta:
        db_table = "filing_teller"


class Draw(models.Model):
    """That a share of a year's filings will be drawn. `seed_sha256` binds to a seed that nobody
    outside knows before the draw."""

    number = models.BigIntegerField(primary_key=True)
    filing = models.TextField()
    period = models.IntegerField()
    permille = models.IntegerField()
    seed_sha256 = models.CharField(max_length=64)
    announced_at = models.DateTimeField()
    announced_by = models.TextField()

    class Meta:
        db_table = "draw"
        constraints = (
            models.CheckConstraint(condition=Q(number__gt=0), name="draw_number"),
            models.CheckConstraint(condition=Q(permille__range=(1, 1000)), name="draw_share"),
        )


class DrawResult(models.Model):
    """What was drawn. `population` are the codes drawn from, packed; who was drawn follows, and
    stands in `drawn` for whoever asks what is still to be checked."""

    draw = models.OneToOneField(
        Draw, models.PROTECT, primary_key=True, db_column="draw", related_name="result"
    )
    seed = models.CharField(max_length=64)
    population = models.BinaryField()
    population_sha256 = models.CharField(max_length=64)
    population_count = models.IntegerField()
    drawn = ArrayField(models.TextField(), default=list)
    drawn_count = models.IntegerField()
    drawn_sha256 = models.CharField(max_length=64)
    drawn_at = models.DateTimeField()
    drawn_by = models.TextField()

    class Meta:
        db_table = "draw_result"
        constraints = (
            models.CheckConstraint(
                condition=Q(drawn_count__gte=0) & Q(drawn_count__lte=models.F("population_count")),
                name="draw_result_counts",
            ),
        )
