"""Reads of what was issued: by number and code, by file, and whether the record still holds."""

from __future__ import annotations

import hmac
from typing import Final

from yuexin.base.digest import sha256_hex
from yuexin.engines.papers.models import IssuedPaper, SigningCertificate
from yuexin.engines.papers.numbering import code_digest, read_code, read_number
from yuexin.engines.papers.reading import LARGEST_BYTES as LARGEST_BYTES
from yuexin.engines.papers.reading import Signature, numbers_in, signatures_in
from yuexin.engines.papers.record import breaks as breaks
from yuexin.engines.papers.types import Evidence, Examined, Paper

# How a signature of ours is called in its file.
PADES: Final = b"/ETSI.CAdES.detached"


def could_be(*, number: str, code: str) -> bool:
    """Whether what was typed has the shape of a number and a check code."""
    return bool(read_number(number) and read_code(code))


def find(*, number: str, code: str) -> Paper | None:
    """The paper of this number, for whoever has its code, too. One answer for a number that was
    never given out and for a code that is another's."""
    found, given = read_number(number), read_code(code)
    row = IssuedPaper.objects.filter(number=found).first()
    kept = row.code_sha256 if row else ""
    if not given or not hmac.compare_digest(kept, code_digest(number=found, code=given)):
        return None
    return _paper(row) if row else None


def examine(*, data: bytes) -> Examined:
    """What a file is, judged by its bytes: those of a paper as it was issued, or not."""
    row = IssuedPaper.objects.filter(file_sha256=sha256_hex(data)).first()
    if row is not None:
        return Examined(evidence="genuine", paper=_paper(row))
    numbers, found = numbers_in(data), signatures_in(data)
    if not found and PADES not in data:
        return Examined(evidence="foreign")
    return Examined(evidence=_evidence(numbers, found))


def _evidence(numbers: frozenset[str], found: tuple[Signature, ...]) -> Evidence:
    """What a file is that was not issued so: a paper of ours of which a byte is another, one that
    another installation signed, or neither."""
    if IssuedPaper.objects.filter(number__in=numbers).exists():
        return "changed"
    if IssuedPaper.objects.filter(content_sha256__in=[s.content_sha256 for s in found]).exists():
        return "changed"
    if not numbers or not found:
        return "foreign"
    whole = all(one.covers_all and one.holds for one in found)
    if len(found) == 1 and whole:
        return "elsewhere"
    ours = SigningCertificate.objects.filter(fingerprint__in=[one.fingerprint for one in found])
    return "changed" if ours.exists() else "foreign"


def _paper(row: IssuedPaper) -> Paper:
    return Paper(
        number=row.number,
        about=row.about,
        issued_at=row.issued_at,
        facts_sha256=row.facts_sha256,
    )
