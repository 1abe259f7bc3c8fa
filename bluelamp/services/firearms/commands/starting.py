"""Begin an application, and come back to one that is not finished."""

import secrets
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.forms.commands import start_form_draft
from bluelamp.foundation.forms.lookups import current_question_set
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.contact import normalise_email, parse_email
from bluelamp.foundation.kernel.database.locks import lock_until_commit
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.kernel.secret_key import derive_fernet
from bluelamp.foundation.notifications.commands import send_message_or_list_undelivered
from bluelamp.foundation.notifications.languages import page_address
from bluelamp.foundation.notifications.one_time_codes import find_code_session
from bluelamp.foundation.notifications.rules import ENGLISH, require_language
from bluelamp.records.people.models import Person
from bluelamp.records.reference.lookups import get_force
from bluelamp.services.firearms.commands.actors import sending_actor
from bluelamp.services.firearms.commands.submitting import DRAFT_SUBJECT
from bluelamp.services.firearms.known_answers import (
    fill_in_renewal,
    fill_in_replacement,
    fill_in_variation,
    list_renewable,
)
from bluelamp.services.firearms.models import Application, SavedApplication
from bluelamp.services.firearms.reads import require_holder
from bluelamp.services.firearms.rules.applications import Channel
from bluelamp.services.firearms.rules.decisions import CertificateKind
from bluelamp.services.firearms.rules.saved import REFERENCE_BITS, SAVED, saved_reference
from bluelamp.services.firearms.rules.submitting import QUESTION_SETS

# A part of the key: with another one, nobody could come back to what they began.
_INFO = b"bluelamp.services.firearms.saved"
_TOUCH_AFTER = timedelta(days=1)
MAX_MESSAGES_AN_HOUR = 5
MAX_MESSAGES_A_DAY = 15  # as for one-time codes: nobody may have us fill a stranger's inbox


class StartedApplication(NamedTuple):
    """A draft, the secret that opens it, and the reference to come back with ("" for staff)."""

    draft_id: UUID
    secret: str
    reference: str


@command(permission="firearms.apply", act="firearms.begun", category=Category.COLLECTION)
def start_application(
    *, actor: Actor, at: datetime, kind: str, email: str = "", language: str = ENGLISH
) -> StartedApplication:
    """Begin an application, and tell the applicant by e-mail how to come back to it.

    Staff who key a paper form in give no address: their draft is theirs.

    Raises:
        Refused: The address is none.
    """
    return _start(actor, at, kind=kind, email=email, language=language, sources={}, holder=None)


@command(permission="firearms.apply", act="firearms.renewal_begun", category=Category.COLLECTION)
def start_renewal(
    *, actor: Actor, at: datetime, session_id: UUID, language: str = ENGLISH
) -> StartedApplication:
    """Begin a renewal with everything that we hold: nothing is asked that it answers.

    It is for all firearm and shotgun certificates of the holder that are in force; whoever wants to
    renew one of them says so in the form.

    Raises:
        NotFound: The session has ended.
    """
    holder = require_holder(actor=actor, session_id=session_id, at=at)
    question_set = current_question_set(QUESTION_SETS["renewal"], on=london_date(at))
    sources = fill_in_renewal(question_set, holder, list_renewable(holder), at=at)
    return _start(
        actor,
        at,
        kind="renewal",
        email=holder.email,
        language=language,
        sources=sources,
        holder=holder,
    )


@command(permission="firearms.apply", act="firearms.change_begun", category=Category.COLLECTION)
def start_change(
    *,
    actor: Actor,
    at: datetime,
    session_id: UUID,
    number: str,
    kind: str,
    language: str = ENGLISH,
) -> StartedApplication:
    """Begin a variation or a replacement of a certificate with what is on it.

    Raises:
        NotFound: The session has ended, or its holder has no such certificate in force.
        Refused: A shotgun certificate cannot be varied, because it names no guns to acquire.
    """
    holder = require_holder(actor=actor, session_id=session_id, at=at)
    # Among the holder's own: a number in an address is anybody's guess.
    certificate = next((row for row in list_renewable(holder) if row.number == number), None)
    if certificate is None or kind not in {"variation", "replacement"}:
        raise NotFound("There is no such certificate.")
    question_set = current_question_set(QUESTION_SETS[kind], on=london_date(at))
    if kind == "replacement":
        sources = fill_in_replacement(question_set, certificate)
    elif certificate.kind == CertificateKind.FIREARM:
        sources = fill_in_variation(question_set, certificate, at=at)
    else:
        raise Refused("firearms.shotgun_not_varied")
    return _start(
        actor,
        at,
        kind=kind,
        email=holder.email,
        language=language,
        sources=sources,
        holder=holder,
    )


