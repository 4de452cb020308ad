"""The addresses of signing in. Of allauth's pages only those stand here that are needed.

The names are allauth's own, by which its views find one another.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path

from yuexin.faces.entrance import firms, one_click, passkeys, phone, told, views
from yuexin.faces.entrance.province import views as province

urlpatterns = [
    path("sign-in", views.sign_in, name="account_login"),
    path("sign-in/code", mfa.authenticate, name="mfa_authenticate"),
    path("sign-in/phone", phone.ask, name="account_phone"),
    path("sign-in/phone/code", phone.enter, name="account_phone_code"),
    path("sign-in/passkey", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("sign-in/province", province.go, name="account_province"),
    path("sign-in/province/back", province.back, name="account_province_back"),
    path("sign-in/demonstration", one_click.enter, name="account_one_click"),
    path("sign-in/closed", account.account_inactive, name="account_inactive"),
    path("sign-out", account.logout, name="account_logout"),
    path("account", views.home, name="account_home"),
    path("account/firms", firms.listing, name="account_firms"),
    path("account/firms/<str:code>", firms.claim, name="account_claim"),
    path("account/firms/<str:code>/code", firms.send, name="account_claim_code"),
    path("account/firms/<str:code>/act", firms.act, name="account_act"),
    path("account/firms/<str:code>/delegates", firms.delegates, name="account_delegates"),
    path(
        "account/firms/<str:code>/delegates/<uuid:grant>/end",
        firms.end,
        name="account_end_delegate",
    ),
    path("account/identity/erase", firms.erase, name="account_erase_identity"),
    path("account/passkeys/new", passkeys.add, name="mfa_add_webauthn"),
    path("account/passkeys/<int:pk>/end", passkeys.remove, name="mfa_remove_webauthn"),
    path("account/file", views.file, name="account_file"),
    path("account/file/report", views.own_report, name="account_report"),
    path("account/corrections/<int:number>", views.correction, name="account_correction"),
    path("account/notices", told.notices, name="account_notices"),
    path("account/notices/read", told.all_read, name="account_notices_read"),
    path("account/notices/settings", told.wishes, name="account_notice_settings"),
    path("account/notices/settings/wish", told.wish, name="account_notice_wish"),
    path("account/notices/settings/ask", told.ask, name="account_contact_ask"),
    path("account/notices/settings/confirm", told.confirm, name="account_contact_confirm"),
    path("account/notices/settings/drop", told.drop, name="account_contact_drop"),
    path("account/notices/settings/own", told.own_phone, name="account_contact_own"),
    path("account/notices/<uuid:notice>", told.notice, name="account_notice"),
    path("account/grant", views.grant, name="account_grant"),
    path("account/purpose", views.purpose, name="account_purpose"),
    path("account/password", account.password_change, name="account_change_password"),
    path("account/confirm", account.reauthenticate, name="account_reauthenticate"),
    path("account/confirm/phone", phone.confirm, name="account_confirm_phone"),
    path("account/confirm/demonstration", one_click.confirm, name="account_confirm_one_click"),
    path("account/confirm/passkey", passkeys.confirm, name="mfa_reauthenticate_webauthn"),
    path("account/confirm/code", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("account/second-factor", views.second_factor, name="mfa_index"),
    path("account/second-factor/activate", totp.activate_totp, name="mfa_activate_totp"),
    path("account/second-factor/end", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/recovery-codes", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "account/recovery-codes/renew",
        recovery.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
]
