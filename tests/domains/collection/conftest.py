"""What reading hostile files needs, without a database."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.domains.collection.reads import Reads

from yuexin.engines.declare.queries import current


@pytest.fixture
def reads(tmp_path: Path) -> Reads:
    """A reader of files with the layout of the open register, unless another is named."""
    return Reads(folder=tmp_path, resources=current().resources)
