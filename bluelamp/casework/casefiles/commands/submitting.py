"""Submit a case file to the prosecutor."""

from __future__ import annotations

from datetime import datetime

from bluelamp.casework.casefiles.lookups import CaseFileLink
from bluelamp.casework.casefiles.models import CaseFile, CaseFileVersion
from bluelamp.casework.casefiles.policy import case_file_policy
from bluelamp.casework.casefiles.reads import list_item_ids, normalise_urn, to_case_file_link
from bluelamp.casework.casefiles.states import PROSECUTOR, CaseFileState
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, Refused
from bluelamp.foundation.kernel.text import clean_text
from bluelamp.records.evidence.commands import write_continuity
from bluelamp.records.evidence.rules import Verb

_REASONS_NOT_TO_SUBMIT = {
    CaseFileState.BUILDING: "casefiles.still_building",
    CaseFileState.FAILED: "casefiles.build_failed",
    CaseFileState.SUBMITTED: "casefiles.already_submitted",
}


@command(permission="casefile.submit", act="casefile.submitted", category=Category.DISCLOSURE)
def submit_case_file(
    *, actor: Actor, at: datetime, urn: str, prosecutor: str = PROSECUTOR
) -> CaseFileLink:
    """Submit the newest package: the prosecutor can open it, and the continuity of each exhibit
    says so.

    Raises:
        NotFound: There is no such case file.
        Refused: The name of the prosecutor is missing.
        Conflict: There is no package that can be sent.
    """
    # Locked, so that pressing the button twice sends it once: the second finds the state changed.
    case_file = case_file_policy.get(actor, lock=True, urn=normalise_urn(urn))
    prosecutor = clean_text(
        prosecutor, max_length=120, field="prosecutor", label="casefiles.prosecutor_label"
    )
    if not prosecutor:
        raise Refused("casefiles.prosecutor_missing", field="prosecutor")
    version = _get_submittable_version(case_file)
    detail = {
        "case_file": case_file.urn,
        "version": version.number,
        "package_sha256": version.sha256,
    }
    for item_id in list_item_ids(version):
        write_continuity(
            actor=actor,
            at=at,
            item_id=item_id,
            verb=Verb.HANDED_OVER,
            from_=actor.name,
            to=prosecutor,
            reason=f"Case file {case_file.urn}",
            detail=detail,
        )
    case_file.state = CaseFileState.SUBMITTED
    case_file.prosecutor = prosecutor
    case_file.submitted_at = at
    case_file.submitted_by_id = actor.id
    # Copied, because an account's name may change. 200 is the column's length.
    case_file.submitted_by_name = actor.name[:200]
    case_file.submitted_version = version.number
    case_file.save()
    record_act(case_file, ref=case_file.urn, detail={**detail, "to": prosecutor})
    return to_case_file_link(case_file)


def _get_submittable_version(case_file: CaseFile) -> CaseFileVersion:
    state = CaseFileState(case_file.state)
    version = case_file.versions.order_by("-number").first()
    if state in _REASONS_NOT_TO_SUBMIT or version is None:
        raise Conflict(_REASONS_NOT_TO_SUBMIT.get(state, "casefiles.still_building"))
    return version
