"""One world, written once; whoever looks at it changes nothing that is looked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings
from tests.conftest import NOW
from tests.faces.never.planted import World, made
from tests.intake import Intake

from yuexin.engines.declare.queries import current
from yuexin.home.folder import Home

QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="module")
def world(database: str, home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    del database
    folder: Path = tmp_path_factory.mktemp("files")
    with override_settings(HOME=home, FILE_UPLOAD_TEMP_DIR=home.scratch, PASSWORD_HASHERS=QUICK):
        yield made(Intake(home=home, folder=folder, declarations=current(), now=NOW))
