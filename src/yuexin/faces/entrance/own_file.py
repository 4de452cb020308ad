"""One's own file as the subject itself reads it, and what of it the public reads too."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal
from uuid import UUID

from yuexin.base.text import Text
from yuexin.domains.credit.courses import Course
from yuexin.domains.credit.queries import courses, credit_file, successor
from yuexin.domains.credit.types import CreditFile, Entry, Fact, Section
from yuexin.engines.access.types import PUBLIC, Actor
from yuexin.engines.declare.types import Declarations
from yuexin.faces.shared.closed import closed_fields

Beyond = Literal["", "hidden", "cut"]
EARLIER: Final = Text("以前的记载", "What held before")


@dataclass(frozen=True, kw_only=True)
class OwnEntry:
    """A record, whether the public reads it, and of each fact what the public does not: all of it
    (`hidden`) or a part (`cut`). `closed` are the fields that the law keeps from the subject.
    `of_other` is the code that told it, where that is not the one for which the owner acts;
    `course` how its publicity ran, where a clock of the law runs for its kind."""

    entry: Entry
    public: bool
    of_other: str
    facts: tuple[tuple[Fact, Beyond], ...]
    closed: tuple[tuple[Text, Text], ...]
    course: Course | None = None


@dataclass(frozen=True, kw_only=True)
class OwnFile:
    """`told_alone` are the rules whose verdicts the public is not told. `code` is the one for which
    the owner acts, `others` are those judged to be the same subject's."""

    file: CreditFile
    code: str
    others: tuple[str, ...]
    sections: tuple[tuple[Section, tuple[OwnEntry, ...]], ...]
    told_alone: frozenset[str]

    @property
    def entries(self) -> tuple[OwnEntry, ...]:
        return tuple(one for _, entries in self.sections for one in entries)


def own_file(
    *, declarations: Declarations, actor: Actor, code: str, now: dt.datetime
) -> OwnFile | None:
    """The file of the actor's own subject today; none where nothing came of it yet. Journaled."""
    found = credit_file(actor=actor, code=code, on=None, now=now)
    public = credit_file(actor=PUBLIC, code=code, on=None, now=now)
    if found is None or public is None:
        return None
    seen = {entry.record: _by_field(entry) for entry in public.timeline}
    head = found.head
    if head.joined_codes:
        seen |= _told_by_another(found, seen, now)
    ran = courses(actor=actor, file=found, now=now)
    closed = closed_fields(declarations=declarations, actor=actor, about=code, file=found)
    return OwnFile(
        file=found,
        code=code,
        others=tuple(one for one in (head.code, *head.joined_codes) if one != code),
        sections=tuple(
            (
                section,
                tuple(
                    replace(
                        _own(entry, seen, closed[entry.kind], code), course=ran.get(entry.record)
                    )
                    for entry in section.entries
                ),
            )
            for section in (*found.sections, *_earlier(found))
        ),
        told_alone=frozenset(
            {one.rule for one in found.head.verdicts} - {one.rule for one in public.head.verdicts}
        ),
    )


def _earlier(file: CreditFile) -> Iterable[Section]:
    """What the sections hold no more, because something else holds now."""
    filed = {entry.record for section in file.sections for entry in section.entries}
    rest = tuple(entry for entry in file.timeline if entry.record not in filed)
    if rest:
        note = Text("", "")
        yield Section(id="earlier", label=EARLIER, state="filled", note=note, entries=rest)


def _told_by_another(
    file: CreditFile, seen: Mapping[UUID, Mapping[str, Text]], now: dt.datetime
) -> dict[UUID, Mapping[str, Text]]:
    """What the public reads of facts that another code of the file told since, by the owner's own
    record of the same fact."""
    found = {}
    for entry in file.timeline:
        if entry.record not in seen:
            shown = successor(actor=PUBLIC, record=entry.record, now=now)
            if shown and shown[1] in seen:
                found[entry.record] = seen[shown[1]]
    return found


def _own(
    entry: Entry,
    seen: Mapping[UUID, Mapping[str, Text]],
    closed: tuple[tuple[Text, Text], ...],
    code: str,
) -> OwnEntry:
    public = seen.get(entry.record)
    other = entry.told_under != code
    return OwnEntry(
        entry=entry,
        public=public is not None,
        of_other=entry.told_under if other else "",
        facts=tuple(
            (fact, "" if public is None else _beyond(fact, public)) for fact in entry.facts
        ),
        closed=() if other else closed,
    )


def _beyond(fact: Fact, public: Mapping[str, Text]) -> Beyond:
    if fact.field not in public:
        return "hidden"
    return "" if public[fact.field] == fact.value else "cut"


def _by_field(entry: Entry) -> Mapping[str, Text]:
    return {fact.field: fact.value for fact in entry.facts}
