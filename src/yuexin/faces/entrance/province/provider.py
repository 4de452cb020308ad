"""The provider, held to what allauth leaves open: nonce, signature, and that nothing is stored."""

from __future__ import annotations

import secrets
from typing import Any, Final

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yuexin.engines.declare.queries import current
from yuexin.faces.entrance.province.claims import checked_token, person_of

NONCE_BYTES: Final = 24
PERSON: Final = "_yuexin_person"
"""Where a login carries who signed in, within its request and nowhere else."""


class Adapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """Checks the token even though it came by TLS, and that it answers this browser."""

    nonce = ""

    def complete_login(
        self, request: HttpRequest, app: Any, token: Any, **kwargs: Any
    ) -> SocialLogin:
        claims = checked_token(
            token=str(kwargs["response"].get("id_token", "")), keys=self._keys(),
            issuer=str(self.openid_config["issuer"]), client=app.client_id, nonce=self.nonce,
        )  # fmt: skip
        if self.openid_config.get("userinfo_endpoint"):
            said = self._fetch_user_info(token.token)
            if said.get("sub") != claims["sub"]:
                raise OAuth2Error("the provider tells of somebody else")
            claims = {**said, **claims}
        return self.get_provider().sociallogin_from_response(request, claims)

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        del app
        return request.build_absolute_uri(reverse("account_province_back"))

    def _keys(self) -> dict[str, Any]:
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
            found: dict[str, Any] = answer.json()
            return found


class ProvinceProvider(OpenIDConnectProvider):  # type: ignore[misc]
    """Of what the provider tells, only its name for the person is kept beside the account."""

    id = "province"
    name = "Province"
    oauth2_adapter_class = Adapter
    pkce_enabled_default = True
    supports_token_authentication = False

    def get_default_scope(self) -> list[str]:
        return list(self.app.settings["scope"])

    def redirect(self, request: HttpRequest, process: str, **kwargs: Any) -> HttpResponse:
        nonce = secrets.token_urlsafe(NONCE_BYTES)
        kwargs["auth_params"] = {**self.get_auth_params(), "nonce": nonce}
        answer: HttpResponse = super().redirect(request, process, nonce=nonce, **kwargs)
        return answer

    def sociallogin_from_response(self, request: HttpRequest, response: Any) -> SocialLogin:
        login = super().sociallogin_from_response(request, response)
        names = tuple(self.app.settings["claims"])
        person = person_of(claims=response, names=names, declarations=current())
        setattr(login, PERSON, person)
        return login

    def extract_uid(self, data: Any) -> str:
        return str(data["sub"])

    def extract_extra_data(self, data: Any) -> dict[str, Any]:
        del data
        return {}

    def extract_common_fields(self, data: Any) -> dict[str, Any]:
        del data
        return {}

    def extract_email_addresses(self, data: Any) -> list[Any]:
        del data
        return []


class Back(OAuth2CallbackView):  # type: ignore[misc]
    """Coming back from the provider: what it says has to answer what this browser asked."""

    def _get_state(self, request: HttpRequest, provider: Any) -> tuple[Any, Any]:
        state, answer = super()._get_state(request, provider)
        self.adapter.nonce = (state or {}).get("nonce", "")
        return state, answer


provider_classes = [ProvinceProvider]
