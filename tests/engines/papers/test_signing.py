"""A paper is accepted as it was issued, and refused with one other byte."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import keys, pem, x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509 import CertificateBuilder, Name, NameAttribute, random_serial_number
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore
from tests.cast import PUBLIC
from tests.state import undone

from yuexin.base.errors import Refusal
from yuexin.engines.papers.keys import DEPOSITED, KEY, identity
from yuexin.engines.papers.models import IssuedPaper, SigningCertificate
from yuexin.engines.papers.operations import draft, issue, typeset
from yuexin.engines.papers.queries import examine, find
from yuexin.engines.papers.reading import LARGEST_BYTES, MOST_SIGNATURES, signatures_in
from yuexin.engines.papers.types import Issued
from yuexin.home.folder import Home

pytestmark = pytest.mark.usefixtures("undone")

PDFSIG = pytest.mark.skipif(not shutil.which("pdfsig"), reason="pdfsig (poppler) is not here")
PAGE = b"""
#set document(title: "x")
#set text(font: "Noto Sans CJK SC", fallback: false, lang: "zh")
= \xe6\x8a\xa5\xe5\x91\x8a
"""


def given_out(home: Home, now: dt.datetime, tmp_path: Path, **facts: str) -> Issued:
    template = tmp_path / "page.typ"
    template.write_bytes(PAGE)
    return issue(
        draft=draft(now=now),
        pdf=typeset(template=template, data={}, moment=now),
        about="91440606684400012K",
        facts=facts,
        language="zh",
        asked_by="public",
        home=home,
        actor=PUBLIC,
        now=now,
    )


@pytest.fixture
def issued(undone: None, home: Home, now: dt.datetime, tmp_path: Path) -> Issued:
    del undone
    return given_out(home, now, tmp_path)


def flipped(data: bytes, place: int, bit: int = 0) -> bytes:
    spoiled = bytearray(data)
    spoiled[place] ^= 1 << bit
    return bytes(spoiled)


def test_it_is_known_by_its_file_and_by_number_with_code(issued: Issued) -> None:
    found = examine(data=issued.file)
    assert found.evidence == "genuine"
    assert found.paper == find(number=issued.number.lower(), code=issued.code.replace("-", " "))


def test_a_number_without_its_code_finds_nothing(
    issued: Issued, home: Home, now: dt.datetime, tmp_path: Path
) -> None:
    other = given_out(home, now, tmp_path)
    assert find(number=issued.number, code="") is None
    assert find(number=issued.number, code=other.code) is None
    assert find(number="", code=issued.code) is None
    assert find(number=other.number, code=issued.code) is None


def test_neither_file_nor_code_is_kept(issued: Issued) -> None:
    row = IssuedPaper.objects.values().get(number=issued.number)
    assert issued.code.replace("-", "") not in str(row).replace("-", "")


def test_pyhanko_accepts_it_as_pades_with_nothing_changed_since(issued: Issued) -> None:
    (signature,) = PdfFileReader(BytesIO(issued.file)).embedded_signatures
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    root = certificate()
    context = ValidationContext(
        trust_roots=[root], allow_fetching=False, moment=issued.issued_at,
        best_signature_time=issued.issued_at,
    )  # fmt: skip
    status = validate_pdf_signature(signature, signer_validation_context=context)
    assert status.bottom_line
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert status.signer_reported_dt == issued.issued_at.replace(microsecond=0)


def certificate() -> x509.Certificate:
    row = SigningCertificate.objects.get()
    _, _, der = pem.unarmor(row.chain.encode())
    return x509.Certificate.load(der)


@PDFSIG
def test_pdfsig_accepts_it_and_refuses_one_changed_byte(issued: Issued, tmp_path: Path) -> None:
    assert "Signature is Valid" in said_by_pdfsig(issued.file, tmp_path)
    page = issued.file.index(b"endstream") - 20
    for place in (10, page, signed_to(issued.file) + 40):
        said = said_by_pdfsig(flipped(issued.file, place), tmp_path)
        assert "Signature is Valid" not in said, place


def said_by_pdfsig(file: bytes, tmp_path: Path) -> str:
    path = tmp_path / "paper.pdf"
    path.write_bytes(file)
    ran = subprocess.run(
        ["pdfsig", "-nocert", str(path)], capture_output=True, check=False, timeout=30
    )
    return ran.stdout.decode(errors="replace")


def signed_to(file: bytes) -> int:
    """Where the place of the signature begins."""
    return file.index(b"/Contents <") + len(b"/Contents <")


def test_one_changed_byte_anywhere_is_seen(issued: Issued) -> None:
    file, hole = issued.file, signed_to(issued.file)
    padding = file.index(b"00000000000000", hole + 1000)
    places = {*range(0, len(file), 997), hole, hole + 9, hole + 700, padding, len(file) - 1}
    for place in places:
        found = examine(data=flipped(file, place))
        assert found.evidence == "changed", place
        assert found.paper is None


def test_what_is_added_after_the_signature_is_a_change(issued: Issued) -> None:
    writer = IncrementalPdfFileWriter(BytesIO(issued.file))
    writer.root["/Extra"] = writer.root["/Type"]
    writer.update_root()  # type: ignore[no-untyped-call]
    updated = BytesIO()
    writer.write(updated)  # type: ignore[no-untyped-call]
    assert len(updated.getvalue()) > len(issued.file)
    for more in (updated.getvalue(), issued.file + b"\n", issued.file[:-1], issued.file * 2):
        assert examine(data=more).evidence == "changed"


def test_a_paper_of_another_installation_is_not_ours(
    home: Home, now: dt.datetime, tmp_path: Path
) -> None:
    with undone():
        theirs = given_out(home, now, tmp_path)
    assert examine(data=theirs.file).evidence == "elsewhere"
    assert examine(data=flipped(theirs.file, 200)).evidence == "foreign"


def test_a_signed_file_that_is_no_paper_is_nothing_of_ours(
    issued: Issued, home: Home, now: dt.datetime, tmp_path: Path
) -> None:
    assert issued
    template = tmp_path / "page.typ"
    plain = typeset(template=template, data={}, moment=now)
    assert examine(data=plain).evidence == "foreign"
    assert examine(data=foreign_signature(plain)).evidence == "foreign"
    assert examine(data=plain + issued.number.encode()).evidence == "foreign"


def foreign_signature(pdf: bytes) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    _, der = self_signed(key, dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    signer = SimpleSigner(
        signing_cert=x509.Certificate.load(der),
        signing_key=keys.PrivateKeyInfo.load(
            key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        ),
        cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
    )
    about = PdfSignatureMetadata(
        field_name="Other", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES
    )
    out: BytesIO = PdfSigner(about, signer).sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)))
    return out.getvalue()


# --- whatever is shown ---


@settings(max_examples=60)
@given(data=st.binary(max_size=4000))
def test_any_bytes_get_an_answer(data: bytes) -> None:
    signatures_in(data)


@settings(max_examples=60)
@given(der=st.binary(min_size=256, max_size=1200), tail=st.binary(max_size=40))
def test_any_bytes_in_the_place_of_a_signature_get_an_answer(der: bytes, tail: bytes) -> None:
    head = b"%PDF-1.7 /ByteRange [0 60 9999 40] /Contents "
    found = signatures_in(head + b"<" + der.hex().encode() + b">" + tail)
    assert not any(one.holds for one in found)


def test_any_byte_of_a_real_signature_spoiled_gets_an_answer(issued: Issued) -> None:
    hole = signed_to(issued.file)
    for place in range(hole, hole + 1600, 7):
        assert examine(data=flipped(issued.file, place)).evidence == "changed", place


def test_a_file_of_many_signatures_is_read_to_a_bound(issued: Issued) -> None:
    place = issued.file[signed_to(issued.file) - 1 :]
    assert len(signatures_in(place[: place.index(b">") + 1] * 500)) == MOST_SIGNATURES
    assert LARGEST_BYTES < 10_000_000


def test_what_only_looks_like_the_place_of_a_signature_is_none() -> None:
    for digits in ("0" * 513, "FEFF" + "540D" * 300, "30" * 40_000):
        assert signatures_in(b"%PDF /Title <" + digits.encode() + b">") == ()


# --- the key ---


def test_a_new_key_leaves_what_the_old_one_signed(
    issued: Issued, home: Home, now: dt.datetime, tmp_path: Path
) -> None:
    with moved_away(home.secrets / KEY):
        newer = given_out(home, now, tmp_path)
        assert SigningCertificate.objects.count() == 2
        assert examine(data=newer.file).evidence == "genuine"
        assert examine(data=issued.file).evidence == "genuine"
        assert examine(data=flipped(issued.file, 50)).evidence == "changed"


@contextmanager
def moved_away(path: Path) -> Iterator[None]:
    kept = path.read_bytes()
    path.unlink()
    yield
    path.write_bytes(kept)


def self_signed(
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, start: dt.datetime
) -> tuple[bytes, bytes]:
    name = Name([NameAttribute(NameOID.COMMON_NAME, "Province")])
    cert = (
        CertificateBuilder(issuer_name=name, subject_name=name)
        .public_key(key.public_key())
        .serial_number(random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=365))
        .sign(key, SHA256())
    )
    return cert.public_bytes(Encoding.PEM), cert.public_bytes(Encoding.DER)


@pytest.fixture
def deposit(home: Home) -> Iterator[Path]:
    path = home.secrets / DEPOSITED
    yield path
    path.unlink(missing_ok=True)


def put(path: Path, key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, cert: bytes) -> None:
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + cert)
    path.chmod(0o600)


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_an_operator_puts_a_certificate_of_his_own_in_its_place(
    home: Home, now: dt.datetime, tmp_path: Path, deposit: Path, kind: str
) -> None:
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey = (
        ec.generate_private_key(ec.SECP384R1())
        if kind == "ec"
        else rsa.generate_private_key(public_exponent=65537, key_size=2048)
    )
    put(deposit, key, self_signed(key, dt.datetime(2026, 1, 1, tzinfo=dt.UTC))[0])
    issued = given_out(home, now, tmp_path)
    assert examine(data=issued.file).evidence == "genuine"
    assert certificate().subject.native["common_name"] == "Province"


def test_what_an_operator_put_there_is_refused_where_it_cannot_be_used(
    home: Home, now: dt.datetime, deposit: Path
) -> None:
    key, other = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    for cert in (
        self_signed(other, start)[0],
        self_signed(key, start - dt.timedelta(days=900))[0],
        b"",
    ):
        put(deposit, key, cert)
        assert refused(home, now) == "PAPER_KEY"
    deposit.chmod(0o644)
    assert refused(home, now) == "home.secret-unsafe"


def refused(home: Home, now: dt.datetime) -> str:
    with pytest.raises(Refusal) as caught:
        identity(home=home, now=now)
    return caught.value.code
