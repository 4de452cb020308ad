"""Until when a body's looks at a subject are kept from it, as it was approved."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class LookDelay(models.Model):
    """That whoever acts for the subject learns only from the day `until` on of the looks that the
    body made from `since` on: asked for by one officer and approved by another, in a case. Truth:
    added and never changed. Of several of one case the last holds, so one that ends early or goes
    on is a row more."""

    subject_code = models.TextField()
    body = models.TextField()
    since = models.DateTimeField()
    until = models.DateField()
    case = models.TextField()
    act = models.IntegerField()
    reason = models.TextField()
    basis = models.TextField()
    asked_by = models.TextField()
    approved_by = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "look_delay"
        constraints = (
            models.UniqueConstraint(fields=["case", "act"], name="look_delay_act"),
            models.CheckConstraint(
                condition=~Q(asked_by=F("approved_by")) & ~Q(asked_by="") & ~Q(approved_by=""),
                name="look_delay_four_eyes",
            ),
        )
        indexes = (models.Index(fields=["subject_code", "body"], name="look_delay_of"),)
