"""Writes of the credit domain: reports given out."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction

from yuexin.base.text import Text
from yuexin.domains.credit.paper import TEMPLATE, content_of, facts_of
from yuexin.domains.credit.paper_words import OBJECTION
from yuexin.domains.credit.queries import credit_file, remedies
from yuexin.engines.access.types import PUBLIC, Actor
from yuexin.engines.papers import operations as papers
from yuexin.engines.papers.types import AskedBy, Issued, Language
from yuexin.home.folder import Home

NO_NOTICE: Final = Text("", "")


@transaction.atomic
def issue_report(
    *,
    code: str,
    language: Language,
    asked_by: AskedBy,
    verify_at: str,
    notice: Text = NO_NOTICE,
    home: Home,
    actor: Actor,
    now: dt.datetime,
) -> Issued | None:
    """A signed report of the file under a code as the public reads it now, whoever asks; none where
    there is no such file. `verify_at` is the address that verifies; number and code follow it.
    `notice` heads the paper, where there is something to say of all of it.

    Number, code and file are handed out once: what is kept is how to know them again.
    """
    file = credit_file(actor=PUBLIC, code=code, on=None, now=now)
    if file is None:
        return None
    draft = papers.draft(now=now)
    content = content_of(
        file,
        draft=draft,
        address=f"{verify_at}?n={draft.number}&c={draft.code}",
        language=language,
        notice=notice,
        remedies=(*remedies(now=now), OBJECTION),
        now=now,
    )
    return papers.issue(
        draft=draft,
        pdf=papers.typeset(template=TEMPLATE, data=content, moment=now),
        about=code,
        facts=facts_of(file),
        language=language,
        asked_by=asked_by,
        home=home,
        actor=actor,
        now=now,
    )
