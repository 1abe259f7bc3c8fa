"""Send an application: one draft becomes one application, with its people and its fee."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from bluelamp.foundation.audit.acts import Category, command, record_act, require_command
from bluelamp.foundation.forms.commands import delete_form_draft, save_form_draft
from bluelamp.foundation.forms.lookups import FormDraftDetail
from bluelamp.foundation.forms.rules import list_facts, read_answers
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.kernel.problems import Problem
from bluelamp.foundation.notifications.commands import send_message_or_list_undelivered
from bluelamp.foundation.notifications.confirmed_addresses import (
    PERSON,
    AddressOwner,
    ConfirmedBy,
    confirm_address,
    is_address_confirmed,
)
from bluelamp.foundation.notifications.languages import page_address
from bluelamp.foundation.notifications.rules import ENGLISH
from bluelamp.records.people.commands import get_or_create_location
from bluelamp.records.people.rules import LocationInput
from bluelamp.records.reference.lookups import get_force
from bluelamp.services.firearms.commands.actors import sending_actor
from bluelamp.services.firearms.commands.completing import bring_on, request_fee
from bluelamp.services.firearms.commands.receiving import receive_application
from bluelamp.services.firearms.commands.referees import add_referee
from bluelamp.services.firearms.models import (
    Application,
    MedicalDeclaration,
    MonitoringAnswers,
    SavedApplication,
)
from bluelamp.services.firearms.rules.applications import ApplicationInput, Channel
from bluelamp.services.firearms.rules.keying import drop_paper_gaps
from bluelamp.services.firearms.rules.referees import list_shared_contacts
from bluelamp.services.firearms.rules.saved import SAVED
from bluelamp.services.firearms.rules.submitting import (
    MEDICAL,
    MONITORING,
    read_applicant,
    read_certificates,
    read_kind,
    read_referees,
)

DRAFT_SUBJECT = "firearms:"
"""How the subject of a draft begins; the kind of application follows."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SubmittedApplication:
    """What the applicant is told. `payment_token` is "" where nothing can be paid now."""

    application_id: UUID
    reference: str
    payment_token: str


@command(permission="firearms.apply", act="firearms.submitted", category=Category.COLLECTION)
def submit_application(
    *, actor: Actor, at: datetime, draft_id: UUID, secret: str = "", language: str = ENGLISH
) -> SubmittedApplication:
    """Make an application of a draft, with the draft's id, and delete the draft.

    A second send waits for the first, and then finds no draft.

    Raises:
        NotFound: There is no such draft, or it was sent.
        Refused: With a problem for every answer that is to be put right.
    """
    # Saving nothing locks the draft, so that two sends of it are one application.
    draft = save_form_draft(actor=actor, at=at, draft_id=draft_id, secret=secret, texts={})
    if not draft.subject.startswith(DRAFT_SUBJECT):
        raise NotFound("There is no such application.")
    kind = draft.subject.removeprefix(DRAFT_SUBJECT)
    return submit_draft(
        actor=actor, at=at, draft=draft, secret=secret, kind=kind, language=language
    )


