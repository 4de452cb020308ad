"""Rows that did not become records, held with their reasons, and how good deliveries were.

All of it is derived.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Quarantined(models.Model):
    """A row that failed a check, as delivered, with every finding."""

    pk = models.CompositePrimaryKey("delivery", "row")
    delivery = models.BigIntegerField()
    row = models.BigIntegerField()
    raw = models.JSONField()
    findings = models.JSONField()

    class Meta:
        db_table = "quarantined"


class Waiting(models.Model):
    """A good row whose subject is not certain yet. `staged` is all that folding it needs; by `core`
    and `sound` it is found when somebody of that name becomes known, as in `subject_name`."""

    pk = models.CompositePrimaryKey("agency", "resource", "content")
    agency = models.TextField()
    resource = models.TextField()
    content = models.UUIDField()
    delivery = models.BigIntegerField()
    row = models.BigIntegerField()
    reason = models.TextField()
    uscc = models.TextField(null=True)
    org_code = models.TextField(null=True)
    reg_no = models.TextField(null=True)
    name_key = models.TextField(null=True)
    core = models.TextField(default="", db_default="")
    sound = models.TextField(default="", db_default="")
    mention = models.UUIDField()
    staged = models.JSONField()

    class Meta:
        db_table = "waiting"
        indexes = (
            models.Index(fields=["uscc"], name="waiting_uscc"),
            models.Index(fields=["org_code"], name="waiting_org_code"),
            models.Index(fields=["reg_no"], name="waiting_reg_no"),
            models.Index(fields=["delivery", "reason"], name="waiting_reason"),
            models.Index(fields=["mention"], name="waiting_mention"),
            models.Index(fields=["core"], name="waiting_core"),
            models.Index(fields=["sound"], name="waiting_sound"),
        )


class LedRow(models.Model):
    """A row that a judgement led to its subject, as it waited: taken back, it waits again.

    `corrected` is the record that it superseded, `withdrew` what was public of that.
    """

    pk = models.CompositePrimaryKey("agency", "resource", "content")
    agency = models.TextField()
    resource = models.TextField()
    content = models.UUIDField()
    delivery = models.BigIntegerField()
    row = models.BigIntegerField()
    reason = models.TextField()
    uscc = models.TextField(null=True)
    org_code = models.TextField(null=True)
    reg_no = models.TextField(null=True)
    name_key = models.TextField(null=True)
    mention = models.UUIDField()
    staged = models.JSONField()
    subject = models.UUIDField()
    judgement = models.BigIntegerField()
    corrected = models.UUIDField(null=True)
    withdrew = models.JSONField(null=True)

    class Meta:
        db_table = "led_row"
        indexes = (
            models.Index(fields=["mention"], name="led_row_mention"),
            models.Index(fields=["delivery"], name="led_row_delivery"),
        )


class Verification(models.Model):
    """A check of everything received and noted: asked for, then done. It belongs to the backup."""

    asked_by = models.TextField()
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    deliveries = models.BigIntegerField(default=0)
    head = models.CharField(max_length=64, default="")
    problems = models.JSONField(default=list)
    rebuilt = models.JSONField(null=True)

    class Meta:
        db_table = "verification"


class DeliveryMeasure(models.Model):
    """How good a delivery was by one measure: `numerator` of `denominator`, as it was folded."""

    pk = models.CompositePrimaryKey("delivery", "measure")
    delivery = models.BigIntegerField()
    measure = models.TextField()
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField()

    class Meta:
        db_table = "delivery_measure"
        constraints = (
            models.CheckConstraint(
                condition=Q(numerator__gte=0, numerator__lte=F("denominator"), denominator__gt=0),
                name="delivery_measure_share",
            ),
        )


class DeliveryLag(models.Model):
    """How many new events of a delivery were `days` civil days old when it was received."""

    pk = models.CompositePrimaryKey("delivery", "days")
    delivery = models.BigIntegerField()
    days = models.IntegerField()
    rows = models.BigIntegerField()

    class Meta:
        db_table = "delivery_lag"
        constraints = (
            models.CheckConstraint(
                condition=Q(days__gte=0, rows__gt=0), name="delivery_lag_positive"
            ),
        )
