"""Every declared notice leads somewhere, and what is amiss with one is found at load."""

from __future__ import annotations

import re

import pytest
from django.urls import resolve
from tests.house.repository import DECLARATIONS

from yuexin.base.errors import Refusal
from yuexin.engines.declare.queries import current, load
from yuexin.engines.declare.types import Notice

FILES = {
    path.relative_to(DECLARATIONS).as_posix(): path.read_bytes()
    for path in DECLARATIONS.rglob("*.yaml")
}
NAME = "notices/contact_changed.yaml"


@pytest.mark.parametrize("notice", current().notices.values(), ids=lambda one: str(one.id))
def test_a_link_leads_to_a_page(notice: Notice) -> None:
    if not notice.link:
        return
    values = notice.examples[0].values
    path = re.sub(r"\{(\w+)\}", lambda found: values[found[1]], notice.link)
    assert resolve(path.partition("#")[0].partition("?")[0])


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("A contact of your account was changed\nbody", "A {contact} was changed\nbody", "differ"),
        ("title_zh: 您账号", "title_zh: 您}账号", "stray brace"),
        ("  address: the new address, masked\n", "", "address"),
        ("link: /account", "link: https://elsewhere.example/account", "no path"),
        ("link: /account", "link: //elsewhere.example/account", "no path"),
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
