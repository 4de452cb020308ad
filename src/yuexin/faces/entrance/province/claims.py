"""What a token of the provider says, after everything that makes it one was checked."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Any, Final

import jwt
from allauth.socialaccount.providers.oauth2.client import OAuth2Error

from yuexin.base.codes import DOCUMENTS, Document
from yuexin.engines.declare.types import Declarations

# Signatures of a public key only: a token signed by what everybody knows is nobody's.
ALGORITHMS: Final = ("RS256", "PS256", "ES256", "ES384")
LEEWAY_SECONDS: Final = 60
REQUIRED: Final = ("iss", "aud", "exp", "iat", "sub", "nonce")
TYPES: Final[dict[str, Document]] = {
    "身份证": "id_number",
    "护照号": "passport",
    "港澳居民来往内地通行证": "hk_macao_permit",
    "台湾居民来往大陆通行证": "taiwan_permit",
    "港澳台居民居住证": "hmt_residence",
    "外国人永久居留身份证": "foreigner_card",
}
"""The codes of `person_id_types`, as documents that are checked."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who the provider says signed in: a name and a document that it verified."""

    name: str
    document: Document
    number: str


def checked_token(
    *, token: str, keys: dict[str, Any], issuer: str, client: str, nonce: str
) -> dict[str, Any]:
    """The claims of a token that this provider signed, for us, now, in answer to this browser.

    Raises `OAuth2Error` for any other.
    """
    try:
        header = jwt.get_unverified_header(token)
        key = _key(keys, str(header.get("kid", "")))
        found = jwt.decode(
            token, key=key, algorithms=list(ALGORITHMS), issuer=issuer, audience=client,
            leeway=LEEWAY_SECONDS, options={"require": list(REQUIRED)},
        )  # fmt: skip
    except (jwt.PyJWTError, TypeError, ValueError) as error:
        raise OAuth2Error("the token is not one of the provider's") from error
    if not hmac.compare_digest(str(found["nonce"]).encode(), nonce.encode()):
        raise OAuth2Error("the token answers another browser")
    return dict(found)


def person_of(
    *, claims: dict[str, Any], names: tuple[str, str, str], declarations: Declarations
) -> Person | None:
    """The person in the claims of these names; none where the provider tells no document."""
    name, kind, number = (str(claims.get(claim) or "").strip() for claim in names)
    document = _document(kind, declarations)
    if not name or not number or document is None:
        return None
    return Person(name=name, document=document, number=number)


def _key(keys: dict[str, Any], kid: str) -> jwt.PyJWK:
    for key in jwt.PyJWKSet.from_dict(keys).keys:
        if key.key_id == kid and key.algorithm_name in ALGORITHMS:
            return key
    raise OAuth2Error("the provider has no such key")


def _document(said: str, declarations: Declarations) -> Document | None:
    for document in DOCUMENTS:
        if said == document:
            return document
    for code in declarations.codes["person_id_types"].values:
        if said in (code.code, *code.aliases):
            return TYPES.get(code.code)
    return None
