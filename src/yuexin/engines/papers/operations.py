"""Issuing papers: numbered, signed, put on record, handed out once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from yuexin.base.dates import today
from yuexin.base.digest import canonical_json, sha256_hex
from yuexin.engines.access.operations import note
from yuexin.engines.access.types import Actor
from yuexin.engines.papers.keys import identity
from yuexin.engines.papers.models import IssuedPaper
from yuexin.engines.papers.numbering import code_digest, new_code, new_number
from yuexin.engines.papers.reading import signatures_in
from yuexin.engines.papers.record import digest_of
from yuexin.engines.papers.signing import signed
from yuexin.engines.papers.types import AskedBy, Draft, Issued, Language
from yuexin.engines.papers.typesetting import typeset as typeset
from yuexin.home.folder import Home


def draft(*, now: dt.datetime) -> Draft:
    """A number that no paper bears, and a code."""
    number = new_number(on=today(now))
    while IssuedPaper.objects.filter(number=number).exists():
        number = new_number(on=today(now))
    return Draft(number=number, code=new_code())


def facts_digest(facts: Mapping[str, Any]) -> str:
    """The digest by which the facts of a paper are compared with those of another day."""
    return sha256_hex(canonical_json(facts))


@transaction.atomic
def issue(
    *,
    draft: Draft,
    pdf: bytes,
    about: str,
    facts: Mapping[str, Any],
    language: Language,
    asked_by: AskedBy,
    home: Home,
    actor: Actor,
    now: dt.datetime,
) -> Issued:
    """Sign a paper about a subject and put it on record, journaled.

    What it says is handed out with the file and kept as digests only.
    """
    by = identity(home=home, now=now)
    file = signed(pdf=pdf, number=draft.number, identity=by, now=now)
    (signature,) = signatures_in(file)
    assert signature.covers_all
    assert signature.holds
    paper = IssuedPaper.objects.create(
        number=draft.number,
        code_sha256=code_digest(number=draft.number, code=draft.code),
        about=about,
        issued_at=now,
        facts_sha256=facts_digest(facts),
        content_sha256=signature.content_sha256,
        file_sha256=sha256_hex(file),
        language=language,
        asked_by=asked_by,
        certificate=by.row,
    )
    note(
        stream="change",
        actor=actor,
        action="paper.issued",
        thing=f"paper/{paper.number}",
        now=now,
        row=digest_of(paper),
    )
    return Issued(number=draft.number, code=draft.code, issued_at=now, file=file)
