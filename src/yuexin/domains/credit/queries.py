"""Reads of the credit domain. Every one takes the actor; what it may see is decided by access."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from uuid import UUID

from django.db.models import QuerySet

from yuexin.base.dates import today
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.credit import examples as trying
from yuexin.domains.credit import present, timely, touring
from yuexin.domains.credit import publicity as pages
from yuexin.domains.credit import search as searching
from yuexin.domains.credit.briefs import briefs_of
from yuexin.domains.credit.courses import Course
from yuexin.domains.credit.courses import courses as courses_of
from yuexin.domains.credit.documents import document_of, documents_of, seen
from yuexin.domains.credit.files import Reader, entry_of, file_of, head_of
from yuexin.domains.credit.finding.types import Query, SearchPage, Suggestion
from yuexin.domains.credit.lists import Checked, Match
from yuexin.domains.credit.lookup import matches as matches_of
from yuexin.domains.credit.lookup import refuse_too_many
from yuexin.domains.credit.measured import MeasureCatalogue, MeasureFilter, catalogue
from yuexin.domains.credit.members import MOST_TAKEN, ListSummary, MembersPage, Narrowed
from yuexin.domains.credit.members import lists as lists_with
from yuexin.domains.credit.members import members as members_of
from yuexin.domains.credit.rows import file_subject, public_row, shown_now, subject_of
from yuexin.domains.credit.types import (
    AgencySummary,
    CreditFile,
    Entry,
    Example,
    Head,
    Lateness,
    PublicityPage,
    Published,
    Totals,
    Tour,
)
from yuexin.domains.subjects.models import Subject
from yuexin.engines.access.operations import note
from yuexin.engines.access.types import PUBLIC, Actor
from yuexin.engines.declare.queries import current
from yuexin.engines.deliveries.models import Delivery
from yuexin.engines.deliveries.queries import erased_under as order_of
from yuexin.engines.deliveries.queries import remembered
from yuexin.engines.records.models import Record

SITEMAP_SIZE = 10_000


def search(*, actor: Actor, query: Query, now: dt.datetime) -> SearchPage:
    """Entities by a scrap of a name, its sound or a number, ranked, counted and paged."""
    return searching.search(reader=_reader(actor, now, None), query=query)


def export(*, actor: Actor, query: Query, now: dt.datetime) -> SearchPage:
    """All the hits of a query, as many as are counted, on one page."""
    return searching.export(reader=_reader(actor, now, None), query=query)


def suggest(*, actor: Actor, text: str, now: dt.datetime) -> tuple[Suggestion, ...]:
    """A few entities that may be meant by what is typed so far."""
    return searching.suggest(reader=_reader(actor, now, None), text=text)


def matches(*, actor: Actor, lines: Collection[str]) -> tuple[Match, ...]:
    """Which subject each line names, in their order: by code, old number or a whole name."""
    del actor
    return matches_of(declarations=current(), lines=lines)


def checked(*, actor: Actor, lines: Collection[str], now: dt.datetime) -> tuple[Checked, ...]:
    """The same, each with what is public today of the subject that it names.

    Raises a `Refusal` for more lines than are answered at once.
    """
    refuse_too_many(len(lines))
    found = matches(actor=actor, lines=lines)
    codes = {match.codes[0] for match in found if match.state == "matched"}
    briefs = briefs_of(reader=_reader(actor, now, None), codes=codes)
    return tuple(
        Checked(line=line, match=match, brief=briefs.get(match.codes[0]) if match.by else None)
        for line, match in zip(lines, found, strict=True)
    )


def credit_file(
    *, actor: Actor, code: str, on: dt.date | None, now: dt.datetime
) -> CreditFile | None:
    """The file under a canonical code, today or, through today's law, on a past day.

    A look beyond what the public sees is journaled, whether it is granted or not (law 7).
    """
    subject = subject_of(code=code)
    reader = _looking(actor, now, on, code, subject)
    return file_of(reader=reader, subject=subject) if subject else None


def courses(*, actor: Actor, file: CreditFile, now: dt.datetime) -> Mapping[UUID, Course]:
    """How the publicity of the records of a file ran, for whoever was shown it as an officer or as
    the entity itself; nothing for the public, who is told of lateness alone."""
    head = file.head
    subject = subject_of(code=head.code)
    reader = _reader(actor, now, None, about=head.code, subject=subject.id if subject else None)
    if reader.is_public:
        return {}
    own = reader.own
    shown = {one.record for one in file.timeline if not own or one.told_under == own}
    return courses_of(declarations=reader.declarations, records=shown, today=reader.today)


def course_of_row(*, delivery: int, row: int, now: dt.datetime) -> Course | None:
    """How the publicity of the fact ran that a row told, for whoever was shown that row as it was
    delivered: repaired, revoked or withheld since, too. None where it told none under a clock."""
    told = Record.objects.filter(delivery=delivery, row=row).values_list("id", flat=True)
    found = courses_of(declarations=current(), records=list(told), today=today(now))
    return next(iter(found.values()), None)


def names(*, actor: Actor, codes: Collection[str]) -> Mapping[str, str]:
    """The public names under these codes, '' for one that is a person's own and stands on its own
    file only. Codes under which nothing stands are left out; the subject itself reads its own."""
    rows = Subject.objects.filter(code__in=codes)
    found = rows.values_list("code", "name", "named_after_person")
    own = actor.subject_code
    return {code: "" if personal and code != own else name for code, name, personal in found}


def entry(*, actor: Actor, record: UUID, now: dt.datetime) -> tuple[Head, Entry] | None:
    """One public record at its permanent address, while it is shown."""
    reader = _reader(actor, now, None)
    found = public_row(record=record, today=reader.today)
    if found is None or not reader.opens(found[1].kind):
        return None
    subject_id, row = found
    subject = file_subject(subject=subject_id)
    return head_of(reader=reader, subject=subject), entry_of(
        reader, row, sole_trader=subject.sole_trader
    )


def lateness(*, actor: Actor, record: UUID, now: dt.datetime) -> Lateness | None:
    """By how much a public record came too late when it was first made public."""
    return timely.lateness(reader=_reader(actor, now, None), record=record)


def successor(*, actor: Actor, record: UUID, now: dt.datetime) -> tuple[str, UUID] | None:
    """Where the address of a record leads that was corrected, or is told under another code of the
    file since: the file's code and the id of what is shown now of the same fact."""
    reader = _reader(actor, now, None)
    found = shown_now(record=record, today=reader.today)
    if found is None:
        return None
    code, kind, shown = found
    return (code, shown) if reader.opens(kind) else None


