"""Accounts, which belong to the backup, and grants, which are truth."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

LOGIN = r"^[a-z0-9][a-z0-9._+@-]{1,149}$"
RESERVED = ("public", "operator")
"""Names that the journal uses for nobody's account."""


class Accounts(BaseUserManager["Account"]):
    """Finds an account by the name it signs in with, however that was typed."""

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(login=(username or "").lower())


class Account(AbstractBaseUser):
    """Somebody who signs in. `login` is a handle or an address of e-mail, in lower case."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    login = models.CharField(max_length=150, unique=True)
    display_name = models.CharField(max_length=100)
    is_active = models.BooleanField(default=True)
    opened_at = models.DateTimeField()

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name", "opened_at"]

    objects: ClassVar[Accounts] = Accounts()

    class Meta:
        db_table = "account"
        constraints = (
            models.CheckConstraint(condition=Q(login__regex=LOGIN), name="account_login"),
            models.CheckConstraint(condition=~Q(login__in=RESERVED), name="account_reserved"),
        )


class Identity(models.Model):
    """Who the holder of an account is: truth, added and never changed, but for an erasure, which
    empties name and number once. `number` is sealed by a key of the data folder, `digest` keyed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="identities")
    name = models.TextField()
    document = models.TextField()
    number = models.BinaryField(null=True)
    digest = models.BinaryField(null=True)
    how = models.TextField()
    verified_by = models.TextField()
    verified_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "person_identity"
        constraints = (
            models.CheckConstraint(
                condition=Q(how__in=["provider", "window"]), name="person_identity_how"
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True, number__isnull=False, digest__isnull=False)
                & ~Q(name="")
                | Q(erased_at__isnull=False, number__isnull=True, digest__isnull=True, name=""),
                name="person_identity_whole",
            ),
        )


class Phone(models.Model):
    """The telephone by which an account is signed in: its number sealed, found by a keyed digest.
    Belongs to the backup, as accounts do."""

    account = models.OneToOneField(Account, models.CASCADE, primary_key=True, related_name="phone")
    number = models.BinaryField()
    digest = models.BinaryField(unique=True)
    verified_at = models.DateTimeField()

    class Meta:
        db_table = "account_phone"


class Grant(models.Model):
    """A role given to an account, from `valid_from` to before `valid_to`. Never changed.

    One with an `identity` holds while the register names that person for the subject. A delegate's
    holds while his giver's does, by which it was `given_under`, for the `rights` listed; with an
    `agent_code` while its holder acts for that firm.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="grants")
    role = models.TextField()
    agency = models.TextField(default="")
    subject_code = models.TextField(default="")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    granted_by = models.TextField()
    granted_at = models.DateTimeField()
    reason = models.TextField()
    identity = models.ForeignKey(Identity, models.PROTECT, null=True, related_name="grants")
    given_under = models.ForeignKey("self", models.PROTECT, null=True, related_name="delegated")
    rights = ArrayField(models.TextField(), null=True)
    agent_code = models.TextField(default="", db_default="")

    class Meta:
        db_table = "access_grant"
        indexes = (
            models.Index(
                fields=["subject_code"],
                condition=~Q(subject_code=""),
                name="access_grant_subject",
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="access_grant_days",
            ),
            models.CheckConstraint(condition=~Q(role=""), name="access_grant_role"),
            models.CheckConstraint(
                condition=Q(rights__isnull=True) | Q(given_under__isnull=False),
                name="access_grant_rights",
            ),
        )


class GrantEnd(models.Model):
    """A grant holds no more from `ends_on` on; of several ends the earliest counts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    grant = models.ForeignKey(Grant, models.PROTECT, related_name="ends")
    ends_on = models.DateField()
    ended_by = models.TextField()
    ended_at = models.DateTimeField()
    reason = models.TextField()

    class Meta:
        db_table = "access_grant_end"
