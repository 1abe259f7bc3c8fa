"""What people read when a question set or an answer cannot be accepted."""

from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

MESSAGES = {
    # A sentence of the question set itself.
    "text": "%(text)s",
    "bad_set": _("Line %(line)s: %(detail)s"),
    "set_changed": _(
        "%(name)s version %(version)s has been loaded with other content. Give the file a new"
        " version"
    ),
    "in_force_past": _("Date must be today or in the future"),
    "in_force_already": _(
        "%(name)s version %(version)s came into force on %(date)s. To go back to it, load it again"
        " as a new version"
    ),
    "in_force_hidden": _(
        "Another version comes into force on %(date)s too, and is newer. Choose another date"
    ),
    "draft_too_long": _("This must be %(max_length)s characters or fewer"),
    "draft_too_large": _("This form has more answers than we can save"),
    # Answers.
    "this_answer": _("This answer"),
    "this_date": _("Date"),
    "yes": _("Yes"),
    "no": _("No"),
    # What somebody can know of when something happened.
    "exact": _("I know when"),
    "between": _("It was between 2 times"),
    "unsure": _("I’m not sure"),
    "not_sure": _("Not sure"),
    "when_from": _("From %(moment)s"),
    "when_to": _("to %(moment)s"),
    # Django has the names of the months in every language.
    **{f"month_{number}": name for number, name in MONTHS.items()},
    "signed": _("Signed"),
    "enter_missing": _("Enter %(label)s"),
    "select_missing": _("Select %(label)s"),
    "upload_missing": _("Upload %(label)s"),
    "sign_missing": _("Sign in the box"),
    "tick_missing": _("Tick the box to confirm"),
    "wrong_choice": _("Select an answer from the list"),
    "wrong_shape": _("This answer is not in the format we need"),
    "answer_unknown": _("This form does not have this question"),
    "too_long": _("%(label)s must be %(max_length)s characters or fewer"),
    "too_short": _("%(label)s must be %(min_length)s characters or more"),
    "number_invalid": _("%(label)s must be a number, like 12.5"),
    "whole_number_invalid": _("%(label)s must be a whole number, like 12"),
    "number_too_small": _("%(label)s must be %(limit)s or more"),
    "number_too_big": _("%(label)s must be %(limit)s or less"),
    "money_invalid": _("Enter an amount in pounds, like 12 or 12.50"),
    "date_missing": _("Enter the date it happened"),
    "start_date_missing": _("Enter the earliest date it could have happened"),
    "end_date_missing": _("Enter the latest date it could have happened"),
    "date_invalid": _("Enter a real date, like 27 3 2026"),
    "date_not_past": _("%(label)s must be today or in the past"),
    "date_not_future": _("%(label)s must be today or in the future"),
    "time_invalid": _("Enter a time, like 4:15pm or 16:15"),
    "time_not_past": _("Date and time must be in the past"),
    "end_before_start": _("The latest date and time must be after the earliest"),
    "too_many_files": _("You can upload up to %(most)s files"),
    "rows_too_few": _("Add at least %(least)s %(noun)s"),
    "rows_too_many": _("You can add up to %(most)s"),
}
