"""Applications at each stage, for the tests of firearms licensing."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from bluelamp.demo import cast
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.records.people.rules import LocationInput, PersonInput
from bluelamp.services.firearms import commands
from bluelamp.services.firearms.models import Application, Check
from bluelamp.services.firearms.rules.applications import ApplicationInput
from bluelamp.services.firearms.rules.decisions import DecisionKind
from tests.cast import signed_in

AT = datetime(2026, 3, 3, 16, 15, tzinfo=UTC)
ANSWERS: dict[str, Any] = {
    "firearms-held": [
        {
            "held_type": "rifle",
            "held_calibre": ".308",
            "held_make": "Tikka",
            "held_serial": "AB-1234",
        }
    ],
    "firearms-wanted": [
        {
            "wanted_number": 2,
            "wanted_type": "Rifle",
            "wanted_calibre": ".22",
            "wanted_reason": "deer",
        }
    ],
    "shotguns-held": [
        {
            "shotgun_make": "Beretta",
            "shotgun_bore": "12",
            "shotgun_action": "over-and-under",
            "shotgun_serial": "S 99",
        }
    ],
    "ammunition": [{"ammunition_calibre": ".308", "ammunition_most": 200}],
    "land": [{"land_name": "Home Farm"}],
}
GRACE = PersonInput(
    given_name="Grace",
    family_name="Holloway",
    born_on=date(1980, 5, 4),
    email=cast.GRACE.email,
    address=LocationInput(address="14 Choumert Road\nPeckham", postcode="SE15 4AA"),
)


def ike() -> Actor:
    """Return the firearms enquiry officer."""
    return signed_in(cast.IKE)


def nell() -> Actor:
    """Return the firearms licensing manager."""
    return signed_in(cast.NELL)


def give_authority(*, max_risk: str = "high", at: datetime = AT) -> None:
    """Let Nell decide everything, up to a risk."""
    giver = Actor.system("chief officer's staff", force="01", permissions={"firearms.authority"})
    nell()
    for decision in DecisionKind:
        commands.add_authority(
            actor=giver,
            at=at,
            authority=commands.AuthorityInput(
                username=cast.NELL.username,
                decision=decision,
                certificate_kind="",
                max_risk=max_risk,
                valid_from=date(2026, 1, 1),
                written_in="Chief Constable's order 12/2026",
                granted_by_name="Deputy Chief Constable",
            ),
        )


def receive(*, at: datetime = AT, **changes: Any) -> str:
    """Return the reference of a complete application of Grace's for both certificates."""
    details: dict[str, Any] = {
        "kind": "grant",
        "certificates": "both",
        "applicant": GRACE,
        "question_set": "form-201",
        "question_set_version": 1,
        "answers": ANSWERS,
        **changes,
    }
    reference = commands.receive_application(
        actor=ike(), at=at, application=ApplicationInput(**details)
    )
    commands.mark_complete(
        actor=ike(),
        at=at + timedelta(hours=1),
        reference=reference,
        reason="All of it came on paper",
    )
    return reference


def check(reference: str, *, at: datetime = AT, **results: str) -> None:
    """Take an application on and record all its checks; `results` are those that differ."""
    later = at + timedelta(days=1)
    commands.take_on(actor=ike(), at=later, reference=reference)
    kinds = Check.objects.filter(application__reference=reference).values_list("kind", flat=True)
    for kind in kinds:
        commands.record_check(
            actor=ike(),
            at=later,
            reference=reference,
            kind=kind,
            result=results.get(kind.replace("-", "_"), "satisfactory"),
            evidence="Search 1234",
            reason="Nothing adverse",
        )


def recommend(reference: str, *, at: datetime = AT, **changes: Any) -> None:
    """Recommend a decision on an application."""
    details: dict[str, Any] = {
        "decision": "grant",
        "risk": "low",
        "factors": "Long and steady holder",
        "conclusion": "No danger to public safety or to the peace",
        **changes,
    }
    commands.recommend(
        actor=ike(),
        at=at + timedelta(days=2),
        reference=reference,
        recommendation=commands.RecommendationInput(**details),
    )


def decide(reference: str, *, at: datetime = AT, **changes: Any) -> None:
    """Decide an application as Nell."""
    details: dict[str, Any] = {"decision": "grant", "reasons": "I agree", **changes}
    commands.decide(
        actor=nell(),
        at=at + timedelta(days=3),
        reference=reference,
        decision=commands.DecisionInput(**details),
    )


def grant(*, at: datetime = AT, **changes: Any) -> tuple[str, tuple[str, ...]]:
    """Return the reference of an application that was granted, and its certificates' numbers."""
    reference = receive(at=at, **changes)
    check(reference, at=at)
    recommend(reference, at=at)
    decide(reference, at=at)
    numbers = commands.issue_certificates(
        actor=nell(), at=at + timedelta(days=4), reference=reference
    )
    return reference, numbers


def get(reference: str) -> Application:
    """Return an application's row."""
    return Application.objects.get(reference=reference)
