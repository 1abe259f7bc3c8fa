"""The rules of reports: pure functions.

`report` has what is true of whole reports, `fields` the one rule for each answer, and `form` the
questions of the public form.
"""

from bluelamp.casework.reports.rules.fields import (
    MAX_LENGTHS,
    check_answers,
    check_safe_contact,
    phone_warning,
)
from bluelamp.casework.reports.rules.form import (
    FIELD_NAMES,
    STEPS,
    WHEN_CHOICES,
    parse_answers,
    parse_date_fields,
    validate_step,
)
from bluelamp.casework.reports.rules.report import (
    DRAFT_LIFETIME,
    HIGH_HARM_KINDS,
    KINDS,
    MAX_ITEMS,
    OFFENCE_SEARCH_BY_KIND,
    RECORD_WITHIN,
    REFERENCE_BITS,
    TRIAGE_WITHIN,
    Channel,
    ReportAnswers,
    ReportDeadlines,
    ReporterRole,
    ReportState,
    answers_sha256,
    deadlines_for,
    is_high_harm,
    parse_reference,
    reference_for,
    report_subject,
)

__all__ = [
    "DRAFT_LIFETIME",
    "FIELD_NAMES",
    "HIGH_HARM_KINDS",
    "KINDS",
    "MAX_ITEMS",
    "MAX_LENGTHS",
    "OFFENCE_SEARCH_BY_KIND",
    "RECORD_WITHIN",
    "REFERENCE_BITS",
    "STEPS",
    "TRIAGE_WITHIN",
    "WHEN_CHOICES",
    "Channel",
    "ReportAnswers",
    "ReportDeadlines",
    "ReportState",
    "ReporterRole",
    "answers_sha256",
    "check_answers",
    "check_safe_contact",
    "deadlines_for",
    "is_high_harm",
    "parse_answers",
    "parse_date_fields",
    "parse_reference",
    "phone_warning",
    "reference_for",
    "report_subject",
    "validate_step",
]
