"""The message to the court: `NewCaseMessage` 0.6g of the Libra standard prosecutor interface.

The input is `CaseData` with a charge and a first hearing. The output is XML that validates against
the published schema, with a warning for each value that had to be shortened or spelt in other
letters. If the case lacks something that the court must have, there is no XML but a list of what
is missing. Nothing is guessed, and a message that does not validate is never made.

A charge is against one defendant. The prosecutor's reference is the arrest/summons number.
"""

from bluelamp.casework.casefiles.court_message.new_case import NewCase, make_new_case
from bluelamp.casework.casefiles.court_message.sanitising import (
    Field,
    FieldWarning,
    MissingCode,
    MissingFact,
    SubjectKind,
    WarningCode,
)
from bluelamp.casework.casefiles.court_message.validating import validate

__all__ = [
    "Field",
    "FieldWarning",
    "MissingCode",
    "MissingFact",
    "NewCase",
    "SubjectKind",
    "WarningCode",
    "make_new_case",
    "validate",
]
