"""Every entity that may be indexed stands in the sitemap, in one part or in many."""

from __future__ import annotations

import re

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.state import execute

from yuexin.domains.credit.queries import SITEMAP_SIZE

pytestmark = pytest.mark.usefixtures("undone")

MANY = """
INSERT INTO subject (id, code, name, sole_trader, named_after_person, entity_type, city, authority,
                     doubtful, delivery, row)
SELECT gen_random_uuid(), kind || lpad(n::text, 16, '0'), '示例', kind = '92', false, '', '', 0,
    false, 1, n
FROM generate_series(1, %s) n CROSS JOIN (VALUES ('91'), ('92')) kinds(kind)
"""


def locations(address: str) -> list[str]:
    answer = Client().get(address)
    assert isinstance(answer, HttpResponse)
    assert answer.status_code == 200
    return re.findall("<loc>http://testserver(.*)</loc>", answer.content.decode())


def test_a_few_entities_stand_in_the_sitemap_itself() -> None:
    execute(MANY, 3)
    assert [address[:5] for address in locations("/sitemap.xml")] == ["/s/91"] * 3


def test_many_entities_stand_in_parts_that_the_index_names() -> None:
    execute(MANY, SITEMAP_SIZE + 1)
    parts = locations("/sitemap.xml")
    assert parts == ["/sitemap.xml?page=1", "/sitemap.xml?page=2"]
    listed = [address for part in parts for address in locations(part)]
    assert len(set(listed)) == len(listed) == SITEMAP_SIZE + 1
    assert not [address for address in listed if address.startswith("/s/92")]
    assert Client().get("/sitemap.xml?page=3").status_code == 404
