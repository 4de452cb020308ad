"""The signature on a paper: PAdES baseline B-B (ETSI EN 319 142-1), and no change allowed after it.

A certifying signature (DocMDP 1): readers of PDF call any later change a breach.
"""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import Any, Final

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.keys.pemder import load_certs_from_pemder_data, load_private_key_from_pemder_data
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from yuexin.engines.papers.keys import Identity

FIELD: Final = "Yuexin"
DIGEST: Final = "sha256"
# A signature and what is signed with it, beside the certificates.
CMS_BYTES: Final = 2048


class _SignerAt(PdfSigner):
    """Signs as of a moment that is given, not of the machine's clock."""

    def __init__(self, *args: Any, moment: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._moment = moment

    def init_signing_session(self, *args: Any, **kwargs: Any) -> Any:
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self._moment
        return session


def signed(*, pdf: bytes, number: str, identity: Identity, now: dt.datetime) -> bytes:
    """The file with a signature over all of it. The number stands in the signature in plain text,
    so that a file which was damaged anywhere else still says what it was."""
    about = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm=DIGEST,
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        reason=number,
    )
    signer = _SignerAt(about, _signer(identity), moment=now)
    file = IncrementalPdfFileWriter(BytesIO(pdf))
    out: BytesIO = signer.sign_pdf(file, bytes_reserved=_reserved(identity))
    return out.getvalue()


def _reserved(identity: Identity) -> int:
    """Hexadecimal digits enough for a signature with these certificates. pyHanko would sign twice
    to know."""
    chain = sum(len(one.public_bytes(Encoding.DER)) for one in identity.chain)
    return 2 * (chain + CMS_BYTES)


def _signer(identity: Identity) -> SimpleSigner:
    key = identity.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    encoded = [one.public_bytes(Encoding.DER) for one in identity.chain]
    first, *above = (cert for der in encoded for cert in load_certs_from_pemder_data(der))
    registry = SimpleCertificateStore.from_certs(above)  # type: ignore[no-untyped-call]
    return SimpleSigner(
        signing_cert=first,
        signing_key=load_private_key_from_pemder_data(key, passphrase=None),
        cert_registry=registry,
    )
