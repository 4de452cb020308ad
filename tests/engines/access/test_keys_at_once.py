"""A key that many processes are asked by at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from django.db import connection
from tests.engines.access.given import NOW, key

from yuexin.base.errors import Refusal
from yuexin.engines.access.models import Entry
from yuexin.engines.access.queries import actor_of_key
from yuexin.engines.declare.queries import current


def asked(secret: str, address: str) -> str:
    try:
        return actor_of_key(
            declarations=current(), secret=secret, address=address, scope="read", now=NOW
        ).role
    except Refusal as refusal:
        return refusal.code
    finally:
        connection.close()


def test_limits_hold_for_all_who_ask_at_once(own_database: str) -> None:
    del own_database
    _, secret = key(rate_per_minute=5)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(asked, [secret] * 12, ["203.0.113.7"] * 12))
    assert sorted(answers) == ["KEY_RATE"] * 7 + ["machine"] * 5


def test_of_two_places_at_once_one_is_served_and_one_line_is_journaled(own_database: str) -> None:
    del own_database
    _, secret = key()
    places = ["203.0.113.7", "198.51.100.9"] * 6
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(asked, [secret] * 12, places))
    assert sorted(answers) == ["KEY_ELSEWHERE"] * 6 + ["machine"] * 6
    assert Entry.objects.filter(action="key.elsewhere").count() == 1
