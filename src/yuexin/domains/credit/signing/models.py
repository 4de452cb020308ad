"""What was signed for all who were proposed at once, and how far it was carried out. These tables
are truth: rows are added, never changed or removed."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Signature(models.Model):
    """An officer's signature for each of `codes`, whom a rule proposed for a process when he
    signed. `city` is empty where he signed for all cities."""

    number = models.BigAutoField(primary_key=True)
    process = models.TextField()
    city = models.TextField(default="")
    codes = ArrayField(models.TextField())
    reason = models.TextField(default="")
    at = models.DateTimeField()
    actor = models.TextField()
    role = models.TextField()
    agency = models.TextField()
    division = models.TextField(default="")

    class Meta:
        db_table = "signature"


class SignaturePart(models.Model):
    """What became of the `part`th of its codes: how many cases were opened; how many were no longer
    proposed; for whom none could be opened, each as code and the reason in Chinese and English."""

    signature = models.ForeignKey(Signature, models.PROTECT, related_name="parts")
    part = models.IntegerField()
    at = models.DateTimeField()
    opened = models.IntegerField()
    passed_over = models.IntegerField()
    refused = models.JSONField(default=list)

    class Meta:
        db_table = "signature_part"
        constraints = (
            models.UniqueConstraint(fields=["signature", "part"], name="signature_part_once"),
        )


class SignatureStop(models.Model):
    """That an officer stopped what was not carried out yet, and why. Whoever had no case by then is
    proposed as before."""

    signature = models.OneToOneField(
        Signature, models.PROTECT, primary_key=True, related_name="stop"
    )
    at = models.DateTimeField()
    actor = models.TextField()
    reason = models.TextField()

    class Meta:
        db_table = "signature_stop"