def erased_under(*, actor: Actor, record: UUID) -> str:
    """The order under which a record that was public was erased; none for any other address."""
    del actor
    return order_of(record=record)


def agencies(*, actor: Actor, now: dt.datetime) -> tuple[AgencySummary, ...]:
    """Every providing agency, with what it delivered and publishes."""
    return pages.agencies(reader=_reader(actor, now, None))


def publicity(
    *, actor: Actor, agency: str, kind: str, page: int, now: dt.datetime
) -> PublicityPage | None:
    """One kind of record an agency publishes; none for an unknown agency or kind."""
    reader = _reader(actor, now, None)
    return pages.publicity(reader=reader, agency=agency, kind=kind, page=page)


def lists(*, actor: Actor, now: dt.datetime) -> tuple[ListSummary, ...]:
    """All lists of the law by their statutory names, with how many stand in each today."""
    return lists_with(reader=_reader(actor, now, None))


def members(
    *, actor: Actor, regime: str, asked: Narrowed, page: int, now: dt.datetime
) -> MembersPage | None:
    """Who stands in a list today; none for a list that is not declared or not shown."""
    return members_of(reader=_reader(actor, now, None), regime=regime, asked=asked, page=page)


def all_members(
    *, actor: Actor, regime: str, asked: Narrowed, now: dt.datetime
) -> MembersPage | None:
    """The same on one page, as many as are taken at once."""
    reader = _reader(actor, now, None)
    return members_of(reader=reader, regime=regime, asked=asked, size=MOST_TAKEN)


def measures(*, asked: MeasureFilter, now: dt.datetime) -> MeasureCatalogue:
    """The measures of the catalogue that are in force today, narrowed."""
    return catalogue(declarations=current(), asked=asked, on=today(now))


def remedies(*, now: dt.datetime) -> tuple[Text, ...]:
    """What can be done against an adverse decision of today: a sentence each, with its law."""
    return present.remedies(declarations=current(), decided=today(now), on=today(now))


def totals(*, actor: Actor, now: dt.datetime) -> Totals:
    """How much stands here, as of now."""
    reader = _reader(actor, now, None)
    key = ("totals", reader.declarations.digest, reader.today)
    return remembered(key=key, count=lambda: pages.totals(reader=reader))


