"""Key what a referee answered on paper: the same questions, the scan, and who keyed it.

Not everybody can open a link. The rules are those of a reply by the link: nobody is asked after the
decision, the first reply stays, and the applicant answers for no referee.
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.forms.commands import (
    delete_form_draft,
    start_form_draft,
)
from bluelamp.foundation.forms.lookups import (
    FormDraftDetail,
    current_question_set,
    list_form_drafts,
)
from bluelamp.foundation.forms.models import FormDraft
from bluelamp.foundation.forms.rules import read_answers
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.contact import normalise_email
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.kernel.problems import Problem
from bluelamp.records.evidence.commands import ItemClaims
from bluelamp.services.firearms.commands.completing import bring_on
from bluelamp.services.firearms.commands.keying import lock_keyed_draft
from bluelamp.services.firearms.commands.receiving_files import Scan, receive_file
from bluelamp.services.firearms.commands.referees import lock_open_referee
from bluelamp.services.firearms.models import Referee
from bluelamp.services.firearms.policy import application_policy
from bluelamp.services.firearms.reads import REPLY_SET
from bluelamp.services.firearms.rules.applications import normalise_reference
from bluelamp.services.firearms.rules.keying import (
    REPLY_SUBJECT,
    PaperReply,
    check_received_on,
    read_reply_subject,
    write_reply_subject,
)


@command(permission="firearms.key_paper", act="firearms.reply_begun", category=Category.COLLECTION)
def start_paper_reply(
    *,
    actor: Actor,
    at: datetime,
    reference: str,
    referee_id: UUID,
    received_on: date | None,
    scans: Sequence[Scan],
) -> UUID:
    """Begin to key a referee's reply, and return the id of the draft, which is the actor's own.

    Begun twice, it is the draft that the actor has: no scan is taken in a second time, and the day
    is the one given last.

    Raises:
        NotFound: There is no such application or referee.
        Conflict: They have replied, or the application is decided.
        Refused: The scan or the day is missing, the day is in the future, or the actor applies.
    """
    application = application_policy.get(actor, reference=normalise_reference(reference))
    referee = lock_open_referee(actor, application.id, referee_id)
    _require_other_person(actor, referee)
    day_code = check_received_on(received_on, today=london_date(at))
    if begun := _find_draft(actor, at, referee.id):
        if received_on is not None and day_code:
            raise Refused(day_code, field="received_on")
        if received_on is not None:
            subject = write_reply_subject(PaperReply(referee.id, received_on))
            FormDraft.objects.filter(id=begun.id).update(subject=subject)
        record_act(referee, ref=application.reference)
        return begun.id
    problems = []
    if day_code:
        problems.append(Problem(day_code, "received_on"))
    # What was keyed can be held against the paper later, so the paper must be here.
    if not scans:
        problems.append(Problem("firearms.reply_scan_missing", "scans"))
    if problems or received_on is None:
        raise Refused(errors=problems)
    question_set = current_question_set(REPLY_SET, on=london_date(at))
    draft, _secret = start_form_draft(
        actor=actor,
        at=at,
        name=question_set.name,
        version=question_set.version,
        subject=write_reply_subject(PaperReply(referee.id, received_on)),
    )
    claims = ItemClaims(origin="desk", description=f"Reply of referee {referee.position} on paper")
    for scan in scans:
        receive_file(scan, application.id, actor=actor, at=at, claims=claims)
    record_act(referee, ref=application.reference, detail={"position": referee.position})
    return draft.id


@command(permission="firearms.key_paper", act="firearms.reply_keyed", category=Category.COLLECTION)
def submit_paper_reply(*, actor: Actor, at: datetime, draft_id: UUID) -> str:
    """Put a keyed reply on record, and return the reference of the application.

    Their private link ends, as it does once they have replied by it.

    Raises:
        NotFound: The actor has no such draft.
        Conflict: They have replied, or the application is decided.
        Refused: An answer is missing or wrong, or the actor applies.
    """
    draft, reply = lock_keyed_draft(actor, at, draft_id, read_reply_subject)
    application_id = (
        Referee.objects.filter(id=reply.referee_id).values_list("application_id", flat=True).first()
    )
    if application_id is None:
        raise NotFound("There is no such referee.")
    referee = lock_open_referee(actor, application_id, reply.referee_id)
    _require_other_person(actor, referee)
    answers = read_answers(draft.question_set, draft.texts, at=at)
    if answers.problems:
        raise Refused(errors=answers.problems)
    referee.answers = answers.all_values
    # What they may have typed by the link and never sent is nobody's business.
    referee.texts = {}
    referee.token_sha256 = ""
    referee.question_set_version = draft.question_set.version
    referee.replied_at = at
    referee.paper_received_on = reply.received_on
    referee.keyed_by_id = actor.id
    referee.keyed_by_name = actor.name[:200]
    referee.save()
    application = referee.application
    bring_on(application, actor=actor, at=at)
    delete_form_draft(actor=actor, at=at, draft_id=draft.id)
    record_act(referee, ref=application.reference, detail={"position": referee.position})
    return application.reference


def _find_draft(actor: Actor, at: datetime, referee_id: UUID) -> FormDraftDetail | None:
    """Return the draft of a referee's reply that the actor has begun, None where there is none."""
    for draft in list_form_drafts(actor=actor, at=at, subject_prefix=REPLY_SUBJECT):
        reply = read_reply_subject(draft.subject)
        if reply and reply.referee_id == referee_id:
            return draft
    return None


def _require_other_person(actor: Actor, referee: Referee) -> None:
    """Refuse a keyer who is the applicant, by the address of their account or by their name."""
    applicant = referee.application.applicant
    # A part of the program has no account.
    account = User.objects.filter(id=actor.id).first() if actor.id else None
    email = account.email if account else ""
    is_own_address = bool(email) and normalise_email(email) == applicant.email_key
    if is_own_address or actor.name.casefold() == applicant.name.casefold():
        raise Refused("firearms.reply_keyed_by_applicant", field="scans")
