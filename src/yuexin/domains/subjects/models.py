"""Who the records are about: one code, one collection. Derived, but for what was judged."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, HashIndex
from django.db import models
from django.db.models.functions import Substr


class Subject(models.Model):
    """A market entity under one code, its address. One that was judged the same as another is
    `joined_to` the subject under whose code their file goes on. `prominence` orders those that a
    search finds, the smallest first. `represented_by` is whom its registration names as the person
    who acts for it, `gone` that nobody does any more."""

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
    represented_by = models.TextField(default="", db_default="")
    gone = models.BooleanField(default=False, db_default=False)
    doubtful = models.BooleanField(default=False, db_default=False)
    prominence = models.SmallIntegerField(default=0, db_default=0)
    delivery = models.BigIntegerField()
    row = models.BigIntegerField()
    joined_to = models.UUIDField(null=True)

    class Meta:
        db_table = "subject"
        indexes = (
            models.Index(Substr("code", 9, 9), name="subject_org_code"),
            models.Index(
                fields=["joined_to"],
                condition=models.Q(joined_to__isnull=False),
                name="subject_joined",
            ),
        )


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
    and cues (`sounding`), and its `rank` among all, the smallest first.

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
    rank = models.IntegerField(default=0, db_default=0)
    grams = ArrayField(models.TextField())
    core = models.TextField(default="")
    sound = models.TextField(default="")

    class Meta:
        db_table = "subject_name"
        indexes = (
            GinIndex(fields=["grams"], name="subject_name_grams"),
            # A list asks for thousands of whole names at once.
            HashIndex(fields=["key"], name="subject_name_key"),
            models.Index(fields=["core"], name="subject_name_core"),
            models.Index(fields=["sound"], name="subject_name_sound"),
            # A search that walks names in their order reads nothing but this.
            models.Index(
                fields=["rank", "key"],
                include=["subject"],
                condition=models.Q(searchable=True),
                name="subject_name_rank",
            ),
        )


class Judgement(models.Model):
    """What somebody said of a pair: truth, added and never changed. Of each pair the last counts.

    `about` is a mention (the digest of what rows say of whom they are about) or, where `of_kind`
    says so, a subject. `author` is an account, or the matcher, then with the digest of its `model`.
    `parts` tells for each field how far it agreed and what that weighs. What is judged in one act
    shares the `act`, the first of its numbers. `after` is the last
    delivery that was folded then, or that was being folded, where so said by `folding`. One that
    `awaits` a second person holds once another author `seconds` it. What follows is derived under
    `declarations`.
    """

    number = models.BigIntegerField(primary_key=True)
    act = models.BigIntegerField()
    about = models.UUIDField()
    of_kind = models.TextField()
    subject = models.UUIDField()
    verdict = models.TextField()
    author = models.TextField()
    model = models.TextField(default="", db_default="")
    weight = models.FloatField(null=True)
    parts = models.JSONField(default=dict, db_default={})
    reason = models.TextField(default="", db_default="")
    awaits = models.BooleanField(default=False, db_default=False)
    seconds = models.BigIntegerField(null=True)
    after = models.BigIntegerField()
    folding = models.BooleanField(default=False, db_default=False)
    declarations = models.CharField(max_length=64)
    judged_at = models.DateTimeField()

    class Meta:
        db_table = "judgement"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(verdict__in=["same", "different", "unsure", "taken_back"]),
                name="judgement_verdict",
            ),
            models.CheckConstraint(
                condition=models.Q(of_kind__in=["mention", "subject"]), name="judgement_of"
            ),
        )
        indexes = (
            models.Index(fields=["about", "subject", "number"], name="judgement_pair"),
            models.Index(fields=["subject", "number"], name="judgement_subject"),
            models.Index(fields=["after", "number"], name="judgement_after"),
            # What people say that may undo something, and of two subjects: a few among many.
            models.Index(
                fields=["subject", "number"],
                condition=models.Q(model="") & ~models.Q(verdict="same"),
                name="judgement_undoing",
            ),
            models.Index(
                fields=["subject", "number"],
                condition=models.Q(of_kind="subject"),
                name="judgement_of_subjects",
            ),
        )


class JudgedPair(models.Model):
    """What holds of a mention and a subject: the last that was judged of them, same or not."""

    pk = models.CompositePrimaryKey("mention", "subject")
    mention = models.UUIDField()
    subject = models.UUIDField()
    same = models.BooleanField()
    judgement = models.BigIntegerField()

    class Meta:
        db_table = "judged_pair"
        constraints = (
            models.UniqueConstraint(
                fields=["mention"], condition=models.Q(same=True), name="judged_pair_one"
            ),
        )
        indexes = (models.Index(fields=["subject"], name="judged_pair_subject"),)


class JoinedPair(models.Model):
    """What holds of two subjects: one goes on under the code of another, by a judgement."""

    subject = models.UUIDField(primary_key=True)
    goes_on_as = models.UUIDField()
    judgement = models.BigIntegerField()

    class Meta:
        db_table = "joined_pair"


class Echo(models.Model):
    """A record that says what a later one of the same file says under another code: it counts for
    nothing while they are joined. `withdrew` is what was public of it."""

    record = models.UUIDField(primary_key=True)
    subject = models.UUIDField()
    withdrew = models.JSONField(null=True)

    class Meta:
        db_table = "echo"
        indexes = (models.Index(fields=["subject"], name="echo_subject"),)


class WhatIf(models.Model):
    """What somebody asked to be tried, and what was found. `digest` names what was asked of which
    declarations. Who needs it again asks again: it is neither truth nor made by a rebuild."""

    asked_by = models.TextField()
    asked_at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    asked = models.JSONField()
    done_at = models.DateTimeField(null=True)
    found = models.JSONField(null=True)
    refused = models.JSONField(null=True)

    class Meta:
        db_table = "what_if"
        constraints = (
            models.UniqueConstraint(
                fields=["asked_by"],
                condition=models.Q(done_at__isnull=True),
                name="what_if_one_at_a_time",
            ),
        )
        indexes = (models.Index(fields=["asked_by", "-asked_at"], name="what_if_asked"),)


class KeptRulebook(models.Model):
    """What follows from the rules of some declarations on a day, whoever is judged. Neither truth
    nor made by a rebuild."""

    pk = models.CompositePrimaryKey("declared", "day")
    declared = models.TextField()
    day = models.DateField()
    said = models.JSONField()

    class Meta:
        db_table = "rulebook"


class RecallReceiver(models.Model):
    """Somebody who was shown a version of a record that was then taken down, by his look in the
    journal. Follows from both, and is found again after a rebuild."""

    pk = models.CompositePrimaryKey("record", "actor")
    record = models.UUIDField()
    actor = models.TextField()

    class Meta:
        db_table = "recall_receiver"
        indexes = (models.Index(fields=["actor"], name="recall_receiver_actor"),)
