"""Find an entity by a scrap of its name, as written or as it sounds, by a number or a part of one.

What is surest is tried first, and the rest only where it found nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final
from uuid import UUID

from django.db import connection

from yuexin.base.hanzi import simplified
from yuexin.base.text import Text, normalise_name
from yuexin.domains.credit.files import Reader
from yuexin.domains.credit.finding import facts, names, numbers, typed
from yuexin.domains.credit.finding.facts import Facts
from yuexin.domains.credit.finding.names import Effort, Narrowing
from yuexin.domains.credit.finding.types import (
    FEWEST_CHARACTERS,
    LONGEST_QUERY,
    PAGE_SIZE,
    TOTAL_CAP,
    Candidate,
    Candidates,
    Certainty,
    Grade,
    Hit,
    Query,
    SearchPage,
    Suggestion,
)
from yuexin.domains.credit.types import FormerName, Verdict

SUGGESTIONS: Final = 8
SUGGESTING: Final = Effort(
    met=2 * SUGGESTIONS, enough=SUGGESTIONS, candidates=1_000, most=PAGE_SIZE
)
TOO_SHORT: Final = Text("请至少输入两个字。", "Type at least two characters.")
NO_WORD: Final = Text(
    "请输入名称中的文字、拼音，或代码；只有标点的无法查询。",
    "Type characters of a name, its pinyin or a code: punctuation alone finds nothing.",
)
MATCHED: Final = """
SELECT n.subject, n.key, n.name, n.valid_from, n.valid_until
FROM unnest(%(subjects)s::uuid[], %(keys)s::text[]) AS found(subject, key)
JOIN subject_name n ON n.subject = found.subject AND n.key = found.key
"""
PLAIN: Final = Text("", "")
PLAINLY: Final = (Grade.WHOLE, Grade.BEGINS, Grade.PART)
WHY: Final[Mapping[Grade, tuple[Text, Certainty]]] = {
    Grade.NUMBER: (Text("代码或旧号码", "code or old number"), "certain"),
    Grade.WHOLE: (Text("名称相同", "the same name"), "certain"),
    Grade.BEGINS: (Text("名称以此开头", "the name begins so"), "certain"),
    Grade.PART: (Text("名称含有", "part of the name"), "certain"),
    Grade.PERSON: (Text("法定代表人或负责人", "legal representative"), "likely"),
    Grade.SOUND: (Text("读音相同", "sounds alike"), "likely"),
    Grade.NEAR: (Text("相差一个字", "one character off"), "likely"),
    Grade.PIECES: (Text("依次含有各段字", "holds the pieces in order"), "possible"),
}


@dataclass(frozen=True, kw_only=True)
class _Search:
    """One text looked for as one reader, with the same filters on every road."""

    reader: Reader
    text: str
    narrowing: Narrowing
    effort: Effort

    def found(self) -> Candidates:
        """What the first road leads to that leads anywhere, each subject once."""
        number = normalise_name(self.text).replace("-", "")
        sure = numbers.by_number(number=number, narrowing=self.narrowing)
        if sure.found:
            return sure
        for road in self._roads(number):
            found = road()
            if found.found:
                return _each_once(found, self.effort.most)
        return Candidates()

    def _roads(self, number: str) -> Iterator[Callable[[], Candidates]]:
        yield self._named
        yield lambda: numbers.by_part(number=number, narrowing=self.narrowing)
        if (other := simplified(self.text)) != self.text:
            yield lambda: self._parts(other)
        yield lambda: self._nearly(normalise_name(simplified(self.text)))

    def _named(self) -> Candidates:
        """Also by sound, where letters were typed, and by whom it is represented."""
        written = self._parts(self.text)
        person = numbers.by_person(
            declarations=self.reader.declarations, actor=self.reader.actor,
            name=self.text, narrowing=self.narrowing, now=self.reader.now,
        )  # fmt: skip
        sounded = Candidates()
        if self.text.replace(" ", "").isascii() and len(written.found) < PAGE_SIZE:
            sounded = self._sounding(normalise_name(self.text))
        return _joined(written, person, sounded)

    def _parts(self, text: str) -> Candidates:
        return names.parts_of(
            parts=typed.fragments(text), narrowing=self.narrowing, effort=self.effort,
            now=self.reader.now,
        )  # fmt: skip

    def _sounding(self, text: str) -> Candidates:
        heard = typed.heard_as(text)
        if not heard:
            return Candidates()
        return names.sounding_like(
            heard=heard, narrowing=self.narrowing, effort=self.effort, now=self.reader.now
        )

    def _nearly(self, text: str) -> Candidates:
        """One character off, by its sound, or in pieces."""
        if text.isascii():
            return Candidates()
        return names.near(
            text=text, narrowing=self.narrowing, effort=self.effort, now=self.reader.now
        )


def search(*, reader: Reader, query: Query) -> SearchPage:
    """A page of hits, ranked; one that finds nothing and looks like a code is explained."""
    text = query.text.strip()[:LONGEST_QUERY]
    if refused := _unsearchable(text):
        return SearchPage(
            query=text, page=1, pages=0, total=0, capped=False, hits=(), hint=refused, asked=query
        )
    found, held = _in_files(reader, _found(reader, query))
    page = max(1, query.page)
    shown = found.found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    number = normalise_name(text).replace("-", "")
    explain = not found.found and not query.narrowed and numbers.looks_like_code(number)
    hint, suggestion = numbers.explained(number) if explain else (None, "")
    return SearchPage(
        query=text,
        page=page,
        pages=-(-len(found.found) // PAGE_SIZE),
        total=len(found.found),
        capped=not found.complete,
        hits=_hits(reader, shown, held),
        hint=hint,
        suggestion=suggestion,
        facets=facts.facets_of(
            reader=reader, query=query, facts=[held[one.subject] for one in found.found]
        ),
        asked=query,
    )


def export(*, reader: Reader, query: Query) -> SearchPage:
    """All hits of a query on one page, as many as are counted."""
    text = query.text.strip()[:LONGEST_QUERY]
    found, held = _in_files(reader, Candidates() if _unsearchable(text) else _found(reader, query))
    hits = _hits(reader, found.found, held)
    return SearchPage(
        query=text, page=1, pages=1, total=len(hits), capped=not found.complete, hits=hits,
        asked=query,
    )  # fmt: skip


def suggest(*, reader: Reader, text: str) -> tuple[Suggestion, ...]:
    """A few names that may be meant by what is typed so far."""
    text = text.strip()[:LONGEST_QUERY]
    if _unsearchable(text):
        return ()
    asked = _Search(reader=reader, text=text, narrowing=Narrowing(), effort=SUGGESTING)
    found, held = _in_files(reader, asked.found(), most=SUGGESTIONS)
    return tuple(
        Suggestion(
            code=held[one.subject].code,
            name=held[one.subject].name,
            why=PLAIN if one.grade in PLAINLY else _why(one)[0],
        )
        for one in found.found
        if held[one.subject].name
    )


def _found(reader: Reader, query: Query) -> Candidates:
    narrowing = facts.narrowing_of(reader=reader, query=query)
    return _Search(
        reader=reader,
        text=query.text.strip()[:LONGEST_QUERY],
        narrowing=narrowing,
        effort=Effort(steps=names.LONG_WALK) if narrowing.sql else Effort(),
    ).found()


def _in_files(
    reader: Reader, found: Candidates, most: int = TOTAL_CAP
) -> tuple[Candidates, dict[UUID, Facts]]:
    """What hits show, each file once, by the best of all that are joined in it."""
    held = facts.facts_of(reader=reader, subjects=[one.subject for one in found.found[:most]])
    best: dict[str, Candidate] = {}
    for one in found.found[:most]:
        if one.subject in held:
            best.setdefault(held[one.subject].code, one)
    return replace(found, found=tuple(best.values())), held


def _unsearchable(text: str) -> Text | None:
    """Why a text cannot be looked for."""
    if text and not typed.has_word(text):
        return NO_WORD
    return TOO_SHORT if len(normalise_name(text)) < FEWEST_CHARACTERS else None


def _joined(*found: Candidates) -> Candidates:
    every = chain.from_iterable(one.found for one in found)
    ordered = sorted(every, key=lambda one: one.grade)
    return Candidates(found=tuple(ordered), complete=all(one.complete for one in found))


def _each_once(found: Candidates, most: int) -> Candidates:
    best: dict[UUID, Candidate] = {}
    for one in found.found:
        best.setdefault(one.subject, one)
    kept = tuple(best.values())[: min(most, TOTAL_CAP)]
    return Candidates(found=kept, complete=found.complete and len(best) <= TOTAL_CAP)


def _hits(
    reader: Reader, found: Sequence[Candidate], held: Mapping[UUID, Facts]
) -> tuple[Hit, ...]:
    matched = _matched(found)
    values = {one.status for one in held.values()}
    said = {value: facts.status_of(reader=reader, value=value) for value in values}
    return tuple(
        _hit(
            reader=reader,
            one=one,
            facts_=held[one.subject],
            matched=matched.get((one.subject, one.key)),
            status=said[held[one.subject].status],
        )
        for one in found
    )


def _hit(
    *, reader: Reader, one: Candidate, facts_: Facts, matched: FormerName | None, status: Verdict
) -> Hit:
    former = matched is not None and matched.name != facts_.name
    why, certainty = _why(one)
    return Hit(
        code=facts_.code,
        name=facts_.name,
        matched=matched.name if matched else facts_.name,
        status=status.outcome_label,
        tone=status.tone,
        type_label=facts.type_label(reader=reader, code=facts_.entity_type),
        city=facts.city_label(reader=reader, code=facts_.city),
        est_date=facts_.est_date,
        why=_former(matched, why) if former and matched else why,
        certainty=certainty,
    )


def _why(one: Candidate) -> tuple[Text, Certainty]:
    return WHY[one.grade]


def _former(name: FormerName, why: Text) -> Text:
    """A name that is not the present one, with the years in which it was borne."""
    first = str(name.valid_from.year) if name.valid_from else ""
    last = str(name.valid_until.year) if name.valid_until else ""
    years = f"{first}–{last}" if first or last else ""
    zh = f"曾用名（{years}）" if years else "曾用名"
    en = f"former name ({years})" if years else "former name"
    return Text(f"{zh}，{why.zh}", f"{en}, {why.en}")


def _matched(found: Sequence[Candidate]) -> dict[tuple[UUID, str], FormerName]:
    """The names by which subjects were found, with their dates."""
    named = [one for one in found if one.key]
    if not named:
        return {}
    with connection.cursor() as cursor:
        subjects, keys = [one.subject for one in named], [one.key for one in named]
        cursor.execute(MATCHED, {"subjects": subjects, "keys": keys})
        return {(subject, key): FormerName(*name) for subject, key, *name in cursor.fetchall()}
