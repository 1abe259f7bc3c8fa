"""What people read for the codes of encounters, worded as in the GOV.UK Design System."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bluelamp.casework.encounters.rules import EncounterKind, RiskGrade

KIND_TITLES: Mapping[str, Promise] = {
    EncounterKind.STOP_SEARCH: _("Stop and search"),
    EncounterKind.RISK_ASSESSMENT: _("Risk assessment"),
    EncounterKind.STOP_ACCOUNT: _("Stop and account"),
    EncounterKind.VEHICLE_STOP: _("Vehicle stop"),
    EncounterKind.PROPERTY_FOUND: _("Property found"),
    EncounterKind.MISSING_PERSON: _("Missing person"),
    EncounterKind.SUDDEN_DEATH: _("Sudden death"),
}

GRADE_TITLES: Mapping[str, Promise] = {
    RiskGrade.STANDARD: _("Standard"),
    RiskGrade.MEDIUM: _("Medium"),
    RiskGrade.HIGH: _("High"),
}

MESSAGES = {
    "question_set_unknown": _("This version of the form is not known here"),
    "copy_secret_used": _("This link belongs to another record"),
    "grade_missing": _("Select how great the risk is"),
    "grade_reason_missing": _("Enter why you graded the risk so"),
    "grade_reason_label": _("Why you graded the risk so"),
    "victim_missing": _("Select who you are assessing"),
    "already_corrected": _("Somebody else has corrected this assessment. Correct the latest one"),
    "record_corrected": _("This record has been corrected. Correct the latest version"),
    "record_returned": _("This record has been returned to the officer already"),
    "return_reason_missing": _("Enter what is wrong with this record"),
    "return_reason_label": _("What is wrong with this record"),
    "return_due_passed": _("Date must be today or in the future"),
    "correction_reason_missing": _("Enter why you are correcting this record"),
    "correction_reason_label": _("Why you are correcting this record"),
}
