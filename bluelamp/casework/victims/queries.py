"""The case as the person who reported it may see it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from bluelamp.casework.crimes.models import Crime
from bluelamp.casework.investigations.models import Charge, Statement
from bluelamp.casework.reports.queries import Reporter, reference_of, reporter_of
from bluelamp.casework.victims import rules
from bluelamp.casework.victims.models import TrackingCode
from bluelamp.foundation.accounts.queries import find_user
from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import LONDON
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.records.reference.queries import force


@dataclass(frozen=True, slots=True)
class TrackedCase:
    """What a person may know of the case they reported. Nothing in it is about anybody else."""

    report_id: UUID
    reference: str
    what: str
    received_at: datetime
    crime_number: str
    force_name: str
    officer: str
    stage: str
    stage_text: str
    steps: tuple[rules.Step, ...]
    next_steps: tuple[str, ...]
    support_by: date


@lookup(may="victim.track", act="case.tracked")
def track(*, actor: Actor, at: datetime, look_id: UUID) -> TrackedCase:
    """Return the case that a look is at, as `check_code` opened it. Raises NotFound once the look
    has ended.
    """
    look = TrackingCode.objects.filter(
        id=look_id, used_at__gt=at - rules.TRACKING_LASTS, ended_at=None
    ).first()
    reporter = reporter_of(reference=reference_of(report_id=look.report_id)) if look else None
    if reporter is None:
        raise NotFound
    crime = Crime.objects.select_related("number").filter(report_id=reporter.report_id).first()
    case = _tracked(reporter, crime)
    record_act(crime or None, ref=reporter.reference, detail={"stage": case.stage})
    return case


def _tracked(reporter: Reporter, crime: Crime | None) -> TrackedCase:
    steps = [rules.Step(reporter.received_at, "We received your report")]
    officer = ""
    next_steps: list[str] = []
    stage, stage_text = (
        "received",
        "We have your report. Nobody has decided yet whether it is recorded as a crime.",
    )
    if crime is not None:
        steps.append(
            rules.Step(
                crime.recorded_at, "We recorded a crime", f"Your crime number is {crime.number}."
            )
        )
        stage, stage_text = (
            "recorded",
            "We recorded it as a crime. An officer is being chosen to look into it.",
        )
        next_steps = ["An officer will be given your case, and you will see their name here."]
        dealing = find_user(user_id=crime.officer_in_case_id) if crime.officer_in_case_id else None
        if dealing is not None:
            officer = f"{dealing.rank} {dealing.name}".strip()
            steps.append(rules.Step(_allocated_at(crime), f"{officer} is dealing with your case"))
            stage, stage_text = "investigating", f"{officer} is looking into what happened."
            next_steps = [
                f"{officer} will be in touch with you, by the means you chose.",
                f"If somebody is arrested, interviewed or charged, you hear of it within "
                f"{rules.NEWS_WITHIN_WORKING_DAYS} working days.",
            ]
        steps += [
            rules.Step(received, "We took your statement")
            for received in Statement.objects.filter(
                crime=crime, maker_id=reporter.person_id
            ).values_list("received_at", flat=True)
        ]
        if (charged := Charge.objects.filter(crime=crime).order_by("at").first()) is not None:
            steps.append(rules.Step(charged.at, "The case is going to court"))
            stage, stage_text = "court", "The case is with the prosecutor and the court."
            next_steps = [
                "We will tell you each date and each decision of the court within one working day."
            ]
    elif reporter.state == "not-crime" and reporter.decided_at:
        steps.append(
            rules.Step(reporter.decided_at, "We did not record a crime", reporter.decision_reason)
        )
        stage, stage_text = (
            "closed",
            "We looked at what you told us and did not record it as a crime.",
        )
        next_steps = [
            "If you think this is wrong, call 101 with your reference and ask for it to be looked at again."
        ]
    else:
        next_steps = [
            "Within 24 hours of your report we will tell you your crime number, or why there is none."
        ]
    known = force(reporter.force)
    return TrackedCase(
        report_id=reporter.report_id,
        reference=reporter.reference,
        what=reporter.kind_title,
        received_at=reporter.received_at,
        crime_number=str(crime.number) if crime else "",
        force_name=known.name if known else "",
        officer=officer,
        stage=stage,
        stage_text=stage_text,
        steps=tuple(sorted(steps, key=lambda step: step.at)),
        next_steps=tuple(next_steps),
        support_by=rules.support_by(reporter.received_at.astimezone(LONDON).date()),
    )


def _allocated_at(crime: Crime) -> datetime:
    entry = crime.entries.filter(kind="allocated").order_by("-at").first()
    return entry.at if entry else crime.recorded_at
