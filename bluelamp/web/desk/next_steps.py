"""What to do next on a crime. This is advice: the commands decide what is allowed."""

from dataclasses import dataclass

from django.urls import reverse

from bluelamp.casework.casefiles.lookups import CaseFileLink
from bluelamp.casework.casefiles.states import CaseFileState
from bluelamp.casework.investigations.lookups import InvestigationDetail
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.web.desk.contexts import NextStep
from bluelamp.web.desk.labels import count_label


@dataclass(frozen=True, kw_only=True, slots=True)
class _Step:
    """A step that may be due. Without a `permission` nobody can do it at the desk."""

    is_due: bool
    text: str
    permission: str = ""
    href: str = ""
    link: str = ""


def next_steps(
    investigation: InvestigationDetail, *, actor: Actor, case_file: CaseFileLink | None
) -> list[NextStep]:
    """Return what is still to do before the case file can go to the prosecutor, in order."""
    steps = [*_investigation_steps(investigation), *_case_file_steps(investigation, case_file)]
    return [
        {
            "text": step.text,
            "href": step.href if step.permission and actor.may(step.permission) else "",
            "link": step.link,
        }
        for step in steps
        if step.is_due
    ]


def _investigation_steps(investigation: InvestigationDetail) -> list[_Step]:
    crime = investigation.crime
    exhibit_item_ids = {exhibit.item_id for exhibit in investigation.exhibits}
    without_reference = [item for item in crime.item_ids if item not in exhibit_item_ids]
    count = len(without_reference)
    return [
        _Step(
            is_due=not crime.officer_in_case_id,
            text="There's no officer in the case yet.",
            permission="investigation.allocate",
            href=_crime_url("allocate", crime.number),
            link="Allocate an officer",
        ),
        _Step(
            is_due=not investigation.statements,
            text="No statements have been taken yet.",
        ),
        _Step(
            is_due=not investigation.suspects,
            text="No suspect has been named yet.",
            permission="suspect.name",
            href=_crime_url("suspect", crime.number),
            link="Name a suspect",
        ),
        _Step(
            is_due=count > 0,
            text=f"{count_label(count, 'item')} {'has' if count == 1 else 'have'}"
            " no exhibit reference.",
            permission="exhibit.add",
            href=f"{_crime_url('crime', crime.number)}#files",
            link="Choose an item",
        ),
        _Step(
            # One charge is enough here: whether each suspect is to be charged is for the officer.
            is_due=bool(investigation.suspects) and not investigation.charges,
            text="The suspect has not been charged.",
            permission="suspect.charge",
            href=_crime_url("charge", crime.number),
            link="Record a charge",
        ),
    ]


def _case_file_steps(
    investigation: InvestigationDetail, case_file: CaseFileLink | None
) -> list[_Step]:
    if case_file is None:
        return [
            _Step(
                is_due=bool(investigation.charges),
                text="The case file has not been built.",
                permission="casefile.build",
                href=_crime_url("build", investigation.crime.number),
                link="Build the case file",
            )
        ]
    href = reverse("desk-case-file", kwargs={"urn": case_file.urn})
    return [
        _Step(
            is_due=case_file.state == CaseFileState.FAILED,
            text="We could not build the case file.",
            permission="casefile.view",
            href=href,
            link="See what went wrong",
        ),
        _Step(
            is_due=case_file.state == CaseFileState.READY,
            text="The case file is ready to send.",
            permission="casefile.submit",
            href=href,
            link="Check and send it",
        ),
    ]


def _crime_url(name: str, number: str) -> str:
    return reverse(f"desk-{name}", kwargs={"number": number})
