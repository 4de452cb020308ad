"""Accounts, which belong to the backup, and grants, which are truth."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
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


class Grant(models.Model):
    """A role given to an account, from `valid_from` to before `valid_to`. Never changed."""

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

    class Meta:
        db_table = "access_grant"
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="access_grant_days",
            ),
            models.CheckConstraint(condition=~Q(role=""), name="access_grant_role"),
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
