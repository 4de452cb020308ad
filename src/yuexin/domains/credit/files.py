"""The credit file of one subject, by the sections of the public credit report standard of 2022."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from uuid import UUID

# Of the standard one all objects share a lock, held while one of them asks the database.
from django.utils.functional import cached_property

from yuexin.base.dates import last_moment, today
from yuexin.base.regions import name_of
from yuexin.base.text import Text
from yuexin.domains.credit.listings import lists_of
from yuexin.domains.credit.marks import marks
from yuexin.domains.credit.present import cited, facts, headline, remedies
from yuexin.domains.credit.rows import Row, codes_of, public_rows, record_rows, told_since
from yuexin.domains.credit.sources import NOT_COLLECTED, Supplies, emptiness, supplies
from yuexin.domains.credit.types import (
    CreditFile,
    Entry,
    FormerName,
    Head,
    Section,
    SectionState,
    Source,
    Verdict,
)
from yuexin.domains.credit.verdicts import basis_of, in_order, verdict, with_evidence
from yuexin.domains.credit.withholding import released
from yuexin.domains.subjects.models import Subject, SubjectName
from yuexin.domains.subjects.rulebook import rulebook
from yuexin.domains.subjects.verdicts import Said, holding
from yuexin.engines.access.queries import disclose, own_subject, tells
from yuexin.engines.access.types import Actor, Disclosure
from yuexin.engines.cases.queries import disputed_records
from yuexin.engines.declare import types as declared
from yuexin.engines.deliveries.queries import Freshness, freshness

DOUBT = Text(
    "同一次交付中，另有一行以此代码给出不同内容，正在核实。",
    "Another row of the same delivery says something else under this code; it is being verified.",
)


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Everything one look at a file needs: who looks, at what day, by which declarations.

    `about` is the code that is asked for, `subject` the one whose file it leads to; none where the
    look is at no file in particular.
    """

    declarations: declared.Declarations
    actor: Actor
    now: dt.datetime
    on: dt.date
    about: str = ""
    subject: UUID | None = None

    @property
    def today(self) -> dt.date:
        return today(self.now)

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The codes of the file that is looked at."""
        return codes_of(subject=self.subject) if self.subject else (self.about,)

    @cached_property
    def own(self) -> str:
        """The code of the file under which the reader reads as the subject itself, or ''."""
        own = own_subject(declarations=self.declarations, actor=self.actor)
        return own if own and own in self.codes else ""

    @cached_property
    def disclosures(self) -> Mapping[str, Disclosure]:
        """What is opened at most, by kind: to an owner, of what was told under his own code."""
        return self._disclosed(self.own)

    @cached_property
    def of_others(self) -> Mapping[str, Disclosure]:
        """The same of what was told under a code that is not the reader's own."""
        return self._disclosed("") if self.own else self.disclosures

    def disclosed(self, told_under: str) -> Mapping[str, Disclosure]:
        """What is opened, by kind, of what was told under this code."""
        return self.disclosures if told_under == self.own else self.of_others

    def _disclosed(self, about: str) -> Mapping[str, Disclosure]:
        return {kind: self._disclosed_of(kind, about) for kind in self.declarations.kinds}

    def disclosed_of(self, kind: str) -> Disclosure:
        """What is opened at most of records of one kind."""
        return self._disclosed_of(kind, self.own)

    def _disclosed_of(self, kind: str, about: str) -> Disclosure:
        return disclose(
            declarations=self.declarations,
            actor=self.actor,
            kind=self.declarations.kinds[kind],
            about=about,
            past=self.on < self.today,
        )

    @cached_property
    def rules(self) -> tuple[declared.SubjectRule, ...]:
        """The rules whose verdicts the reader is told."""
        codes = self.codes if self.own else ()
        return tuple(
            rule
            for rule in self.declarations.rules.values()
            if tells(declarations=self.declarations, actor=self.actor, rule=rule, codes=codes)
        )

    @property
    def beyond(self) -> tuple[str, ...]:
        """The codes under which the reader asks for more than the public sees, granted or not."""
        if not _asks_beyond(self.disclosures):
            return ()
        return tuple(code for code in self.codes if _asks_beyond(self.disclosed(code)))

    @property
    def is_public(self) -> bool:
        """Whether the reader is served from the public projection, or from nothing at all."""
        return not any(
            item.allowed and item.release != "public" for item in self.disclosures.values()
        )

    def opens(self, kind: str) -> bool:
        """Whether records of this kind are open to the reader at all."""
        return kind in self.disclosures and self.disclosures[kind].allowed

    @property
    def moment(self) -> dt.datetime:
        """Up to when things count as known: now, or the end of the past day."""
        return min(self.now, last_moment(self.on))

    @cached_property
    def disputed(self) -> AbstractSet[UUID]:
        """The records that are disputed now, of the file that is looked at or of all."""
        if self.on < self.today:
            return frozenset()
        return disputed_records(subject=self.subject)

    @cached_property
    def freshness(self) -> tuple[Freshness, ...]:
        """How fresh the sources are, or were on the past day."""
        return freshness(declarations=self.declarations, on=self.on)

    @cached_property
    def states(self) -> list[str]:
        """The kinds of which one fact holds at a time."""
        return [k.id for k in self.declarations.kinds.values() if k.temporal == "state"]


