"""What people read for the problems of crimes."""

from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "summary_label": _("What happened"),
    "reason_label": _("The reason"),
    "note_label": _("The note"),
    "description_label": _("The description"),
    "summary_missing": _("Enter what happened"),
    "question_set_unknown": _("This version of the form is not known here. Update the app"),
    "answer_not_addable": _("This answer cannot be added to the crime"),
    "occurred_in_future": _("Date and time must be in the past"),
    "ends_before_it_starts": _("The latest date and time must be after the earliest"),
    "time_field_unknown": _("Select the time to correct"),
    "time_reason_missing": _("Enter how you know the right time"),
    "time_before_the_crime": _("Date and time must be after the crime happened"),
    "reported_before_it_started": _("The crime can’t be reported before it happened"),
    "offence_unknown": _("Select an offence from the list"),
    "same_classification": _("Select a different offence. The crime already has this one"),
    "reclassification_reason_missing": _("Enter why you are reclassifying the crime"),
    "link_reason_missing": _("Enter why you are linking the crimes"),
    "too_few_to_link": _("Select 2 or more crimes"),
    "look_up_missing": _("Enter a name, a number, a registration or an address"),
    "look_up_reason_missing": _("Select why you are looking this up"),
    "person_not_in_crime": _("Select somebody who is in this crime"),
    "person_role_unknown": _("Select whether this person is a victim or a witness"),
    "person_corrected_meanwhile": _(
        "Someone else corrected this record while you had it open. Check what it says now, then "
        "correct it"
    ),
    "item_differs": _("This item was announced with a different size or hash"),
    "too_many_numbers": _("Number of crime numbers must be between 1 and %(max_numbers)s"),
    "lease_year_invalid": _("Year must be this year or next year"),
    "void_reason_missing": _("Enter why you are withdrawing the number"),
    "lease_lapsed": _("The lease ran out before the number was used"),
    "lease_released": _("The device gave the number back"),
    "number_not_leased": _("This number was not leased to this device"),
    "number_of_another": _(
        "%(number)s was given to another officer or another device, which may have used it. Keep "
        "this and contact the crime desk"
    ),
    "numbers_missing": _("Select at least one number"),
    "number_not_unused": _("%(number)s is not an unused number of this device"),
    "number_not_withdrawn": _("%(number)s was not withdrawn from this device"),
    "numbers_reason_missing": _("Enter the reason"),
    "number_is_used": _("%(number)s is already the number of a crime"),
    "number_is_void": _("%(number)s was withdrawn: %(reason)s"),
}
