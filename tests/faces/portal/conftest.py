"""Django's test client calls at `testserver`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import override_settings


@pytest.fixture(autouse=True)
def at_testserver() -> Iterator[None]:
    with override_settings(ALLOWED_HOSTS=["testserver", "127.0.0.1"]):
        yield
