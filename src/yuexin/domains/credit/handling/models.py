"""Checks, what came of them, and who confirmed. These tables are truth: rows are added, never
changed or removed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class HandlingCheck(models.Model):
    """A check as it was asked and answered. `answer` is the canonical JSON of all of it, `digest`
    is over that; the other columns repeat what is searched or counted by."""

    number = models.TextField(primary_key=True)
    at = models.DateTimeField()
    actor = models.TextField()
    agency = models.TextField()
    channel = models.TextField()
    scene = models.TextField()
    item = models.TextField(default="")
    case_no = models.TextField(default="")
    subjects = models.IntegerField()
    overall = models.TextField()
    must_ack = models.BooleanField()
    due = models.DateField()
    asked = models.TextField()
    answer = models.TextField()
    digest = models.CharField(max_length=64)

    class Meta:
        db_table = "handling_check"
        indexes = (
            models.Index(fields=["agency", "-at"], name="handling_check_agency"),
            models.Index(fields=["at"], name="handling_check_at"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(channel__in=["desk", "gateway", "console"]),
                name="handling_check_channel",
            ),
            models.CheckConstraint(
                condition=Q(
                    overall__in=[
                        "", "ease", "inform", "advisory", "must_consider", "mandatory_deny",
                    ]
                ),
                name="handling_check_overall",
            ),
        )  # fmt: skip


class HandlingTrigger(models.Model):
    """A measure that a check's answer called for of a subject: what feedback is due on. `subject`
    is the code under which his file went on then."""

    check_no = models.ForeignKey(HandlingCheck, models.PROTECT, related_name="triggers")
    subject = models.TextField()
    measure = models.TextField()
    strength = models.TextField()
    incentive = models.BooleanField()

    class Meta:
        db_table = "handling_trigger"
        constraints = (
            models.UniqueConstraint(
                fields=["check_no", "subject", "measure"], name="handling_trigger_once"
            ),
        )
        indexes = (models.Index(fields=["subject", "measure"], name="handling_trigger_subject"),)


class HandlingFeedback(models.Model):
    """What a body did after a check: once for each measure of each subject."""

    trigger = models.OneToOneField(HandlingTrigger, models.PROTECT, related_name="feedback")
    at = models.DateTimeField()
    actor = models.TextField()
    agency = models.TextField()
    applied = models.BooleanField()
    result = models.TextField(default="")
    done_on = models.DateField(null=True)
    doc_no = models.TextField(default="")
    basis = models.TextField(default="")
    reason = models.TextField(default="")
    withdrawn_on = models.DateField(null=True)

    class Meta:
        db_table = "handling_feedback"
        constraints = (
            models.CheckConstraint(
                condition=Q(applied=True, done_on__isnull=False) & ~Q(result="")
                | Q(applied=False) & ~Q(reason=""),
                name="handling_feedback_whole",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | Q(applied=True),
                name="handling_feedback_withdrawn",
            ),
        )


class HandlingAct(models.Model):
    """What else somebody did about a check: took note of it, signed a refusal, or confirmed that
    a measure ended; each once."""

    check_no = models.ForeignKey(HandlingCheck, models.PROTECT, related_name="acts")
    kind = models.TextField()
    subject = models.TextField(default="")
    measure = models.TextField(default="")
    at = models.DateTimeField()
    actor = models.TextField()
    agency = models.TextField()
    detail = models.JSONField(default=dict)

    class Meta:
        db_table = "handling_act"
        constraints = (
            models.UniqueConstraint(
                fields=["check_no", "kind", "subject", "measure"], name="handling_act_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["acknowledged", "refusal_signed", "lifting_confirmed"]),
                name="handling_act_kind",
            ),
        )
