"""The pure door: verdicts of one subject in, its lists and the measures they call for out."""

from __future__ import annotations

import datetime as dt

from yuexin.engines.declare.queries import current
from yuexin.engines.rules.queries import called_for, rules_asked, standing
from yuexin.engines.rules.types import CalledFor, Said, Standing

ON = dt.date(2026, 11, 24)
DEBT = "00000000-0000-0000-0000-000000000001"


BAR = "00000000-0000-0000-0000-000000000002"


def said(
    rule: str,
    value: str | None,
    start: dt.date = ON,
    until: dt.date | None = None,
    record: str = DEBT,
) -> Said:
    reasons = [{"text": "", "truth": True, "records": [record]}]
    return Said(rule=rule, value=value, valid_from=start, valid_until=until, reasons=reasons)


def lists(*verdicts: Said, on: dt.date = ON) -> dict[str, Standing]:
    found = standing(declarations=current(), verdicts=verdicts, on=on)
    return {item.regime.id: item for item in found}


def asked(*verdicts: Said, scene: str = "procurement", on: dt.date = ON) -> CalledFor:
    """What is called for, where all other rules have said what they say of nobody."""
    told = {one.rule for one in verdicts}
    every = rules_asked(declarations=current(), scene=scene, on=on)
    others = [said(rule, "none") for rule in every - told]
    return called_for(declarations=current(), verdicts=(*verdicts, *others), scene=scene, on=on)


def test_a_debtor_is_refused_in_procurement_by_the_law_that_names_it() -> None:
    answer = asked(said("dishonest_debtor", "listed"))
    assert answer.overall == "mandatory_deny"
    hit = answer.hits[0]
    assert (hit.measure.id, hit.scene.basis) == ("procurement_refused", "finance-notice-125")
    assert [one.regime.id for one in hit.lists] == ["judgement_debtors"]
    assert hit.records == (DEBT,)


def test_nothing_refuses_in_a_scene_that_no_law_names() -> None:
    for scene in current().codes["purposes"].by_code:
        answer = asked(said("dishonest_debtor", "listed"), scene=scene)
        assert (answer.overall == "mandatory_deny") == (scene in ("procurement", "bidding")), scene


def test_under_an_objection_nothing_is_stronger_than_to_be_considered() -> None:
    answer = asked(said("dishonest_debtor", "disputed"))
    assert answer.overall == "must_consider"
    assert answer.hits[0].disputed
    assert answer.hits[0].measure.strength == "mandatory_deny"


def test_a_measure_rests_on_all_of_its_triggers_that_hold() -> None:
    end, later = dt.date(2026, 12, 1), dt.date(2027, 3, 1)
    hit = asked(
        said("procurement_bar", "barred", until=end, record=BAR),
        said("procurement_bar", "none", end),
        said("dishonest_debtor", "listed", until=later),
        said("dishonest_debtor", "none", later),
    ).hits[0]
    assert hit.measure.id == "procurement_refused"
    assert [one.rule for one in hit.grounds] == ["procurement_bar", "dishonest_debtor"]
    assert {one.regime.id for one in hit.lists} == {"judgement_debtors", "procurement_dishonesty"}
    assert hit.records == (BAR, DEBT)
    assert hit.last_day == later - dt.timedelta(days=1)


def test_it_ends_on_no_known_day_where_one_of_its_grounds_does_not() -> None:
    end = dt.date(2026, 12, 1)
    bar = [said("procurement_bar", "barred", until=end), said("procurement_bar", "none", end)]
    assert asked(*bar).hits[0].last_day == end - dt.timedelta(days=1)
    assert asked(*bar, said("dishonest_debtor", "listed")).hits[0].last_day is None


def test_an_objection_to_one_ground_takes_nothing_from_another() -> None:
    answer = asked(
        said("procurement_bar", "disputed", record=BAR), said("dishonest_debtor", "listed")
    )
    assert answer.overall == "mandatory_deny"
    hit = answer.hits[0]
    assert not hit.disputed
    assert [(one.rule, one.disputed) for one in hit.grounds] == [
        ("dishonest_debtor", False), ("procurement_bar", True),
    ]  # fmt: skip


def test_where_all_grounds_are_under_objection_nothing_refuses() -> None:
    answer = asked(said("procurement_bar", "disputed"), said("dishonest_debtor", "disputed"))
    assert answer.overall == "must_consider"
    assert answer.hits[0].disputed


