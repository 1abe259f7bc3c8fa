"""What is done with case files, one file a stage: asked for, built, sent, received."""

from bluelamp.casework.casefiles.commands.asking import build_case_file
from bluelamp.casework.casefiles.commands.building import build_now
from bluelamp.casework.casefiles.commands.exporting import export_case_file
from bluelamp.casework.casefiles.commands.opening import (
    OpenedPackage,
    OpenedPart,
    open_document,
    open_package,
    open_preview_of,
    open_received_document,
    open_received_package,
    open_received_preview,
)
from bluelamp.casework.casefiles.commands.sending import submit_case_file

__all__ = [
    "OpenedPackage",
    "OpenedPart",
    "build_case_file",
    "build_now",
    "export_case_file",
    "open_document",
    "open_package",
    "open_preview_of",
    "open_received_document",
    "open_received_package",
    "open_received_preview",
    "submit_case_file",
]
