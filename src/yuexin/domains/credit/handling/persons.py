"""Whether the law bars whoever holds a post in a subject, for what he was in another.

Two are one person where a number with a check character says so, and, where both have a name, the
name too. Only in a scene in which the law names a measure that binds legal representatives, only
those who hold posts or are to: never anybody's family, and no page gathers what is read here.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, LiteralString, NamedTuple
from uuid import UUID

from psycopg.sql import SQL, Literal

from yuexin.base.codes import mask_document
from yuexin.base.text import Text, normalise_name
from yuexin.domains.credit.handling import refusals, words
from yuexin.domains.credit.handling.book import Book, book_of
from yuexin.domains.credit.handling.hits import Telling
from yuexin.domains.credit.handling.reading import Found, found_by
from yuexin.domains.credit.handling.sayings import all_called, sets_of
from yuexin.domains.credit.handling.types import PersonFound
from yuexin.engines.access.queries import person_marks
from yuexin.engines.declare.queries import value_text
from yuexin.engines.declare.types import PERSON_MARK, Declarations, RecordKind
from yuexin.engines.rules.types import CalledFor, Hit
from yuexin.engines.statements.queries import fetched
from yuexin.home.folder import Home

MOST_PERSONS: Final = 20
# Who holds a post in one of the subjects' files, and of which other files he was representative.
HOLDING: Final[LiteralString] = """
SELECT coalesce(m.joined_to, m.id), r.id, r.body->>{name}, r.body->>{position},
    r.body->>{mark}
FROM subject m JOIN record r ON r.subject = m.id
WHERE (m.id = ANY(%(files)s) OR m.joined_to = ANY(%(files)s)) AND r.kind = {kind}
    AND r.superseded_at IS NULL AND (r.valid_until IS NULL OR r.valid_until > %(on)s)
"""
REPRESENTED: Final[LiteralString] = """
SELECT r.body->>{mark}, r.body->>{name}, r.id, g.code, r.valid_from, r.valid_until
FROM record r JOIN subject m ON m.id = r.subject
JOIN subject g ON g.id = coalesce(m.joined_to, m.id)
WHERE r.kind = {kind} AND r.superseded_at IS NULL AND r.body ? {mark}
    AND r.body->>{mark} = ANY(%(marks)s) AND r.body->>{legal_rep} = 'true'
"""


class Shown(NamedTuple):
    """A person by the document shown: what tells him from others, and the masked number."""

    mark: str
    number: str


class Holder(NamedTuple):
    """Who holds a post in a file; or is to, of which no kind of record tells yet."""

    file: UUID
    mark: str
    kind: str = ""
    record: UUID | None = None
    name: str = ""
    position: str = ""


class Represented(NamedTuple):
    """Of which other file somebody was the legal representative, and when."""

    mark: str
    name: str
    record: UUID
    code: str
    since: dt.date | None
    until: dt.date | None

    def on(self, day: dt.date) -> bool:
        return (not self.since or self.since <= day) and (not self.until or self.until > day)


class Barred(NamedTuple):
    """A measure that may bar a holder, for what is said of whom he represented."""

    holder: Holder
    represented: Represented
    other: Found
    hit: Hit


@dataclass(frozen=True, kw_only=True)
class Persons:
    """What was found of persons, by file; the other files of which it is not known whether they
    bar somebody; and of how many nothing could be compared."""

    barred: Mapping[UUID, Sequence[Barred]] = field(default_factory=dict)
    unsettled: Mapping[UUID, Sequence[Found]] = field(default_factory=dict)
    unmarked: Mapping[UUID, int] = field(default_factory=dict)
    holding: frozenset[UUID] = frozenset()

    @property
    def records(self) -> set[UUID]:
        """The records that it rests on."""
        found = [one for some in self.barred.values() for one in some]
        own = {one.holder.record for one in found if one.holder.record}
        rested = {UUID(record) for one in found for record in one.hit.records}
        return own | rested | {one.represented.record for one in found}

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes of the other files that were looked at."""
        found = [one.other for some in self.barred.values() for one in some]
        found += [other for some in self.unsettled.values() for other in some]
        return tuple(dict.fromkeys(code for other in found for code in other.codes))


