"""Who the records are about: one code, one collection. Derived."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Substr


class Subject(models.Model):
    """A market entity. `id` is its earliest anchor, `code` its address."""

    id = models.UUIDField(primary_key=True)
    code = models.TextField(unique=True)
    name = models.TextField()
    sole_trader = models.BooleanField()
    named_after_person = models.BooleanField(default=False, db_default=False)
    entity_type = models.TextField(default="")
    city = models.TextField(default="")
    est_date = models.DateField(null=True)
    authority = models.SmallIntegerField(default=0)
    state_from = models.DateField(null=True)
    doubtful = models.BooleanField(default=False, db_default=False)
    delivery = models.BigIntegerField()
    row = models.BigIntegerField()

    class Meta:
        db_table = "subject"
        indexes = (models.Index(Substr("code", 9, 9), name="subject_org_code"),)


class Alias(models.Model):
    """Another number of a subject. A contested one, claimed by two subjects, resolves nothing."""

    pk = models.CompositePrimaryKey("scheme", "value")
    scheme = models.TextField()
    value = models.TextField()
    subject = models.UUIDField()
    contested = models.BooleanField(default=False)
    delivery = models.BigIntegerField()
    row = models.BigIntegerField()

    class Meta:
        db_table = "alias"
        indexes = (models.Index(fields=["subject"], name="alias_subject"),)


class SubjectName(models.Model):
    """A name a subject has or had, with its bigrams for the search."""

    pk = models.CompositePrimaryKey("subject", "key")
    subject = models.UUIDField()
    key = models.TextField()
    name = models.TextField()
    known_at = models.DateTimeField()
    searchable = models.BooleanField(default=True)
    grams = ArrayField(models.TextField())

    class Meta:
        db_table = "subject_name"
        indexes = (GinIndex(fields=["grams"], name="subject_name_grams"),)
