"""What people read for the problems that the records of people find."""

from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "name_missing": _("Enter a name"),
    "gender_unknown": _("Select a gender from the list"),
    "birth_date_not_past": _("Date of birth must be in the past"),
    "birth_date_too_early": _("Check the year of the date of birth"),
    "safe_to_contact_missing": _("Select whether it is safe to contact them"),
    "safe_contact_unknown": _("Select how they can be reached"),
    "correction_reason_missing": _("Enter what shows that the correction is right"),
    "person_of_another_force": _("This clashes with what is already on record"),
    # What fields are called at the start of a sentence.
    "address_label": _("Address"),
    "business_name_label": _("Business name"),
    "correction_reason_label": _("Reason"),
    "email_label": _("Email address"),
    "family_name_label": _("Last name"),
    "given_name_label": _("First name"),
    "language_label": _("Language"),
    "object_description_label": _("Description"),
    "object_identifier_label": _("Serial number"),
    "occupation_label": _("Occupation"),
    "phone_label": _("Phone number"),
    "safe_contact_detail_label": _("How they can be reached"),
    "vehicle_description_label": _("Description of the vehicle"),
}
