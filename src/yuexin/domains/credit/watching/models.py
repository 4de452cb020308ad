"""Followers and subscribed calendars: neither truth nor derived, they belong to the backup."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class Follow(models.Model):
    """Somebody follows the firm of a code by e-mail, once he has confirmed that the address is
    his own. The address is kept under a key of the installation, and known by its digest.

    `told_until` is the last day of which he was told.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.TextField()
    digest = models.CharField(max_length=64)
    sealed = models.BinaryField()
    language = models.TextField()
    asked_at = models.DateTimeField()
    asked = models.IntegerField(default=1)
    confirmed_at = models.DateTimeField(null=True)
    told_until = models.DateField(null=True)

    class Meta:
        db_table = "follow"
        constraints = (
            models.UniqueConstraint(fields=["digest", "code"], name="follow_once"),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(told_until__isnull=False),
                name="follow_begun",
            ),
            models.CheckConstraint(condition=Q(language__in=["zh", "en"]), name="follow_language"),
        )
        indexes = (
            models.Index(fields=["code"], name="follow_code"),
            models.Index(
                fields=["told_until"],
                condition=Q(confirmed_at__isnull=False),
                name="follow_due",
            ),
        )


class CalendarFeed(models.Model):
    """An address under which an account's calendar of a firm is read without signing in, as long
    as the account acts for the firm. Only the digest of its secret is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    login = models.TextField()
    code = models.TextField()
    secret_sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "calendar_feed"
        constraints = (models.UniqueConstraint(fields=["login", "code"], name="calendar_feed_one"),)
