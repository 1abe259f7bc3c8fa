"""Looking up case files: the force's staff see their force's, the prosecutor what was sent."""

from bluelamp.casework.casefiles.queries.finding import (
    CaseFileLink,
    DocumentView,
    case_file_of,
    documents_of,
    facts_of,
    find_case_file,
    find_received,
    items_of,
    link_to,
    newest_version,
    sent_version,
)
from bluelamp.casework.casefiles.queries.viewing import (
    CaseFilePage,
    CaseFileRow,
    CaseFileView,
    VersionView,
    list_case_files,
    received_case_files,
    view_case_file,
    view_received,
)

__all__ = [
    "CaseFileLink",
    "CaseFilePage",
    "CaseFileRow",
    "CaseFileView",
    "DocumentView",
    "VersionView",
    "case_file_of",
    "documents_of",
    "facts_of",
    "find_case_file",
    "find_received",
    "items_of",
    "link_to",
    "list_case_files",
    "newest_version",
    "received_case_files",
    "sent_version",
    "view_case_file",
    "view_received",
]
