"""Assembles the data of a case file from the earlier stages and the shared records.

Everything here runs inside a command or lookup of this stage, which records the disclosure.
"""

from bluelamp.casework.casefiles.assembling.case import (
    AssembledCase,
    assemble_case,
    assemble_case_for_comparison,
)
from bluelamp.casework.casefiles.assembling.exhibits import ExhibitedItem, list_exhibited_items
from bluelamp.casework.casefiles.assembling.fingerprint import (
    compute_record_fingerprint,
    list_crime_ids,
)
from bluelamp.casework.casefiles.assembling.statements import assemble_statement

__all__ = [
    "AssembledCase",
    "ExhibitedItem",
    "assemble_case",
    "assemble_case_for_comparison",
    "assemble_statement",
    "compute_record_fingerprint",
    "list_crime_ids",
    "list_exhibited_items",
]
