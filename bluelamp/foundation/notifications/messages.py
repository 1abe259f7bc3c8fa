"""What staff read about messages."""

from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "address_invalid": _("Enter an email address or a UK mobile phone number"),
    "note": _("What you did"),
}
