"""One row as an agency would tell it if it made no mistakes, and what must become of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal

from yuexin.sample.layout import NAME, REG_NO, USCC, Row
from yuexin.sample.names import Person
from yuexin.sample.subjects import Subject

Public = Literal["yes", "no", "may"]
"""Whether a row must be public today, must not be by law, or may be: a fault in it, or a later
row in its place, leaves that to the platform."""

BODY: Final = "法人及非法人组织"
SOLE_TRADER: Final = "个体工商户"
PERSON: Final = "自然人"
IDENTITY_CARD: Final = "身份证"


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """A row for the first file of its resource and agency that is delivered from `ready_on` on.

    `why` says why it need not or must not be public; `planted` strings must never be shown.
    """

    resource: str
    agency: str
    row: Row
    ready_on: dt.date
    subject: Subject | None
    public: Public = "yes"
    why: str = ""
    part: str = ""
    planted: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


def marks(subject: Subject, day: dt.date) -> Row:
    """What names a subject: its code, and the name it bore on the day."""
    return {USCC: subject.code, NAME: subject.name_on(day)}


def all_marks(subject: Subject, day: dt.date) -> Row:
    """The same with its registration number, as the registrar writes it."""
    return {**marks(subject, day), REG_NO: subject.reg_no}


def party(subject: Subject, day: dt.date) -> Row:
    """The party of a licence or penalty, with its representative."""
    trader = subject.kind == "sole_trader"
    return {
        **marks(subject, day),
        "party_class": SOLE_TRADER if trader else BODY,
        "legal_rep": subject.person.name,
        "legal_rep_id_type": IDENTITY_CARD,
        "legal_rep_id_no": subject.person.id_number,
    }


def natural_party(person: Person) -> Row:
    """A natural person as the party."""
    return {
        NAME: person.name,
        "party_class": PERSON,
        "party_id_type": IDENTITY_CARD,
        "party_id_no": person.id_number,
    }
