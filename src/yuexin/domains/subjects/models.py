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
    """Another number that current records claim for a subject. One that two claim leads nowhere.

    Held from `valid_from` until before `valid_until`; first said by `row` of `delivery`.
    """

    pk = models.CompositePrimaryKey("scheme", "value", "subject")
    scheme = models.TextField()
    value = models.TextField()
    subject = models.UUIDField()
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    delivery = models.BigIntegerField()
    row = models.BigIntegerField()

    class Meta:
        db_table = "alias"
        indexes = (models.Index(fields=["subject"], name="alias_subject"),)


class SubjectName(models.Model):
    """A name that current records say a subject has or had, with its bigrams for the search.

    `core` is the name without region and legal form, `sound` how that is read: both follow from
    the key (`linkage.parts`), and lead from a row to the subjects it may be about.
    Borne from `valid_from`, none where unknown, until before `valid_until`, none while in force;
    known since `known_at`, first said by `row` of `delivery`.
    """

    pk = models.CompositePrimaryKey("subject", "key")
    subject = models.UUIDField()
    key = models.TextField()
    name = models.TextField()
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    known_at = models.DateTimeField()
    delivery = models.BigIntegerField()
    row = models.BigIntegerField()
    searchable = models.BooleanField(default=True)
    grams = ArrayField(models.TextField())
    core = models.TextField(default="")
    sound = models.TextField(default="")

    class Meta:
        db_table = "subject_name"
        indexes = (
            GinIndex(fields=["grams"], name="subject_name_grams"),
            models.Index(fields=["core"], name="subject_name_core"),
            models.Index(fields=["sound"], name="subject_name_sound"),
        )
