"""The printable proof of a check, and the reasoned refusal: for the body that asked, and no other.

What they say is the answer as it was kept; nothing is looked up again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import segno
from django.db import IntegrityError, transaction

from yuexin.base.dates import SHANGHAI, day_text, today
from yuexin.base.text import Text
from yuexin.domains.credit.handling import paper_words as said
from yuexin.domains.credit.handling import refusals, words
from yuexin.domains.credit.handling.feedback import own_check
from yuexin.domains.credit.handling.models import HandlingAct, HandlingCheck
from yuexin.domains.credit.handling.queries import check_of, note_read
from yuexin.domains.credit.handling.since import lifted_since
from yuexin.domains.credit.handling.types import OVERALL, Answer, Check, Evidence, Ground, Hit
from yuexin.domains.credit.present import remedies
from yuexin.domains.subjects.names import UNNAMED
from yuexin.engines.access.operations import note
from yuexin.engines.access.queries import refuses_for, require_impartial
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations
from yuexin.engines.papers import operations as papers
from yuexin.engines.papers.types import Draft, Issued, Language
from yuexin.home.folder import Home

TEMPLATE: Final = Path(__file__).with_name("paper.typ")
MOST_SUBJECTS: Final = 300
SIGNED: Final = "refusal_signed"
NO_NOTICE: Final = Text("", "")


@dataclass(frozen=True, kw_only=True)
class Setting:
    """In which language a paper is set, where it is verified, and what heads all of it."""

    language: Language
    verify_at: str
    notice: Text = NO_NOTICE


def facts_of(*, about: str, digest: str) -> dict[str, Any]:
    """What a paper attests: the answer it rests on, by its digest."""
    return {"about": about, "digest": digest}


@transaction.atomic
def issue_proof(
    *,
    declarations: Declarations,
    actor: Actor,
    number: str,
    setting: Setting,
    home: Home,
    now: dt.datetime,
) -> Issued:
    """A signed proof of what a check of the actor's body answered: by which channel, up to which
    moment, and how the evidence is kept. Raises a `Refusal` for any other check."""
    row = own_check(declarations=declarations, actor=actor, number=number)
    check = check_of(row)
    note_read(actor=actor, check=check, now=now)
    draft = papers.draft(now=now)
    content = _proof(declarations, check, draft, setting)
    return _issued(
        draft, content, about=f"check/{number}", digest=row.digest, setting=setting, home=home,
        actor=actor, now=now,
    )  # fmt: skip


def refusal_draft(
    *,
    declarations: Declarations,
    actor: Actor,
    number: str,
    subject: str,
    setting: Setting,
    now: dt.datetime,
) -> bytes:
    """The reasoned refusal of one subject as a draft: it says so, and is neither signed nor put on
    record. Raises a `Refusal` where no measure refuses for certain."""
    row = own_check(declarations=declarations, actor=actor, number=number)
    check, answer, hits = _refused(check_of(row), subject)
    content = _refusal(declarations, check, answer, hits, None, setting, now)
    return papers.typeset(template=TEMPLATE, data=content, moment=now)


@dataclass(frozen=True, kw_only=True)
class ToSign:
    """What a refusal says before it is signed, as it is typeset: `head` in pairs, then sections."""

    answer: Answer
    office: Text
    head: tuple[tuple[str, str], ...]
    sections: tuple[dict[str, Any], ...]


def refusal_to_sign(
    *,
    declarations: Declarations,
    actor: Actor,
    number: str,
    subject: str,
    setting: Setting,
    now: dt.datetime,
) -> ToSign:
    """The whole text of a refusal for whoever may sign it now: a look. Raises what `sign_refusal`
    would."""
    row = own_check(declarations=declarations, actor=actor, number=number)
    answer, hits = _to_be_signed(declarations, actor, row, subject, now)
    check = check_of(row)
    note_read(actor=actor, check=check, now=now)
    text = _refusal(declarations, check, answer, hits, None, setting, now)
    return ToSign(
        answer=answer,
        office=declarations.agencies[check.agency].label,
        head=tuple((label, value) for label, value in text["head"]),
        sections=tuple(text["sections"]),
    )


def signers(*, declarations: Declarations) -> tuple[Text, ...]:
    """The roles that sign refusals for their body, by name."""
    return tuple(role.label for role in declarations.roles.values() if role.refuses)


def sign_refusal(
    *, declarations: Declarations, actor: Actor, number: str, subject: str, now: dt.datetime
) -> HandlingAct:
    """Sign the refusal of one subject: a kept act, once. Raises a `Refusal` for whoever is in no
    role that refuses, where no measure refuses for certain, where it was signed before, on another
    day than that of the check, and where a measure is called for no more: whoever was taken off a
    list since is not refused by what was so."""
    row = own_check(declarations=declarations, actor=actor, number=number)
    answer, hits = _to_be_signed(declarations, actor, row, subject, now)
    try:
        with transaction.atomic():
            act = HandlingAct.objects.create(
                check_no=row, kind=SIGNED, subject=answer.code, at=now, actor=actor.id,
                agency=actor.agency,
                detail={"measures": [hit.measure for hit in hits], "digest": row.digest},
            )  # fmt: skip
            note(
                stream="change", actor=actor, action="check.refusal_signed",
                thing=f"check/{number}", now=now, subject=answer.code,
            )  # fmt: skip
    except IntegrityError as error:
        if row.acts.filter(kind=SIGNED, subject=answer.code).exists():
            raise refusals.signed_already(subject) from error
        raise
    return act


@transaction.atomic
def issue_refusal(
    *,
    declarations: Declarations,
    actor: Actor,
    number: str,
    subject: str,
    setting: Setting,
    home: Home,
    now: dt.datetime,
) -> Issued | None:
    """The refusal as it was signed, on paper; none while nobody has signed it."""
    row = own_check(declarations=declarations, actor=actor, number=number)
    check, answer, hits = _refused(check_of(row), subject)
    act = row.acts.filter(kind=SIGNED, subject=answer.code).first()
    if act is None:
        return None
    draft = papers.draft(now=now)
    content = _refusal(declarations, check, answer, hits, draft, setting, act.at)
    return _issued(
        draft, content, about=f"check/{number}/{answer.code}", digest=row.digest,
        setting=setting, home=home, actor=actor, now=now,
    )  # fmt: skip


def _issued(
    draft: Draft,
    content: dict[str, Any],
    *,
    about: str,
    digest: str,
    setting: Setting,
    home: Home,
    actor: Actor,
    now: dt.datetime,
) -> Issued:
    return papers.issue(
        draft=draft,
        pdf=papers.typeset(template=TEMPLATE, data=content, moment=now),
        about=about,
        facts=facts_of(about=about, digest=digest),
        language=setting.language,
        asked_by="office",
        home=home,
        actor=actor,
        now=now,
    )


def _to_be_signed(
    declarations: Declarations, actor: Actor, row: HandlingCheck, subject: str, now: dt.datetime
) -> tuple[Answer, tuple[Hit, ...]]:
    if not refuses_for(declarations=declarations, actor=actor, agency=row.agency):
        raise refusals.not_yours_to_sign(signers(declarations=declarations))
    if today(row.at) != today(now):
        raise refusals.check_outdated(row.number)
    check, answer, hits = _refused(check_of(row), subject)
    require_impartial(actor=actor, code=answer.code)
    if row.acts.filter(kind=SIGNED, subject=answer.code).exists():
        raise refusals.signed_already(subject)
    alone = replace(check, subjects=(replace(answer, hits=hits),))
    for one in lifted_since(declarations=declarations, actor=actor, check=alone, on=today(now)):
        raise refusals.ended_since(one.hit.because, one.since)
    return answer, hits


def _refused(check: Check, subject: str) -> tuple[Check, Answer, tuple[Hit, ...]]:
    answer = check.of(subject)
    hits = tuple(hit for hit in answer.hits if hit.effective == "mandatory_deny") if answer else ()
    if answer is None or not hits:
        raise refusals.nothing_to_refuse(subject)
    return check, answer, hits


def _proof(
    declarations: Declarations, check: Check, draft: Draft, setting: Setting
) -> dict[str, Any]:
    text = _In(setting.language)
    graded = sorted(check.subjects, key=lambda one: -OVERALL.index(one.overall))
    shown = graded[:MOST_SUBJECTS]
    return {
        **_frame(draft, setting, said.PROOF),
        "head": [*_numbered(draft, text), *_asked(declarations, check, text)],
        "sections": [
            {
                "title": text(said.ANSWER),
                "lines": [
                    text(words.filled(said.IN_ALL, str(len(check.subjects)))),
                    *([text(words.repeated(check.repeats))] if check.repeats else []),
                    text(words.OVERALL[check.overall]),
                    *(text(one) for one in check.notes),
                    *(text(words.filled(said.LATE, one.label)) for one in check.late),
                ],
                "entries": [_subject(one, text) for one in shown],
            },
            {
                "title": text(said.EVIDENCE),
                "lines": [text(one) for one in (said.EVIDENCE_METHOD, said.NOT_ALL, said.USE_ONLY)],
                "entries": [],
            },
        ],
    }


def _refusal(
    declarations: Declarations,
    check: Check,
    answer: Answer,
    hits: tuple[Hit, ...],
    draft: Draft | None,
    setting: Setting,
    decided_at: dt.datetime,
) -> dict[str, Any]:
    text, on = _In(setting.language), today(decided_at)
    body = declarations.agencies[check.agency].label
    ways = remedies(declarations=declarations, decided=on, on=on)
    exits = dict.fromkeys(
        one.label
        for hit in hits
        for ground in hit.rests_on
        for one in (declarations.regimes[ground.regime].exits if ground.regime else ())
    )
    frame = _frame(draft, setting, said.REFUSAL)
    if draft is None:
        frame["notices"].append(text(said.DRAFT))
    party = [[text(said.PARTY), answer.name or text(UNNAMED)], [text(said.CODE), answer.code]]
    return {
        **frame,
        "head": [
            *(_numbered(draft, text) if draft else []),
            *party,
            *_asked(declarations, check, text),
        ],
        "sections": [
            _section(said.FACTS, text, entries=[_hit(hit, text) for hit in hits]),
            _section(said.DECISION, text, [words.filled(said.DECIDED, words.listed(
                [hit.scene_law for hit in hits]), words.listed([hit.label for hit in hits]))]),
            _section(said.REMEDIES, text, ways),
            _section(said.WAYS_OFF, text, exits or [said.ASK_SOURCE]),
            _section(said.SIGNATURE, text, [
                body, day_text(on) if draft else said.NOT_SIGNED,
            ]),
        ],
    }  # fmt: skip


def _frame(draft: Draft | None, setting: Setting, title: Text) -> dict[str, Any]:
    text = _In(setting.language)
    address = f"{setting.verify_at}?n={draft.number}&c={draft.code}" if draft else ""
    qr = segno.make(address, error="m", micro=False).svg_inline(border=0) if address else ""
    return {
        "language": setting.language,
        "title": text(title),
        "number": draft.number if draft else "–",
        "labels": {name: text(label) for name, label in said.LABELS.items()},
        "notices": [text(setting.notice)] if setting.notice.zh else [],
        "address": address,
        "qr": qr,
    }


class _In:
    """Texts in one language."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def __call__(self, text: Text) -> str:
        return text.in_(self.language)


