"""Passkeys: a way to sign in that no page of another site can borrow. They need a script."""

from __future__ import annotations

import json
from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm
from allauth.mfa.webauthn.internal import auth
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    ReauthenticateWebAuthnView,
    RemoveWebAuthnView,
)
from django.urls import reverse

from yuexin.engines.access.models import Account


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A key that tells by itself who is there, after face, finger or PIN."""

    def clean(self) -> dict[str, Any]:
        self.cleaned_data["passwordless"] = True
        found: dict[str, Any] = super().clean()
        return found


class Add(AddWebAuthnView):  # type: ignore[misc]
    """Make a passkey for this account."""

    template_name = "mfa/webauthn/add_form.html"

    def get_form_class(self) -> type[AddPasskeyForm]:
        return AddPasskeyForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_context_data(**kwargs)
        assert isinstance(self.request.user, Account)
        # After allauth's own: the challenge of the last one asked for is the one that counts.
        return found | {"options": json.dumps(auth.begin_registration(self.request.user, True))}

    def get_success_url(self) -> str:
        return f"{reverse('account_home')}#passkeys"


class Confirm(ReauthenticateWebAuthnView):  # type: ignore[misc]
    """Show again that it is you, by a passkey."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_context_data(**kwargs)
        return found | {"options": json.dumps(found["js_data"]["request_options"])}


class Remove(RemoveWebAuthnView):  # type: ignore[misc]
    """Let a passkey sign nobody in any more."""

    def get_success_url(self) -> str:
        return f"{reverse('account_home')}#passkeys"


add = Add.as_view()
confirm = Confirm.as_view()
remove = Remove.as_view()
