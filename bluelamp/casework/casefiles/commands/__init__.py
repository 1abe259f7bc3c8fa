"""What people do with case files, one file for each step: request, build, open, submit, export."""

from bluelamp.casework.casefiles.commands.building import build_case_file_now
from bluelamp.casework.casefiles.commands.exporting import export_case_file
from bluelamp.casework.casefiles.commands.opening import (
    OpenedFile,
    OpenedPackage,
    open_document,
    open_package,
    open_preview,
    open_received_document,
    open_received_package,
    open_received_preview,
)
from bluelamp.casework.casefiles.commands.requesting import request_case_file
from bluelamp.casework.casefiles.commands.submitting import submit_case_file

__all__ = [
    "OpenedFile",
    "OpenedPackage",
    "build_case_file_now",
    "export_case_file",
    "open_document",
    "open_package",
    "open_preview",
    "open_received_document",
    "open_received_package",
    "open_received_preview",
    "request_case_file",
    "submit_case_file",
]
