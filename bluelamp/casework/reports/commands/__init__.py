"""What people do with reports: draft one, submit it, and decide about it."""

from bluelamp.casework.reports.commands.deciding import mark_not_crime, mark_recorded
from bluelamp.casework.reports.commands.drafts import (
    delete_draft,
    delete_expired_drafts,
    delete_expired_drafts_every_night,
    remove_draft_item,
    save_draft_answers,
    start_draft,
)
from bluelamp.casework.reports.commands.receiving import (
    MAX_FILES,
    ReceivedReport,
    UploadedPart,
    receive_report,
)
from bluelamp.casework.reports.commands.submitting import (
    SubmittedReport,
    submit_draft,
    submit_report,
)

__all__ = [
    "MAX_FILES",
    "ReceivedReport",
    "SubmittedReport",
    "UploadedPart",
    "delete_draft",
    "delete_expired_drafts",
    "delete_expired_drafts_every_night",
    "mark_not_crime",
    "mark_recorded",
    "receive_report",
    "remove_draft_item",
    "save_draft_answers",
    "start_draft",
    "submit_draft",
    "submit_report",
]