def _asks_beyond(disclosures: Mapping[str, Disclosure]) -> bool:
    return any(item.release not in ("", "public") for item in disclosures.values())


@dataclass(frozen=True, kw_only=True)
class Place:
    """What tells from which sources a subject is awaited: the kinds shown of it, and its city."""

    shown: AbstractSet[str]
    city: str


def file_of(*, reader: Reader, subject: Subject) -> CreditFile:
    """The whole file as this reader may see it on this day."""
    rows = rows_of(reader=reader, subject=subject.id)
    entries = [entry_of(reader, row, sole_trader=subject.sole_trader) for row in rows]
    current = current_of(reader, rows)
    filed = [entry for entry in entries if entry.record in current]
    received = [f.last_received_at for f in reader.freshness if f.last_received_at]
    head = head_of(reader=reader, subject=subject)
    place = Place(shown=frozenset(entry.kind for entry in entries), city=subject.city)
    return CreditFile(
        head=replace(
            head,
            verdicts=tuple(
                _of_place(reader, item, place) for item in with_evidence(head.verdicts, entries)
            ),
        ),
        lists=lists_of(reader=reader, subject=subject.id, entries=filed),
        sections=tuple(
            _section(reader, section, filed, place)
            for section in reader.declarations.sections.values()
        ),
        timeline=tuple(sorted(entries, key=_moment, reverse=True)),
        on=reader.on,
        past=reader.on < reader.today,
        data_until=max(received, default=None),
    )


def rows_of(*, reader: Reader, subject: UUID) -> tuple[Row, ...]:
    """The rows this reader may see on this day, the newest first; their bodies still whole.

    An owner is given what was told under his own code; of what another code of the same file told
    he is given what the public is, and of a fact that both told his own telling.
    """
    if reader.is_public:
        return _as_the_public(reader, subject)
    rows = record_rows(
        subject=subject, on=reader.on, moment=reader.moment, states=reader.states, own=reader.own
    )
    found = [
        row
        for kind, item in reader.disclosures.items()
        if item.allowed
        for row in released(
            declarations=reader.declarations,
            release=item.release,
            kind=kind,
            rows=(row for row in rows if row.kind == kind),
            on=reader.on,
        )
    ]
    if reader.own and len(reader.codes) > 1:
        told_twice = told_since(records=[row.record for row in found])
        rest = (row for row in _as_the_public(reader, subject) if row.code != reader.own)
        found += [row for row in rest if row.record not in told_twice]
    return tuple(sorted(found, key=_newest_first))


def _as_the_public(reader: Reader, subject: UUID) -> tuple[Row, ...]:
    rows = public_rows(subject=subject, today=reader.today, on=reader.on, states=reader.states)
    opened = reader.of_others
    return tuple(row for row in rows if row.kind in opened and opened[row.kind].allowed)


