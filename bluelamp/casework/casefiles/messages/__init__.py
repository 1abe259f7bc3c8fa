"""The case as the message that courts take: `NewCaseMessage` 0.6g of the Libra standard prosecutor
interface (police).

In: `CaseFacts` with a charge and a first hearing. Out: XML that validates against the published
schema, and what had to be shortened or respelt on the way; or, where something the court must have
is not known, what it is and where to mend it. Words: a charge is against one defendant; the
prosecutor's reference is the arrest/summons number. Never: a message that does not validate; a
guess at a missing fact.
"""

from bluelamp.casework.casefiles.messages.fitting import Missing
from bluelamp.casework.casefiles.messages.new_case import NewCase, new_case
from bluelamp.casework.casefiles.messages.validating import validate

__all__ = ["Missing", "NewCase", "new_case", "validate"]
