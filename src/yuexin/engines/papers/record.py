"""Whether what is on record of papers is what was put there.

A row is never changed by us. Whoever changes one behind our back also has to change the journal,
whose seals are chained.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cryptography.x509 import load_pem_x509_certificate

from yuexin.base.digest import canonical_json, sha256_hex
from yuexin.engines.access.models import Entry
from yuexin.engines.papers.keys import fingerprint
from yuexin.engines.papers.models import IssuedPaper, SigningCertificate

ISSUED: Final = "paper.issued"
SAID: Final = (
    "number", "code_sha256", "about", "issued_at", "facts_sha256", "content_sha256", "file_sha256",
    "language", "asked_by", "certificate_id",
)  # fmt: skip


def digest_of(paper: IssuedPaper) -> str:
    """The digest of a whole row, which the journal keeps."""
    return sha256_hex(canonical_json({name: getattr(paper, name) for name in SAID}))


def breaks() -> Iterator[str]:
    """Every paper and certificate on record that is not what was put there."""
    found = Entry.objects.filter(action=ISSUED).values_list("thing", "detail__row")
    noted = dict(found.iterator())
    for paper in IssuedPaper.objects.order_by("number").iterator():
        if noted.pop(f"paper/{paper.number}", "") != digest_of(paper):
            yield f"{paper.number}: the row changed"
    yield from (f"{thing.removeprefix('paper/')}: the row is missing" for thing in sorted(noted))
    for row in SigningCertificate.objects.order_by("fingerprint"):
        if fingerprint(load_pem_x509_certificate(row.chain.encode())) != row.fingerprint:
            yield f"certificate {row.fingerprint[:16]}: it changed"
