"""URLs of signing in, and of a person's own account."""

from django.urls import path

from bluelamp.web.accounts import account, confirm, enrol, idle, password, sign_in

# fmt: off
urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-in/options/", sign_in.sign_in_options, name="sign-in-options"),
    path("sign-in/again/", sign_in.sign_in_again, name="sign-in-again"),
    path("sign-in/recover/", sign_in.recover, name="recover"),
    path("sign-in/confirm/", confirm.confirm, name="confirm"),
    path("sign-in/confirm/options/", confirm.confirm_options, name="confirm-options"),
    path("sign-in/enrol/<str:token>/", enrol.enrol, name="enrol"),
    path("sign-in/enrol/<str:token>/options/", enrol.enrol_options, name="enrol-options"),
    path("sign-in/enrol/<str:token>/password/", password.enrol_with_password, name="enrol-password"),  # noqa: E501
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("account/", account.account, name="account"),
    path("account/session/", idle.session_state, name="session-state"),
    path("account/passkeys/add/", account.add_passkey, name="add-passkey"),
    path("account/passkeys/add/options/", account.add_passkey_options, name="add-passkey-options"),
    path("account/passkeys/<int:passkey_id>/remove/", account.remove_passkey, name="remove-passkey"),  # noqa: E501
    path("account/recovery-codes/", account.new_recovery_codes, name="new-recovery-codes"),
    path("account/password/", password.change_password, name="change-password"),
    path("account/password/set-up/", password.set_up_password, name="set-up-password"),
    path("account/password/remove/", password.remove_password, name="remove-password"),
    path("account/app/", password.replace_authenticator_app, name="replace-app"),
    path("account/sessions/end/", account.end_sessions, name="end-sessions"),
    path("account/sessions/<uuid:session_id>/end/", account.end_session, name="end-session"),
]
# fmt: on
