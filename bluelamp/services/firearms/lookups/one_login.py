"""The applications that are linked to somebody's GOV.UK One Login."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.services.firearms.models import Application
from bluelamp.services.firearms.reads import list_linked_ids, require_one_login_session


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkedApplicationRow:
    """An application of the person who is signed in."""

    id: UUID
    reference: str
    kind: str
    stage: str
    received_at: datetime


@lookup(permission="firearms.track", act="firearms.one_login_listed")
def list_linked_applications(
    *, actor: Actor, at: datetime, session_id: UUID
) -> tuple[LinkedApplicationRow, ...]:
    """Return the applications of whoever has a session, the newest first.

    Raises:
        NotFound: The session has ended.
    """
    session = require_one_login_session(session_id=session_id, at=at, force=actor.force)
    rows = (
        Application.objects.filter(id__in=list_linked_ids(session), force=actor.force)
        # Answers are large and no list needs them.
        .defer("answers")
        .order_by("-received_at", "-id")
    )
    applications = tuple(
        LinkedApplicationRow(
            id=row.id,
            reference=row.reference,
            kind=row.kind,
            stage=row.stage,
            received_at=row.received_at,
        )
        for row in rows
    )
    record_act(None, detail={"references": [row.reference for row in applications]})
    return applications
