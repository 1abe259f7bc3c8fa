"""Applicants who sign in with GOV.UK One Login: sessions, and which applications are theirs."""

import hashlib
from datetime import datetime
from functools import partial
from typing import NamedTuple
from uuid import UUID

from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.notifications.one_time_codes import exchange_one_time_code
from bluelamp.services.firearms.contact_facts import owner_of_address
from bluelamp.services.firearms.models import Application, OneLoginLink, OneLoginSession
from bluelamp.services.firearms.reads import find_linked_application, require_one_login_session
from bluelamp.services.firearms.rules.saved import SENT, parse_reference


class OneLoginIdentity(NamedTuple):
    """Who somebody is at GOV.UK One Login, after their ID token was checked."""

    issuer: str
    subject: str


@command(permission="firearms.track", act="firearms.one_login_opened")
def open_one_login_session(*, actor: Actor, at: datetime, identity: OneLoginIdentity) -> UUID:
    """Open a session for somebody whom GOV.UK One Login vouches for; return its id."""
    session = OneLoginSession.objects.create(
        force=actor.force, issuer=identity.issuer, subject=identity.subject, opened_at=at
    )
    record_act(None, ref=_to_audit_ref(identity))
    return session.id


@command(permission="firearms.track", act="firearms.one_login_code_checked")
def try_link_application(
    *,
    actor: Actor,
    at: datetime,
    session_id: UUID,
    reference: str,
    code: str,
    browser_secret: str = "",
) -> bool:
    """Link an application to the One Login of a session, if the code is right.

    An e-mail address that One Login confirms is no proof that an application is theirs: the code
    is, once.

    Returns:
        Whether the code was right.

    Raises:
        NotFound: The session has ended.
    """
    session = require_one_login_session(session_id=session_id, at=at, force=actor.force)
    application = Application.objects.filter(
        reference=parse_reference(reference), force=actor.force
    ).first()
    # Of an unknown reference too: what we do must not tell which of them exist.
    code_session_id = exchange_one_time_code(
        at=at,
        purpose=SENT,
        subject_id=application.id if application else None,
        code=code,
        find_owner=partial(owner_of_address, SENT),
        browser_secret=browser_secret,
    )
    is_right = application is not None and code_session_id is not None
    if application is not None and is_right:
        # Only one One Login can have it, so that a sold phone or an old account shows nothing.
        OneLoginLink.objects.filter(application=application, ended_at=None).update(ended_at=at)
        OneLoginLink.objects.create(
            issuer=session.issuer,
            subject=session.subject,
            application=application,
            linked_at=at,
        )
    record_act(application, ref=reference, detail={"right": is_right})
    return is_right


def link_application(
    *,
    actor: Actor,
    at: datetime,
    session_id: UUID,
    reference: str,
    code: str,
    browser_secret: str = "",
) -> None:
    """Link an application to the One Login of a session.

    Raises:
        Refused: The code is wrong. It counts as a try: this is no command, which would undo that.
        NotFound: The session has ended.
    """
    if not try_link_application(
        actor=actor,
        at=at,
        session_id=session_id,
        reference=reference,
        code=code,
        browser_secret=browser_secret,
    ):
        raise Refused("firearms.code_wrong", field="code")


@command(permission="firearms.track", act="firearms.one_login_chosen")
def choose_application(
    *, actor: Actor, at: datetime, session_id: UUID, application_id: UUID
) -> None:
    """Let a session show one of the applications that are linked to its One Login.

    Raises:
        NotFound: The session has ended, or the application is not theirs.
    """
    session = require_one_login_session(session_id=session_id, at=at, force=actor.force)
    session.application_id = find_linked_application(session, application_id)
    if session.application_id is None:
        raise NotFound("There is no such application of this person.")
    session.save(update_fields=["application"])
    record_act(Application(id=application_id))


@command(permission="firearms.track", act="firearms.one_login_ended")
def end_one_login_sessions(
    *, actor: Actor, at: datetime, identity: OneLoginIdentity, opened_before: datetime
) -> None:
    """End the sessions of somebody who signed out at GOV.UK One Login.

    Args:
        opened_before: When they signed out. A notice that somebody sends a second time ends no
            session that was opened since.
    """
    # In every browser: they signed out of One Login itself.
    count = OneLoginSession.objects.filter(
        force=actor.force,
        issuer=identity.issuer,
        subject=identity.subject,
        ended_at=None,
        opened_at__lte=opened_before,
    ).update(ended_at=at)
    record_act(None, ref=_to_audit_ref(identity), detail={"sessions": count})


def _to_audit_ref(identity: OneLoginIdentity) -> str:
    """Return what the record calls a person, so that it can be searched and tells nobody else."""
    text = f"{identity.issuer} {identity.subject}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]
