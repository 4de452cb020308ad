"""Two codes, one entity: files are joined by a person, and split again as they were."""

from __future__ import annotations

from typing import Any

import pytest
from tests.cast import CLERK, entity
from tests.intake import Intake
from tests.judging import CHIEF
from tests.state import all_rows, current_facts, state, value

from yuexin.base.errors import Refusal
from yuexin.domains.collection.pairing import PairJudged, PairOpinion, judge_pair
from yuexin.domains.collection.rebuild import rebuild
from yuexin.domains.subjects.models import Subject
from yuexin.domains.subjects.verdicts import holding
from yuexin.engines.access.types import Actor

pytestmark = pytest.mark.usefixtures("undone")

OLD, NEW, THIRD = entity(11), entity(12), entity(13)
SECOND = Actor(id="chief-he", role="chief", agency="data_bureau", purpose="data_quality")


def joined(
    deliver: Intake, verdict: Any = "same", *, one: Any = OLD, other: Any = NEW, seen: int = 0,
    actor: Actor = CHIEF, reason: str = "换领新代码",
) -> PairJudged:  # fmt: skip
    return judge_pair(
        declarations=deliver.declarations,
        actor=actor,
        code=one.uscc,
        other=other.uscc,
        opinion=PairOpinion(verdict=verdict, reason=reason, seen=seen),
        now=deliver.now,
    )


def same_again(deliver: Intake) -> None:
    found = rebuild(
        home=deliver.home, declarations=deliver.declarations, check=True, now=deliver.now
    )
    assert found.differences == ()


def verdicts(deliver: Intake) -> dict[str, str | None]:
    """What holds today, by code and rule."""
    codes = dict(Subject.objects.values_list("id", "code"))
    rules = deliver.declarations.rules
    found = holding(
        declarations=deliver.declarations, subjects=codes, rules=rules, on=deliver.now.date()
    )
    return {f"{codes[subject]} {rule}": row.value for (subject, rule), row in found.items()}


@pytest.fixture(autouse=True)
def _register(deliver: Intake, undone: None) -> None:
    del undone
    rows = [one.registration() for one in (OLD, NEW, THIRD)]
    deliver("registration", rows)


def test_what_two_codes_told_is_judged_as_one_file(deliver: Intake) -> None:
    deliver("licences_2018", [OLD.licence("1")])
    before = verdicts(deliver)
    joined(deliver)
    after = verdicts(deliver)
    assert not [key for key in after if key.startswith(OLD.uscc)], "a joined code says nothing"
    of_new = {key: said for key, said in before.items() if key.startswith(NEW.uscc)}
    changed = {key.split()[1] for key, said in of_new.items() if after[key] != said}
    assert changed, "what the old code told counts for the file"
    assert all(after[f"{NEW.uscc} {rule}"] == before[f"{OLD.uscc} {rule}"] for rule in changed)
    same_again(deliver)


def test_a_split_leaves_both_files_as_they_were(deliver: Intake) -> None:
    deliver("penalties_2018", [OLD.penalty("1")])
    deliver("licences_2018", [NEW.licence("2")])
    before = state("subject", "record", "public_row", "subject_name", "alias"), current_facts()
    first = joined(deliver)
    joined(deliver, "taken_back", seen=first.number, reason="不是一家")
    assert (
        state("subject", "record", "public_row", "subject_name", "alias"),
        current_facts(),
    ) == before
    same_again(deliver)


def test_rows_that_come_while_files_are_joined_stay_their_codes_own(deliver: Intake) -> None:
    first = joined(deliver)
    deliver("penalties_2018", [OLD.penalty("1"), NEW.penalty("2")])
    joined(deliver, "different", seen=first.number, reason="不是一家")
    assert all_rows(
        "SELECT s.code, r.body->>'doc_no' FROM record r JOIN subject s ON s.id = r.subject "
        "WHERE r.kind = 'penalty' ORDER BY 2"
    ) == [(OLD.uscc, OLD.penalty("1")["CF_WSH"]), (NEW.uscc, NEW.penalty("2")["CF_WSH"])]
    same_again(deliver)


def test_a_name_of_one_is_a_name_of_the_file(deliver: Intake) -> None:
    joined(deliver)
    receipt = deliver(
        "penalties_2018",
        [NEW.penalty("1", CF_XDR_MC=OLD.name), OLD.penalty("2", CF_XDR_MC=NEW.name)],
    )
    assert receipt["rows_new"] == 2
    same_again(deliver)


def test_one_fact_told_under_both_codes_counts_once(deliver: Intake) -> None:
    deliver("penalties_2018", [OLD.penalty("1")])
    deliver("licences_2018", [OLD.licence("1")])
    deliver("licences_2018", [NEW.licence("1")])
    first = joined(deliver)
    shown = "SELECT count(*) FROM public_row WHERE kind = 'licence'"
    assert value(shown) == 1
    deliver("licences_2018", [OLD.licence("1", XK_NR="准予施工")])
    assert value("SELECT body->>'content' FROM public_row WHERE kind = 'licence'") == "准予施工"
    joined(deliver, "taken_back", seen=first.number, reason="不是一家")
    assert value(shown) == 2
    same_again(deliver)


def test_two_files_with_adverse_facts_need_a_second_person(deliver: Intake) -> None:
    deliver("penalties_2018", [OLD.penalty("1"), NEW.penalty("2")])
    first = joined(deliver)
    assert first.awaits
    assert value("SELECT count(*) FROM joined_pair") == 0
    with pytest.raises(Refusal) as refused:
        joined(deliver, seen=first.number)
    assert refused.value.code == "SECOND_PERSON"
    second = joined(deliver, seen=first.number, actor=SECOND)
    assert not second.awaits
    assert value("SELECT count(*) FROM joined_pair") == 1
    same_again(deliver)


def test_three_codes_are_one_file(deliver: Intake) -> None:
    joined(deliver, one=OLD, other=NEW)
    joined(deliver, one=NEW, other=THIRD)
    assert value("SELECT count(DISTINCT joined_to) FROM subject WHERE joined_to IS NOT NULL") == 1
    assert value("SELECT joined_to FROM subject WHERE code = %s", OLD.uscc) == value(
        "SELECT id FROM subject WHERE code = %s", THIRD.uscc
    )
    same_again(deliver)


@pytest.mark.parametrize(("one", "other"), [(OLD, OLD), (NEW, OLD), (OLD, NEW)])
def test_what_cannot_be_is_refused(deliver: Intake, one: Any, other: Any) -> None:
    first = joined(deliver)
    with pytest.raises(Refusal) as refused:
        joined(deliver, one=one, other=other, seen=first.number)
    assert refused.value.code == "PAIR"


def test_who_may_not_judge_joins_nothing(deliver: Intake) -> None:
    with pytest.raises(Refusal) as refused:
        joined(deliver, actor=CLERK)
    assert refused.value.code == "ROOM"


def test_the_second_of_two_officers_looks_again(deliver: Intake) -> None:
    joined(deliver)
    with pytest.raises(Refusal) as refused:
        joined(deliver, "different", actor=SECOND)
    assert refused.value.code == "JUDGED_MEANWHILE"
