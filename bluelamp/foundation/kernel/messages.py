"""What people read for the problems that every domain shares."""

from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "conflict": _("This clashes with what is already on record"),
    "unstorable": _("This contains a character that we cannot store. Remove it and try again"),
    "text_too_long": _("%(label)s must be %(max_length)s characters or fewer"),
    "phone_invalid": _(
        "Enter a phone number, like 01632 960 001, 07700 900 982 or +44 808 157 0192"
    ),
    "mobile_invalid": _(
        "We cannot text this number. Enter a UK mobile phone number, like 07700 900 982"
    ),
    "email_invalid": _("Enter an email address in the correct format, like name@example.com"),
}