def current_of(reader: Reader, rows: Iterable[Row]) -> set[UUID]:
    """The ids of the rows that belong in the sections.

    Events stand beside one another. Of a state there is only what holds on the day, and of that
    what the highest authority says: an extract gives way to the registrar.
    """
    events, standing = set(), []
    highest: dict[str, int] = defaultdict(int)
    for row in rows:
        authority = reader.declarations.resources[row.resource].authority
        if row.kind not in reader.states:
            events.add(row.record)
        elif row.stands(reader.on):
            standing.append((row, authority))
            highest[row.kind] = max(highest[row.kind], authority)
    return events | {row.record for row, authority in standing if authority == highest[row.kind]}


def _newest_first(row: Row) -> tuple[int, int, int]:
    return (-(row.event_date or dt.date.min).toordinal(), -row.delivery, row.row)


def _moment(entry: Entry) -> tuple[dt.date, int]:
    return (entry.valid_from or entry.event_date or dt.date.min, entry.source.delivery)


def _other_registers(
    reader: Reader, kinds: AbstractSet[str], shown: AbstractSet[str]
) -> AbstractSet[str]:
    """The registers of these kinds on which nobody stands who stands on one of them."""
    registers = {kind for kind in kinds if reader.declarations.kinds[kind].names}
    return registers - shown if shown & registers else frozenset()


def _awaited(reader: Reader, kinds: AbstractSet[str], place: Place) -> Supplies:
    """The sources of these kinds from which something of this subject may come."""
    return supplies(
        declarations=reader.declarations,
        freshness=reader.freshness,
        kinds=kinds - _other_registers(reader, kinds, place.shown),
        city=place.city,
        on=reader.on,
    )


def _of_place(reader: Reader, item: Verdict, place: Place) -> Verdict:
    """A verdict by the laws of the subject's own register alone; one from absence names the
    sources that are not in."""
    rule = reader.declarations.rules[item.rule]
    read = rulebook(declarations=reader.declarations, on=reader.today).reads[rule.id]
    others = _other_registers(reader, read, place.shown)
    if others:
        own = [reader.declarations.kinds[kind] for kind in read - others]
        foreign = [reader.declarations.kinds[kind] for kind in others]
        basis = basis_of(
            declarations=reader.declarations, rule=rule, on=reader.today, own=own, foreign=foreign
        )
        item = replace(item, basis=basis)
    if not rule.otherwise or item.outcome != rule.otherwise:
        return item
    missing = _awaited(reader, read, place).missing
    if not missing.zh:
        return item
    return replace(item, reasons=(*item.reasons, missing), missing=missing)


def head_of(*, reader: Reader, subject: Subject) -> Head:
    """Who the file is about, by the names known on the day, with the verdicts that hold today."""
    joined = {one.id: one.code for one in Subject.objects.filter(joined_to=subject.id)}
    names = SubjectName.objects.filter(
        subject__in=[subject.id, *joined], known_at__lte=reader.moment
    ).exclude(name=subject.name)
    types = reader.declarations.codes.get("entity_types")
    code = types.by_code.get(subject.entity_type) if types else None
    kind = code.label if code else Text(subject.entity_type, subject.entity_type)
    return Head(
        code=subject.code,
        joined_codes=tuple(sorted(joined.values())),
        name=subject.name,
        former_names=tuple(
            FormerName(other.name, other.valid_from, other.valid_until)
            for other in names.order_by("valid_until", "known_at", "key")
        ),
        type_label=kind,
        city=name_of(subject.city) or Text(subject.city, subject.city),
        sole_trader=subject.sole_trader,
        verdicts=_verdicts_shown(reader, subject.id),
        doubt=DOUBT if subject.doubtful else None,
    )


def _verdicts_shown(reader: Reader, subject: UUID) -> tuple[Verdict, ...]:
    """The verdicts of today; what would have been said on a past day is not kept."""
    if reader.on < reader.today:
        return ()
    return verdicts_of(reader=reader, subjects=[subject]).get(subject, ())


