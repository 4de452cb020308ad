"""The address of a record outlives its correction, and shows nothing of what was corrected."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.cast import COMPANY
from tests.intake import Intake
from tests.state import all_rows

pytestmark = pytest.mark.usefixtures("undone")

VERSIONS = "SELECT id FROM record WHERE kind = 'penalty' ORDER BY version"


def addresses() -> list[str]:
    """Where the versions of the penalty stand, the oldest first."""
    return [f"/s/{COMPANY.uscc}/records/{record}" for (record,) in all_rows(VERSIONS)]


@pytest.fixture
def corrected(deliver: Intake) -> Intake:
    deliver("registration", [COMPANY.registration()])
    for fine in ("12.34", "5.67", "4.56"):
        deliver("penalties_2018", [COMPANY.penalty(CF_NR_FK=fine)], agency="environment")
    return deliver


def test_the_address_of_each_replaced_version_leads_to_the_one_shown(
    client: Client, corrected: Intake
) -> None:
    *replaced, shown = addresses()
    assert len(replaced) == 2
    for address in replaced:
        answer = client.get(f"{address}?lang=en")
        assert answer.status_code == 302
        assert answer.headers["Location"] == f"{shown}?lang=en"
        assert answer.content == b""
        assert client.get(address).headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert client.get(shown).status_code == 200


@pytest.mark.parametrize(
    "closing",
    [{"CF_ZT": "封存"}, {"CF_ZT": "已修复"}, {"CF_CFLB": "警告"}, {"CF_GSJZQ": "2026-10-01"}],
)
def test_where_the_corrected_record_is_not_public_none_of_its_addresses_is(
    client: Client, corrected: Intake, closing: dict[str, str]
) -> None:
    last = {"CF_NR_FK": "1.11", **closing}
    corrected("penalties_2018", [COMPANY.penalty(**last)], agency="environment")
    assert [client.get(address).status_code for address in addresses()] == [404] * 4
