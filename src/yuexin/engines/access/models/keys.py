"""Keys of the interface: what was issued and ended is truth, the last use is not."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from yuexin.engines.access.models.accounts import Account


class Key(models.Model):
    """A key of the interface. `id` is the part of it that may be shown. Never changed.

    It acts for an account, within a grant that account holds, or for an agency. `networks` are
    the networks it may be used from; none means anywhere, from one address at a time. Only pages
    of `frame_hosts` (origins, as `https://oa.example.org`) may frame what was answered to it.
    """

    id = models.CharField(primary_key=True, max_length=12)
    secret_sha256 = models.CharField(max_length=64, unique=True)
    label = models.TextField()
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="keys")
    agency = models.TextField(default="")
    subject_code = models.TextField(default="")
    role = models.TextField()
    purpose = models.TextField(default="")
    scopes = ArrayField(models.TextField())
    networks = ArrayField(models.TextField(), default=list)
    frame_hosts = ArrayField(models.TextField(), default=list, db_default=[])
    rate_per_minute = models.PositiveIntegerField()
    issued_by = models.TextField()
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "access_key"
        constraints = (
            models.CheckConstraint(
                condition=Q(account__isnull=False) | ~Q(agency=""), name="access_key_acts_for"
            ),
            models.CheckConstraint(condition=Q(rate_per_minute__gt=0), name="access_key_rate"),
        )


class KeyEnd(models.Model):
    """A key was revoked at `ended_at`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.ForeignKey(Key, models.PROTECT, related_name="ends")
    ended_by = models.TextField()
    ended_at = models.DateTimeField()
    reason = models.TextField()

    class Meta:
        db_table = "access_key_end"


class KeyUse(models.Model):
    """From where a key was used last, how often in this minute, when it was refused elsewhere."""

    key = models.OneToOneField(Key, models.CASCADE, primary_key=True, related_name="+")
    origin = models.TextField(default="")
    seen_at = models.DateTimeField(null=True)
    minute = models.DateTimeField(null=True)
    count = models.PositiveIntegerField(default=0)
    refused_elsewhere_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "access_key_use"