def held(*, reader: Reader, subjects: Collection[UUID]) -> Said:
    """What holds today of these subjects by the rules whose verdicts the reader is told."""
    return holding(
        declarations=reader.declarations,
        subjects=subjects,
        rules=[rule.id for rule in reader.rules],
        on=reader.today,
    )


def verdicts_of(*, reader: Reader, subjects: list[UUID]) -> dict[UUID, tuple[Verdict, ...]]:
    """What each declared rule says today of these subjects. Read, never computed here."""
    rows = held(reader=reader, subjects=subjects)
    return {
        subject: in_order(
            declarations=reader.declarations,
            verdicts=(
                verdict(
                    declarations=reader.declarations,
                    rule=rule,
                    row=rows.get((subject, rule.id)),
                    on=reader.today,
                )
                for rule in reader.rules
            ),
        )
        for subject in subjects
    }


def entry_of(reader: Reader, row: Row, *, sole_trader: bool) -> Entry:
    """One record as this reader may see it."""
    kind = reader.declarations.kinds[row.kind]
    agency = reader.declarations.agencies[row.agency]
    resource = reader.declarations.resources[row.resource]
    disclosure = reader.disclosed(row.code)[kind.id]
    seen = {decision.field: row.body.get(decision.field) for decision in disclosure.visible}
    return Entry(
        record=row.record,
        kind=kind.id,
        kind_label=kind.label_of(sole_trader=sole_trader),
        adverse=kind.is_adverse(row.body),
        headline=headline(declarations=reader.declarations, kind=kind, body=seen),
        event_date=row.event_date,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        shown_until=row.shown_until,
        marks=tuple(
            marks(
                declarations=reader.declarations,
                kind=kind,
                disclosure=disclosure,
                row=row,
                on=reader.on,
                today=reader.today,
                disputed=row.record in reader.disputed,
            )
        ),
        facts=facts(
            declarations=reader.declarations,
            kind=kind,
            disclosure=disclosure,
            sole_trader=sole_trader,
            body=row.body,
        ),
        source=Source(
            agency=agency.id,
            agency_label=agency.label,
            resource=resource.id,
            resource_label=resource.label,
            delivery=row.delivery,
            row=row.row,
            received_at=row.known_at,
        ),
        basis=cited(laws=reader.declarations.laws, basis=kind.basis, on=reader.today),
        remedies=remedies(
            declarations=reader.declarations,
            decided=row.event_date,
            on=reader.today,
            against=kind.decision,
            kind=kind.id,
        )
        if kind.is_adverse(row.body) and row.event_date
        else (),
        told_under=row.code,
    )


def _section(
    reader: Reader, section: declared.Section, entries: list[Entry], place: Place
) -> Section:
    """A section of the file; the registration comes first in its own."""
    kinds = {k.id: k for k in reader.declarations.kinds.values() if k.section == section.id}
    shown = sorted(
        (e for e in entries if e.kind in kinds), key=lambda e: kinds[e.kind].names is None
    )
    state, note = _standing(
        reader, section, [*kinds.values()], replace(place, shown={e.kind for e in shown})
    )
    return Section(id=section.id, label=section.label, state=state, note=note, entries=tuple(shown))


def _standing(
    reader: Reader, section: declared.Section, kinds: list[declared.RecordKind], place: Place
) -> tuple[SectionState, Text]:
    """What is not in; of an empty section also which kind of empty it is."""
    if not kinds:
        return "not_collected", NOT_COLLECTED
    open_kinds = {kind.id for kind in kinds if reader.opens(kind.id)}
    if not open_kinds:
        denied = reader.disclosures[kinds[0].id]
        closed = Text("此类信息不向社会公开。", "This kind is not public.")
        return "not_public", denied.reason if denied.release not in ("", "public") else closed
    found = _awaited(reader, open_kinds, place)
    if place.shown:
        return "filled", found.missing
    past = reader.is_public and reader.on < reader.today
    return emptiness(section=section, found=found, past=past)
