"""What people look up about case files: staff those of their force, a prosecutor those sent."""

from bluelamp.casework.casefiles.lookups.listing import (
    CaseFilePage,
    CaseFileRow,
    list_case_files,
    list_received_case_files,
)
from bluelamp.casework.casefiles.lookups.viewing import (
    CaseFileDetail,
    CaseFileStatus,
    FindingRow,
    MissingFactRow,
    VersionDetail,
    get_case_file,
    get_case_file_link,
    get_case_file_status,
    get_received_case_file,
)
from bluelamp.casework.casefiles.reads import CaseFileLink, DocumentDetail

__all__ = [
    "CaseFileDetail",
    "CaseFileLink",
    "CaseFilePage",
    "CaseFileRow",
    "CaseFileStatus",
    "DocumentDetail",
    "FindingRow",
    "MissingFactRow",
    "VersionDetail",
    "get_case_file",
    "get_case_file_link",
    "get_case_file_status",
    "get_received_case_file",
    "list_case_files",
    "list_received_case_files",
]
