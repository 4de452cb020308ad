"""A quick digest of passwords: that Django's own is slow is not what is tested here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import override_settings

QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _quick() -> Iterator[None]:
    with override_settings(PASSWORD_HASHERS=QUICK):
        yield
