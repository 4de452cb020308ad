"""Codes on their way to a telephone: transient, and counted here for many that come at once."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class TextedCode(models.Model):
    """One code that was sent, by its keyed digest, with the tries that are left of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    digest = models.CharField(max_length=64)
    tries_left = models.IntegerField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "access_texted_code"
        constraints = (
            models.CheckConstraint(condition=Q(tries_left__gte=0), name="access_texted_code_tries"),
        )
