"""What is due next on a crime, said from what is there. It advises; the commands decide."""

from typing import Any

from bluelamp.casework.casefiles.queries import CaseFileLink
from bluelamp.casework.casefiles.states import CaseFileState
from bluelamp.casework.investigations.queries import InvestigationView
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.web.desk.words import counted


def next_steps(
    found: InvestigationView, *, actor: Actor, file: CaseFileLink | None, slug: str
) -> list[dict[str, Any]]:
    """Return what stands between this crime and the prosecutor, in order, each with a way there if
    there is one.

    A step is {text, href, link}; no `href` where this person may not do it.
    """
    here = f"/desk/crimes/{slug}/"
    exhibited = {each.item_id for each in found.exhibits}
    loose = [each for each in found.crime.item_ids if each not in exhibited]
    steps: list[tuple[bool, str, str, str, str]] = [
        (
            not found.crime.officer_in_case_id,
            "It has no officer in the case.",
            "investigation.allocate",
            f"{here}allocate",
            "Allocate it",
        ),
        (not found.statements, "No statement has been taken.", "", "", ""),
        (
            not found.suspects,
            "Nobody is named as a suspect.",
            "suspect.name",
            f"{here}suspect",
            "Name a suspect",
        ),
        (
            bool(loose),
            f"{counted(len(loose), 'item')} {'has' if len(loose) == 1 else 'have'} no exhibit reference.",
            "exhibit.add",
            f"{here}#files",
            "Choose an item",
        ),
        (
            bool(found.suspects) and not found.charges,
            "The suspect is not charged.",
            "suspect.charge",
            f"{here}charge",
            "Record a charge",
        ),
        (
            bool(found.charges) and file is None,
            "The case file is not built.",
            "casefile.build",
            f"{here}case-file",
            "Build the case file",
        ),
        (
            file is not None and file.state == CaseFileState.FAILED,
            "The case file could not be built.",
            "casefile.view",
            f"/desk/case-files/{file.urn}/" if file else "",
            "See why",
        ),
        (
            file is not None and file.state == CaseFileState.READY,
            "The case file is ready and not sent.",
            "casefile.submit",
            f"/desk/case-files/{file.urn}/" if file else "",
            "Check and send it",
        ),
    ]
    return [
        {"text": text, "href": href if may and actor.may(may) else "", "link": link}
        for is_due, text, may, href, link in steps
        if is_due
    ]
