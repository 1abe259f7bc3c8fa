"""What victims read, and what they read for a problem."""

from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "code_wrong": _(
        "This code is not correct. Enter the code from our latest message, or ask for a new one"
    ),
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
    # What messages say happens next.
    "message_next_decision": _(
        "Within 24 hours we will tell you your crime number, or why there is none."
    ),
    "message_next_officer": _(
        "We will give your case to an officer. You can see their name, and each step, on the page "
        "below."
    ),
    "message_next_scene": _(
        "An officer will look at what we can do. If you have a question, call 101 with your crime "
        "number."
    ),
}
