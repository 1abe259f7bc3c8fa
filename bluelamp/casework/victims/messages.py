"""What victims read, and what they read for a problem."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bluelamp.casework.victims.rules import ContactTrigger, ContactWay, EnhancedReason

TRIGGER_TITLES: Mapping[str, Promise] = {
    ContactTrigger.RECORDED: _("Crime number confirmed in writing"),
    ContactTrigger.NEEDS: _("Needs assessed, and support offered"),
    ContactTrigger.ARRESTED: _("Told of the arrest"),
    ContactTrigger.CHARGED: _("Told of the charge and the first hearing"),
}
WAY_TITLES: Mapping[str, Promise] = {
    ContactWay.IN_PERSON: _("In person"),
    ContactWay.SAFE_WAY: _("In the way they said is safe"),
    ContactWay.PHONE: _("Phone call"),
    ContactWay.TEXT: _("Text message"),
    ContactWay.EMAIL: _("Email"),
    ContactWay.LETTER: _("Letter"),
}
ENHANCED_TITLES: Mapping[str, Promise] = {
    EnhancedReason.UNDER_18: _("under 18"),
    EnhancedReason.DOMESTIC_ABUSE: _("domestic abuse"),
    EnhancedReason.HATE_CRIME: _("hate crime"),
    EnhancedReason.VULNERABLE: _("vulnerable"),
}

MESSAGES = {
    "contact_trigger_unknown": _("Select what you told them or asked them"),
    "contact_way_missing": _("Select how you contacted them"),
    "contact_way_unsafe": _(
        "It is not safe to contact them like this. Only contact them in the way they said is safe"
    ),
    "contact_in_future": _("The time of the contact must be in the past"),
    "contact_not_victim": _("Select a victim of this crime"),
    "contact_note_label": _("The note"),
    "code_wrong": _(
        "This code is not correct. Enter the code from our latest message, or ask for a new one"
    ),
    "passphrase_wrong": _(
        "The reference or the passphrase is not correct. After 5 wrong tries you need to wait an "
        "hour"
    ),
    "passphrase_missing": _("Enter a passphrase"),
    "passphrase_too_short": _("Passphrase must be %(min_length)s characters or more"),
    "passphrase_too_long": _("Passphrase must be %(max_length)s characters or fewer"),
    "passphrase_common": _("Choose a passphrase that is harder to guess"),
    "passphrase_chosen_before": _("You have already chosen a passphrase for this report"),
    "copies_not_sent": _("Your force sends no copies of statements"),
    "copy_not_safe": _("It is not safe to write to them, so we cannot send a copy"),
    "copy_safety_missing": _("Confirm that they said it is safe to send it there"),
    "copy_address_missing": _("The statement has no such address that we can write to"),
    # How far the case has come.
    "stage_received": _(
        "We have your report. We have not decided yet whether to record it as a crime."
    ),
    "stage_recorded": _(
        "We have recorded it as a crime. We are choosing an officer to look into it."
    ),
    "stage_investigating": _("%(officer)s is looking into what happened."),
    "stage_court": _("The case is with the prosecutor and the court."),
    "stage_closed": _("We looked at what you told us and did not record it as a crime."),
    # What has happened so far.
    "step_received": _("We received your report"),
    "step_recorded": _("We recorded a crime"),
    "step_recorded_number": _("Your crime number is %(number)s."),
    "step_allocated": _("%(officer)s is dealing with your case"),
    "step_statement": _("We took your statement"),
    "step_court": _("The case is going to court"),
    "step_not_crime": _("We did not record a crime"),
    "step_not_crime_reason": _("%(reason)s"),
    # What happens next.
    "next_decision": _(
        "Within 24 hours of your report we will tell you your crime number, or why there is none."
    ),
    "next_officer": _("We will give your case to an officer. You will see their name here."),
    "next_contact": _("%(officer)s will contact you, in the way you chose."),
    "next_news": _(
        "If someone is arrested, interviewed or charged, we will tell you within %(days)s working "
        "days."
    ),
    "next_court": _("We will tell you about each court date and decision within 1 working day."),
    "next_review": _(
        "If you think this is wrong, call 101 with your reference and ask us to look at it again."
    ),
    # What happens next for somebody to whom we send no messages.
    "next_decision_here": _(
        "Within 24 hours of your report you will see your crime number here, or why there is none."
    ),
    "next_safe_contact": _("%(officer)s will only contact you in a way that you told us is safe."),
    "next_no_contact": _(
        "%(officer)s will not contact you. Call 101 when it is safe for you, if you want to talk."
    ),
    "next_news_here": _(
        "If someone is charged, you will see it here within %(days)s working days. To ask what "
        "else has happened, call 101 when it is safe for you."
    ),
    "next_court_here": _(
        "To ask about court dates and decisions, call 101 when it is safe for you."
    ),
}