@command(permission="firearms.track", act="firearms.draft_reopened")
def reopen_draft(*, actor: Actor, at: datetime, session_id: UUID) -> StartedApplication:
    """Return the draft that a code opens.

    Raises:
        NotFound: The session has ended, or the application was sent.
    """
    # Only a code for the draft itself: one for an application opens no draft.
    saved_id = find_code_session(actor=actor, purpose=SAVED, session_id=session_id, at=at)
    rows = SavedApplication.objects.filter(force=actor.force)
    saved = rows.filter(id=saved_id).first() if saved_id else None
    if saved is None:
        raise NotFound("There is no such application, or it was sent.")
    record_act(saved, ref=saved.reference)
    secret = derive_fernet(info=_INFO).decrypt(saved.encrypted_secret.encode()).decode()
    return StartedApplication(saved.draft_id, secret, saved.reference)


@command(permission="firearms.apply", act="firearms.draft_kept")
def extend_draft_reference(*, actor: Actor, at: datetime, draft_id: UUID) -> None:
    """Let the reference of a draft last as long as the draft, which was saved just now."""
    # Once a day is enough, and spares a write with each page.
    rows = SavedApplication.objects.filter(draft_id=draft_id, saved_at__lt=at - _TOUCH_AFTER)
    rows.update(saved_at=at)
    record_act(None, detail={"draft": str(draft_id)})


def _start(
    actor: Actor,
    at: datetime,
    *,
    kind: str,
    email: str,
    language: str,
    sources: dict[str, tuple[str, str]],
    holder: Person | None,
) -> StartedApplication:
    address = parse_email(email) or ""
    # Staff may begin one for somebody who came with a form on paper and has no e-mail address.
    if not address and actor.id is None:
        raise Refused("firearms.email_wrong", field="email")
    question_set = current_question_set(QUESTION_SETS[kind], on=london_date(at))
    draft, secret = start_form_draft(
        actor=actor,
        at=at,
        name=question_set.name,
        version=question_set.version,
        subject=f"{DRAFT_SUBJECT}{kind}",
        sources=sources,
    )
    if actor.id is not None:
        record_act(None, detail={"kind": kind})
        return StartedApplication(draft.id, secret, "")
    is_written_to = _may_write_to(address, at=at)
    saved = SavedApplication.objects.create(
        force=actor.force,
        reference=_random_reference(),
        draft_id=draft.id,
        # A code from an e-mail opens the draft later, so the secret has to be stored; never in the
        # clear.
        encrypted_secret=derive_fernet(info=_INFO).encrypt(secret.encode()).decode(),
        kind=kind,
        email=address,
        holder=holder,
        language=require_language(language),
        saved_at=at,
    )
    # Not refused: a stranger could keep somebody from applying. The page shows the reference.
    if is_written_to:
        _send_reference(actor, at, saved)
    record_act(saved, ref=saved.reference, detail={"kind": kind})
    return StartedApplication(draft.id, secret, saved.reference)


def _send_reference(actor: Actor, at: datetime, saved: SavedApplication) -> None:
    force = get_force(actor.force)
    send_message_or_list_undelivered(
        actor=sending_actor(actor.force),
        at=at,
        to=saved.email,
        template="firearms-saved",
        reference=saved.reference,
        idempotency_key=f"firearms saved {saved.id}",
        language=saved.language,
        personalisation={
            "reference": saved.reference,
            "force": force.name if force else "",
            "link": page_address("firearms-my", language=saved.language),
        },
    )


def _may_write_to(address: str, *, at: datetime) -> bool:
    """Say whether few applications were begun with an e-mail address lately."""
    key = normalise_email(address)
    # By name, because there is no row yet to lock: begun many times at once, each would
    # count none before it.
    lock_until_commit(f"firearms saved {key}")
    for period, most in (
        (timedelta(hours=1), MAX_MESSAGES_AN_HOUR),
        (timedelta(days=1), MAX_MESSAGES_A_DAY),
    ):
        saved = SavedApplication.objects.filter(email__iexact=key, saved_at__gt=at - period)
        # Whatever was sent is no longer saved.
        sent = Application.objects.filter(
            applicant__email_key=key, received_at__gt=at - period, channel=Channel.ONLINE
        )
        if saved.count() + sent.count() >= most:
            return False
    return True


def _random_reference() -> str:
    while not (reference := saved_reference(secrets.randbits(REFERENCE_BITS))):
        pass
    return reference
