"""Cases: what was done in them is truth, what follows of it is derived."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class CaseAct(models.Model):
    """One step of a case, numbered within it. Never changed, never removed.

    `about` says in the first act of whom and of what the case is, by codes and keys that a rebuild
    keeps. `on` is the civil day. Who acted did so in a `role`, for an `agency`, as a `party`.
    """

    pk = models.CompositePrimaryKey("case", "number")
    case = models.TextField()
    number = models.IntegerField()
    process = models.TextField()
    step = models.TextField()
    outcome = models.TextField(default="")
    on = models.DateField()
    at = models.DateTimeField()
    actor = models.TextField()
    role = models.TextField()
    agency = models.TextField(default="")
    party = models.TextField()
    form = models.JSONField(default=dict)
    reason = models.TextField(default="")
    about = models.JSONField(default=dict)
    declarations = models.CharField(max_length=64)

    class Meta:
        db_table = "case_act"
        constraints = (
            models.CheckConstraint(condition=Q(number__gte=1), name="case_act_number"),
            models.CheckConstraint(condition=Q(number=1) | Q(about={}), name="case_act_about"),
        )
        indexes = (
            models.Index(fields=["case"], condition=~Q(outcome=""), name="case_act_outcome"),
        )


class CasePaper(models.Model):
    """A document handed in with a step. The file lies in the home under its digest."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.TextField()
    act = models.IntegerField()
    slot = models.TextField()
    name = models.TextField()
    sha256 = models.CharField(max_length=64)
    size_bytes = models.BigIntegerField()
    media_type = models.TextField()
    scan = models.TextField()

    class Meta:
        db_table = "case_paper"
        constraints = (
            models.CheckConstraint(
                condition=Q(scan__in=["clean", "unscanned"]), name="case_paper_scan"
            ),
        )
        indexes = (models.Index(fields=["case"], name="case_paper_case"),)


class CaseEffect(models.Model):
    """What became of the outcome of an act: the delivery or the grant it was made into, or why it
    could not be, so that an officer sees to it. Where a step that is due by time could not be
    taken, `act` is the number of the act before it, negative. Added once, never changed."""

    pk = models.CompositePrimaryKey("case", "act")
    case = models.TextField()
    act = models.IntegerField()
    at = models.DateTimeField()
    delivery = models.BigIntegerField(null=True)
    grant = models.UUIDField(null=True)
    trouble = models.TextField(default="")
    words_zh = models.TextField(default="")
    words_en = models.TextField(default="")

    class Meta:
        db_table = "case_effect"


class CaseFile(models.Model):
    """A case as it stands, for lists. Derived from its acts: a rebuild makes it again.

    `record` is the record as it was when the case was opened; its `kind` and `source_key` lead to
    what stands in its place now. `seen` is the number of the last act. `due` is the day on which
    the clock that runs out first does; `waits` the clocks by whose end a step is due.
    """

    number = models.TextField(primary_key=True)
    process = models.TextField()
    subject = models.UUIDField()
    code = models.TextField()
    record = models.UUIDField(null=True)
    kind = models.TextField(default="")
    source_key = models.TextField(default="")
    office = models.TextField()
    applicant = models.TextField(default="")
    state = models.TextField()
    is_open = models.BooleanField()
    flags = models.BooleanField()
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    due = models.DateField(null=True)
    provisional = models.BooleanField(default=False)
    waits = ArrayField(models.TextField(), default=list)
    seen = models.IntegerField()

    class Meta:
        db_table = "case_file"
        indexes = (
            models.Index(fields=["office", "is_open", "due"], name="case_file_office"),
            models.Index(fields=["subject", "process"], name="case_file_subject"),
            models.Index(fields=["applicant"], name="case_file_applicant"),
            models.Index(
                fields=["kind", "source_key"], condition=Q(flags=True), name="case_file_flags"
            ),
            models.Index(fields=["due"], condition=~Q(waits=[]), name="case_file_waits"),
        )
