"""Signing in: password, then the second factor; what officers without one see."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.faces.entrance import people

pytestmark = pytest.mark.usefixtures("undone")


def test_an_officer_without_a_second_factor_is_led_to_it_and_sees_nothing_else(
    client: Client,
) -> None:
    people.grant(people.account("lin"))
    assert people.sign_in(client, "LIN ").headers["Location"] == "/account"
    for address in ("/", "/account", "/about", "/search?q=x"):
        assert client.get(address).headers["Location"] == "/account/second-factor/activate"
    page = client.get("/account/second-factor/activate")
