"""Rows of applications for this domain's own commands and lookups."""

import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from bluelamp.foundation.forms.models import FormDraft
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.foundation.kernel.retention import POLICIES
from bluelamp.foundation.notifications.one_time_codes import find_code_session
from bluelamp.foundation.notifications.rules import SESSION_DURATION
from bluelamp.foundation.payments.lookups import PaymentDetail, get_fees, payments_for
from bluelamp.foundation.payments.rules import PaymentState
from bluelamp.records.people.models import Person
from bluelamp.services.firearms.models import (
    Application,
    Certificate,
    Gun,
    LawChange,
    OneLoginLink,
    OneLoginSession,
    Referee,
)
from bluelamp.services.firearms.rules.applications import ApplicationKind
from bluelamp.services.firearms.rules.decisions import CertificateKind
from bluelamp.services.firearms.rules.expiry import CertificateState
from bluelamp.services.firearms.rules.fees import (
    FeePayment,
    choose_fees,
    is_fee_covered,
    keep_granted,
)
from bluelamp.services.firearms.rules.guns import GunStatus
from bluelamp.services.firearms.rules.keying import SUBJECT as PAPER_SUBJECT
from bluelamp.services.firearms.rules.missing import ApplicationFacts, Missing, list_missing
from bluelamp.services.firearms.rules.referees import STAGES_OF_REFEREES
from bluelamp.services.firearms.rules.saved import HELD, SENT

PAYABLE_KIND = "firearms.application"
OCCASION = "fee"
REPLY_SET = "referee-reply"
MODERATORS_FREE = "moderators-free"
"""The change of the law from which a sound moderator counts as no gun."""


def list_missing_of(application: Application, *, actor: Actor) -> tuple[Missing, ...]:
    """Return what an application waits for, inside a command or lookup."""
    # Without the default, a one-to-one that is not there raises.
    medical = getattr(application, "medical", None)
    replies = application.referees.filter(replaced_at=None, replied_at__isnull=False)
    return list_missing(
        ApplicationFacts(
            kind=application.kind,
            is_fee_settled=not is_fee_outstanding(application, actor=actor),
            referees_replied=replies.count(),
            has_medical_report=bool(medical and medical.report_received_at),
            has_photo=bool(application.answers.get("photo")),
        )
    )


def list_fees_of(
    application: Application, *, granted_kinds: Collection[str] = ()
) -> tuple[str, ...]:
    """Return the codes of the fees that an application costs; none where it is exempt.

    Args:
        application: The application.
        granted_kinds: The certificates that are granted, where that is a part of what was applied
            for.
    """
    if application.exemption:
        return ()
    # Only a variation counts guns, and only there does it matter what is one.
    change = (
        LawChange.objects.filter(code=MODERATORS_FREE).first()
        if application.kind == ApplicationKind.VARIATION
        else None
    )
    return choose_fees(
        application.kind,
        keep_granted(application.answers, granted_kinds) if granted_kinds else application.answers,
        on=london_date(application.received_at),
        moderators_free_from=change.starts_on if change else None,
    )


def is_fee_outstanding(
    application: Application, *, actor: Actor, granted_kinds: Collection[str] = ()
) -> bool:
    """Say whether we keep less than the fee and nobody waived it, inside a command or lookup.

    True too where no fee could be asked for yet, because nobody has confirmed how much it is: a
    grant costs a fee (Firearms Act 1968, section 32), whatever our table of fees lacks.
    """
    payments = [
        payment
        for payment in list_fee_payments(application, actor=actor)
        if payment.state != PaymentState.WITHDRAWN
    ]
    if not payments:
        return bool(list_fees_of(application, granted_kinds=granted_kinds))
    # The newest first: asked for again, the fee is what was asked for last.
    due = payments[0].total_pence
    all_codes = list_fees_of(application)
    if granted_kinds and list_fees_of(application, granted_kinds=granted_kinds) != all_codes:
        due = min(due, _price_of_part(application, payments[0], granted_kinds, actor=actor))
    return not is_fee_covered(
        due,
        [
            FeePayment(
                is_waived=payment.state in {PaymentState.WAIVED, PaymentState.NOT_DUE},
                kept_pence=payment.kept_pence,
            )
            for payment in payments
        ],
    )


def list_fee_payments(application: Application, *, actor: Actor) -> tuple[PaymentDetail, ...]:
    """Return the payments that were asked for as an application's fee, the newest first."""
    return payments_for(actor=actor, payable_kind=PAYABLE_KIND, payable_id=application.id)


