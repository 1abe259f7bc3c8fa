"""What people read when an account's or a sign-in's input is wrong."""

from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "too_many_attempts": _(
        "You have tried to sign in too many times. Wait 15 minutes and try again, or contact your "
        "service desk"
    ),
    "role_unknown": _("Select a role from the list"),
    "organisation_unknown": _("Select an organisation from the list"),
    "username_taken": _("Enter a user name that is not in use"),
}
