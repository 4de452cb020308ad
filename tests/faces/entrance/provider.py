"""A small identity provider over HTTP: OpenID Connect with state, nonce and PKCE, and its lies."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLIENT, KID = "yuexin-test", "k1"
TRUE: dict[str, Any] = {
    "sub": "u-1", "name": "陈示例", "document_type": "身份证",
    "document_number": "440106199003071231",
}  # fmt: skip


def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Provider:
    """Who signs in there, and what a token of it says otherwise than it should."""

    person: dict[str, Any] = field(default_factory=lambda: dict(TRUE))
    userinfo: dict[str, Any] = field(default_factory=lambda: {"sub": "u-1"})
    lies: dict[str, Any] = field(default_factory=dict)
    signed_by: Any = None
    algorithm: str = "RS256"
    key: rsa.RSAPrivateKey = field(default_factory=_key)
    asked: dict[str, dict[str, str]] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    address: str = ""

    def approve(self, address: str) -> str:
        """What a person does in the browser: follow the address there. Gives the address back."""
        query = {k: v[0] for k, v in parse_qs(urlsplit(address).query).items()}
        assert query["code_challenge_method"] == "S256"
        assert query["nonce"]
        code = secrets.token_urlsafe(8)
        self.asked[code] = query
        return f"{query['redirect_uri']}?code={code}&state={query['state']}"

    def token(self, form: dict[str, str]) -> dict[str, Any] | None:
        asked = self.asked.pop(form["code"], None)
        challenge = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if asked is None or _base64(challenge) != asked["code_challenge"]:
            return None
        now = int(time.time())
        claims = {
            "iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 300,
            "nonce": asked["nonce"], **self.person, **self.lies,
        }  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        signer = self.key if self.signed_by is None else self.signed_by
        signed = jwt.encode(claims, signer, algorithm=self.algorithm, headers={"kid": KID})
        return {"access_token": "t", "token_type": "Bearer", "id_token": signed}

    def keys(self) -> dict[str, Any]:
        public = json.loads(jwk_of(self.key))
        return {"keys": [{**public, "kid": KID, "alg": "RS256", "use": "sig"}]}

    def configuration(self) -> dict[str, str]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/keys",
        }


def jwk_of(key: rsa.RSAPrivateKey) -> str:
    """The public half as the provider shows it."""
    return str(RSAAlgorithm.to_jwk(key.public_key()))


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@contextmanager
def serving() -> Iterator[Provider]:
    """A provider at an address of this machine."""
    provider = Provider()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            provider.seen.append(path)
            known: dict[str, Callable[[], dict[str, Any]]] = {
                "/.well-known/openid-configuration": provider.configuration,
                "/keys": provider.keys,
                "/userinfo": lambda: provider.userinfo,
            }
            self._answer(known[path]())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer(provider.token({k: v[0] for k, v in parse_qs(body).items()}))

        def _answer(self, said: dict[str, Any] | None) -> None:
            self.send_response(400 if said is None else 200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(said or {"error": "invalid_grant"}).encode())

        def log_message(self, *args: object) -> None:
            del args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    provider.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield provider
    server.shutdown()
    thread.join()
    server.server_close()
