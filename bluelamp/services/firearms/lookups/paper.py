"""Paper forms that somebody is keying."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.forms.lookups import (
    FormDraftDetail,
    get_form_draft,
    list_form_drafts,
    to_draft_detail,
)
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.records.people.models import Person
from bluelamp.services.firearms.models import Referee
from bluelamp.services.firearms.reads import find_paper_draft_rows
from bluelamp.services.firearms.rules.keying import (
    SUBJECT,
    PaperForm,
    read_reply_subject,
    read_subject,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperDraftRow:
    """A paper form that somebody has begun to key. `name` is the applicant's, perhaps "".

    `keeper` is who keys it, "" where that is the actor.
    """

    id: UUID
    kind: str
    name: str
    received_on: date
    saved_at: datetime
    keeper: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperHolder:
    """The holder whose number a paper form has: the form will be theirs."""

    name: str
    born_on: date | None


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperDraftDetail:
    """A paper form that the actor is keying. `holder` is None where no number was given."""

    draft: FormDraftDetail
    paper: PaperForm
    holder: PaperHolder | None


@lookup(permission="firearms.key_paper", act="firearms.paper_listed")
def list_paper_drafts(*, actor: Actor, at: datetime) -> tuple[PaperDraftRow, ...]:
    """Return the forms that the actor has begun to key, those that came in first before others."""
    drafts = list_form_drafts(actor=actor, at=at, subject_prefix=SUBJECT)
    rows = [_to_row(draft, paper) for draft in drafts if (paper := read_subject(draft.subject))]
    record_act(None, detail={"count": len(rows)})
    return tuple(sorted(rows, key=lambda row: (row.received_on, row.id)))


@lookup(permission="firearms.key_paper", act="firearms.paper_of_others_listed")
def list_paper_drafts_of_others(*, actor: Actor, at: datetime) -> tuple[PaperDraftRow, ...]:
    """Return the forms that colleagues have begun to key, those that came in first before others.

    Somebody falls ill, and the paper must not lie until the draft is deleted.
    """
    drafts = find_paper_draft_rows(actor, at=at).exclude(owner_id=actor.id)
    rows = [
        replace(
            _to_row(to_draft_detail(draft), paper),
            keeper=draft.owner.display_name if draft.owner else "",
        )
        for draft in drafts.select_related("question_set", "owner")
        if (paper := read_subject(draft.subject))
    ]
    record_act(None, detail={"count": len(rows)})
    return tuple(sorted(rows, key=lambda row: (row.received_on, row.id)))


@lookup(permission="firearms.key_paper", act="firearms.paper_opened")
def get_paper_draft(*, actor: Actor, at: datetime, draft_id: UUID) -> PaperDraftDetail:
    """Return a form that the actor is keying. Raises NotFound where they have none."""
    draft = get_form_draft(actor=actor, at=at, draft_id=draft_id)
    paper = read_subject(draft.subject)
    # Drafts of other forms are in the same table, under other subjects.
    if paper is None:
        raise NotFound("There is no such paper form.")
    record_act(None, detail={"draft": str(draft_id)})
    return PaperDraftDetail(draft=draft, paper=paper, holder=_find_holder(actor, paper))


@dataclass(frozen=True, kw_only=True, slots=True)
class ReplyDraftDetail:
    """A referee's reply that the actor is keying, and about whom it is."""

    draft: FormDraftDetail
    received_on: date
    reference: str
    referee: str
    applicant: str


@lookup(permission="firearms.key_paper", act="firearms.reply_draft_opened")
def get_reply_draft(*, actor: Actor, at: datetime, draft_id: UUID) -> ReplyDraftDetail:
    """Return a reply that the actor is keying. Raises NotFound where they have none."""
    draft = get_form_draft(actor=actor, at=at, draft_id=draft_id)
    reply = read_reply_subject(draft.subject)
    referee = (
        Referee.objects.select_related("application__applicant")
        .filter(id=reply.referee_id, application__force=actor.force)
        .first()
        if reply
        else None
    )
    if reply is None or referee is None:
        raise NotFound("There is no such reply.")
    record_act(referee, ref=referee.application.reference)
    return ReplyDraftDetail(
        draft=draft,
        received_on=reply.received_on,
        reference=referee.application.reference,
        referee=referee.name,
        applicant=referee.application.applicant.name,
    )


def _find_holder(actor: Actor, paper: PaperForm) -> PaperHolder | None:
    if paper.holder_id is None:
        return None
    person = Person.objects.filter(id=paper.holder_id, force=actor.force).first()
    return PaperHolder(name=person.name, born_on=person.born_on) if person else None


def _to_row(draft: FormDraftDetail, paper: PaperForm) -> PaperDraftRow:
    names = (draft.texts.get(field, "") for field in ("forenames", "surname"))
    return PaperDraftRow(
        id=draft.id,
        kind=paper.kind,
        name=" ".join(filter(None, names)),
        received_on=paper.received_on,
        saved_at=draft.saved_at,
    )
