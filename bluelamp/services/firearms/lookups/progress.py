"""What applicants and referees see: where an application is, and whose referee they are."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Prefetch

from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.forms.lookups import current_question_set
from bluelamp.foundation.forms.rules import QuestionSet
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.foundation.payments.lookups import PaymentDetail, payments_for
from bluelamp.services.firearms.lookups.own_decisions import OwnDecision, find_own_decision
from bluelamp.services.firearms.models import Application, Certificate, Gun
from bluelamp.services.firearms.reads import (
    PAYABLE_KIND,
    REPLY_SET,
    find_referee,
    list_fees_of,
    list_missing_of,
    require_session,
)
from bluelamp.services.firearms.rules.guns import OWNED


@dataclass(frozen=True, kw_only=True, slots=True)
class RefereeRow:
    """A referee, as the applicant may see one: whether they replied, and nothing that they said."""

    id: UUID
    name: str
    email: str
    has_replied: bool
    link_ends_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class GunRow:
    """A gun on a certificate."""

    type: str
    make: str
    calibre: str
    serial_number: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CertificateRow:
    """A certificate of the applicant, and the guns on it. `valid_until` counts an extension."""

    number: str
    kind: str
    state: str
    expires_on: date
    valid_until: date
    public_code: str
    guns: tuple[GunRow, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ApplicationProgress:
    """Where an application is, as its applicant sees it.

    Attributes:
        entries: When each stage began, the newest first.
        missing: Codes of what it waits for.
        has_fee: Whether it costs a fee.
        decision: What was decided, None while it is open.
    """

    id: UUID
    reference: str
    kind: str
    certificates: str
    name: str
    stage: str
    stage_since: datetime
    received_at: datetime
    entries: tuple[tuple[str, datetime], ...]
    missing: tuple[str, ...]
    has_fee: bool
    referees: tuple[RefereeRow, ...]
    payments: tuple[PaymentDetail, ...]
    own_certificates: tuple[CertificateRow, ...]
    decision: OwnDecision | None


@dataclass(frozen=True, kw_only=True, slots=True)
class StageTime:
    """How long a stage took lately: the middle one of so many applications, in days."""

    stage: str
    median_days: float
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ReplyForm:
    """What a referee answers: the questions, and what they typed so far."""

    applicant: str
    question_set: QuestionSet
    texts: dict[str, str]
    has_replied: bool


@lookup(permission="firearms.track", act="firearms.followed")
def get_progress(*, actor: Actor, at: datetime, session_id: UUID) -> ApplicationProgress:
    """Return the application that a session shows. Raises NotFound where the session ended."""
    return _read_progress(actor, require_session(actor=actor, session_id=session_id, at=at))


@lookup(permission="firearms.apply", act="firearms.confirmation_seen")
def get_confirmation(*, actor: Actor, at: datetime, application_id: UUID) -> ApplicationProgress:
    """Return an application to the browser that sent it, which has its id in a signed cookie.

    Raises:
        NotFound: There is no such application.
    """
    return _read_progress(actor, application_id)


@lookup(permission="firearms.apply", act="firearms.times_measured")
def measure_stages(*, actor: Actor, at: datetime) -> tuple[StageTime, ...]:
    """Return how long each stage took, of the latest that ended in the last 365 days."""
    # In SQL: the middle of thousands of rows is one number, and no reason to load them.
    with connection.cursor() as cursor:
        cursor.execute(_STAGE_TIMES, {"force": actor.force, "at": at, "most": _MOST_STEPS})
        rows = cursor.fetchall()
    record_act(None)
    return tuple(
        StageTime(stage=stage, median_days=float(days), count=count) for stage, days, count in rows
    )


@lookup(permission="firearms.reply", act="firearms.reply_opened")
def get_reply_form(*, actor: Actor, at: datetime, token: str) -> ReplyForm:
    """Return what a private link opens. Raises NotFound where it is wrong or has ended."""
    referee = find_referee(actor=actor, token=token, at=at)
    record_act(referee, ref=referee.application.reference)
    return ReplyForm(
        applicant=referee.application.applicant.name,
        question_set=current_question_set(REPLY_SET, on=london_date(at)),
        texts=dict(referee.texts),
        has_replied=referee.replied_at is not None,
    )


# A stage ends when the next one begins. The one that lasts has no end, and is left out. The latest
# few thousand steps say how long it takes now; all of a year's would take most of a second.
_STAGE_TIMES = """
WITH latest AS (
  SELECT entry.application_id, entry.id, entry.began_at
  FROM firearms_stageentry entry
  JOIN firearms_application application ON application.id = entry.application_id
  WHERE application.force = %(force)s AND entry.began_at > %(at)s - interval '365 days'
  ORDER BY entry.began_at DESC LIMIT %(most)s
)
SELECT ended.stage, percentile_cont(0.5) WITHIN GROUP (
    ORDER BY EXTRACT(epoch FROM latest.began_at - ended.began_at) / 86400), count(*)
