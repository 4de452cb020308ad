"""Who the records are about: one code, one collection. Derived."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Substr


class Subject(models.Model):
    """A market entity. `id` is its earliest anchor, `code` its address; `prominence` orders those
    that a search finds, the smallest first."""

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
    prominence = models.SmallIntegerField(default=0, db_default=0)
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
    """A name that current records say a subject has or had, with what it is found by: its bigrams
    and marks (`sounding`), and its `rank` among all, the smallest first.

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
    rank = models.IntegerField(default=0, db_default=0)
    grams = ArrayField(models.TextField())

    class Meta:
        db_table = "subject_name"
        indexes = (
            GinIndex(fields=["grams"], name="subject_name_grams"),
            # A search that walks names in their order reads nothing but this.
            models.Index(
                fields=["rank", "key"],
                include=["subject"],
                condition=models.Q(searchable=True),
                name="subject_name_rank",
            ),
        )
