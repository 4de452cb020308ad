"""What came in. These tables are truth: rows are added and never changed."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Adoption(models.Model):
    """A snapshot of declarations that deliveries were read under, kept whole."""

    digest = models.CharField(max_length=64, primary_key=True)
    adopted_at = models.DateTimeField()
    archive = models.BinaryField()

    class Meta:
        db_table = "adoption"


class Delivery(models.Model):
    """One file as received. `chain` is the digest over the previous chain and this row."""

    number = models.BigIntegerField(primary_key=True)
    resource = models.TextField()
    agency = models.TextField()
    channel = models.TextField()
    file_name = models.TextField()
    format = models.TextField()
    size_bytes = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    declared_rows = models.BigIntegerField(null=True)
    declared_sha256 = models.CharField(max_length=64, default="")
    linked_to = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True)
    intent = models.TextField(default="report")
    submitted_by = models.TextField()
    idempotency_key = models.TextField(default="")
    received_at = models.DateTimeField()
    declarations = models.ForeignKey(Adoption, models.PROTECT, related_name="+")
    previous = models.CharField(max_length=64)
    chain = models.CharField(max_length=64)

    class Meta:
        db_table = "delivery"
        constraints = (
            models.CheckConstraint(condition=Q(number__gt=0), name="delivery_number_positive"),
            models.CheckConstraint(condition=Q(size_bytes__gte=0), name="delivery_size"),
            models.CheckConstraint(
                condition=Q(linked_to__isnull=True) | Q(linked_to__lt=F("number")),
                name="delivery_links_backwards",
            ),
            models.UniqueConstraint(fields=["chain"], name="delivery_chain_once"),
            models.UniqueConstraint(
                fields=["submitted_by", "idempotency_key"],
                condition=~Q(idempotency_key=""),
                name="delivery_key_once",
            ),
        )


class Receipt(models.Model):
    """What became of a delivery: written once, with the transaction that folded it."""

    delivery = models.OneToOneField(
        Delivery, models.PROTECT, primary_key=True, db_column="delivery", related_name="receipt"
    )
    state = models.TextField()
    refusal = models.JSONField(null=True)
    rows_received = models.BigIntegerField(default=0)
    rows_ok = models.BigIntegerField(default=0)
    rows_waiting = models.BigIntegerField(default=0)
    rows_rejected = models.BigIntegerField(default=0)
    rows_new = models.BigIntegerField(default=0)
    rows_changed = models.BigIntegerField(default=0)
    rows_unchanged = models.BigIntegerField(default=0)
    findings = models.JSONField(default=list)
    loaded_at = models.DateTimeField()
    signature = models.CharField(max_length=128, default="")

    class Meta:
        db_table = "receipt"
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=["folded", "refused"]), name="receipt_state"
            ),
            models.CheckConstraint(
                condition=Q(rows_received=F("rows_ok") + F("rows_waiting") + F("rows_rejected")),
                name="receipt_every_row_counted",
            ),
            models.CheckConstraint(
                condition=Q(rows_ok=F("rows_new") + F("rows_changed") + F("rows_unchanged")),
                name="receipt_every_good_row_counted",
            ),
        )
