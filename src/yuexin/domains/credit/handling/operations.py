"""Writes: a check that is answered and kept, and all that is said about it later."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from yuexin.base.codes import normalise_code
from yuexin.base.dates import period_end, today
from yuexin.base.digest import sha256_hex
from yuexin.base.text import Text
from yuexin.domains.credit.handling import refusals, words
from yuexin.domains.credit.handling.answering import answers_to
from yuexin.domains.credit.handling.persons import MOST_PERSONS, Shown, binds_persons
from yuexin.domains.credit.handling.types import OVERALL, Answer, Channel, Check
from yuexin.domains.credit.handling.written import text_of
from yuexin.domains.credit.lookup import refuse_too_many
from yuexin.engines.access.operations import noting_all
from yuexin.engines.access.queries import checks_in, require_room
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.queries import calendar_of
from yuexin.engines.declare.types import Declarations
from yuexin.engines.statements.queries import fetched

LONGEST: Final = 200
# The check, what feedback is due on and who was looked at stand together or not at all.
KEPT: Final = """
WITH kept AS (
    INSERT INTO handling_check (number, at, actor, agency, channel, scene, item, case_no, subjects,
        overall, must_ack, due, asked, answer, digest)
    VALUES (%(number)s, %(at)s, %(actor)s, %(agency)s, %(channel)s, %(scene)s, %(item)s,
        %(case_no)s, %(subjects)s, %(overall)s, %(must_ack)s, %(due)s, %(asked)s, %(answer)s,
        %(digest)s)
    ON CONFLICT (number) DO NOTHING RETURNING number
), triggered AS (
    INSERT INTO handling_trigger (check_no_id, subject, measure, strength, incentive)
    SELECT kept.number, t.* FROM kept, unnest(%(t_subjects)s::text[], %(t_measures)s::text[],
        %(t_strengths)s::text[], %(t_incentives)s::boolean[]) t
    ON CONFLICT DO NOTHING
), noted AS ({noted})
SELECT number FROM kept
"""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A check, and its answer word for word as it was kept: JSON without the digest of itself."""

    check: Check
    answer: str


def check(
    *,
    declarations: Declarations,
    actor: Actor,
    subjects: Sequence[str],
    scene: str,
    item: str = "",
    purpose: str = "",
    case_no: str = "",
    consortium: bool = False,
    shown: Sequence[Shown] = (),
    channel: Channel,
    now: dt.datetime,
) -> Kept:
    """Answer what the law calls for of each subject in this scene, and keep the answer.

    Each subject that is found is journaled as looked at, for the `purpose`, which is the scene
    where none is given; he learns of it by body, purpose and day. What is asked for again in the
    same list is answered once. The members of a `consortium` stand and fall together. Those `shown`
    are to hold a post: then one subject is asked for. Raises a `Refusal` for whoever may not check
    in the scene, for no subjects and for more than are answered at once, for persons whom no
    measure of the scene binds.
    """
    given, subjects = len(subjects), _once_each(subjects)
    _require(declarations, actor, subjects, scene, purpose or scene, item, case_no)
    acting = replace(actor, purpose=purpose or scene)
    on = today(now)
    _require_persons(declarations, scene, subjects, shown, on)
    found = answers_to(
        declarations=declarations, actor=acting, lines=subjects, scene=scene, shown=shown, on=on
    )
    answers = found.subjects
    assert declarations.handling is not None
    clock = declarations.handling.feedback
    due = period_end(
        unit=clock.unit, amount=clock.limit, on=on,
        calendar=calendar_of(declarations=declarations),
    )  # fmt: skip
    whole = Check(
        number="", at=now, agency=actor.agency, channel=channel, scene=scene,
        scene_label=declarations.codes["purposes"].by_code[scene].label, purpose=acting.purpose,
        item=item, case_no=case_no, consortium=consortium,
        overall=max((one.overall for one in answers), key=OVERALL.index),
        look=any(one.look for one in answers), must_ack=any(one.must_ack for one in answers),
        due=due.date, provisional=due.provisional, declarations=declarations.digest,
        repeats=given - len(subjects),
        late=found.late, notes=_of_all(answers, consortium=consortium),
        subjects=answers,
    )  # fmt: skip
    return _keep(whole, acting, [one.asked for one in answers], found.codes)