def submit_draft(
    *,
    actor: Actor,
    at: datetime,
    draft: FormDraftDetail,
    secret: str,
    kind: str,
    paper_received_at: datetime | None = None,
    holder_id: UUID | None = None,
    language: str = ENGLISH,
) -> SubmittedApplication:
    """Make an application of a locked draft, as part of a command.

    Args:
        actor: Who sends it.
        at: When.
        draft: The draft.
        secret: What opens it, "" for its owner.
        kind: What the draft was begun for.
        paper_received_at: When the form came in on paper, None where it did not.
        holder_id: The holder who sent it on paper, None where they have no certificate of ours.
        language: Of our messages, "en" or "cy": that of the page it is sent from.

    Raises:
        Refused: With a problem for every answer that is to be put right.
    """
    require_command()
    answers = read_answers(draft.question_set, draft.texts, at=at)
    problems = answers.problems
    if paper_received_at:
        problems = drop_paper_gaps(problems, draft.texts)
    # The pages let nobody send this, but a draft can change in another tab.
    if problems:
        raise Refused(errors=problems)
    values = answers.all_values
    # Again here: the page that shows it can be passed by.
    if shared := list_shared_contacts(values, values.get("referees") or []):
        raise Refused(
            errors=[
                Problem(row.code, f"referees.{row.position}.referee_{row.field}") for row in shared
            ]
        )
    facts = list_facts(draft.question_set, values, today=london_date(at))
    saved = SavedApplication.objects.filter(draft_id=draft.id).first()
    reference = receive_application(
        actor=actor,
        at=at,
        application=ApplicationInput(
            application_id=draft.id,
            kind=read_kind(kind, values),
            certificates=read_certificates(values),
            applicant=read_applicant(facts),
            question_set=draft.question_set.name,
            question_set_version=draft.question_set.version,
            answers=answers.values,
            channel=Channel.PAPER if paper_received_at else Channel.ONLINE,
            received_at=paper_received_at,
            holder_id=saved.holder_id if saved else holder_id,
            language=language,
        ),
    )
    application = Application.objects.select_related("applicant").get(id=draft.id)
    for fact in facts:
        # The home is the applicant's address, which is stored with the person.
        if fact.kind == "location" and fact.thing != "home":
            _store_place(actor, fact.fields)
    # After the application is stored: the links in the messages lead to it.
    for position, details in enumerate(read_referees(facts), start=1):
        add_referee(application, details, position, actor=actor, at=at)
    # Apart from the other answers: few may see it, and it leaves sooner.
    if medical := answers.private.get(MEDICAL):
        _store_medical_declaration(application, medical, at=at)
    if monitoring := answers.private.get(MONITORING):
        _store_monitoring_answers(application, monitoring, at=at)
    payment = request_fee(application, actor=actor, at=at, return_path=reverse("firearms-done"))
    bring_on(application, actor=actor, at=at)
    _confirm(application, at=at)
    if saved:
        _keep_confirmation(saved, application, actor=actor, at=at)
    # From here on the other reference counts. This one would open nothing.
    SavedApplication.objects.filter(draft_id=draft.id).delete()
    delete_form_draft(actor=actor, at=at, draft_id=draft.id, secret=secret)
    record_act(application, ref=reference, detail={"kind": application.kind})
    return SubmittedApplication(
        application_id=application.id,
        reference=reference,
        payment_token=payment.token if payment else "",
    )


def _keep_confirmation(
    saved: SavedApplication, application: Application, *, actor: Actor, at: datetime
) -> None:
    """Let an address stay confirmed that the applicant confirmed before they sent the form."""
    owner, email = AddressOwner(SAVED, saved.id), application.applicant.email
    if email and is_address_confirmed(actor=actor, owner=owner, address=email):
        applicant = AddressOwner(PERSON, application.applicant_id)
        confirm_address(applicant, email, at=at, method=ConfirmedBy.AFTER_SENDING)


def _store_place(actor: Actor, fields: Mapping[str, object]) -> None:
    """Put a place of the application on record: where guns are kept, land, a workplace."""
    address, postcode = (str(fields.get(name) or "") for name in ("address", "postcode"))
    if address or postcode:
        details = LocationInput(address=address, postcode=postcode)
        get_or_create_location(actor=actor, details=details)


def _store_medical_declaration(
    application: Application, values: Mapping[str, Any], *, at: datetime
) -> None:
    has_report = bool(values.get("medical_report_files"))
    MedicalDeclaration.objects.create(
        application=application, answers=dict(values), report_received_at=at if has_report else None
    )


def _store_monitoring_answers(
    application: Application, values: Mapping[str, Any], *, at: datetime
) -> None:
    # Without anything that leads back to the application: not its id, not its day.
    MonitoringAnswers.objects.create(
        force=application.force,
        month=london_date(at).replace(day=1),
        question_set=application.question_set,
        answers=dict(values),
    )


def _confirm(application: Application, *, at: datetime) -> None:
    """Tell the applicant by e-mail that their application has come."""
    # Who applied on paper may have no address, and hears of it by post with the next news.
    if application.channel == Channel.PAPER and not application.applicant.email:
        return
    force = get_force(application.force)
    send_message_or_list_undelivered(
        actor=sending_actor(application.force),
        at=at,
        to=application.applicant.email,
        template="firearms-received",
        reference=application.reference,
        idempotency_key=f"firearms received {application.id}",
        language=application.language,
        personalisation={
            "reference": application.reference,
            "force": force.name if force else "",
            "link": page_address("firearms-my", language=application.language),
        },
    )
