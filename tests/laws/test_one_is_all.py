"""One = all: judged alone, with others, or by the rules of yesterday and then again, everybody is
told the same, with lists and what they call for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import cache
from random import Random

from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from tests.cast import CLERK
from tests.intake import Intake
from tests.laws.casework import casework, listed
from tests.laws.events import ENTITIES, Sent, deliveries, worlds
from tests.laws.office import Office
from tests.laws.test_judgements import JOININGS, Joining, join
from tests.laws.test_reprocess import declared
from tests.state import State, all_rows, state, undone

from yuexin.base.dates import today
from yuexin.domains.collection.operations import judge_again
from yuexin.domains.collection.rebuild import rebuild
from yuexin.domains.credit.handling.answering import answers_to
from yuexin.domains.subjects.facts import Everybody
from yuexin.domains.subjects.judging import judge
from yuexin.domains.subjects.verdicts import holding
from yuexin.engines.declare.queries import load
from yuexin.engines.declare.types import Declarations
from yuexin.engines.rules.queries import digest_of_rules, subject_program

Told = Mapping[tuple[str, str], str | None]
HELD = """
SELECT subject, rule, value, reasons::text FROM verdict
WHERE valid_from <= %s AND coalesce(valid_until, 'infinity') > %s ORDER BY 1, 2
"""
FILES = "SELECT id FROM subject WHERE joined_to IS NULL ORDER BY id"
SCENES = ("procurement", "licensing")


@worlds(3)
@given(history=casework(JOININGS), seed=st.integers(0, 2**32))
def test_a_subject_judged_alone_is_judged_as_with_all_others(
    founded: Intake, history: list[object], seed: int
) -> None:
    """In whatever parts, after whatever folds; and asked about alone it is answered the same."""
    lot, on = Random(seed), today(founded.now)
    with undone():
        lived(founded, history)
        living = all_rows(HELD, on, on)
        files = [file for (file,) in all_rows(FILES)]
        together = judged(founded, [files])
        assert all_rows(HELD, on, on) == living
        lot.shuffle(files)
        cut = lot.randint(1, len(files) - 1)
        for parts in ([[one] for one in files], [files[:cut], files[cut:]]):
            assert judged(founded, parts) == together
        assert told_of_everybody(founded) == told(founded, files)
        for scene in SCENES:
            answers_alone_as_among_all(founded, scene)


def lived(founded: Intake, history: Sequence[object]) -> Office:
    office = Office(deliver=founded, now=founded.now)

    def otherwise(event: object) -> None:
        assert isinstance(event, Joining)
        join(founded, event, office.now)

    office.lives(history, otherwise=otherwise)
    office.finish()
    return office


def judged(founded: Intake, parts: Sequence[Collection[object]]) -> State:
    """The verdicts, once these were judged again, one part after the other."""
    for part in parts:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMP TABLE touched (subject uuid PRIMARY KEY)")
            cursor.execute("INSERT INTO touched SELECT unnest(%s::uuid[])", [list(part)])
            judge(cursor=cursor, declarations=founded.declarations, now=founded.now)
            cursor.execute("DROP TABLE touched")
    return state("verdict", "judged")


def told_of_everybody(founded: Intake) -> Told:
    """What all rules say today, worked out for everybody at once as a question of the law is."""
    rules = frozenset(founded.declarations.rules)
    program = subject_program(declarations=founded.declarations, rules=rules)
    on = today(founded.now)
    found: dict[tuple[str, str], str | None] = {}
    with connection.cursor() as cursor:
        everybody = Everybody(
            cursor=cursor, kinds=founded.declarations.kinds, needed=program.needed, on=on
        )
        silent = dict(program.evaluate([""], {}, on).select("rule", "value").iter_rows())
        for share in everybody.shares():
            said = program.everybody(share.records, on)
            for rule in rules:
                told = dict(said[rule].select("subject", "value").iter_rows())
                for subject in share.subjects["subject"]:
                    found[subject, rule] = told.get(subject, silent[rule])
    return found


def told(founded: Intake, files: Collection[object]) -> Told:
    """The same as it is read from stored verdicts."""
    said = holding(
        declarations=founded.declarations, subjects=files, rules=founded.declarations.rules,  # type: ignore[arg-type]
        on=today(founded.now),
    )  # fmt: skip
    return {(str(subject), rule): row.value for (subject, rule), row in said.items()}


def answers_alone_as_among_all(founded: Intake, scene: str) -> None:
    """What a check answers of each, asked with the others and alone."""
    codes = [one.uscc for one in ENTITIES]

    def answered(lines: Sequence[str]) -> tuple[object, ...]:
        return answers_to(
            declarations=founded.declarations, actor=replace(CLERK, purpose=scene), lines=lines,
            scene=scene, on=today(founded.now),
        ).subjects  # fmt: skip

    alone = tuple(one for code in codes for one in answered([code]))
    assert answered(codes) == alone
    assert answered(codes[::-1]) == alone[::-1]


OLDER = (
    ("rules/abnormal_operations_now.yaml", "IN ('listed', 'objection')", "IN ('objection')"),
    ("rules/serious_dishonesty_now.yaml", "years, value: 3", "years, value: 1"),
    ("rules/annual_report_missing.yaml", "value: 6, minimum: 1", "value: 12, minimum: 1"),
)  # fmt: skip
NOT_YET = "rules/technology_recognised.yaml"


JUDGED_BY = "SELECT DISTINCT rules FROM judged"


@cache
def older() -> Declarations:
    """The declarations as they were before three rules were changed and one was added."""
    files = declared(*OLDER).files
    return load({name: text for name, text in files.items() if name != NOT_YET})


@worlds(2)
@given(before=casework(), after=st.lists(st.one_of(listed(), deliveries()), max_size=2))
def test_whoever_was_judged_by_older_rules_is_judged_again_as_if_for_the_first_time(
    founded: Intake, before: list[object], after: list[Sent]
) -> None:
    """Whatever was opened and decided under them, and whatever came before the worker judged."""
    old = replace(founded, declarations=older())
    on = today(founded.now)
    with undone():
        lived(old, before)
        Office(deliver=old, now=founded.now).work("judge")
        assert all_rows(JUDGED_BY) == [(digest_of_rules(declarations=older()),)]
        for sent in after:
            Office(deliver=founded, now=founded.now).send(sent)
        while judge_again(declarations=founded.declarations, now=founded.now):
            pass
        again = all_rows(HELD, on, on)
        assert all_rows(JUDGED_BY) == [(digest_of_rules(declarations=founded.declarations),)]
        judged(founded, [[file for (file,) in all_rows(FILES)]])
        assert again == all_rows(HELD, on, on)
        found = rebuild(
            home=founded.home, declarations=founded.declarations, check=True, now=founded.now
        )
        assert found.differences == ()
