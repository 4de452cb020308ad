"""The addresses of signing in. Of allauth's pages only those stand here that are needed.

The names are allauth's own, by which its views find one another.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.urls import path

from yuexin.faces.entrance import told, views

urlpatterns = [
    path("sign-in", views.sign_in, name="account_login"),
    path("sign-in/code", mfa.authenticate, name="mfa_authenticate"),
    path("sign-in/demonstration", views.one_click, name="account_one_click"),
    path("sign-in/closed", account.account_inactive, name="account_inactive"),
    path("sign-out", account.logout, name="account_logout"),
    path("account", views.home, name="account_home"),
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
    path("account/notices/<uuid:notice>", told.notice, name="account_notice"),
    path("account/grant", views.grant, name="account_grant"),
    path("account/purpose", views.purpose, name="account_purpose"),
    path("account/password", account.password_change, name="account_change_password"),
    path("account/confirm", account.reauthenticate, name="account_reauthenticate"),
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
