"""Firearms applications and certificates of the demonstration, at every stage.

Recorded by the commands that people use. Grace has a shotgun certificate that ends in ten weeks,
and an application for a firearm certificate that is being checked.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

from bluelamp.demo import cast
from bluelamp.demo.incidents import FAMILY_NAMES, GIVEN_NAMES, Incident
from bluelamp.foundation.accounts.actors import public_actor
from bluelamp.foundation.forms.commands import save_form_draft
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.payments.commands import record_offline_payment
from bluelamp.records.people.rules import LocationInput, PersonInput
from bluelamp.services.firearms import commands
from bluelamp.services.firearms.commands.actors import progress_actor
from bluelamp.services.firearms.commands.completing import bring_on, request_fee
from bluelamp.services.firearms.commands.referees import add_referee
from bluelamp.services.firearms.models import Application, Check, Gun
from bluelamp.services.firearms.rules.applications import ApplicationInput, Channel
from bluelamp.services.firearms.rules.decisions import DecisionKind
from bluelamp.services.firearms.rules.fees import FEE_TAKEN_BEFORE
from bluelamp.services.firearms.rules.permits import (
    PermitInput,
    PermitPurpose,
    usual_last_day,
)
from bluelamp.services.firearms.rules.stages import Stage

# How many applications end at each stage. Every certificate is a signed PDF, which takes a moment.
COUNTS = {
    Stage.RECEIVED: 45,
    Stage.INCOMPLETE: 35,
    Stage.COMPLETE: 40,
    Stage.CHECKS: 40,
    Stage.RECOMMENDED: 12,
    Stage.GRANTED: 8,
    Stage.REFUSED: 8,
    Stage.ISSUED: 24,
}
# Holders whom the crimes of the demonstration name, so that continuous vetting has something.
NAMED_HOLDERS = 3
_CERTIFICATES = ("shotgun", "shotgun", "firearm", "both")
_RISKS = ("low", "low", "low", "medium", "high")
_HOME = LocationInput(address="14 Choumert Road\nPeckham", postcode="SE15 4AA")
_GRACE = PersonInput(
    given_name="Grace",
    family_name="Holloway",
    born_on=date(1980, 5, 4),
    email=cast.GRACE.email,
    address=_HOME,
)
_ON_PAPER = "The doctor’s report and the photo came on paper. The references follow"
_REFEREES = (("Ben", "Adeyemi"), ("Ruth", "Lindqvist"))


def record_firearms(
    *,
    installer: Actor,
    officer: Actor,
    manager: Actor,
    incidents: Sequence[Incident],
    at: datetime,
) -> None:
    """Record the authority table, Grace's certificate and application, and those of others.

    Args:
        installer: Who writes down what the manager may decide.
        officer: The firearms enquiry officer, who checks and recommends.
        manager: The licensing manager, who decides.
        incidents: The crimes of the demonstration, for the places where people live.
        at: When the demonstration is loaded.
    """
    # A fixed seed: every demonstration has the same applications.
    rng = random.Random(5)  # noqa: S311 - nothing secret comes of it
    team = _Team(officer, manager)
    _give_authority(installer, at)
    _record_grace(team, at)
    stages = [stage for stage, count in COUNTS.items() for _ in range(count)]
    _record_paper_form(team, at)
    for number, (stage, incident) in enumerate(zip(stages, cycle(incidents), strict=False)):
        # Certificates were issued over five years, and the rest is waiting.
        longest = 1780 if stage == Stage.ISSUED else 200
        received_at = at - timedelta(days=rng.randrange(12, longest), hours=rng.randrange(9))
        is_named = number >= len(stages) - NAMED_HOLDERS
        person = incident.person if is_named else _invent_person(rng, incident.place, number)
        application = _application(rng, person, number)
        # Nothing is granted unpaid, so most were paid for in the system before. The others are
        # asked for their fee as soon as the demonstration has set it.
        if stage not in {Stage.RECEIVED, Stage.INCOMPLETE} or number % 4:
            application = replace(application, exemption=FEE_TAKEN_BEFORE)
        team.record(stage, application, received_at, rng)
    # Last: it is about the gun of one of these.
    _record_permit(team, at)


def _record_paper_form(team: "_Team", at: datetime) -> None:
    """Begin to key a form that came by post: its scan, and what was keyed so far."""
    begun_at = at - timedelta(days=1)
    scan = Path(__file__).parent / "photos" / "portrait_1.jpg"
    with scan.open("rb") as source:
        draft_id = commands.start_paper_application(
            actor=team.officer,
            at=begun_at,
            kind="grant",
            received_on=london_date(at - timedelta(days=6)),
            scans=[commands.Scan("form-201-page-1.jpg", source, "image/jpeg")],
        )
    texts = {"forenames": "Howard", "surname": "Pike", "email": "howard.pike@example.com"}
    save_form_draft(actor=team.officer, at=begun_at, draft_id=draft_id, texts=texts)


def _record_permit(team: "_Team", at: datetime) -> None:
    """Let an executor keep the gun of a holder who died, under section 7 of the 1968 Act."""
    gun = (
        Gun.objects.filter(
            certificate__state="in-force", certificate__kind="shotgun", status="held"
        )
        .exclude(certificate__holder__email_key=cast.GRACE.email)
        .select_related("certificate__holder")
        .order_by("certificate__issued_at")
        .first()
    )
    # A demonstration with few certificates may have none.
    if gun is None:
        return
    family_name = gun.certificate.holder.family_name
    issued_at = at - timedelta(days=20)
    commands.issue_temporary_permit(
        actor=team.manager,
        at=issued_at,
        permit=PermitInput(
            purpose=PermitPurpose.ESTATE,
            from_number=gun.certificate.number,
            gun_ids=(gun.id,),
            holder=PersonInput(
                given_name="Miriam",
                family_name=family_name,
                email=f"miriam.{family_name}@example.com".lower(),
                address=_HOME,
            ),
            storage_address=f"{_HOME.address}\n{_HOME.postcode}",
            expires_on=usual_last_day(london_date(issued_at)),
            reasons="Executor of the holder, who has died. No adverse record.",
            risk="low",
        ),
    )


class _Team:
    """The people of the licensing team, who bring an application on to a stage."""

    def __init__(self, officer: Actor, manager: Actor) -> None:
        self.officer = officer
        self.manager = manager

    def record(
        self, stage: Stage, application: ApplicationInput, at: datetime, rng: random.Random
    ) -> str:
        """Record an application and all that was done with it; return its reference."""
        reference = commands.receive_application(actor=self.officer, at=at, application=application)
        if stage == Stage.RECEIVED:
            return reference
        if stage == Stage.INCOMPLETE:
            row = Application.objects.get(reference=reference)
            bring_on(row, actor=progress_actor(self.officer.force), at=at + timedelta(hours=1))
            return reference
        commands.mark_complete(
            actor=self.officer, at=at + timedelta(days=2), reference=reference, reason=_ON_PAPER
        )
        if stage == Stage.COMPLETE:
            return reference
        is_refused = stage == Stage.REFUSED
        self.check(reference, at + timedelta(days=4), rng, is_whole=stage != Stage.CHECKS)
        if stage == Stage.CHECKS:
            return reference
        self.recommend(reference, at + timedelta(days=7), rng, is_refused=is_refused)
        if stage == Stage.RECOMMENDED:
            return reference
        self.decide(reference, at + timedelta(days=8), application, is_refused=is_refused)
        if stage == Stage.ISSUED:
            commands.issue_certificates(
                actor=self.manager, at=at + timedelta(days=9), reference=reference
            )
        return reference

    def check(self, reference: str, at: datetime, rng: random.Random, *, is_whole: bool) -> None:
        """Take an application on, and record all of its checks or some."""
        commands.take_on(actor=self.officer, at=at, reference=reference)
        checks = Check.objects.filter(application__reference=reference).order_by("id")
        for kind in checks.values_list("kind", flat=True):
            if not is_whole and rng.random() < 0.5:
                continue
            commands.record_check(
                actor=self.officer,
                at=at + timedelta(hours=rng.randrange(1, 60)),
                reference=reference,
                kind=kind,
                result="satisfactory",
                evidence=f"Search {rng.randrange(1000, 9999)}",
                reason="Nothing adverse",
            )

    def recommend(
        self, reference: str, at: datetime, rng: random.Random, *, is_refused: bool
    ) -> None:
        """Recommend a grant or a refusal."""
        recommendation = commands.RecommendationInput(
            decision=DecisionKind.REFUSE if is_refused else DecisionKind.GRANT,
            risk="high" if is_refused else rng.choice(_RISKS),
            factors="Two recent arrests for affray" if is_refused else "Long and steady holder",
            conclusion=(
                "Cannot be permitted without danger to public safety or to the peace"
                if is_refused
                else "No danger to public safety or to the peace"
            ),
            grounds=_grounds_of(reference) if is_refused else (),
        )
        commands.recommend(
            actor=self.officer, at=at, reference=reference, recommendation=recommendation
        )

    def decide(
        self, reference: str, at: datetime, application: ApplicationInput, *, is_refused: bool
    ) -> None:
        """Decide as was recommended."""
        decision = commands.DecisionInput(
            decision=DecisionKind.REFUSE if is_refused else DecisionKind.GRANT,
            reasons="I agree with the recommendation",
            grounds=_grounds_of(reference) if is_refused else (),
        )
        commands.decide(actor=self.manager, at=at, reference=reference, decision=decision)


def _give_authority(installer: Actor, at: datetime) -> None:
    for decision in DecisionKind:
        authority = commands.AuthorityInput(
            username=cast.NELL.username,
            decision=decision,
            certificate_kind="",
            max_risk="high",
            valid_from=date(2021, 1, 1),
            written_in="Chief officer’s order 12/2021",
            granted_by_name="Deputy Assistant Commissioner",
        )
        commands.add_authority(actor=installer, at=at, authority=authority)


def _record_grace(team: _Team, at: datetime) -> None:
    rng = random.Random(3)  # noqa: S311 - nothing secret comes of it
    shotgun = ApplicationInput(
        kind="grant",
        certificates="shotgun",
        applicant=_GRACE,
        question_set="form-201",
        question_set_version=1,
        answers=_answers(rng, _GRACE, "shotgun"),
    )
    # Five years last from the day of issue: what is left is some ten weeks.
    team.record(
        Stage.ISSUED,
        replace(shotgun, exemption=FEE_TAKEN_BEFORE),
        at - timedelta(days=5 * 365 + 1 - 70),
        rng,
    )
    received_at = at - timedelta(days=24)
    firearm = replace(
        shotgun,
        certificates="firearm",
        answers=_answers(rng, _GRACE, "firearm"),
        channel=Channel.ONLINE,
    )
    public = public_actor(address="127.0.0.1")
    reference = commands.receive_application(actor=public, at=received_at, application=firearm)
    application = Application.objects.select_related("applicant").get(reference=reference)
    for position, (given_name, family_name) in enumerate(_REFEREES, start=1):
        referee = PersonInput(
            given_name=given_name,
            family_name=family_name,
            email=f"{given_name}.{family_name}@example.com".lower(),
        )
        add_referee(application, referee, position, actor=public, at=received_at)
    progress = progress_actor(team.officer.force)
    payment = request_fee(application, actor=team.officer, at=received_at, return_path="/firearms/")
    if payment is not None:
        record_offline_payment(
            actor=team.officer,
            at=received_at + timedelta(days=1),
            reference=payment.reference,
            method="phone",
            receipt_reference="T-5120",
        )
    bring_on(application, actor=progress, at=received_at + timedelta(days=1))
    if application.stage != Stage.COMPLETE:
        at_desk = received_at + timedelta(days=6)
        commands.mark_complete(
            actor=team.officer, at=at_desk, reference=reference, reason=_ON_PAPER
        )
    team.check(reference, received_at + timedelta(days=8), rng, is_whole=False)


def _application(rng: random.Random, person: PersonInput, number: int) -> ApplicationInput:
    certificates = rng.choice(_CERTIFICATES)
    return ApplicationInput(
        kind="grant",
        certificates=certificates,
        applicant=person,
        question_set="form-201",
        question_set_version=1,
        answers=_answers(rng, person, certificates),
        channel=Channel.PAPER if number % 6 == 0 else Channel.ONLINE,
    )


def _invent_person(rng: random.Random, place: LocationInput, number: int) -> PersonInput:
    given_name, family_name = rng.choice(GIVEN_NAMES), rng.choice(FAMILY_NAMES)
    return PersonInput(
        given_name=given_name,
        family_name=family_name,
        born_on=date(rng.randrange(1945, 2001), rng.randrange(1, 13), rng.randrange(1, 29)),
        email=f"{given_name}.{family_name}.{number}@example.com".lower(),
        address=place,
    )


def _answers(rng: random.Random, person: PersonInput, certificates: str) -> Mapping[str, Any]:
    """Return what an applicant would have answered, as Form 201 stores it."""
    address = {
        "address": person.address.address if person.address else "",
        "postcode": person.address.postcode if person.address else "",
    }
    answers: dict[str, Any] = {
        "certificates": ["firearm", "shotgun"] if certificates == "both" else [certificates],
        "forenames": person.given_name,
        "surname": person.family_name,
        "born_on": person.born_on.isoformat() if person.born_on else "",
        "email": person.email,
        "homes": [{"home_address": address, "lived_from": "2012-05-02", "lives_here": "yes"}],
        "storage": [
            {
                "storage_address": address,
                "storage_security": "A steel cabinet, bolted to the wall",
                "storage_access": "no",
            }
        ],
        "land": [{"land_name": "Home Farm", "land_owner": "other"}],
    }
    # What is asked for decides the fee.
    if certificates == "both":
        answers["coterminous"] = "yes"
    if certificates != "shotgun":
        answers["app_firearm"] = "grant"
        answers["firearms-wanted"] = [
            {
                "wanted_number": 1,
                "wanted_type": "Rifle",
                "wanted_calibre": rng.choice((".22 LR", ".243", ".308")),
                "wanted_reason": rng.choice(("deer", "target")),
            }
        ]
        answers["ammunition"] = [{"ammunition_calibre": ".308", "ammunition_most": 200}]
    if certificates != "firearm":
        answers["app_shotgun"] = "grant"
        answers["shotguns-held"] = [
            {
                "shotgun_make": rng.choice(("Beretta", "Browning", "Miroku")),
                "shotgun_bore": "12",
                "shotgun_action": "over-and-under",
                "shotgun_serial": f"S{rng.randrange(10_000, 99_999)}",
            }
        ]
    return answers


def _grounds_of(reference: str) -> tuple[str, ...]:
    """Return why the demonstration refuses: danger, by the section for the certificate."""
    certificates = Application.objects.get(reference=reference).certificates
    return ("28-danger",) if certificates == "shotgun" else ("27-danger",)
