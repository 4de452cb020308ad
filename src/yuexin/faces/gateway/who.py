"""Who asks: the public, or whoever a key acts for."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any, Final

from django.http import HttpRequest

from yuexin.engines.access.queries import admitted
from yuexin.engines.access.types import PUBLIC, Actor, KeyScope
from yuexin.engines.declare.queries import current
from yuexin.faces.gateway import refusals
from yuexin.faces.shared.address import address_of

SCHEME: Final = "bearer"
LONGEST_SECRET: Final = 512
FRAME_HOSTS: Final = "yuexin.frame_hosts"
"""Where a request keeps which pages its key lets frame an answer; no header is called so."""


class Key:
    """The key of a request, or the public where an operation is open to it.

    Stands as `auth` of an operation; what it gives is the operation's `request.auth`.
    """

    openapi_security_schema: Final[dict[str, Any]] = {
        "type": "http",
        "scheme": SCHEME,
        "description": "数据管理员签发的密钥。 A key issued by a data steward.",
    }

    def __init__(self, scope: KeyScope, *, open_to_public: bool = False) -> None:
        self.scope = scope
        self.open_to_public = open_to_public

    def __call__(self, request: HttpRequest) -> Actor:
        given = request.headers.get("Authorization", "").strip()
        if given:
            found = admitted(
                declarations=current(),
                secret=_secret(given),
                address=address_of(request),
                scope=self.scope,
                now=dt.datetime.now(dt.UTC),
            )
            request.META[FRAME_HOSTS] = found.frame_hosts
            return found.actor
        if self.open_to_public:
            return PUBLIC
        raise refusals.key_missing()


def _secret(given: str) -> str:
    scheme, _, secret = given.partition(" ")
    secret = secret.strip()
    readable = secret.isascii() and secret.isprintable() and len(secret) <= LONGEST_SECRET
    if scheme.lower() != SCHEME or not secret or not readable:
        raise refusals.key_form()
    return secret


def actor_for(request: HttpRequest, *, purpose: str) -> Actor:
    """Who asks, for this purpose. A key that serves one purpose serves no other."""
    actor: Actor = request.auth  # type: ignore[attr-defined]
    if not purpose or actor == PUBLIC or actor.purpose == purpose:
        return actor
    if actor.purpose:
        raise refusals.other_purpose(actor.purpose)
    return replace(actor, purpose=purpose)
