"""What people read for the states of a case file."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bluelamp.casework.casefiles.states import CaseFileState

CASE_FILE_STATES: Mapping[str, Promise] = {
    CaseFileState.BUILDING: _("Being built"),
    CaseFileState.READY: _("Ready"),
    CaseFileState.SUBMITTED: _("Sent"),
    CaseFileState.FAILED: _("Could not be built"),
}
