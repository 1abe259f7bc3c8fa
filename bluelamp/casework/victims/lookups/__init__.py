"""What the person who follows a case may see, and what is due to the victims of crimes."""

from bluelamp.casework.victims.lookups.due import (
    VictimDue,
    list_due_of_crime,
    list_own_due,
    own_due_edition,
)
from bluelamp.casework.victims.lookups.following import (
    ContactPlan,
    ReportConfirmation,
    TrackedCase,
    get_known_reporter,
    get_report_confirmation,
    get_tracked_case,
)
from bluelamp.casework.victims.lookups.statement_copies import (
    StatementCopies,
    StatementCopyRow,
    list_statement_copies,
)

__all__ = [
    "ContactPlan",
    "ReportConfirmation",
    "StatementCopies",
    "StatementCopyRow",
    "TrackedCase",
    "VictimDue",
    "get_known_reporter",
    "get_report_confirmation",
    "get_tracked_case",
    "list_due_of_crime",
    "list_own_due",
    "list_statement_copies",
    "own_due_edition",
]
