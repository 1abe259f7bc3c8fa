"""What people read for the codes of reports, worded as in the GOV.UK Design System."""

from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "phone_not_textable": _(
        "We cannot text this number, and we do not have your email address, so we cannot send you "
        "any messages"
    ),
    "phone_not_textable_use_email": _(
        "We cannot text this number. We will use your email address instead"
    ),
    "draft_too_large": _("There are too many answers to save"),
    "answer_too_long": _("This must be %(max_length)s characters or fewer"),
    "channel_unknown": _("Select how the report was made"),
    "not_crime_reason_missing": _(
        "Enter why this is not a crime. We will tell the person who reported it"
    ),
    "already_recorded": _("%(reference)s is already recorded as a crime"),
    "already_not_crime": _("%(reference)s is already marked as not a crime"),
    "too_many_items": _("You can add up to %(max_items)s files"),
    "item_missing": _("A file did not arrive. Add it again"),
    "item_of_another_report": _("One of the files belongs to another report"),
    "too_many_files": _("Send up to %(max_files)s files with a report"),
    "file_ids_not_unique": _("Two of the files have the same id"),
    # What answers are called at the start of a sentence.
    "not_crime_reason_label": _("Reason"),
}
