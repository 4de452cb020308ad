"""Accounts and grants: who gives what to whom, and on which days it holds."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from tests.cast import OPERATOR
from tests.engines.access.given import NOW, TODAY, account, grant

from yuexin.base.errors import Refusal
from yuexin.engines.access.models import Account, Grant
from yuexin.engines.access.operations import end_grant
from yuexin.engines.access.queries import actor_of
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.queries import current

pytestmark = pytest.mark.usefixtures("undone")

PASSWORD = "seven grey herons at dusk"
TRUTH = ("access_grant", "access_grant_end", "access_key", "access_key_end")


def acting(holder: Account, held: Grant, on: dt.date = TODAY) -> Actor:
    return actor_of(
        declarations=current(), account=holder.pk, grant_id=held.pk, purpose="licensing", on=on
    )


def ended(held: Grant, on: dt.date, actor: Actor = OPERATOR) -> None:
    end_grant(actor=actor, declarations=current(), grant=held, reason="调离", ends_on=on, now=NOW)


def refused(code: str) -> Any:
    return pytest.raises(Refusal, match=code_of(code))


def code_of(code: str) -> str:
    return f"(?s).*{code}" if code else ""


def test_a_grant_makes_an_actor_with_the_division_of_his_agency() -> None:
    holder = account()
    assert acting(holder, grant(holder)) == Actor(
        id="lin.clerk", role="clerk", agency="environment", purpose="licensing", division="440000"
    )
