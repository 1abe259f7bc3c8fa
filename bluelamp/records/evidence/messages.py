"""What people read for the problems of evidence."""

from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "upload_empty": _("The file is empty"),
    "file_empty": _("%(filename)s is empty"),
    "file_changed": _("%(filename)s changed while it was sent. Send it again"),
    "file_infected": _(
        "%(filename)s contains a virus, so we have not kept it. If you need it as evidence, tell "
        "the officer dealing with your case"
    ),
    "original_infected": _("This file is infected with a virus. Ask the evidence officer about it"),
    "item_differs": _("We already have this item with different contents. Send it with a new id"),
    "item_length_differs": _(
        "We already have this item with another length. Send it with a new id"
    ),
    "too_many_files": _("You can only send %(max_files)s files here"),
    "too_many_unfinished_uploads": _(
        "You are already sending too many files. Wait until one has finished"
    ),
    "item_is_arriving": _("This file is already being sent. Wait until that has finished"),
    "no_space_for_public": _(
        "We cannot take files at the moment. You can still send your report without files, and "
        "tell us that you have some"
    ),
    "report_too_large": _(
        "Your files can be %(max_gigabytes)s GB or less together. You can still send your report "
        "without this one, and tell us that you have it"
    ),
    "sent_too_much": _(
        "You have sent us a lot of files today. You can still send your report without files, and "
        "tell us that you have some"
    ),
    "limit_not_positive": _("The limits must be positive"),
}
