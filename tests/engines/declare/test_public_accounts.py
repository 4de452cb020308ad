"""An account by which the platform speaks elsewhere is reached, or refused at load."""

from __future__ import annotations

import pytest
from tests.house.repository import DECLARATIONS

from yuexin.base.errors import Refusal
from yuexin.engines.declare.queries import load

FILES = {
    path.relative_to(DECLARATIONS).as_posix(): path.read_bytes()
    for path in DECLARATIONS.rglob("*.yaml")
}
ONE = "channel: weibo, handle: yuexin-gd, digest: announcements_digest"
DIGEST = "notices/announcements_digest.yaml"


def refused(name: str, before: str, after: str) -> str:
    text = FILES[name].decode()
    assert before in text
    with pytest.raises(Refusal) as found:
        load({**FILES, name: text.replace(before, after, 1).encode()})
    return found.value.sentence("en")


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (ONE.replace("weibo", "sms"), "channel “sms” is not declared"),
        (ONE.replace("yuexin-gd", "粤信"), "its handle or back_days is none"),
        (ONE + ", back_days: -1", "its handle or back_days is none"),
        (ONE + ", headings: [gossip]", "heading “gossip” is not declared"),
        (ONE.replace("announcements_digest", "gossip"), "notice “gossip” is not declared"),
        (ONE.replace("announcements_digest", "draw_made"), "channel “weibo” is not declared"),
    ],
)
def test_what_nothing_reaches_is_refused(after: str, said: str) -> None:
    assert said in refused("addresses.yaml", ONE, after).lower()


def test_a_digest_that_asks_for_more_than_it_is_given_is_refused() -> None:
    text = "  until: the last day\n"
    example = 'until: "2026-11-23", '
    more = FILES[DIGEST].decode().replace(example, f"{example}name: 示例, ").encode()
    with pytest.raises(Refusal, match="name"):
        load({**FILES, DIGEST: more.replace(text.encode(), f"{text}  name: a firm\n".encode())})
