"""Streams as the server asks for them: a piece at a time, by whichever thread."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.test import RequestFactory
from tests.cast import COMPANY
from tests.faces.gateway.calls import Keys

from yuexin.faces.gateway.batch import GROUP
from yuexin.wsgi import application

MORE_THAN_THE_POOL = 12


def stream(keys: Keys, codes: int) -> Any:
    """The pieces of an answer to so many codes, none of them asked for yet."""
    request = RequestFactory(SERVER_NAME="localhost").post(
        "/api/v1/subjects/batch", f"{COMPANY.uscc}\n" * codes, content_type="text/plain",
        headers={"Authorization": f"Bearer {keys.busy}"},
    )  # fmt: skip
    return application(request.environ, lambda status, headers: None)


def test_pieces_that_other_threads_ask_for_keep_no_connection(keys: Keys) -> None:
    for _ in range(MORE_THAN_THE_POOL):
        pieces = stream(keys, 2 * GROUP)
        with ThreadPoolExecutor(1) as one, ThreadPoolExecutor(1) as other:
            first = one.submit(next, pieces).result()
            rest = other.submit(b"".join, pieces).result()
            one.submit(pieces.close).result()
        assert (first + rest).count(b"\n") == 2 * GROUP


def test_a_reader_who_leaves_leaves_nothing_behind(keys: Keys) -> None:
    for _ in range(MORE_THAN_THE_POOL):
        pieces = stream(keys, 2 * GROUP)
        next(pieces)
        pieces.close()
    assert b"".join(stream(keys, 1)).count(b"\n") == 1
