"""The e-mail address of an application, for the browser that applied or began to."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bluelamp.foundation.audit.acts import lookup, read_within_act, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.contact import mask_address
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.foundation.notifications.confirmed_addresses import is_address_confirmed
from bluelamp.services.firearms.contact_facts import owner_of_address
from bluelamp.services.firearms.models import Application, SavedApplication
from bluelamp.services.firearms.rules.saved import SAVED, SENT


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnAddress:
    """Where we write to about an application. `purpose` and `subject_id` say what a code opens."""

    purpose: str
    subject_id: UUID
    reference: str
    email: str
    language: str
    is_confirmed: bool

    @property
    def masked_email(self) -> str:
        """Return enough of the address for its owner to know it."""
        return mask_address(self.email) if self.email else ""


@read_within_act
def find_own_address(*, actor: Actor, application_id: UUID) -> OwnAddress | None:
    """Return the address of an application, by its id or that of its draft; None for neither."""
    applications = Application.objects.select_related("applicant").filter(force=actor.force)
    if application := applications.filter(id=application_id).first():
        return _to_own_address(
            actor,
            SENT,
            application.id,
            application.reference,
            email=application.applicant.email,
            language=application.language,
        )
    saved = SavedApplication.objects.filter(force=actor.force, draft_id=application_id).first()
    if saved is None:
        return None
    return _to_own_address(
        actor, SAVED, saved.id, saved.reference, email=saved.email, language=saved.language
    )


@lookup(permission="firearms.track", act="firearms.address_viewed")
def get_own_address(*, actor: Actor, at: datetime, application_id: UUID) -> OwnAddress:
    """Return the address of an application, by its id or that of its draft.

    The caller proves that the browser applied or began to.

    Raises:
        NotFound: There is no such application.
    """
    own = find_own_address(actor=actor, application_id=application_id)
    if own is None:
        raise NotFound("There is no such application.")
    record_act(None, ref=own.reference)
    return own


def _to_own_address(
    actor: Actor, purpose: str, subject_id: UUID, reference: str, *, email: str, language: str
) -> OwnAddress:
    is_confirmed = bool(email) and is_address_confirmed(
        actor=actor, owner=owner_of_address(purpose, subject_id), address=email
    )
    return OwnAddress(
        purpose=purpose,
        subject_id=subject_id,
        reference=reference,
        email=email,
        language=language,
        is_confirmed=is_confirmed,
    )
