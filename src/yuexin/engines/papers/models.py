"""What was given out under our signature. These tables are truth: rows are added, never changed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class SigningCertificate(models.Model):
    """A certificate that papers were signed with. It stays when its key is replaced, so that what
    it signed can still be told. `fingerprint` is the SHA-256 of its DER, `key_sha256` that of its
    public key; `chain` is PEM, the certificate itself first."""

    fingerprint = models.CharField(max_length=64, primary_key=True)
    key_sha256 = models.CharField(max_length=64)
    chain = models.TextField()
    first_used_at = models.DateTimeField()

    class Meta:
        db_table = "signing_certificate"


class IssuedPaper(models.Model):
    """A paper as it was given out. Of what it says, and of its check code, only digests are kept.

    `facts_sha256` tells whether the facts are still the same; `content_sha256` is that of the bytes
    under the signature, `file_sha256` that of the whole file.
    """

    number = models.TextField(primary_key=True)
    code_sha256 = models.CharField(max_length=64)
    about = models.TextField()
    issued_at = models.DateTimeField()
    facts_sha256 = models.CharField(max_length=64)
    content_sha256 = models.CharField(max_length=64)
    file_sha256 = models.CharField(max_length=64, unique=True)
    language = models.TextField()
    asked_by = models.TextField()
    certificate = models.ForeignKey(SigningCertificate, models.PROTECT, related_name="+")

    class Meta:
        db_table = "issued_paper"
        constraints = (
            models.CheckConstraint(condition=Q(language__in=["zh", "en"]), name="paper_language"),
            models.CheckConstraint(
                condition=Q(asked_by__in=["public", "own", "office"]), name="paper_asked"
            ),
        )
        indexes = (models.Index(fields=["content_sha256"], name="paper_content"),)
