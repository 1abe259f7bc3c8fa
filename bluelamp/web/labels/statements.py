"""What the kinds of statement are called on screen."""

from bluelamp.casework.investigations.rules import StatementKind

STATEMENT_TITLES = {
    StatementKind.STATEMENT: "Statement (MG11)",
    StatementKind.VICTIM_PERSONAL: "Victim Personal Statement",
    StatementKind.BUSINESS_IMPACT: "Impact Statement for Business",
}
