"""What people look up about an investigation: its log, statements, exhibits and charges.

`find_statement_back`, `exhibits_of_crimes` and `to_investigation_detail` are for the commands and
lookups of later stages.
"""

from bluelamp.casework.investigations.lookups.actions import (
    ActionDetail,
    OwnActions,
    ResultDetail,
    get_action,
    list_own_actions,
    own_actions_edition,
)
from bluelamp.casework.investigations.lookups.details import (
    ChargeDetail,
    ExhibitDetail,
    InvestigationDetail,
    LogEntryDetail,
    StatementBackDetail,
    StatementDetail,
    to_charge_detail,
    to_exhibit_detail,
)
from bluelamp.casework.investigations.lookups.exhibit_references import (
    ExhibitReference,
    next_exhibit_reference,
    next_reference_in_case,
)
from bluelamp.casework.investigations.lookups.statements import (
    find_statement,
    find_statement_back,
    get_statement,
    get_statement_back,
)
from bluelamp.casework.investigations.lookups.viewing import (
    exhibits_of_crimes,
    get_investigation,
    get_investigation_with_nearby,
    to_investigation_detail,
)

__all__ = [
    "ActionDetail",
    "ChargeDetail",
    "ExhibitDetail",
    "ExhibitReference",
    "InvestigationDetail",
    "LogEntryDetail",
    "OwnActions",
    "ResultDetail",
    "StatementBackDetail",
    "StatementDetail",
    "exhibits_of_crimes",
    "find_statement",
    "find_statement_back",
    "get_action",
    "get_investigation",
    "get_investigation_with_nearby",
    "get_statement",
    "get_statement_back",
    "list_own_actions",
    "next_exhibit_reference",
    "next_reference_in_case",
    "own_actions_edition",
    "to_charge_detail",
    "to_exhibit_detail",
    "to_investigation_detail",
]