def _numbered(draft: Draft, text: _In) -> list[list[str]]:
    return [[text(said.PAPER_NUMBER), draft.number], [text(said.CHECK_CODE), draft.code]]


def _asked(declarations: Declarations, check: Check, text: _In) -> list[list[str]]:
    local = check.at.astimezone(SHANGHAI)
    moment = f"{text(day_text(local.date()))} {local:%H:%M:%S}"
    rows = [
        (said.CHECK_NUMBER, check.number),
        (said.BODY, text(declarations.agencies[check.agency].label)),
        (said.SCENE, text(check.scene_label)),
        (said.ITEM, check.item),
        (said.CASE, check.case_no),
        (said.CHANNEL, text(said.CHANNELS[check.channel])),
        (said.CUT_OFF, f"{moment} {text(said.BEIJING)}"),
        (said.CONSORTIUM, text(said.ONE_FOR_ALL) if check.consortium else ""),
        (said.DIGEST, check.digest),
    ]
    return [[text(label), value] for label, value in rows if value]


def _section(
    title: Text, text: _In, lines: Iterable[Text] = (), entries: Iterable[dict[str, Any]] = ()
) -> dict[str, Any]:
    return {"title": text(title), "lines": [text(one) for one in lines], "entries": [*entries]}


def _subject(one: Answer, text: _In) -> dict[str, Any]:
    name = one.name or (text(UNNAMED) if one.code else "")
    facts = [[text(said.STATE), text(one.said)]]
    for hit in (*one.hits, *one.easings):
        facts += _hit(hit, text)["facts"]
    facts += [[text(said.PERSON), text(person.said)] for person in one.persons]
    facts += [[text(said.NOTE), text(note)] for note in one.notes]
    word = text(words.LOOK_FIRST) if one.look else text(words.OVERALL[one.overall])
    return {
        "title": " · ".join(part for part in (one.code or one.asked, name, word) if part),
        "grave": one.look or one.overall in ("mandatory_deny", "must_consider"),
        "facts": facts,
    }


