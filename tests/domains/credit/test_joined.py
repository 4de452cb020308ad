"""The file of a subject under all its codes."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from tests.cast import CLERK, PUBLIC, Entity, entity
from tests.intake import Intake
from tests.judging import CHIEF, last_number
from tests.state import all_rows

from yuexin.domains.collection.pairing import PairOpinion, judge_pair
from yuexin.domains.credit.finding.types import Query
from yuexin.domains.credit.queries import (
    checked,
    credit_file,
    document,
    documents,
    search,
    sitemap_codes,
)

pytestmark = pytest.mark.usefixtures("undone")

OLD, NEW = entity(11), entity(12)


@pytest.fixture(autouse=True)
def _joined(deliver: Intake, undone: None) -> None:
    del undone
    deliver("registration", [OLD.registration(核准日期="2015-05-18"), NEW.registration()])
    deliver("penalties_2018", [OLD.penalty("1")])
    deliver("licences_2018", [OLD.licence("1"), NEW.licence("1"), NEW.licence("2")])
    judge_pair(
        declarations=deliver.declarations,
        actor=CHIEF,
        code=OLD.uscc,
        other=NEW.uscc,
        opinion=PairOpinion(verdict="same", reason="换领新代码"),
        now=deliver.now,
    )


@pytest.mark.parametrize("reader", [PUBLIC, CLERK])
def test_either_code_leads_to_one_file(deliver: Intake, reader: object) -> None:
    for code in (OLD.uscc, NEW.uscc):
        file = credit_file(actor=reader, code=code, on=None, now=deliver.now)  # type: ignore[arg-type]
        assert file is not None
        assert file.head.code == NEW.uscc
        assert file.head.joined_codes == (OLD.uscc,)
        assert [one.name for one in file.head.former_names] == [OLD.name]
        entries = [entry.kind for section in file.sections for entry in section.entries]
        assert sorted(entries) == ["licence", "licence", "penalty", "registration"]


def test_machines_read_one_file_under_either_code(deliver: Intake) -> None:
    found = document(actor=PUBLIC, code=OLD.uscc, now=deliver.now)
    assert found is not None
    assert found == document(actor=PUBLIC, code=NEW.uscc, now=deliver.now)
    said = json.loads(found)
    assert said["code"] == NEW.uscc
    kinds = sorted(one["kind"] for one in said["records"])
    assert kinds == ["licence", "licence", "penalty", "registration", "registration"]
    both = documents(actor=PUBLIC, codes=[OLD.uscc, NEW.uscc], now=deliver.now)
    assert set(both) == {OLD.uscc, NEW.uscc}


def test_a_search_finds_the_file_once_by_either_name_or_code(deliver: Intake) -> None:
    for text in (OLD.uscc, NEW.uscc, OLD.name, NEW.name, OLD.reg_no):
        found = search(actor=PUBLIC, query=Query(text=text), now=deliver.now)
        assert [hit.code for hit in found.hits] == [NEW.uscc], text
    both = search(actor=PUBLIC, query=Query(text=OLD.name[:4]), now=deliver.now)
    assert [hit.code for hit in both.hits] == [NEW.uscc]


def test_a_list_answers_either_code_with_the_file(deliver: Intake) -> None:
    lines = [OLD.uscc, NEW.uscc, OLD.name]
    found = checked(actor=PUBLIC, lines=lines, now=deliver.now)
    assert [one.brief.code for one in found if one.brief] == [NEW.uscc] * 3
    assert {one.brief.adverse for one in found if one.brief} == {1}


def test_a_joined_code_is_no_page_of_its_own(deliver: Intake) -> None:
    del deliver
    assert sitemap_codes(actor=PUBLIC, page=1) == (NEW.uscc,)


# --- a fact told under both codes counts once: as it was told last ---


def addresses(of: Entity) -> list[str]:
    """Where the versions of the licence told under both codes stand, of this one, the oldest
    first."""
    found = all_rows(
        "SELECT r.id FROM record r JOIN subject s ON s.id = r.subject WHERE s.code = %s "
        "AND r.kind = 'licence' AND r.body->>'doc_no' = %s ORDER BY r.version",
        of.uscc,
        of.licence("1")["XK_WSH"],
    )
    return [f"/s/{of.uscc}/records/{record}" for (record,) in found]


def test_an_address_of_what_was_told_under_another_code_since_leads_there(
    client: Client, deliver: Intake
) -> None:
    less = "准予少量排放"
    deliver("licences_2018", [OLD.licence("1", XK_NR=less), NEW.licence("1", XK_NR=less)])
    hidden, (replaced, shown) = addresses(OLD), addresses(NEW)
    assert len(hidden) == 2
    for address in (*hidden, replaced):
        answer = client.get(f"{address}?lang=en")
        assert answer.status_code == 302
        assert answer.headers["Location"] == f"{shown}?lang=en"
        assert answer.content == b""
    assert client.get(shown).status_code == 200


def test_it_leads_nowhere_where_that_is_not_public(client: Client, deliver: Intake) -> None:
    deliver("licences_2018", [NEW.licence("1", XK_ZT="撤销")])
    assert {client.get(one).status_code for one in (*addresses(OLD), *addresses(NEW))} == {404}


def test_after_a_split_each_address_shows_its_own_again(client: Client, deliver: Intake) -> None:
    judge_pair(
        declarations=deliver.declarations,
        actor=CHIEF,
        code=OLD.uscc,
        other=NEW.uscc,
        opinion=PairOpinion(verdict="taken_back", reason="另有其人", seen=last_number()),
        now=deliver.now,
    )
    for one in (OLD, NEW):
        assert [client.get(address).status_code for address in addresses(one)] == [200]