NOBODY: Final = Persons()


def binds_persons(*, declarations: Declarations, scene: str, on: dt.date) -> bool:
    """Whether the law names a measure for the scene that binds legal representatives."""
    return bool(book_of(declarations=declarations, scene=scene, on=on).personal)


def shown_by(*, home: Home, numbers: Sequence[str]) -> tuple[Shown, ...]:
    """The persons whose documents have these numbers, which are kept nowhere. Refused by DOCUMENT
    where one cannot be compared."""
    if not numbers:
        return ()
    marks = person_marks(home=home, numbers=numbers)
    for line, number in enumerate(numbers, start=1):
        if number not in marks:
            raise refusals.not_comparable(line)
    return tuple(Shown(marks[number], mask_document(number)) for number in dict.fromkeys(numbers))


def persons_of(
    *,
    declarations: Declarations,
    book: Book,
    scene: str,
    files: Collection[UUID],
    shown: Sequence[Shown],
    on: dt.date,
) -> Persons:
    """Whom the measures of the scene may bar from a post in these files. Those `shown` are to hold
    one in each of them."""
    kinds = [kind for kind in declarations.kinds.values() if kind.posts]
    if not book.personal or not files:
        return NOBODY
    holders = [one for kind in kinds for one in _holders(kind, files, on)]
    holders += [Holder(file, one.mark) for file in files for one in shown]
    marks = {one.mark for one in holders if one.mark}
    represented = [one for kind in kinds for one in _represented(kind, marks)]
    others = _others({one.code for one in represented}, declarations, book, scene, on)
    barred: dict[UUID, list[Barred]] = defaultdict(list)
    unsettled: dict[UUID, dict[str, Found]] = defaultdict(dict)
    for holder, one in _one_person(holders, represented):
        other = others[one.code]
        if other.found.subject != holder.file:
            barred[holder.file] += other.bars(holder, one)
            if not book.deciding_of_persons.isdisjoint(other.called.undecided):
                unsettled[holder.file][one.code] = other.found
    return Persons(
        barred={file: _once(some) for file, some in barred.items() if some},
        unsettled={file: tuple(some.values()) for file, some in unsettled.items()},
        unmarked=Counter(file for file, _ in {(h.file, h.name) for h in holders if not h.mark}),
        holding=frozenset(one.file for one in holders),
    )


def _holders(kind: RecordKind, files: Collection[UUID], on: dt.date) -> Iterator[Holder]:
    asked = fetched(_asked(HOLDING, kind), {"files": [*files], "on": on}, alone=True)
    return (
        Holder(file, mark or "", kind.id, record, name or "", post or "")
        for file, record, name, post, mark in asked
    )


def _represented(kind: RecordKind, marks: Collection[str]) -> Iterator[Represented]:
    if not marks:
        return iter(())
    found = fetched(_asked(REPRESENTED, kind), {"marks": [*marks]}, alone=True)
    return (Represented(mark, name or "", *rest) for mark, name, *rest in found)


def _asked(statement: LiteralString, kind: RecordKind) -> str:
    assert kind.posts
    said = {"kind": kind.id, "mark": PERSON_MARK, **vars(kind.posts)}
    literals: dict[str, Any] = {name: Literal(value) for name, value in said.items()}
    return SQL(statement).format(**literals).as_string()


class _Other(NamedTuple):
    """A file whose representative somebody was, and what is called for of it."""

    found: Found
    called: CalledFor

    def bars(self, holder: Holder, represented: Represented) -> list[Barred]:
        """The measures on whoever represented it on the day since which their verdict stands. What
        is said of a file because nothing is recorded there is nobody's doing."""
        since = {one.rule: one.valid_from for one in reversed(self.found.said)}
        on = {rule for rule, day in since.items() if represented.on(day)}
        return [
            Barred(holder, represented, self.found, replace(hit, grounds=grounds))
            for hit in self.called.hits
            if "legal_rep" in hit.measure.targets
            if (grounds := tuple(one for one in hit.grounds if one.rule in on))
        ]