def _once_each(lines: Sequence[str]) -> list[str]:
    """The lines in their order, each code or number once, however it was written."""
    found: dict[str, str] = {}
    for line in lines:
        found.setdefault(normalise_code(line), line)
    return list(found.values())


def _require(
    declarations: Declarations,
    actor: Actor,
    subjects: Sequence[str],
    scene: str,
    purpose: str,
    item: str,
    case_no: str,
) -> None:
    require_room(declarations=declarations, actor=actor, room="handling")
    for one in (scene, purpose):
        if not checks_in(declarations=declarations, actor=actor, scene=one):
            raise refusals.scene_closed(one)
    if not any(line.strip() for line in subjects):
        raise refusals.nobody_asked()
    refuse_too_many(len(subjects))
    for field, text in (("item", item), ("case_no", case_no)):
        if len(text) > LONGEST or not text.isprintable():
            raise refusals.too_long(field, LONGEST)


def _require_persons(
    declarations: Declarations,
    scene: str,
    subjects: Sequence[str],
    shown: Sequence[Shown],
    on: dt.date,
) -> None:
    """Nobody is looked at whom no measure of the scene binds (personal-information-law Art. 6)."""
    if not shown:
        return
    if not binds_persons(declarations=declarations, scene=scene, on=on):
        raise refusals.no_persons_here(scene)
    if len({line.strip() for line in subjects if line.strip()}) > 1:
        raise refusals.persons_of_one()
    if len(shown) > MOST_PERSONS:
        raise refusals.too_many_persons(MOST_PERSONS)


def _of_all(answers: Sequence[Answer], *, consortium: bool) -> tuple[Text, ...]:
    """What one member of a consortium brings upon all."""
    bad = [one.code for one in answers if consortium and one.overall == "mandatory_deny"]
    return (words.filled(words.ONE_BAD, words.codes(bad)),) if bad else ()


def _keep(whole: Check, actor: Actor, asked: Sequence[str], codes: Sequence[str]) -> Kept:
    """The check under a number of its own, with its digest, each subject journaled as looked at."""
    said = {name: one for name, one in vars(whole).items() if name != "digest"}
    while True:
        number = f"HC{today(whole.at):%Y%m%d}-{secrets.randbelow(10**10):010}"
        said["number"] = number
        answer = text_of(said)
        digest = sha256_hex(answer.encode())
        noted, values = noting_all(
            stream="look", actor=actor, action="file.checked", now=whole.at, after="kept",
            things=[f"subject/{code}" for code in codes], check=number,
        )  # fmt: skip
        row: dict[str, Any] = {
            "number": number, "at": whole.at, "actor": actor.id, "agency": actor.agency,
            "channel": whole.channel, "scene": whole.scene, "item": whole.item,
            "case_no": whole.case_no, "subjects": len(whole.subjects), "overall": whole.overall,
            "must_ack": whole.must_ack, "due": whole.due, "asked": text_of([*asked]),
            "answer": answer, "digest": digest,
        }  # fmt: skip
        # It is answered when it is on disk.
        if fetched(KEPT.format(noted=noted), row | values | _triggers(whole), alone=True):
            break
    return Kept(check=replace(whole, number=number, digest=digest), answer=answer)


def _triggers(whole: Check) -> dict[str, list[Any]]:
    """What feedback is due on, as columns."""
    found = dict.fromkeys(
        (one.code, hit.measure, hit.effective, hit.incentive)
        for one in whole.subjects
        for hit in (*one.hits, *one.easings)
    )
    columns = map(list, zip(*found, strict=True)) if found else ([], [], [], [])
    return dict(
        zip(("t_subjects", "t_measures", "t_strengths", "t_incentives"), columns, strict=True)
    )
