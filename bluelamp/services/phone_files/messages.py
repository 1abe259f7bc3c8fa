"""What people read about files from phones."""

from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "file_missing": _("Select the file from the phone"),
    "not_a_phone_file": _(
        "This is not a file from the officer app. Choose the file that the phone saved"
    ),
    "damaged": _(
        "This file is damaged or incomplete. Nothing was brought in. Copy it from the phone again, "
        "or save it again on the phone"
    ),
    "other_force": _("This file is for another force. Only that force can open it"),
    "key_unknown": _(
        "We do not have the key for this file. Nothing was brought in. Ask the service desk to "
        "copy the keys to this server"
    ),
    "phone_unknown": _("We do not know the phone that made this file. Nothing was brought in"),
    "signature_wrong": _(
        "This file was not signed by the phone that it names. Nothing was brought in"
    ),
    "too_many": _("This file holds more than a phone can have. Nothing was brought in"),
    "empty": _("There is nothing in this file"),
    "item_lost": _("The file did not arrive whole. Send it again"),
    "reason_missing": _("Enter why you are bringing this in"),
    "reason_label": _("The reason"),
    "busy": _("This file is being brought in now"),
    "refused": _("This file could not be read, so nothing in it can be brought in"),
    "differs": _("This was sent before with another size or fingerprint"),
}
