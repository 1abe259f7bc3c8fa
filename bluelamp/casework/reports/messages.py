"""What people read for the codes of reports, worded as in the GOV.UK Design System."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bluelamp.casework.reports.rules import ReporterRole

# In the order of the form.
KIND_TITLES: Mapping[str, Promise] = {
    "criminal-damage": _("Something was damaged"),
    "burglary": _("Someone broke in to a building"),
    "vehicle-theft": _("A vehicle was stolen"),
    "theft-from-vehicle": _("Something was stolen from a vehicle"),
    "cycle-theft": _("A bicycle was stolen"),
    "theft": _("Something else was stolen"),
    "robbery": _("Something was taken by force or threat"),
    "assault": _("Someone was hurt or attacked"),
    "harassment": _("Threats, harassment or stalking"),
    "domestic-abuse": _("Abuse by a partner or family member"),
    "sexual-offence": _("A sexual offence"),
    "hate-crime": _("Someone was targeted for who they are"),
    "antisocial-behaviour": _("Antisocial behaviour"),
    "other": _("Something else"),
}

ROLE_TITLES: Mapping[str, Promise] = {
    ReporterRole.VICTIM: _("It happened to me"),
    ReporterRole.WITNESS: _("I saw it or know about it"),
    ReporterRole.ON_BEHALF: _("I’m reporting it for someone else"),
    ReporterRole.BUSINESS: _("I’m reporting it for a business"),
}

MESSAGES = {
    "kind_missing": _("Select what happened"),
    "narrative_missing": _("Enter what happened"),
    "role_missing": _("Select how you were involved"),
    "place_missing": _("Enter an address, a postcode or a description of the place"),
    "when_missing": _("Select whether you know when it happened"),
    "date_missing": _("Enter the date it happened"),
    "start_date_missing": _("Enter the earliest date it could have happened"),
    "end_date_missing": _("Enter the latest date it could have happened"),
    "date_invalid": _("Enter a real date, like 27 3 2026"),
    "time_invalid": _("Enter a time, like 4:15pm or 16:15"),
    "time_not_past": _("Date and time must be in the past"),
    "end_before_start": _("The latest date and time must be after the earliest"),
    "name_missing": _("Enter your name"),
    "business_name_missing": _("Enter the name of the business"),
    "birth_date_invalid": _("Enter a real date of birth, like 31 3 1980"),
    "contact_missing": _("Enter an email address or a phone number"),
    "email_needed": _("Enter an email address, or select another way to contact you"),
    "phone_needed": _("Enter a phone number, or select another way to contact you"),
    "phone_not_textable": _(
        "We cannot text this number, and we do not have your email address, so we cannot send you "
        "any messages"
    ),
    "phone_not_textable_use_email": _(
        "We cannot text this number. We will use your email address instead"
    ),
    "contact_preference_unknown": _("Select how you would like us to contact you"),
    "safe_to_contact_missing": _("Select whether it is safe for us to contact you"),
    "safe_contact_missing": _(
        "Select how we can reach you safely, or that you do not want us to contact you"
    ),
    "safe_contact_detail_missing": _("Enter when or how we can reach you safely"),
    "declaration_missing": _("Confirm that what you have told us is true as far as you know"),
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
    "address_label": _("Address"),
    "business_name_label": _("Business name"),
    "email_label": _("Email address"),
    "family_name_label": _("Last name"),
    "given_name_label": _("First name"),
    "home_address_label": _("Your address"),
    "language_label": _("Language"),
    "narrative_label": _("What happened"),
    "not_crime_reason_label": _("Reason"),
    "safe_contact_detail_label": _("How we can reach you safely"),
    "other_label": _("This answer"),
    "phone_label": _("Phone number"),
    "place_label": _("Postcode or street"),
    "place_detail_label": _("Description of the place"),
    "place_text_label": _("Postcode or street"),
}