def _price_of_part(
    application: Application,
    payment: PaymentDetail,
    granted_kinds: Collection[str],
    *,
    actor: Actor,
) -> int:
    """Return what a part of an application costs, in pence; all of it where that is not known."""
    codes = list_fees_of(application, granted_kinds=granted_kinds)
    fees = get_fees(actor=actor, codes=codes, on=london_date(payment.requested_at))
    prices = [fees[code].total_pence for code in codes if code in fees]
    if len(prices) < len(codes):
        return payment.total_pence
    return sum(payment.total_pence if price is None else price for price in prices)


def hash_token(token: str) -> str:
    """Return what is stored of a link. A plain hash is enough: it has 256 random bits."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def find_referee(*, actor: Actor, token: str, at: datetime, lock: bool = False) -> Referee:
    """Return the referee whose link this is. Raises NotFound where it is wrong or has ended."""
    rows = Referee.objects.select_related("application__applicant")
    if lock:
        rows = rows.select_for_update(of=("self",))
    # By the hash: a copy of the database gives nobody a link.
    referee = rows.filter(token_sha256=hash_token(token), application__force=actor.force).first()
    if referee is None or referee.link_ends_at is None or referee.link_ends_at <= at:
        raise NotFound("There is no such link, or it has ended.")
    # Whoever replied before the decision is still thanked; nobody else is asked after it.
    if referee.replied_at is None and referee.application.stage not in STAGES_OF_REFEREES:
        raise NotFound("There is no such link, or it has ended.")
    return referee


def require_session(*, actor: Actor, session_id: UUID, at: datetime) -> UUID:
    """Return the application that an open session shows, inside a command or lookup.

    The session is one that a code opened, or one of GOV.UK One Login.

    Raises:
        NotFound: The session has ended.
    """
    application_id = find_code_session(actor=actor, purpose=SENT, session_id=session_id, at=at)
    if application_id is None:
        session = require_one_login_session(session_id=session_id, at=at, force=actor.force)
        # Read again, because the application may have been linked to somebody else since.
        application_id = find_linked_application(session, session.application_id)
    if application_id is None:
        raise NotFound("There is no such session, or it has ended.")
    return application_id


def require_holder(*, actor: Actor, session_id: UUID, at: datetime) -> Person:
    """Return whose certificates an open session shows, inside a command or lookup.

    The session was opened with the number of a certificate, or as `require_session` says.

    Raises:
        NotFound: The session has ended.
    """
    certificate_id = find_code_session(actor=actor, purpose=HELD, session_id=session_id, at=at)
    if certificate_id:
        certificates = Certificate.objects.select_related("holder__address")
        return certificates.get(id=certificate_id, force=actor.force).holder
    application_id = require_session(actor=actor, session_id=session_id, at=at)
    applications = Application.objects.select_related("applicant__address")
    return applications.get(id=application_id, force=actor.force).applicant


def require_one_login_session(*, session_id: UUID, at: datetime, force: str) -> OneLoginSession:
    """Return an open session of GOV.UK One Login. Raises NotFound where it ended."""
    session = OneLoginSession.objects.filter(
        id=session_id, force=force, ended_at=None, opened_at__gt=at - SESSION_DURATION
    ).first()
    if session is None:
        raise NotFound("There is no such session, or it has ended.")
    return session


def list_linked_ids(session: OneLoginSession) -> QuerySet[OneLoginLink, UUID]:
    """Return the ids of the applications that are linked to the One Login of a session."""
    links = OneLoginLink.objects.filter(
        issuer=session.issuer, subject=session.subject, ended_at=None
    )
    return links.values_list("application_id", flat=True)


def find_linked_application(session: OneLoginSession, application_id: UUID | None) -> UUID | None:
    """Return the id again if the application is linked to the One Login of a session."""
    if application_id is None:
        return None
    return list_linked_ids(session).filter(application_id=application_id).first()


def find_paper_draft_rows(actor: Actor, *, at: datetime) -> QuerySet[FormDraft]:
    """Return the paper forms that staff of the actor's force have begun to key, each by its owner.

    For whoever may key paper: they may go on with a colleague's.
    """
    # Older ones are deleted tonight, and open for nobody.
    period = POLICIES[FormDraft.handling.retention].period
    return FormDraft.objects.filter(
        force=actor.force,
        owner__isnull=False,
        subject__startswith=PAPER_SUBJECT,
        saved_at__gt=at - (period or timedelta()),
    )


def guns_on(certificate: Certificate) -> QuerySet[Gun]:
    """Return the guns that a certificate covers, held or to be acquired."""
    return certificate.guns.filter(revoked_by=None).exclude(status=GunStatus.DISPOSED)


def find_dealer_certificate(holder_id: UUID) -> Certificate | None:
    """Return the registration in force of somebody who is a dealer, None for anybody else."""
    return Certificate.objects.filter(
        holder_id=holder_id, kind=CertificateKind.DEALER, state=CertificateState.IN_FORCE
    ).first()
