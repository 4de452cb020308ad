"""The public credit report of one file, as data for its template, and the facts it attests.

By the public credit report standard of 2022: number, moment of the query, sections in its order,
sources, disclaimer, a code that leads to the verification. All of it is the file as the public
reads it; nothing is looked up here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import segno

from yuexin.base.dates import SHANGHAI, day_text
from yuexin.base.text import Text
from yuexin.domains.credit import paper_words as words
from yuexin.domains.credit.types import CreditFile, Entry, Head, Section, Verdict
from yuexin.engines.papers.types import Draft, Language

TEMPLATE: Final = Path(__file__).with_name("paper.typ")
ONE_DAY: Final = dt.timedelta(days=1)
# Of the marks only those that say whether a record stands: the others count days.
STANDING: Final = {"ending": "in_force"}
COUNTED: Final = frozenset({"days_left"})


def facts_of(file: CreditFile) -> dict[str, Any]:
    """What a report says of its subject, in no language and without what every day changes.

    The days that are left, and which sources are overdue, are no facts about the subject.
    """
    head = file.head
    joined = {"joined_codes": list(head.joined_codes)} if head.joined_codes else {}
    return {
        **joined,
        "code": head.code,
        "name": head.name,
        "former_names": sorted(_former(head)),
        "type": head.type_label.zh,
        "city": head.city.zh,
        "doubtful": head.doubt is not None,
        "verdicts": {item.rule: item.outcome for item in head.verdicts},
        "sections": {
            section.id: sorted((_fact(entry) for entry in section.entries), key=str)
            for section in file.sections
        },
    }


def content_of(
    file: CreditFile,
    *,
    draft: Draft,
    address: str,
    language: Language,
    remedies: Iterable[Text],
    notice: Text,
    now: dt.datetime,
) -> dict[str, Any]:
    """The report as its template reads it: texts of one language. `address` is where the number
    and code are verified."""
    head = file.head
    text = _In(language)
    return {
        "language": language,
        "title": text(words.TITLE),
        "edition": text(words.EDITION),
        "notice": text(notice),
        "subject": head.name,
        "labels": {name: text(label) for name, label in words.LABELS.items()},
        "number": draft.number,
        "code": draft.code,
        "moment": _moment(now, language),
        "data_until": _moment(file.data_until, language) if file.data_until else "",
        "address": address,
        "qr": segno.make(address, error="m", micro=False).svg_inline(border=0),
        "head": [[text(label), value] for label, value in _head(head, text)],
        "doubt": text(head.doubt) if head.doubt else "",
        "verdicts": [_verdict(item, text) for item in head.verdicts],
        "sections": [_section(section, head, text) for section in file.sections],
        "remedies": [text(item) for item in remedies],
        "notes": [text(item) for item in words.NOTES],
        "disclaimer": [text(item) for item in words.DISCLAIMER],
    }


class _In:
    """Texts in one language."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def __call__(self, text: Text) -> str:
        return text.in_(self.language)


def _head(head: Head, text: _In) -> Iterable[tuple[Text, str]]:
    yield words.NAME, head.name
    yield words.CODE, head.code
    if head.joined_codes:
        yield words.JOINED_CODES, text(words.BETWEEN).join(head.joined_codes)
    yield words.TYPE, text(head.type_label)
    yield words.CITY, text(head.city)
    if head.former_names:
        between = text(words.BETWEEN)
        yield words.FORMER_NAMES, between.join(other.name for other in head.former_names)


def _verdict(item: Verdict, text: _In) -> dict[str, Any]:
    return {
        "label": text(item.label),
        "outcome": text(item.outcome_label),
        "reasons": [text(reason) for reason in item.reasons],
        "basis": text(words.BETWEEN).join(text(law) for law in item.basis),
    }


def _section(section: Section, head: Head, text: _In) -> dict[str, Any]:
    return {
        "title": text(section.label),
        "state": section.state,
        "note": text(section.note),
        "count": len(section.entries),
        "entries": [_entry(entry, head, text) for entry in section.entries],
    }


def _entry(entry: Entry, head: Head, text: _In) -> dict[str, Any]:
    known = (head.name, head.code)
    shown = [fact for fact in entry.facts if fact.value.zh not in known]
    cut = text(words.MASKED)
    headline = "" if entry.headline == entry.kind_label else text(entry.headline)
    return {
        "kind": text(entry.kind_label),
        "headline": headline,
        "adverse": entry.adverse,
        "marks": [text(mark.label) for mark in entry.marks if mark.id not in COUNTED],
        "facts": [
            [text(fact.label), text(fact.value) + (f" {cut}" if fact.masked else "")]
            for fact in shown
        ],
        "source": text(entry.source.agency_label),
        "received": _day(entry.source.received_at.astimezone(SHANGHAI).date(), text),
        "date": _day(entry.event_date, text),
        # The last day of publicity: the end is the first day without it.
        "shown_until": _day(entry.shown_until - ONE_DAY if entry.shown_until else None, text),
        "basis": text(words.BETWEEN).join(text(law) for law in entry.basis),
        "remedies": [text(item) for item in entry.remedies],
    }


def _fact(entry: Entry) -> list[Any]:
    standing = sorted(STANDING.get(m.id, m.id) for m in entry.marks if m.id not in COUNTED)
    dates = (entry.event_date, entry.valid_from, entry.valid_until, entry.shown_until)
    said = sorted([fact.field, fact.value.zh] for fact in entry.facts)
    return [entry.kind, entry.source.agency, *map(_iso, dates), standing, said]


def _former(head: Head) -> Iterable[list[str]]:
    for other in head.former_names:
        yield [other.name, _iso(other.valid_from), _iso(other.valid_until)]


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def _day(day: dt.date | None, text: _In) -> str:
    return text(day_text(day)) if day else ""


def _moment(moment: dt.datetime, language: Language) -> str:
    local = moment.astimezone(SHANGHAI)
    return f"{day_text(local.date()).in_(language)} {local:%H:%M:%S}"
