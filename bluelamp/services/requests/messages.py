"""What people read for the codes of requests, worded as in the GOV.UK Design System."""

from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "answers_wrong": _("Some answers are missing or wrong. Check your answers"),
    "not_offered": _("You cannot ask for this online at the moment"),
    "code_wrong": _("Enter the code we sent you, or get another one"),
    "file_missing": _("Select the file to send"),
    "files_missing": _("Add the file before you send it"),
    "redaction_missing": _("Enter what you took out, and why"),
    "redaction_label": _("What you took out"),
    "reason_missing": _("Enter why you are refusing this request"),
    "reason_label": _("Why you are refusing this request"),
    "closed": _("This request is closed"),
    "not_paid": _("This request is not paid yet"),
    "link_ended": _("This link has ended"),
    "source_missing": _("Enter where this comes from"),
    "source_label": _("Where this comes from"),
    "title_missing": _("Enter what the service is called"),
    "title_label": _("What the service is called"),
    "text_label": _("This text"),
    "fee_not_confirmed": _("We cannot take the fee online yet. Call 101 to ask for this"),
    "cannot_be_quoted": _("There is no price to say for this request now"),
    "quantity_wrong": _("Enter a whole number up to %(maximum)s"),
    "quantity_missing": _("Enter how many there are"),
    "quote_of_nothing": _("This costs nothing, so there is no price to accept"),
    "quote_note_label": _("What they should know"),
    "quote_changed": _("The price has changed. Read the new one before you accept it"),
    "nothing_to_accept": _("There is no price to accept for this request now"),
    "cannot_be_withdrawn": _("You cannot withdraw this request now"),
    "fee_unknown": _("There is no fee with this code"),
}

STATE_TITLES = {
    "awaiting-quote": _("We are working out the price"),
    "quoted": _("Waiting for you to accept the price"),
    "awaiting-payment": _("Waiting for your payment"),
    "open": _("We are working on it"),
    "delivered": _("Sent to you"),
    "refused": _("Refused"),
    "withdrawn": _("You withdrew it"),
}