def _hit(hit: Hit, text: _In) -> dict[str, Any]:
    several = len(hit.rests_on) > 1
    rows = [
        (said.MEASURE, text(hit.label)),
        *(row for one, records in hit.told for row in _ground(one, records, several, text)),
        (said.LAW, text(words.listed([*hit.basis, hit.scene_law]))),
        *([] if hit.confirmed else [(said.NOTE, text(said.LAW_AWAITS))]),
        (said.SOURCE, text(words.listed([one.source for one in hit.rests_on]))),
        (said.UNTIL, _until(hit.until, text)),
        *((said.NOTE, text(one)) for one in hit.look),
    ]
    facts = [[text(label), value] for label, value in rows]
    return {"title": text(hit.label), "grave": not hit.incentive, "facts": facts}


def _ground(
    one: Ground, records: Iterable[Evidence], several: bool, text: _In
) -> Iterator[tuple[Text, str]]:
    """A list or finding, its records, and where there are `several` what of this one is doubtful
    and until when it stands."""
    yield said.FOUND, text(words.filled(said.FOUND_SO, one.list_label, one.found))
    for record in records:
        yield said.RECORD, text(record.headline)
    if several:
        yield said.UNTIL, _until(one.until, text)
        for doubt in words.doubts(one):
            yield said.NOTE, text(doubt)


def _until(day: dt.date | None, text: _In) -> str:
    return text(day_text(day)) if day else text(said.NO_TERM)