def test_the_strongest_comes_first() -> None:
    found = asked(said("dishonest_debtor", "listed"), said("serious_dishonesty_now", "listed"))
    strengths = [hit.strength for hit in found.hits]
    assert strengths[0] == "mandatory_deny"
    assert strengths == sorted(
        strengths, key=("mandatory_deny", "must_consider", "advisory", "inform").index
    )


def test_easings_are_lost_to_an_adverse_list_and_to_no_other() -> None:
    honest = said("tax_grade_a", "a")
    assert [hit.measure.item for hit in asked(honest, scene="funding").easings]
    watched = asked(honest, said("abnormal_operations_now", "listed"), scene="funding")
    assert watched.easings
    assert not watched.lost
    dishonest = asked(honest, said("dishonest_debtor", "listed"), scene="funding")
    assert not dishonest.easings
    assert dishonest.lost
    found = lists(honest, said("dishonest_debtor", "listed"))
    assert (found["tax_grade_a"].counts, found["judgement_debtors"].counts) == (False, True)


def test_what_is_unknown_or_not_judged_yet_is_left_to_a_person() -> None:
    answer = called_for(
        declarations=current(),
        verdicts=[said("dishonest_debtor", None)],
        scene="procurement",
        on=ON,
    )
    assert answer.overall is None
    assert {"dishonest_debtor", "procurement_bar"} <= set(answer.undecided)
    every = [
        said(rule, "none")
        for rule in rules_asked(declarations=current(), scene="procurement", on=ON)
    ]
    assert asked(*every).undecided == ()


def test_nothing_is_eased_while_it_is_unknown_whether_an_adverse_list_stands() -> None:
    honest = said("tax_grade_a", "a")
    assert asked(honest, scene="funding").easings
    unknown = [one.rule for one in current().regimes.values() if one.tone == "adverse"]
    for rule in unknown:
        answer = asked(honest, said(rule, None), scene="funding")
        assert (answer.easings, answer.lost) == ((), ()), rule
        assert rule in answer.undecided


def test_a_measure_whose_law_has_ended_is_called_for_no_longer() -> None:
    dishonest = said("customs_dishonest", "listed", dt.date(2026, 1, 1))
    before = asked(dishonest, scene="import_export", on=dt.date(2026, 3, 31))
    after = asked(dishonest, scene="import_export", on=dt.date(2026, 4, 1))
    assert "customs_dishonest_weighed" in {hit.measure.id for hit in before.hits}
    assert "customs_dishonest_weighed" not in {hit.measure.id for hit in after.hits}


def test_the_last_day_is_that_of_the_unbroken_run() -> None:
    first, second = dt.date(2026, 12, 1), dt.date(2027, 3, 1)
    run = [
        said("serious_dishonesty_now", "listed", until=first),
        said("serious_dishonesty_now", "listed", first, second),
        said("serious_dishonesty_now", "not_listed", second),
    ]
    assert lists(*run)["serious_dishonesty"].last_day == second - dt.timedelta(days=1)
    assert lists(*run, on=second) == {}
    assert lists(*run[:2])["serious_dishonesty"].last_day is None, "what comes then is not known"


def test_nobody_stands_in_a_list_who_is_cancelled() -> None:
    listed = said("serious_dishonesty_now", "listed")
    assert set(lists(listed, said("subject_status", "alive"))) == {"serious_dishonesty"}
    assert lists(listed, said("subject_status", "cancelled")) == {}


def test_a_measure_of_a_list_that_has_ended_is_called_for_no_longer() -> None:
    listed, cancelled = (
        said("serious_dishonesty_now", "listed"),
        said("subject_status", "cancelled"),
    )
    assert "serious_dishonesty_now" in _rested_on(listed)
    assert "serious_dishonesty_now" not in _rested_on(listed, cancelled)
    # What rests on a list that goes on stays.
    for other in (said("dishonest_debtor", "listed"), said("procurement_bar", "barred")):
        assert other.rule in _rested_on(listed, other, cancelled)


def _rested_on(*verdicts: Said) -> set[str]:
    return {one.rule for hit in asked(*verdicts).hits for one in hit.grounds}


def test_an_honour_counts_again_once_the_adverse_list_has_ended() -> None:
    found = lists(
        said("tax_grade_a", "a"),
        said("serious_dishonesty_now", "listed"),
        said("subject_status", "cancelled"),
    )
    assert {one: it.counts for one, it in found.items()} == {"tax_grade_a": True}


def test_a_list_whose_law_nobody_confirmed_says_so() -> None:
    assert lists(said("serious_dishonesty_now", "listed"))["serious_dishonesty"].provisional
    assert not lists(said("abnormal_operations_now", "listed"))["abnormal_operations"].provisional
