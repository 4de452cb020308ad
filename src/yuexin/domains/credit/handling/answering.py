"""The answer to a check: of each subject what stands against it, what is to be done, and why.

A read of stored verdicts. What cannot be told is said, and a person has to look.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from yuexin.base.text import Text
from yuexin.domains.credit.handling import words
from yuexin.domains.credit.handling.book import Book, book_of
from yuexin.domains.credit.handling.evidence import evidence_of
from yuexin.domains.credit.handling.hits import Telling
from yuexin.domains.credit.handling.persons import PersonTelling, Shown, persons_of
from yuexin.domains.credit.handling.reading import Found
from yuexin.domains.credit.handling.resolving import Meant, meant
from yuexin.domains.credit.handling.sayings import Sets, all_called, sets_of
from yuexin.domains.credit.handling.types import OVERALL, TO_ACKNOWLEDGE, Answer, Hit, Late, Overall
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations
from yuexin.engines.deliveries.queries import freshness
from yuexin.engines.rules.queries import standing
from yuexin.engines.rules.types import CalledFor

NOTHING_CALLED: Final = CalledFor(hits=(), easings=(), lost=(), undecided=(), overall=None)


@dataclass(frozen=True, kw_only=True)
class Answered:
    """The answers in the order asked, and the sources that are overdue. `codes` are all codes of
    the files that were looked at."""

    subjects: tuple[Answer, ...]
    late: tuple[Late, ...]
    codes: tuple[str, ...]


def answers_to(
    *,
    declarations: Declarations,
    actor: Actor,
    lines: Sequence[str],
    scene: str,
    shown: Sequence[Shown] = (),
    on: dt.date,
) -> Answered:
    """What is called for today of each subject that a line means. Those `shown` are to hold a post
    in it."""
    book = book_of(declarations=declarations, scene=scene, on=on)
    asked, state = meant(declarations=declarations, lines=lines, book=book, on=on)
    late = late_sources(declarations=declarations, book=book, on=on, state=state)
    found = [one.found for one in asked if one.found and not one.found.is_clear(book)]
    persons = persons_of(
        declarations=declarations, book=book, scene=scene, shown=shown, on=on,
        files={one.found.subject for one in asked if one.found},
    )  # fmt: skip
    records = evidence_of(
        declarations=declarations,
        actor=actor,
        records=_records(found) | persons.records,
        late=late,
        on=on,
    )
    telling = Telling(declarations=declarations, records=records, on=on)
    using = _Using(
        telling=telling,
        persons=PersonTelling(
            telling=telling,
            book=book,
            persons=persons,
            numbers={one.mark: one.number for one in shown},
        ),
        book=book,
        scene=scene,
        sets=sets_of(found=found, book=book),
    )
    told = {asked_: using.answer(one) for asked_, one in {one.asked: one for one in asked}.items()}
    codes = dict.fromkeys(code for one in asked if one.found for code in one.found.codes)
    return Answered(
        subjects=tuple(told[one.asked] for one in asked),
        late=late,
        codes=tuple(dict.fromkeys((*codes, *persons.codes))),
    )


def late_sources(
    *, declarations: Declarations, book: Book, on: dt.date, state: str
) -> tuple[Late, ...]:
    """The sources of what is checked that have not delivered when they were due. `state` is how
    deliveries stand."""
    return tuple(
        Late(
            agency=one.agency,
            resource=one.resource,
            label=_source(declarations, one.agency, one.resource),
            since=one.late_since,
        )
        for one in freshness(declarations=declarations, on=on, state=state)
        if one.late_since and declarations.resources[one.resource].kind in book.read
    )


def _records(found: Sequence[Found]) -> set[UUID]:
    return {
        UUID(record)
        for one in found
        for said in one.said
        for reason in said.reasons
        if reason["truth"] is True
        for record in reason["records"]
    }


@dataclass(frozen=True, kw_only=True)
class _Using:
    """What every subject of a check is answered by."""

    telling: Telling
    persons: PersonTelling
    book: Book
    scene: str
    sets: Sets

    def answer(self, one: Meant) -> Answer:
        if one.found is None:
            return Answer(
                asked=one.asked, state=one.state, said=one.said, look=True, must_ack=True,
                candidates=one.candidates,
            )  # fmt: skip
        answer = self._of_subject(one, one.found)
        return self._with_persons(answer, one.found) if self.book.personal else answer

    def _with_persons(self, answer: Answer, found: Found) -> Answer:
        """With those whom the law may bar from their posts, and of whom nothing could be said."""
        persons = self.persons.of(found.subject)
        notes = (*answer.notes, *self.persons.notes(found.subject))
        if persons or self.persons.is_unsettled(found.subject):
            return replace(answer, persons=persons, notes=notes, look=True, must_ack=True)
        return replace(answer, notes=notes) if notes != answer.notes else answer

    def _of_subject(self, one: Meant, found: Found) -> Answer:
        if found.is_clear(self.book):
            return _clear(one, found)
        if self._is_only_gone(found):
            return self._gone_from_register(one, found)
        return self._answer(one, found)

    def _is_only_gone(self, found: Found) -> bool:
        """Whether nothing that matters was said but that it can be no party any more."""
        book = self.book
        only = all(one.rule == book.status for one in found.said)
        return only and book.status not in book.deciding and found.is_judged(book)

    def _gone_from_register(self, one: Meant, found: Found) -> Answer:
        gone = self._gone(found)
        if gone is None:
            return _clear(one, found)
        return replace(
            _clear(one, found), state="cancelled", said=words.filled(words.CANCELLED, gone),
            status=gone, look=True, must_ack=True,
        )  # fmt: skip

    def _answer(self, one: Meant, found: Found) -> Answer:
        telling, called = self.telling, self._called(found)
        hits, easings = telling.hits(called.hits), telling.hits(called.easings)
        stands = standing(declarations=telling.declarations, verdicts=found.said, on=telling.on)
        lists = [it for stood in stands if (it := telling.standing(stood))]
        notes = tuple(self._notes(found, called))
        gone = self._gone(found)
        overall = _strongest(hits, easings)
        look = bool(notes) or gone is not None or any(hit.look for hit in hits)
        lost = [it.label for it in lists if it.adverse] if telling.hits(called.lost) else []
        named = {it.regime for hit in (*hits, *easings) for it in hit.rests_on}
        return Answer(
            asked=one.asked,
            state="cancelled" if gone else one.state,
            said=words.filled(words.CANCELLED, gone) if gone else one.said,
            code=found.code,
            codes=found.joined,
            name=found.name,
            status=gone or Text("", ""),
            overall=overall,
            look=look,
            must_ack=look or overall in TO_ACKNOWLEDGE,
            hits=tuple(sorted(hits, key=_gravest_first)),
            easings=easings,
            lists=tuple(it for it in lists if it.regime not in named),
            notes=(
                *notes,
                *([words.filled(words.NO_EASINGS, words.listed(lost))] if lost else []),
            ),
        )

    def _called(self, found: Found) -> CalledFor:
        """What is called for: nothing where no rule that decides a measure says what matters."""
        if found.is_judged(self.book) and all(
            one.rule not in self.book.deciding for one in found.said
        ):
            return NOTHING_CALLED
        return all_called(
            declarations=self.telling.declarations, found=found, book=self.book, sets=self.sets,
            scene=self.scene, on=self.telling.on,
        )  # fmt: skip

    def _notes(self, found: Found, called: CalledFor) -> Iterator[Text]:
        """What keeps the answer from being whole."""
        if found.doubtful:
            yield words.DOUBTFUL
        if called.undecided:
            rules = self.telling.declarations.rules
            labels = words.listed([rules[rule].label for rule in called.undecided])
            yield words.filled(words.NOT_KNOWN, labels)

    def _gone(self, found: Found) -> Text | None:
        book, on = self.book, self.telling.on
        for one in found.said:
            if one.rule == book.status and one.value in book.gone and one.valid_from <= on:
                return self.telling.said(rule=one.rule, value=one.value)
        return None


def _strongest(hits: Sequence[Hit], easings: Sequence[Hit]) -> Overall:
    """The gravest of what was hit; easings where nothing was."""
    found: list[Overall] = [one.effective for one in hits]
    return max(found, key=OVERALL.index, default="ease" if easings else "")


def _clear(one: Meant, found: Found) -> Answer:
    return Answer(
        asked=one.asked, state=one.state, said=one.said, code=found.code, codes=found.joined,
        name=found.name,
    )  # fmt: skip


def _gravest_first(hit: Hit) -> tuple[int, str]:
    return (-OVERALL.index(hit.effective), hit.measure)


def _source(declarations: Declarations, agency: str, resource: str) -> Text:
    who, what = declarations.agencies[agency].label, declarations.resources[resource].label
    return Text(f"{who.zh}：{what.zh}", f"{who.en}: {what.en}")