FROM latest CROSS JOIN LATERAL (
  SELECT entry.stage, entry.began_at FROM firearms_stageentry entry
  WHERE entry.application_id = latest.application_id
    AND (entry.began_at, entry.id) < (latest.began_at, latest.id)
  ORDER BY entry.began_at DESC, entry.id DESC LIMIT 1
) ended
GROUP BY ended.stage
"""
_MOST_STEPS = 2_000


def _read_progress(actor: Actor, application_id: UUID) -> ApplicationProgress:
    application = (
        Application.objects.select_related("applicant", "medical")
        .filter(id=application_id, force=actor.force)
        .first()
    )
    if application is None:
        raise NotFound("There is no such application.")
    record_act(application, ref=application.reference)
    # By id too, because two stages can begin in one instant: received and incomplete.
    entries = application.stages.order_by("-began_at", "-id").values_list("stage", "began_at")
    return ApplicationProgress(
        id=application.id,
        reference=application.reference,
        kind=application.kind,
        certificates=application.certificates,
        name=application.applicant.name,
        stage=application.stage,
        stage_since=application.stage_since,
        received_at=application.received_at,
        entries=tuple(entries),
        # Worked out now and not stored, so it cannot be out of date.
        missing=tuple(list_missing_of(application, actor=actor)),
        has_fee=bool(list_fees_of(application)),
        referees=tuple(_list_referees(application)),
        payments=payments_for(actor=actor, payable_kind=PAYABLE_KIND, payable_id=application.id),
        own_certificates=tuple(_list_certificates(application)),
        decision=find_own_decision(application),
    )


def _list_referees(application: Application) -> list[RefereeRow]:
    rows = application.referees.filter(replaced_at=None).order_by("position")
    return [
        RefereeRow(
            id=row.id,
            name=row.name,
            email=row.email,
            # Whether, and never what: an applicant must not lean on a referee for an answer.
            has_replied=row.replied_at is not None,
            link_ends_at=row.link_ends_at,
        )
        for row in rows
    ]


def _list_certificates(application: Application) -> list[CertificateRow]:
    guns = Gun.objects.filter(status__in=OWNED).order_by("id")
    rows = (
        Certificate.objects.filter(force=application.force, holder_id=application.applicant_id)
        .prefetch_related(Prefetch("guns", guns, to_attr="held_guns"))
        .order_by("-expires_on", "number")
    )
    return [
        CertificateRow(
            number=row.number,
            kind=row.kind,
            state=row.state,
            expires_on=row.expires_on,
            valid_until=row.extended_until or row.expires_on,
            public_code=row.public_code,
            guns=tuple(_to_gun(gun) for gun in row.held_guns),
        )
        for row in rows
    ]


def _to_gun(gun: Gun) -> GunRow:
    return GunRow(
        type=gun.type,
        make=" ".join(part for part in (gun.make, gun.model) if part),
        calibre=gun.calibre,
        serial_number=gun.serial_number,
    )
