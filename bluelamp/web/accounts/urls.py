"""URLs of signing in, and of a person's own account."""

from django.urls import path

from bluelamp.web.accounts import enrol, sign_in

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-in/options/", sign_in.sign_in_options, name="sign-in-options"),
    path("sign-in/passkey/", sign_in.sign_in_with_passkey, name="sign-in-passkey"),
    path("sign-in/enrol/<str:token>/", enrol.enrol, name="enrol"),
    path("sign-in/enrol/<str:token>/options/", enrol.enrol_options, name="enrol-options"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
]