def _others(
    codes: Collection[str], declarations: Declarations, book: Book, scene: str, on: dt.date
) -> Mapping[str, _Other]:
    files = found_by(codes=codes, book=book, on=on)
    sets = sets_of(found=files.values(), book=book)
    return {
        code: _Other(
            found,
            all_called(
                declarations=declarations, found=found, book=book, sets=sets, scene=scene, on=on
            ),
        )
        for code, found in files.items()
    }


def _one_person(
    holders: Iterable[Holder], represented: Iterable[Represented]
) -> Iterator[tuple[Holder, Represented]]:
    """Who have one number and may be one: names that differ say that a number is wrong."""
    by_mark = defaultdict(list)
    for one in represented:
        by_mark[one.mark].append(one)
    for holder in holders:
        for one in by_mark[holder.mark]:
            name = normalise_name(holder.name)
            if not holder.name or not one.name or name == normalise_name(one.name):
                yield holder, one


def _once(found: Iterable[Barred]) -> Sequence[Barred]:
    """Each person for each file and measure once, by all of its grounds, whatever posts he holds or
    held."""
    kept: dict[tuple[str, str, str], Barred] = {}
    for one in found:
        key = (one.holder.mark, one.other.code, one.hit.measure.id)
        first = kept.setdefault(key, one)
        known = {it.rule for it in first.hit.grounds}
        more = (it for it in one.hit.grounds if it.rule not in known)
        kept[key] = first._replace(hit=replace(first.hit, grounds=(*first.hit.grounds, *more)))
    return tuple(kept.values())


@dataclass(frozen=True, kw_only=True)
class PersonTelling:
    """What was found of persons, as an answer says it."""

    telling: Telling
    book: Book
    persons: Persons
    numbers: Mapping[str, str]

    def of(self, file: UUID) -> tuple[PersonFound, ...]:
        """Those of a file, but what rests on records that are closed to the body that asks."""
        told = (self._told(one) for one in self.persons.barred.get(file, ()))
        return tuple(one for one in told if one)

    def is_unsettled(self, file: UUID) -> bool:
        """Whether it is not known of another file if it bars somebody."""
        return file in self.persons.unsettled

    def notes(self, file: UUID) -> Iterator[Text]:
        """Which numbers were compared, and of whom nothing could be said."""
        labels = words.listed([one.label for one in self.book.personal])
        if self.numbers:
            yield words.filled(words.COMPARED, words.codes(self.numbers.values()))
        if unknown := self.persons.unsettled.get(file):
            codes = words.codes(one.code for one in unknown)
            yield words.filled(words.OTHER_NOT_KNOWN, labels, codes)
        if file not in self.persons.holding:
            yield words.filled(words.NO_POSTS, labels)
        elif count := self.persons.unmarked.get(file, 0):
            yield words.filled(words.NOT_COMPARED, labels, str(count))

    def _told(self, one: Barred) -> PersonFound | None:
        hit = self.telling.of_person(one.hit)
        if hit is None:
            return None
        person = one.holder.name or self.numbers[one.holder.mark]
        post = self._post(one.holder)
        name = one.other.name or one.other.code
        found = words.listed([ground.found for ground in hit.rests_on])
        own = [one.represented.record, *([one.holder.record] if one.holder.record else [])]
        return PersonFound(
            person=person, post=post, code=one.other.code, name=one.other.name,
            said=words.filled(words.PERSON_FOUND, person, post, name, one.other.code, found),
            measure=hit.measure, label=hit.label, content=hit.content, basis=hit.basis,
            scene_law=hit.scene_law, rule=hit.rule, outcome=hit.outcome, found=hit.found,
            until=hit.until, source=hit.source,
            records=(*hit.records, *self.telling.records.of(own)),
        )  # fmt: skip

    def _post(self, holder: Holder) -> Text:
        if not holder.kind:
            return words.TO_HOLD_A_POST
        declared = self.telling.declarations
        kind = declared.kinds[holder.kind]
        assert kind.posts
        return value_text(declared, kind.by_field[kind.posts.position], holder.position)
