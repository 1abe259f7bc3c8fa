"""The notice of a decision, to print and serve."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bluelamp.foundation.audit.acts import Category, lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.foundation.notifications.rules import postal_address
from bluelamp.records.reference.lookups import get_force
from bluelamp.services.firearms.lookups.applications import DecisionDetail, to_decision_detail
from bluelamp.services.firearms.models import Decision
from bluelamp.services.firearms.policy import decision_policy
from bluelamp.services.firearms.rules.decisions import list_certificate_kinds


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticeDetail:
    """What stands in a notice. `reference` is the application's, or the certificate's number.

    `postal_address` has the name too, and a line of it on each line, as a letter has it. `language`
    is that of our messages to the person.
    """

    force_name: str
    name: str
    address: str
    postal_address: str
    reference: str
    certificate_kinds: tuple[str, ...]
    is_about_application: bool
    language: str
    decision: DecisionDetail


@lookup(permission="firearms.view", act="firearms.notice_printed", category=Category.DISCLOSURE)
def get_notice(*, actor: Actor, at: datetime, decision_id: UUID) -> NoticeDetail:
    """Return the notice of a decision, to give it to the applicant or the holder.

    Raises:
        NotFound: There is no such decision, or the actor may not see it.
    """
    decision = (
        decision_policy.queryset(actor)
        .select_related(
            "authority",
            "receipt",
            "appeal__outcome",
            "application__applicant__address",
            "certificate__holder__address",
        )
        .filter(id=decision_id)
        .first()
    )
    if decision is None:
        raise NotFound(decision_policy.not_found)
    notice = to_notice_detail(decision)
    record_act(decision, ref=notice.reference)
    return notice


def to_notice_detail(decision: Decision) -> NoticeDetail:
    """Return what stands in the notice of a decision, inside a lookup that has checked who asks."""
    application, certificate = decision.application, decision.certificate
    if application is not None:
        person, reference = application.applicant, application.reference
        language = application.language
        kinds = list_certificate_kinds(application.kind, application.certificates)
    else:
        assert certificate is not None  # a constraint: a decision is about one thing
        person, reference = certificate.holder, certificate.number
        language = certificate.language
        kinds = (certificate.kind,)  # type: ignore[assignment]
    force = get_force(decision.force)
    return NoticeDetail(
        force_name=force.name if force else "",
        name=person.name,
        address=person.address.in_one_line if person.address else "",
        postal_address=postal_address(
            person.name,
            person.address.address if person.address else "",
            person.address.postcode if person.address else "",
        ),
        reference=reference,
        certificate_kinds=tuple(str(kind) for kind in kinds),
        is_about_application=application is not None,
        language=language,
        decision=to_decision_detail(decision),
    )
