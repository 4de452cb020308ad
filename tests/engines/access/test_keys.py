"""Keys of the interface: what each of them is refused for."""

from __future__ import annotations

import pytest
from tests.engines.access.given import NOW, key

from yuexin.engines.access.queries import actor_of_key
from yuexin.engines.declare.queries import current

pytestmark = pytest.mark.usefixtures("undone")


def test_a_key_acts_for_its_agency() -> None:
    _, secret = key()
    actor = actor_of_key(
        declarations=current(), secret=secret, address="203.0.113.7", scope="read", now=NOW
    )
    assert (actor.role, actor.agency, actor.division) == ("machine", "environment", "440000")
