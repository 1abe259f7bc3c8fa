"""Hand a case file over to the prosecutor."""

from __future__ import annotations

from datetime import datetime

from bluelamp.casework.casefiles.events import CaseSubmitted
from bluelamp.casework.casefiles.queries import (
    CaseFileLink,
    facts_of,
    find_case_file,
    items_of,
    link_to,
)
from bluelamp.casework.casefiles.states import PROSECUTOR, CaseFileState
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, Refused
from bluelamp.foundation.kernel.outbox import announce
from bluelamp.records.evidence.commands import write_continuity
from bluelamp.records.evidence.rules import Verb
from bluelamp.records.people.rules import fits

_WHY_NOT = {
    CaseFileState.BUILDING: "The case file is being built. Send it when it is ready.",
    CaseFileState.FAILED: "The case file could not be built. Put right what it says, and build it again.",
    CaseFileState.SUBMITTED: "The prosecutor has this case file already.",
}


@command(may="casefile.submit", act="casefile.submitted", category=Category.DISCLOSURE)
def submit_case_file(
    *, actor: Actor, at: datetime, urn: str, prosecutor: str = PROSECUTOR
) -> CaseFileLink:
    """Hand the newest package over: each exhibit's continuity says so, and the prosecutor can open
    it.

    Raises NotFound, Refused without a receiver's name, and Conflict where there is no ready package
    to send.
    """
    case_file = find_case_file(force=actor.force, urn=urn, lock=True)
    to = fits(prosecutor, limit=120, field="prosecutor", what="The prosecutor's name")
    if not to:
        raise Refused("Enter who receives the case file.", field="prosecutor")
    state = CaseFileState(case_file.state)
    version = case_file.versions.order_by("-number").first()
    if state in _WHY_NOT or version is None:
        raise Conflict(_WHY_NOT.get(state, _WHY_NOT[CaseFileState.BUILDING]))
    detail = {
        "case_file": case_file.urn,
        "version": version.number,
        "package_sha256": version.sha256,
    }
    for item in items_of(case_file=case_file, facts=facts_of(version)):
        write_continuity(
            actor=actor, at=at, item=item, verb=Verb.HANDED_OVER, from_=actor.name, to=to,
            why=f"Case file {case_file.urn}", detail=detail,
        )  # fmt: skip
    case_file.state, case_file.prosecutor, case_file.submitted_at = CaseFileState.SUBMITTED, to, at
    case_file.submitted_by, case_file.submitted_by_name = actor.id, actor.name[:200]
    case_file.submitted_version = version.number
    case_file.save()
    for held in case_file.crimes.select_related("crime__number"):
        announce(
            CaseSubmitted(
                crime_id=held.crime_id,
                number=str(held.crime.number),
                force=case_file.force,
                urn=case_file.urn,
                at=at,
            )
        )
    record_act(case_file, ref=case_file.urn, detail={**detail, "to": to})
    return link_to(case_file)
