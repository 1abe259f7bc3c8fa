"""Who may see which case files: staff those of their force, a prosecutor those that were sent."""

from django.db.models import Q

from bluelamp.casework.casefiles.models import CaseFile
from bluelamp.foundation.accounts.policy import Policy
from bluelamp.foundation.kernel.actor import Actor


class CaseFilePolicy(Policy[CaseFile]):
    """Case files of the actor's force; for a prosecutor, those that were sent by any force."""

    model = CaseFile
    not_found = "There is no such case file"

    def for_prosecutor(self, actor: Actor) -> Q:
        # Until it is sent, a case file is the force's own draft.
        return Q(submitted_at__isnull=False)


case_file_policy = CaseFilePolicy()
