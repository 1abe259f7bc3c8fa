"""Let applicants back to what they applied for: a reference, a one-time code, then two hours."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db.models import QuerySet

from bluelamp.foundation.audit.acts import command, record_act, require_command
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.kernel.jobs.queues import Queue, job
from bluelamp.foundation.notifications.confirmed_addresses import CodeRequest
from bluelamp.foundation.notifications.one_time_codes import (
    CodeMessage,
    end_code_session,
    exchange_one_time_code,
    send_one_time_code,
)
from bluelamp.foundation.notifications.rules import ENGLISH
from bluelamp.records.people.contact_facts import do_facts_match, enqueue_code
from bluelamp.records.reference.lookups import get_force
from bluelamp.services.firearms.commands.actors import sending_actor
from bluelamp.services.firearms.contact_facts import owner_of_address, read_contact_facts
from bluelamp.services.firearms.models import (
    Application,
    Certificate,
    OneLoginSession,
    SavedApplication,
)
from bluelamp.services.firearms.rules.saved import HELD, SAVED, SENT, parse_reference


@command(permission="firearms.track", act="firearms.code_requested")
def request_code(
    *,
    actor: Actor,
    at: datetime,
    reference: str,
    name: str = "",
    detail: str = "",
    browser_secret: str = "",
) -> None:
    """Have a code sent to whoever applied under a reference, if there is such an application.

    A job does it: so the time that this takes does not say whether the reference exists. Where the
    address is not confirmed, it takes their name and a postcode or their date of birth too; then
    only the browser with the secret can use the code.
    """
    enqueue_code(
        "firearms.send_code",
        reference=reference,
        force=actor.force,
        name=name,
        detail=detail,
        browser_secret=browser_secret,
    )
    record_act(None, ref=reference)


@job(name="firearms.send_code", queue=Queue.MESSAGES, attempts=3, priority=5)
def send_code_job(
    *, reference: str, force: str, facts: Sequence[str] = (), browser_hash: str = ""
) -> None:
    """Send a one-time code, if there is such an application."""
    actor = Actor.system("firearms codes", force=force, permissions={"firearms.track"})
    send_code(actor=actor, at=now(), reference=reference, facts=facts, browser_hash=browser_hash)


@command(permission="firearms.track", act="firearms.code_sent")
def send_code(
    *,
    actor: Actor,
    at: datetime,
    reference: str,
    facts: Sequence[str] = (),
    browser_hash: str = "",
) -> None:
    """Send a one-time code to whoever applied under a reference."""
    purpose, subject_id = _find_subject(actor, reference)
    to, language = _address_of(purpose, subject_id)
    force = get_force(actor.force)
    is_sent = False
    if subject_id and to:
        known = read_contact_facts(purpose, subject_id, actor=actor, at=at)
        is_sent = send_one_time_code(
            actor=sending_actor(actor.force),
            at=at,
            message=CodeMessage(
                purpose=purpose,
                subject_id=subject_id,
                reference=reference,
                to=to,
                force_name=force.name if force else "",
                language=language,
            ),
            owner=owner_of_address(purpose, subject_id),
            request=CodeRequest(do_facts_match(facts, known, address=to), browser_hash),
        )
    # Recorded only in our own log. The page says the same in either case.
    record_act(None, ref=reference, detail={"sent": is_sent})


@command(permission="firearms.track", act="firearms.code_checked")
def exchange_code(
    *, actor: Actor, at: datetime, reference: str, code: str, browser_secret: str = ""
) -> tuple[str, UUID] | None:
    """Check a code. Return what it opens and the id of the session, None where it is wrong."""
    purpose, subject_id = _find_subject(actor, reference)
    session_id = exchange_one_time_code(
        at=at,
        purpose=purpose,
        subject_id=subject_id,
        code=code,
        find_owner=partial(owner_of_address, purpose),
        browser_secret=browser_secret,
    )
    record_act(None, ref=reference, detail={"right": session_id is not None})
    # No error here: raised inside the command, it would undo the count of wrong codes.
    return (purpose, session_id) if session_id else None


def open_session(
    *, actor: Actor, at: datetime, reference: str, code: str, browser_secret: str = ""
) -> tuple[str, UUID]:
    """Return what a code opens: `SENT` or `SAVED`, and the id of the session.

    Raises:
        Refused: The code is wrong. It counts as a try: this is no command, which would undo that.
    """
    opened = exchange_code(
        actor=actor, at=at, reference=reference, code=code, browser_secret=browser_secret
    )
    if opened is None:
        raise Refused("firearms.code_wrong", field="code")
    return opened


@command(permission="firearms.track", act="firearms.session_ended")
def end_session(*, actor: Actor, at: datetime, session_id: UUID) -> None:
    """End the session of somebody who is finished, also for whoever copied its cookie."""
    for purpose in (SENT, HELD):
        end_code_session(purpose=purpose, session_id=session_id, at=at)
    OneLoginSession.objects.filter(id=session_id, ended_at=None).update(ended_at=at)
    record_act(None)


def _find_subject(actor: Actor, text: str) -> tuple[str, UUID | None]:
    require_command()
    reference = parse_reference(text)
    rows: QuerySet[SavedApplication] | QuerySet[Application] | QuerySet[Certificate]
    if reference.startswith("FA-"):
        purpose, rows = SAVED, SavedApplication.objects.filter(reference=reference)
    elif reference.startswith("FL/"):
        purpose, rows = SENT, Application.objects.filter(reference=reference)
    else:
        purpose, rows = HELD, Certificate.objects.filter(number=reference)
    return purpose, rows.filter(force=actor.force).values_list("id", flat=True).first()


def _address_of(purpose: str, subject_id: UUID | None) -> tuple[str, str]:
    """Return where to send a code, "" for nowhere, and the language to write in."""
    if subject_id is None:
        return "", ENGLISH
    if purpose == SAVED:
        saved = SavedApplication.objects.get(id=subject_id)
        return saved.email, saved.language
    if purpose == HELD:
        certificate = Certificate.objects.select_related("holder").get(id=subject_id)
        holder = certificate.holder
        # A certificate may be older than any e-mail address we have: a phone will do.
        return holder.email or holder.phone, certificate.language
    application = Application.objects.select_related("applicant").get(id=subject_id)
    return application.applicant.email, application.language
