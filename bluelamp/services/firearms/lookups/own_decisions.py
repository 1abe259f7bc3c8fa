"""Decisions as the person whom they are about sees them, and the letter that tells of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from bluelamp.foundation.audit.acts import Category, lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.services.firearms.lookups.notices_of_decisions import NoticeDetail, to_notice_detail
from bluelamp.services.firearms.models import Application, Certificate, Decision
from bluelamp.services.firearms.reads import require_holder
from bluelamp.services.firearms.rules.decisions import needs_grounds

# What a notice and its appeal are read with.
READ_WITH = ("authority", "receipt", "appeal__outcome__confirmation")


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnDecision:
    """A decision, without who made it and how they got there.

    Attributes:
        grounds: Codes of the grounds, none for a grant.
        court: Where to appeal, "" where nobody can.
        appeal_until: The last day to appeal; None while the receipt of the notice is not recorded.
        is_appeal_open: An appeal is lodged and not over.
        appeal_result: How an appeal ended, "" where none has.
        letter_id: What opens the letter, None where there is none to read here.
    """

    decision: str
    decided_on: date
    grounds: tuple[str, ...]
    court: str
    appeal_until: date | None
    appeal_lodged_on: date | None
    is_appeal_open: bool
    appeal_result: str
    letter_id: UUID | None


def find_own_decision(row: Application | Certificate) -> OwnDecision | None:
    """Return the newest decision on an application or a certificate, for whom it is about.

    A revocation only once its notice was received: guns may have to be fetched before that.
    """
    decisions: Iterable[Decision] = row.decisions.select_related(*READ_WITH).order_by("-decided_at")
    return next((_to_own(decision) for decision in decisions if _may_show(decision)), None)


@lookup(permission="firearms.track", act="firearms.own_letter_opened", category=Category.DISCLOSURE)
def get_own_notice(
    *, actor: Actor, at: datetime, session_id: UUID, decision_id: UUID
) -> NoticeDetail:
    """Return the notice of a decision to whom it is about.

    Raises:
        NotFound: The session has ended, or there is no such letter of theirs to read here.
    """
    person = require_holder(actor=actor, session_id=session_id, at=at)
    decision = (
        Decision.objects.select_related(
            *READ_WITH, "application__applicant__address", "certificate__holder__address"
        )
        .filter(id=decision_id, force=actor.force)
        .first()
    )
    if decision is None or not _has_letter(decision) or _person_of(decision) != person.id:
        raise NotFound("There is no such letter.")
    notice = to_notice_detail(decision)
    record_act(decision, ref=notice.reference)
    return notice


def _to_own(decision: Decision) -> OwnDecision:
    # A one-to-one that is not there raises without a default.
    receipt = getattr(decision, "receipt", None)
    appeal = getattr(decision, "appeal", None)
    outcome = getattr(appeal, "outcome", None)
    # An allowed appeal counts once another person has read the court's order.
    is_over = outcome is not None and (
        outcome.result != "allowed" or hasattr(outcome, "confirmation")
    )
    return OwnDecision(
        decision=decision.decision,
        decided_on=london_date(decision.decided_at),
        grounds=tuple(decision.grounds),
        court=decision.court,
        appeal_until=receipt.appeal_until if receipt else None,
        appeal_lodged_on=appeal.lodged_on if appeal else None,
        is_appeal_open=appeal is not None and not is_over,
        appeal_result=outcome.result if outcome is not None and is_over else "",
        letter_id=decision.id if _has_letter(decision) else None,
    )


def _may_show(decision: Decision) -> bool:
    return decision.certificate_id is None or hasattr(decision, "receipt")


def _has_letter(decision: Decision) -> bool:
    # A grant has no notice: the certificate says it.
    return _may_show(decision) and needs_grounds(decision.decision)


def _person_of(decision: Decision) -> UUID:
    if decision.application is not None:
        return decision.application.applicant_id
    assert decision.certificate is not None  # a constraint: a decision is about one thing
    return decision.certificate.holder_id