def examples(*, actor: Actor, now: dt.datetime) -> tuple[Example, ...]:
    """Three things to try in the search box, from a file that has something to tell."""
    reader = _reader(actor, now, None)
    key = ("examples", reader.declarations.digest, reader.today)
    return remembered(key=key, count=lambda: trying.examples(reader=reader))


def tour(*, actor: Actor, now: dt.datetime) -> Tour | None:
    """What the demonstration's tour leads through."""
    return touring.tour(reader=_reader(actor, now, None))


def published_on(
    *,
    actor: Actor,
    now: dt.datetime,
    on: dt.date | None = None,
    agency: str = "",
    late: bool = False,
    page: int = 1,
) -> Published:
    """What became public for the first time today, or on a day before: how late, by agency, and a
    page of it."""
    reader = _reader(actor, now, None)
    day = on or reader.today
    key = ("published", reader.declarations.digest, reader.today, actor, day, agency, late, page)
    return remembered(
        key=key,
        count=lambda: timely.published(reader=reader, on=day, agency=agency, late=late, page=page),
    )


def document(*, actor: Actor, code: str, now: dt.datetime) -> bytes | None:
    """The public file of a code for machines, from the public projection alone."""
    return document_of(declarations=current(), actor=actor, code=code, on=today(now))


def documents(*, actor: Actor, codes: Collection[str], now: dt.datetime) -> Mapping[str, bytes]:
    """The same of many codes, by code; what is not there is left out."""
    return documents_of(declarations=current(), actor=actor, codes=codes, on=today(now))


def whole_document(
    *, actor: Actor, code: str, on: dt.date | None, now: dt.datetime
) -> bytes | None:
    """All that the actor may see under a code, today or on a past day, for machines.

    Journaled like `credit_file`. Raises a `Refusal` where none of it is open to the actor.
    """
    if on is None and actor == PUBLIC:
        return document(actor=actor, code=code, now=now)
    subject = subject_of(code=code)
    reader = _looking(actor, now, on, code, subject)
    _refuse_closed(reader)
    return seen(reader=reader, subject=subject) if subject else None


def corrects(*, actor: Actor, delivery: int) -> int | None:
    """The delivery that this one corrects; none where it says so of none."""
    del actor
    return Delivery.objects.values_list("linked_to", flat=True).get(number=delivery)


def sitemap_codes(*, actor: Actor, page: int) -> tuple[str, ...]:
    """Codes for search engines, a page at a time; files of sole traders are not indexed."""
    del actor
    start = (max(1, page) - 1) * SITEMAP_SIZE
    codes = _indexed().order_by("code").values_list("code", flat=True)
    return tuple(codes[start : start + SITEMAP_SIZE])


def sitemap_pages(*, actor: Actor) -> int:
    """How many pages of codes there are for search engines."""
    del actor
    return -(-_indexed().count() // SITEMAP_SIZE)


def _indexed() -> QuerySet[Subject]:
    return Subject.objects.filter(sole_trader=False, joined_to=None)


def _looking(
    actor: Actor, now: dt.datetime, on: dt.date | None, code: str, subject: Subject | None
) -> Reader:
    """Who looks at a file; a look beyond what the public sees is journaled first, under every code
    of which it asks for more, so that each one's owner learns of it, joined or split since."""
    reader = _reader(actor, now, on, about=code, subject=subject.id if subject else None)
    action = "file.denied" if reader.is_public else "file.read"
    for one in reader.beyond:
        thing = f"subject/{one}"
        note(stream="look", actor=actor, action=action, thing=thing, now=now, on=str(reader.on))
    return reader


def _refuse_closed(reader: Reader) -> None:
    if any(item.allowed for item in reader.disclosures.values()):
        return
    named = [item for item in reader.disclosures.values() if item.release]
    raise Refusal(
        code="CLOSED",
        what=(named or list(reader.disclosures.values()))[0].reason,
        where=reader.about,
        rule="DESIGN law 7",
        remedy=Text(
            "请说明法定的查询目的，或以公众身份查询",
            "state the lawful purpose of the look, or ask as the public does",
        ),
    )


def _reader(
    actor: Actor,
    now: dt.datetime,
    on: dt.date | None,
    about: str = "",
    subject: UUID | None = None,
) -> Reader:
    day = on or today(now)
    return Reader(
        declarations=current(), actor=actor, now=now, on=day, about=about, subject=subject
    )
