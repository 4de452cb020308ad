"""Writes: a check that is answered and kept, and all that is said about it later."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.db import connection, transaction

from yuexin.base.dates import period_end, today
from yuexin.base.digest import sha256_hex
from yuexin.base.text import Text
from yuexin.domains.credit.handling import refusals, words
from yuexin.domains.credit.handling.answering import answers_to
from yuexin.domains.credit.handling.types import OVERALL, Answer, Channel, Check
from yuexin.domains.credit.handling.written import as_json, text_of
from yuexin.domains.credit.lookup import refuse_too_many
from yuexin.engines.access.operations import note_all
from yuexin.engines.access.queries import checks_in, require_room
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.queries import calendar_of
from yuexin.engines.declare.types import Declarations

LONGEST: Final = 200
KEPT: Final = """
INSERT INTO handling_check (number, at, actor, agency, channel, scene, item, case_no, subjects,
    overall, must_ack, due, asked, answer, digest)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (number) DO NOTHING
"""
TRIGGERS: Final = """
INSERT INTO handling_trigger (check_no_id, subject, measure, strength, incentive)
SELECT %s, * FROM unnest(%s::text[], %s::text[], %s::text[], %s::boolean[])
ON CONFLICT DO NOTHING
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
    channel: Channel,
    now: dt.datetime,
) -> Kept:
    """Answer what the law calls for of each subject in this scene, and keep the answer.

    Each subject that is found is journaled as looked at, for the `purpose`, which is the scene
    where none is given; he learns of it by body, purpose and day. The members of a `consortium`
    stand and fall together. Raises a `Refusal` for whoever may not check in the scene, for no
    subjects and for more than are answered at once.
    """
    _require(declarations, actor, subjects, scene, purpose or scene, item, case_no)
    acting = replace(actor, purpose=purpose or scene)
    on = today(now)
    found = answers_to(declarations=declarations, actor=acting, lines=subjects, scene=scene, on=on)
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
        late=found.late, notes=(*_of_all(answers, consortium=consortium), *found.notes),
        subjects=answers,
    )  # fmt: skip
    with transaction.atomic():
        kept = _keep(whole, acting, [one.asked for one in answers])
        things = [f"subject/{code}" for code in found.codes]
        if things:
            note_all(
                stream="look", actor=acting, action="file.checked", things=things, now=now,
                check=kept.check.number,
            )  # fmt: skip
    return kept


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


def _of_all(answers: Sequence[Answer], *, consortium: bool) -> tuple[Text, ...]:
    """What one member of a consortium brings upon all."""
    bad = [one.code for one in answers if consortium and one.overall == "mandatory_deny"]
    return (words.filled(words.ONE_BAD, "、".join(bad)),) if bad else ()


def _keep(whole: Check, actor: Actor, asked: Sequence[str]) -> Kept:
    """The check under a number of its own, with its digest."""
    said = as_json(whole)
    del said["digest"]
    with connection.cursor() as cursor:
        while True:
            number = f"HC{today(whole.at):%Y%m%d}-{secrets.randbelow(10**10):010}"
            said["number"] = number
            answer = text_of(said)
            digest = sha256_hex(answer.encode())
            cursor.execute(
                KEPT,
                [
                    number, whole.at, actor.id, actor.agency, whole.channel, whole.scene,
                    whole.item, whole.case_no, len(whole.subjects), whole.overall, whole.must_ack,
                    whole.due, text_of([*asked]), answer, digest,
                ],
            )  # fmt: skip
            if cursor.rowcount:
                break
        triggers = dict.fromkeys(
            (one.code, hit.measure, hit.effective, hit.incentive)
            for one in whole.subjects
            for hit in (*one.hits, *one.easings)
        )
        if triggers:
            cursor.execute(TRIGGERS, [number, *map(list, zip(*triggers, strict=True))])
    return Kept(check=replace(whole, number=number, digest=digest), answer=answer)
