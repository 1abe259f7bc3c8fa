"""What staff read about messages."""

from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "address_invalid": _("Enter an email address or a UK mobile phone number"),
    "postal_address_invalid": _("The address must have a street, a town and a postcode"),
    "callback_wrong": _("This is not news of a returned letter"),
    "note": _("What you did"),
}
