"""The rules of reports: pure functions.

`report` has what is true of whole reports, `answers` how they go with the questions that were
asked, and `contact` the one check that the questions cannot say. The questions themselves, with
their checks and sentences, are in `question_sets/report.yaml`.
"""

from bluelamp.casework.reports.rules.answers import (
    NAMES_BY_PART,
    QUESTIONS_WITH_COLUMNS,
    answer_name,
    api_options,
    cache_by_question_set,
    check_answers,
    check_page,
    from_values,
    list_other_facts,
    parse_answers,
    parse_values,
    question_set_for_programs,
    to_values,
)
from bluelamp.casework.reports.rules.contact import phone_warning
from bluelamp.casework.reports.rules.known import (
    CORRECTABLE_FACTS,
    REPORTER_THINGS,
    KnownReporter,
    choose_facts_to_show,
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
from bluelamp.casework.reports.rules.required_questions import find_unmet_requirements
from bluelamp.casework.reports.rules.soh import read_soh, soh_path, write_soh

__all__ = [
    "CORRECTABLE_FACTS",
    "DRAFT_LIFETIME",
    "HIGH_HARM_KINDS",
    "KINDS",
    "MAX_ITEMS",
    "NAMES_BY_PART",
    "OFFENCE_SEARCH_BY_KIND",
    "QUESTIONS_WITH_COLUMNS",
    "RECORD_WITHIN",
    "REFERENCE_BITS",
    "REPORTER_THINGS",
    "TRIAGE_WITHIN",
    "Channel",
    "KnownReporter",
    "ReportAnswers",
    "ReportDeadlines",
    "ReportState",
    "ReporterRole",
    "answer_name",
    "answers_sha256",
    "api_options",
    "cache_by_question_set",
    "check_answers",
    "check_page",
    "choose_facts_to_show",
    "deadlines_for",
    "find_unmet_requirements",
    "from_values",
    "is_high_harm",
    "list_other_facts",
    "parse_answers",
    "parse_reference",
    "parse_values",
    "phone_warning",
    "question_set_for_programs",
    "read_soh",
    "reference_for",
    "report_subject",
    "soh_path",
    "to_values",
    "write_soh",
]
