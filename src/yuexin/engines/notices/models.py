"""What was told, and each attempt, are truth. Errands, reads, contacts and wishes are kept."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from yuexin.engines.access.models import Account, TextedCode

CHANNELS = ["email", "sms", "wechat", "weibo"]
OUTCOMES = ["sent", "spooled", "failed", "given_up", "dropped", "delivered", "undelivered"]


class Notice(models.Model):
    """What was told to one recipient, once under its `key`. Never changed.

    `recipient` is `account:<login>`, `office:<agency>`, or `<channel>:<digest of an address>`.
    `said` is the text in both languages as it was told; what was secret in it is left out.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.TextField()
    recipient = models.TextField()
    declared = models.TextField()
    declarations = models.CharField(max_length=64)
    values = models.JSONField()
    about = models.TextField(default="")
    said = models.JSONField()
    link = models.TextField(default="")
    in_app = models.BooleanField()
    told_at = models.DateTimeField()

    class Meta:
        db_table = "notice"
        constraints = (
            models.UniqueConstraint(fields=["key", "recipient"], name="notice_once"),
            models.CheckConstraint(condition=~Q(key=""), name="notice_key"),
        )
        indexes = (
            models.Index(fields=["recipient", "-told_at"], name="notice_inbox"),
            models.Index(fields=["about"], name="notice_about"),
        )


class NoticeAttempt(models.Model):
    """One try to send a notice by a channel, or what the provider reported later. Never changed.
    `errand` is the id by which the provider knows the message. `values` are those with which it
    went out to everybody, where they were looked up at that moment; of nobody else's."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="attempts")
    errand = models.UUIDField()
    channel = models.TextField()
    number = models.IntegerField()
    at = models.DateTimeField()
    outcome = models.TextField()
    receipt = models.TextField(default="")
    error = models.TextField(default="")
    values = models.JSONField(null=True)

    class Meta:
        db_table = "notice_attempt"
        constraints = (
            models.UniqueConstraint(
                fields=["errand", "number", "outcome"], name="notice_attempt_once"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=OUTCOMES), name="notice_attempt_outcome"
            ),
            models.CheckConstraint(
                condition=Q(channel__in=CHANNELS), name="notice_attempt_channel"
            ),
        )
        indexes = (models.Index(fields=["channel", "receipt"], name="notice_attempt_receipt"),)


class NoticeErrand(models.Model):
    """A message that is still to go out: gone with its address and its secrets once it has.
    `leave` is the path by which its reader stops such messages.

    A sender claims it until `claimed_until`; another takes it up after that.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="errands")
    channel = models.TextField()
    address = models.TextField()
    language = models.TextField()
    secret = models.JSONField(default=dict)
    leave = models.TextField(default="")
    urgent = models.BooleanField()
    due_at = models.DateTimeField()
    tries = models.IntegerField(default=0)
    claimed_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "notice_errand"
        constraints = (
            models.CheckConstraint(condition=Q(channel__in=CHANNELS), name="notice_errand_channel"),
            models.CheckConstraint(
                condition=Q(language__in=["zh", "en"]), name="notice_errand_language"
            ),
        )
        indexes = (models.Index(fields=["due_at"], name="notice_errand_due"),)


class NoticeRead(models.Model):
    """An account has read a notice; of an office's, for itself."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="reads")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        db_table = "notice_read"
        constraints = (
            models.UniqueConstraint(fields=["notice", "account"], name="notice_read_once"),
        )


class Contact(models.Model):
    """A verified address of an account, one for each channel."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="contacts")
    channel = models.TextField()
    address = models.TextField()
    verified_at = models.DateTimeField()

    class Meta:
        db_table = "notice_contact"
        constraints = (
            models.UniqueConstraint(fields=["account", "channel"], name="notice_contact_one"),
            models.CheckConstraint(
                condition=Q(channel__in=CHANNELS), name="notice_contact_channel"
            ),
        )


class ContactCode(models.Model):
    """An address that an account says is its own, and that waits for the code that was sent there;
    it is forgotten with the code."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    channel = models.TextField()
    address = models.TextField()
    code = models.OneToOneField(TextedCode, models.CASCADE, related_name="+")

    class Meta:
        db_table = "notice_contact_code"
        constraints = (
            models.UniqueConstraint(fields=["account", "channel"], name="notice_contact_code_one"),
        )


class Wish(models.Model):
    """In which language an account is told, and the channels that it does not want."""

    account = models.OneToOneField(Account, models.PROTECT, primary_key=True, related_name="+")
    language = models.TextField(default="zh")
    off = ArrayField(models.TextField(), default=list)

    class Meta:
        db_table = "notice_wish"
        constraints = (
            models.CheckConstraint(
                condition=Q(language__in=["zh", "en"]), name="notice_wish_language"
            ),
        )
