"""The key that papers are signed with, and its certificate.

By default the installation makes both: the key is a secret of the data folder, the certificate is
signed by the key itself. An operator puts a key and certificates of his own in their place.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from yuexin.base.digest import sha256_hex
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.papers.models import SigningCertificate
from yuexin.home.folder import Home

KEY: Final = "paper-signing"
DEPOSITED: Final = "paper-signing.pem"
# SEC 2, section 2.4.2: how many private keys there are on P-256, and one.
ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
VALID_DAYS: Final = 3650
SUBJECT: Final = "粤信 Yuexin 公共信用信息报告"
PrivateKey = ec.EllipticCurvePrivateKey | RSAPrivateKey


@dataclass(frozen=True, kw_only=True)
class Identity:
    """A key with its certificate, and those above it."""

    key: PrivateKey
    chain: tuple[x509.Certificate, ...]
    row: SigningCertificate


def identity(*, home: Home, now: dt.datetime) -> Identity:
    """What to sign with at this moment; a certificate that is new here is put on record.

    Refuses what an operator put there, unless key and certificate belong together and are valid.
    """
    deposited = home.deposited(DEPOSITED)
    if deposited is not None:
        key, chain = _read(deposited)
        _require_usable(key, chain, now)
        return Identity(key=key, chain=chain, row=_recorded(chain, now))
    own = _own_key(home)
    found = _own_certificate(own, now)
    return Identity(key=own, chain=(found,), row=_recorded((found,), now))


def fingerprint(certificate: x509.Certificate) -> str:
    return certificate.fingerprint(SHA256()).hex()


def _own_key(home: Home) -> ec.EllipticCurvePrivateKey:
    number = int.from_bytes(home.secret(KEY)) % (ORDER - 1) + 1
    return ec.derive_private_key(number, ec.SECP256R1())


def _own_certificate(key: ec.EllipticCurvePrivateKey, now: dt.datetime) -> x509.Certificate:
    """The certificate on record for this key while it is valid, else a new one."""
    rows = SigningCertificate.objects.filter(key_sha256=_key_digest(key.public_key()))
    for row in rows.order_by("-first_used_at"):
        found = x509.load_pem_x509_certificate(row.chain.encode())
        if found.not_valid_before_utc <= now < found.not_valid_after_utc:
            return found
    return _made(key, now)


def _made(key: ec.EllipticCurvePrivateKey, now: dt.datetime) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, SUBJECT)])
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=False, crl_sign=False,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    return (
        x509.CertificateBuilder(issuer_name=name, subject_name=name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(minutes=5))
        .not_valid_after(now + dt.timedelta(days=VALID_DAYS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, SHA256())
    )


def _recorded(chain: tuple[x509.Certificate, ...], now: dt.datetime) -> SigningCertificate:
    row, _ = SigningCertificate.objects.get_or_create(
        fingerprint=fingerprint(chain[0]),
        defaults={
            "key_sha256": _key_digest(chain[0].public_key()),
            "chain": "".join(one.public_bytes(Encoding.PEM).decode() for one in chain),
            "first_used_at": now,
        },
    )
    return row


def _read(deposited: bytes) -> tuple[PrivateKey, tuple[x509.Certificate, ...]]:
    try:
        key = load_pem_private_key(deposited, password=None)
        chain = tuple(x509.load_pem_x509_certificates(deposited))
    except (ValueError, TypeError) as error:
        raise _unusable("不是未加密的 PEM 私钥和证书", "is no PEM key and certificate") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey | RSAPrivateKey):
        raise _unusable("私钥既不是 EC 也不是 RSA", "holds a key that is neither EC nor RSA")
    return key, chain


def _require_usable(key: PrivateKey, chain: tuple[x509.Certificate, ...], now: dt.datetime) -> None:
    if _key_digest(chain[0].public_key()) != _key_digest(key.public_key()):
        raise _unusable("第一张证书不是这把私钥的", "begins with another key's certificate")
    if not chain[0].not_valid_before_utc <= now < chain[0].not_valid_after_utc:
        raise _unusable("证书不在有效期内", "holds a certificate that is not valid now")


def _key_digest(key: object) -> str:
    encoded = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)  # type: ignore[attr-defined]
    return sha256_hex(encoded)


def _unusable(zh: str, en: str) -> Refusal:
    return Refusal(
        code="PAPER_KEY",
        what=Text(f"签署报告的密钥文件不能用：{zh}", f"the file that papers are signed with {en}"),
        where=f"secrets/{DEPOSITED}",
        remedy=Text(
            "请更正该文件（先私钥，后证书及其上级）；移走它则用平台自己的密钥",
            "mend it (the key, then its certificate and those above); without it the platform "
            "signs with its own key",
        ),
    )
