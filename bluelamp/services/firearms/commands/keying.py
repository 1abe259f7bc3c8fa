"""Key an application that came on paper: the same questions, and the day on which it came in."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from typing import TypeVar
from uuid import UUID

from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.forms.commands import (
    delete_form_draft,
    save_form_draft,
    start_form_draft,
)
from bluelamp.foundation.forms.lookups import FormDraftDetail, current_question_set
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import LONDON, london_date
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.kernel.problems import Problem
from bluelamp.records.evidence.commands import ItemClaims
from bluelamp.records.evidence.commands.disposing import dispose_of_subject
from bluelamp.services.firearms.commands.receiving_files import Scan, receive_file
from bluelamp.services.firearms.commands.submitting import submit_draft
from bluelamp.services.firearms.lookups.files import application_subject
from bluelamp.services.firearms.policy import certificate_policy
from bluelamp.services.firearms.reads import find_paper_draft_rows
from bluelamp.services.firearms.rules.applications import normalise_number
from bluelamp.services.firearms.rules.keying import (
    PaperForm,
    check_received_on,
    read_subject,
    write_subject,
)
from bluelamp.services.firearms.rules.submitting import QUESTION_SETS

Subject = TypeVar("Subject")
_CLAIMS = ItemClaims(origin="desk")


@command(permission="firearms.key_paper", act="firearms.paper_begun", category=Category.COLLECTION)
def start_paper_application(
    *,
    actor: Actor,
    at: datetime,
    kind: str,
    received_on: date | None,
    holder_number: str = "",
    scans: Sequence[Scan] = (),
) -> UUID:
    """Begin to key a paper form, and return the id of the draft, which is the actor's own.

    It asks the questions that were in force on the day on which the form came in.

    Args:
        actor: Who keys it.
        at: When.
        kind: What it applies for.
        received_on: The day on which it came in.
        holder_number: The number of a certificate of the applicant, "" where they have none: then
            nobody has to guess who of the same name they are.
        scans: Files that show the paper.

    Raises:
        Refused: The kind or the day is missing, the day is in the future, or there is no such
            certificate.
    """
    problems = []
    if kind not in QUESTION_SETS:
        problems.append(Problem("firearms.paper_kind_missing", "kind"))
    if code := check_received_on(received_on, today=london_date(at)):
        problems.append(Problem(code, "received_on"))
    holder_id = None
    if number := normalise_number(holder_number):
        certificate = certificate_policy.queryset(actor).filter(number=number).first()
        holder_id = certificate.holder_id if certificate else None
        if certificate is None:
            problems.append(Problem("firearms.holder_number_wrong", "holder_number"))
    if problems or received_on is None:
        raise Refused(errors=problems)
    question_set = current_question_set(QUESTION_SETS[kind], on=received_on)
    draft, _secret = start_form_draft(
        actor=actor,
        at=at,
        name=question_set.name,
        version=question_set.version,
        subject=write_subject(PaperForm(kind, received_on, holder_id)),
    )
    for scan in scans:
        receive_file(scan, draft.id, actor=actor, at=at, claims=_CLAIMS)
    record_act(None, detail={"kind": kind, "received_on": received_on.isoformat()})
    return draft.id


@command(permission="firearms.key_paper", act="firearms.scans_added", category=Category.COLLECTION)
def add_paper_scans(
    *, actor: Actor, at: datetime, draft_id: UUID, scans: Sequence[Scan]
) -> list[UUID]:
    """Add scans to a form that the actor is keying, and return their ids.

    Raises:
        NotFound: The actor has no such draft.
        Refused: A file cannot be taken.
    """
    draft, _paper = lock_keyed_draft(actor, at, draft_id, read_subject)
    ids = [receive_file(scan, draft.id, actor=actor, at=at, claims=_CLAIMS) for scan in scans]
    record_act(None, detail={"draft": str(draft_id), "count": len(ids)})
    return ids


@command(permission="firearms.key_paper", act="firearms.paper_keyed", category=Category.COLLECTION)
def submit_paper_application(*, actor: Actor, at: datetime, draft_id: UUID) -> str:
    """Put a keyed form on record as received on its day, and return its reference.

    From here on it is an application like any other.

    Raises:
        NotFound: The actor has no such draft, or it was submitted.
        Refused: With a problem for every answer that is to be put right.
    """
    draft, paper = lock_keyed_draft(actor, at, draft_id, read_subject)
    submitted = submit_draft(
        actor=actor,
        at=at,
        draft=draft,
        secret="",
        kind=paper.kind,
        paper_received_at=_received_at(paper.received_on, at),
        holder_id=paper.holder_id,
    )
    record_act(None, ref=submitted.reference, detail={"received_on": paper.received_on.isoformat()})
    return submitted.reference


@command(permission="firearms.key_paper", act="firearms.paper_taken_over")
def take_over_paper_draft(*, actor: Actor, at: datetime, draft_id: UUID) -> None:
    """Go on with a form that a colleague has begun to key, who sees it no more.

    Raises:
        NotFound: There is no such form of the actor's force.
    """
    draft = find_paper_draft_rows(actor, at=at).select_for_update().filter(id=draft_id).first()
    if draft is None or actor.id is None:
        raise NotFound("There is no such paper form.")
    before = draft.owner_id
    draft.owner_id = actor.id
    draft.save(update_fields=["owner"])
    record_act(draft, detail={"from": str(before)})


@command(permission="firearms.key_paper", act="firearms.paper_deleted", category=Category.ERASURE)
def delete_paper_draft(*, actor: Actor, at: datetime, draft_id: UUID) -> None:
    """Delete a form that was begun by mistake. Raises NotFound where the actor has none."""
    draft, _paper = lock_keyed_draft(actor, at, draft_id, read_subject)
    dispose_of_subject(
        actor=actor,
        at=at,
        subject=application_subject(draft.id),
        reason="The paper form was deleted before it was on record",
    )
    record_act(None, detail={"draft": str(draft_id)})
    delete_form_draft(actor=actor, at=at, draft_id=draft.id)


def lock_keyed_draft(
    actor: Actor, at: datetime, draft_id: UUID, read: Callable[[str], Subject | None]
) -> tuple[FormDraftDetail, Subject]:
    """Return a draft that the actor keys and what its subject says, locked, as part of a command.

    Raises:
        NotFound: The actor has no such draft, or it is of something else.
    """
    # Saving nothing locks the draft, so that two sends of it are one.
    draft = save_form_draft(actor=actor, at=at, draft_id=draft_id, texts={})
    subject = read(draft.subject)
    if subject is None:
        raise NotFound("There is no such paper form.")
    return draft, subject


def _received_at(received_on: date, at: datetime) -> datetime:
    """Return the instant from which the application's clock counts."""
    # Nobody notes the hour at which the post came. The start of the day favours the applicant.
    return min(datetime.combine(received_on, time(), tzinfo=LONDON), at)
