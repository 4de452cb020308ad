"""What belongs to some is planted, and looked for in all that everybody else can open."""

from __future__ import annotations

import html
from collections.abc import Iterator
from urllib.parse import unquote

import pytest
from django.http import HttpResponseBase
from django.test import Client
from tests.cast import COMPANY
from tests.faces.never.addresses import addresses
from tests.faces.never.planted import OTHER, PARTS, SECRETS, World, penalty_of, secret
from tests.state import all_rows, value

from yuexin.faces.gateway.widget import SALT

PAPERS = ("/proof", "/refusal")


@pytest.fixture(scope="module")
def asked(world: World) -> tuple[str, ...]:
    return addresses(world)


@pytest.fixture(scope="module")
def opened() -> dict[str, set[str]]:
    """Which secrets each part was shown, as far as it has been asked."""
    return {}


@pytest.mark.parametrize("part", PARTS)
def test_nobody_is_shown_what_is_not_for_him(
    world: World, asked: tuple[str, ...], opened: dict[str, set[str]], part: str
) -> None:
    found = {
        (one.what, place)
        for place, text in _seen(world, asked, part)
        for one in SECRETS
        if one.text in text
    }
    opened[part] = {what for what, _ in found}
    may = {one.what for one in SECRETS if part in one.shown_to}
    assert {(what, place) for what, place in found if what not in may} == set()


def test_whoever_may_is_shown_it_so_that_looking_for_it_finds_it(
    opened: dict[str, set[str]],
) -> None:
    if set(opened) != set(PARTS):
        pytest.skip("asked of some parts alone")
    seen = set[str]().union(*opened.values())
    assert {one.what for one in SECRETS if one.shown_to} <= seen


def test_what_is_shown_to_nobody_is_kept(world: World) -> None:
    """Else there were nothing to look for."""
    del world
    kept = "".join(
        str(value(f"SELECT coalesce(string_agg({column}, ' '), '') FROM {table}"))
        for table, column in (
            ("notice_contact", "address"), ("notice_contact_code", "address"),
            ("filing_teller", "address"),
        )
    )  # fmt: skip
    for what in ("an owner's address", "a delegate's address", "an informer's address",
                 "an address that waits for its code", "an informer's telephone"):  # fmt: skip
        assert secret(what) in kept
    assert all_rows("SELECT count(*) FROM follow") == [(1,)]


def _seen(world: World, asked: tuple[str, ...], part: str) -> Iterator[tuple[str, str]]:
    """Everything that a part can read, also by what is asked with a form, and in English."""
    client = world.sit_down(part)
    for address in asked:
        yield address, _text(address, client.get(address))
    for address in ("/", f"/s/{COMPANY.uscc}", f"/s/{OTHER.uscc}", "/counter/", "/desk/"):
        answer = client.get(address, headers={"Accept-Language": "en"})
        yield f"{address} in English", _text(address, answer)
    yield from _posted(client)


def _posted(client: Client) -> Iterator[tuple[str, str]]:
    codes = "\n".join((COMPANY.uscc, OTHER.uscc, "粤环示例罚〔2026〕3号"))
    said = {"subjects": [COMPANY.uscc, OTHER.uscc], "scene": "procurement", "item": "采购"}
    forms = (
        ("/batch", {"lines": codes, "as": "page"}),
        ("/batch", {"lines": codes, "as": "csv"}),
        ("/desk/handling", {"lines": codes, "scene": "procurement"}),
        (f"/counter/apply/objection/{penalty_of('3')}", {"f-wrong": "x"}),
        ("/verify", {"n": "HC20261129-0000000000", "c": "0000000000000000"}),
    )
    for address, form in forms:
        yield f"POST {address}", _text(address, client.post(address, form))
    for address in ("/api/v1/checks", "/api/v1/subjects"):
        answer = client.post(address, said, content_type="application/json")
        yield f"POST {address}", _text(address, answer)
    framed = _frame(client)
    if framed:
        yield "frame", framed


def _frame(client: Client) -> str:
    """The frames of all checks, by tokens that name a key which this visitor does not have."""
    from django.core import signing

    found = []
    for (number,) in all_rows("SELECT number FROM handling_check"):
        for (key,) in all_rows("SELECT id FROM access_key WHERE agency = 'housing'"):
            token = signing.dumps([number, key], salt=SALT)
            found.append(_text("/widget/check", client.get(f"/widget/check?t={token}")))
    return "\n".join(found)


def _text(address: str, answer: HttpResponseBase) -> str:
    """What is answered, its headers included, with everything that hides characters undone. Of a
    paper that is typeset, what it is about."""
    assert answer.status_code < 500, address
    body = b"".join(answer) if answer.streaming else answer.content  # type: ignore[attr-defined]
    if body.startswith(b"%PDF") and address.endswith(PAPERS):
        return secret("the number of a body's case")
    headers = " ".join(f"{name}: {said}" for name, said in answer.headers.items())
    text = body.decode("utf-8", "replace")
    if "json" in answer.headers.get("Content-Type", ""):
        text = text.encode().decode("unicode_escape", "replace") if "\\u" in text else text
    return unquote(html.unescape(f"{unquote(headers)}\n{text}"))
