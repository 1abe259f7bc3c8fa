"""What an applicant declares of their health, for the few who check and decide."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.services.firearms.models import MedicalDeclaration
from bluelamp.services.firearms.policy import application_policy
from bluelamp.services.firearms.rules.applications import normalise_reference


@dataclass(frozen=True, kw_only=True, slots=True)
class MedicalDetail:
    """The medical answers of an application, by the ids of the questions."""

    question_set: str
    question_set_version: int
    answers: dict[str, Any]
    report_received_at: datetime | None


@lookup(permission="firearms.read_medical", act="firearms.medical_read")
def get_medical_declaration(*, actor: Actor, at: datetime, reference: str) -> MedicalDetail:
    """Return the medical answers of an application.

    Raises:
        NotFound: There is no such application, or it declares nothing.
    """
    application = application_policy.get(actor, reference=normalise_reference(reference))
    medical = MedicalDeclaration.objects.filter(application=application).first()
    if medical is None:
        raise NotFound("There is no such declaration.")
    record_act(application, ref=application.reference)
    return MedicalDetail(
        question_set=application.question_set,
        question_set_version=application.question_set_version,
        # A copy: the row's own dictionary could be changed through it.
        answers=dict(medical.answers),
        report_received_at=medical.report_received_at,
    )
