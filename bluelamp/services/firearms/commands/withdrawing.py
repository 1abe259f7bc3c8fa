"""Withdraw an application: by its applicant, or by staff whom the applicant told.

What follows a refusal follows here too, as far as it concerns money: a fee is payable on the grant
of a certificate (Firearms Act 1968, section 32(1)), so without one nothing is kept.
"""

from datetime import datetime
from uuid import UUID

from bluelamp.foundation.audit.acts import command, record_act, require_command
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, Refused
from bluelamp.foundation.kernel.text import clean_text
from bluelamp.services.firearms.commands.actors import progress_actor, sending_actor
from bluelamp.services.firearms.commands.completing import close_fee
from bluelamp.services.firearms.commands.letters import inform_applicant
from bluelamp.services.firearms.commands.stages import enter_stage, lock_application
from bluelamp.services.firearms.models import Application
from bluelamp.services.firearms.reads import require_session
from bluelamp.services.firearms.rules.stages import Stage, can_follow

MAX_REASON_LENGTH = 4_000


@command(permission="firearms.track", act="firearms.withdrawn")
def withdraw_own_application(*, actor: Actor, at: datetime, session_id: UUID) -> None:
    """Withdraw the application that a session shows.

    Raises:
        NotFound: The session has ended.
        Conflict: It is decided or withdrawn.
    """
    application_id = require_session(actor=actor, session_id=session_id, at=at)
    application = Application.objects.select_for_update().get(id=application_id)
    _withdraw(application, actor=actor, at=at, note="")


@command(permission="firearms.check", act="firearms.withdrawn_by_staff")
def withdraw_application(*, actor: Actor, at: datetime, reference: str, reason: str) -> None:
    """Withdraw an application whose applicant told us that they no longer want it.

    Args:
        actor: Who records it.
        at: When.
        reference: The application's.
        reason: How and when the applicant told us: nobody withdraws for somebody else unasked.

    Raises:
        NotFound: There is no such application.
        Conflict: It is decided or withdrawn.
        Refused: There is no reason.
    """
    note = clean_text(
        reason, max_length=MAX_REASON_LENGTH, field="withdraw_reason", label="firearms.reason"
    )
    if not note:
        raise Refused("firearms.withdraw_reason_missing", field="withdraw_reason")
    _withdraw(lock_application(actor, reference), actor=actor, at=at, note=note)


def _withdraw(application: Application, *, actor: Actor, at: datetime, note: str) -> None:
    require_command()
    if not can_follow(application.stage, Stage.WITHDRAWN):
        raise Conflict("firearms.withdraw_too_late")
    enter_stage(application, stage=Stage.WITHDRAWN, actor=actor, at=at, note=note)
    # The stage alone ends their links too. What they typed and never sent is nobody's any more.
    application.referees.filter(replied_at=None).update(token_sha256="", texts={})
    close_fee(
        application,
        actor=progress_actor(application.force),
        at=at,
        reason=f"Application {application.reference} was withdrawn",
    )
    # So that nobody withdraws in somebody's name unseen.
    inform_applicant(
        actor=sending_actor(application.force),
        at=at,
        application_id=application.id,
        occasion=f"firearms withdrawn {application.id}",
    )
    record_act(application, ref=application.reference)
