"""Every declared notice leads somewhere, and what is amiss with one is found at load."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from django.urls import resolve
from tests.house.repository import DECLARATIONS

from yuexin.base.errors import Refusal
from yuexin.engines.declare.queries import current, load
from yuexin.engines.declare.types import Address

FILES = {
    path.relative_to(DECLARATIONS).as_posix(): path.read_bytes()
    for path in DECLARATIONS.rglob("*.yaml")
}
NAME = "notices/contact_changed.yaml"


PLACES = {
    "code": "91440606684400012K", "record": UUID(int=1), "case": "FY-2026-000001", "token": "a:b",
    "process": "penalty_repair",
}  # fmt: skip
REACHED = {
    "record": "record", "announcements": "announcements",
    "history": "history", "follow_confirm": "follow_confirm",
    "follow_stop": "follow_stop", "account": "account_home", "told": "told",
    "firms": "account_firms", "delegates": "account_delegates",
    "notice_settings": "account_notice_settings",
    "credit": "credit", "filings": "filings", "calendar": "calendar", "case_of_entity": "case",
    "case_of_office": "case", "corrections": "corrections", "liftings": "liftings",
    "draws": "draws", "apply": "apply", "checks": "checks",
}  # fmt: skip


@pytest.mark.parametrize("address", current().addresses.values(), ids=lambda one: str(one.id))
def test_an_address_leads_to_its_page(address: Address) -> None:
    asked = {name: PLACES[name] for name in re.findall(r"\{(\w+)\}", address.path)}
    assert resolve(address.of(**asked)).url_name == REACHED[address.id]


def test_a_value_never_leaves_its_place_in_an_address() -> None:
    assert current().addresses["history"].of(code="../a?b#c") == "/s/..%2Fa%3Fb%23c/history"


@pytest.mark.parametrize("path", ["account", "//elsewhere.example", "https://elsewhere.example"])
def test_an_address_elsewhere_is_refused_at_load(path: str) -> None:
    name = "addresses.yaml"
    text = FILES[name].decode()
    assert "path: /account}" in text
    with pytest.raises(Refusal, match="不是本站的路径"):
        load({**FILES, name: text.replace("path: /account}", f"path: {path!r}}}").encode()})


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("A contact of your account was changed\nbody", "A {contact} was changed\nbody", "differ"),
        ("title_zh: 您账号", "title_zh: 您}账号", "stray brace"),
        ("  address: the new address, masked\n", "", "address"),
        ("link: notice_settings", "link: /account", "not declared"),
        ("link: notice_settings", "link: case_of_entity", "case"),
        ("title_zh: 您账号的联系方式已更改\n    title_en", "title_zh: 别的\n    title_en", "gives"),
        ("short_zh", "zzz", "no field"),
        ("urgent: true", "urgent: true\nbasis: no-such-law", "not declared"),
        ("channels: [in_app, email, sms]", "channels: []", "no channel"),
        ("{account: 陈示例, address:", "{address:", "account"),
    ],
)
def test_what_is_amiss_is_found_at_load(before: str, after: str, said: str) -> None:
    text = FILES[NAME].decode()
    assert before in text
    with pytest.raises(Refusal) as refused:
        load({**FILES, NAME: text.replace(before, after, 1).encode()})
    assert said in refused.value.sentence("en")
