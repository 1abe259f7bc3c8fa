"""The story of the demonstration: one crime, from a victim's phone to the prosecutor.

It is recorded by the same commands that people use. The last step, sending the case file, waits
until the job worker has built the package.
"""

import base64
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bluelamp.casework.casefiles import lookups as casefiles
from bluelamp.casework.casefiles.commands import request_case_file, submit_case_file
from bluelamp.casework.casefiles.documents import DECLARATION
from bluelamp.casework.casefiles.models import CaseFile
from bluelamp.casework.crimes.commands import (
    add_item,
    lease_numbers,
    link_crimes,
    record_at_scene,
    record_from_report,
)
from bluelamp.casework.crimes.models import Crime
from bluelamp.casework.crimes.rules import SceneCrime, crime_subject
from bluelamp.casework.investigations.commands import (
    allocate_officer,
    exhibit_item,
    name_suspect,
    record_charge,
    take_statement,
)
from bluelamp.casework.investigations.rules import (
    NewCharge,
    SceneStatement,
    SceneStatementBack,
    Signature,
    SignaturePoint,
)
from bluelamp.casework.reports.commands import submit_report
from bluelamp.casework.reports.models import Report
from bluelamp.casework.reports.rules import ReportAnswers, report_subject
from bluelamp.demo import cast
from bluelamp.demo.photos import receive_photo
from bluelamp.foundation.accounts.actors import public_actor, user_actor
from bluelamp.foundation.accounts.commands.devices import NewDevice, enrol_device
from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import LONDON, now
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.kernel.jobs.queues import Queue, enqueue, job
from bluelamp.foundation.payments.models import Payment
from bluelamp.records.people.rules import LocationInput, PersonInput
from bluelamp.records.reference.lookups import find_postcode, list_courts
from bluelamp.services.firearms.models import Application, Certificate
from bluelamp.services.requests.models import InformationRequest
from bluelamp.services.requests.rules import RequestState

ESI_SAYS = (
    "I parked my blue car outside my house at about seven in the evening. In the morning both "
    "doors on the driver's side had a deep scratch all along, and the wing mirror was broken off. "
    "A neighbour's camera faces the road."
)
NEIGHBOUR_SAYS = (
    "At about ten past eleven I heard a crack outside and looked out. A man in a grey hooded top "
    "was hitting the mirror of my van with something. I know him by sight: he is called Callum "
    "and drinks at the corner. He walked off towards the main road. PC Bello took a photograph of "
    "the van, AB/1, while I stood by. The repair will cost about £420."
)
POSTCODE = "SE15 4QL"


class PackageNotReady(Exception):
    """The package is still being built. The job queue tries again later."""


def record_story(*, at: datetime) -> None:
    """Record the story, up to the request for the case file.

    Args:
        at: When the demonstration is loaded; the story began four days before.
    """
    people = {user.username: user_actor(user) for user in User.objects.all()}
    # Days ago, so that the case file can be complete on the day that somebody starts the
    # demonstration.
    morning = at.astimezone(LONDON).replace(hour=8, minute=40, second=0, microsecond=0) - timedelta(
        days=4
    )
    first = _esi_reports(people["joy"], morning=morning)
    second, item_id = _ada_at_the_scene(people["ada"], morning=morning)
    bilal_id = User.objects.get(username=cast.BILAL.username).id
    for number in (first, second):
        allocate_officer(
            actor=people["joy"], at=morning + timedelta(hours=4), number=number, officer_id=bilal_id
        )
    _bilal_investigates(people["bilal"], morning=morning, numbers=(first, second), item_id=item_id)
    case_file = request_case_file(actor=people["bilal"], at=now(), numbers=[first, second])
    enqueue("demo.send_to_prosecutor", urn=case_file.urn)


# Twenty, because it fails until the case file is built, which on a busy machine takes long.
@job(name="demo.send_to_prosecutor", queue=Queue.BULK, attempts=20)
def send_to_prosecutor(*, urn: str) -> None:
    """Send the finished file to Hana, once the worker has built it."""
    bilal = user_actor(User.objects.get(username=cast.BILAL.username))
    state = casefiles.get_case_file(actor=bilal, at=now(), urn=urn).state
    # Raised and not waited for: a job that waits would hold up the others of its queue.
    if state == "building":
        raise PackageNotReady(urn)
    if state == "ready":
        submit_case_file(actor=bilal, at=now(), urn=urn)


def describe_story() -> dict[str, Any] | None:
    """Return the story's references and its cast; None when the demonstration is not loaded."""
    report = (
        Report.objects.filter(person_reporting__email_key=cast.ESI.email)
        # The first: people who try the demonstration out may report as Esi too.
        .select_related("person_reporting")
        .order_by("received_at")
        .first()
    )
    if report is None:
        return None
    crime = Crime.objects.select_related("number").filter(report=report).first()
    case_file = CaseFile.objects.filter(crimes__crime=crime).first()
    numbers = (
        [
            str(linked.number)
            for linked in Crime.objects.select_related("number").filter(group=crime.group)
        ]
        if crime
        else []
    )
    return {
        "report": report.reference,
        "crime_numbers": sorted(numbers),
        "urn": case_file.urn if case_file else None,
        "case_file_state": case_file.state if case_file else None,
        **_describe_licensing(),
        "paid_request": _find_paid_request(),
        "tracking": {
            "reference": report.reference,
            "how": (
                "enter the reference at /track/, then the code sent to "
                f"{report.person_reporting.email} (read it at /demo/outbox/)"
            ),
        },
        "cast": [
            {
                "name": player.name,
                "role": player.title,
                "force": player.force,
                "user_name": player.username if player.roles else None,
                "signs_in": _how_to_sign_in(player),
            }
            for player in cast.CAST
        ],
    }


def _describe_licensing() -> dict[str, str | None]:
    """Return Grace's latest application, its payment, and her certificate."""
    applications = Application.objects.filter(applicant__email_key=cast.GRACE.email)
    application = applications.order_by("-received_at").first()
    payment = Payment.objects.filter(payable_id=application.id).first() if application else None
    certificates = Certificate.objects.filter(holder__email_key=cast.GRACE.email)
    certificate = certificates.order_by("issued_at").first()
    return {
        "firearms_application": application.reference if application else None,
        "payment": payment.reference if payment else None,
        "certificate": certificate.number if certificate else None,
    }


def _find_paid_request() -> str | None:
    """Return the reference of the first request for information that was answered."""
    requests = InformationRequest.objects.filter(state=RequestState.DELIVERED)
    request = requests.order_by("received_at").first()
    return request.reference if request else None


def _how_to_sign_in(player: cast.Player) -> str:
    if player.roles:
        return f"at /sign-in/: select their name, or use the password {cast.PASSWORD}"
    return (
        "has no account: tracks the case at /track/ with the reference and the code sent to "
        f"{player.email or 'their address'} (read it at /demo/outbox/)"
    )


def _esi_reports(desk: Actor, *, morning: datetime) -> str:
    public = public_actor(address="127.0.0.1")
    report_id = new_id()
    place = find_postcode(POSTCODE)
    items = [
        receive_photo(public, at=morning, subject=report_subject(report_id), name=name)
        for name in ("landscape_6", "portrait_1")
    ]
    answers = ReportAnswers(
        kind="criminal-damage",
        narrative=ESI_SAYS,
        occurred_from=morning - timedelta(hours=13),
        occurred_to=morning - timedelta(hours=1),
        address="14 Choumert Road",
        postcode=POSTCODE,
        easting=place.easting if place else None,
        northing=place.northing if place else None,
        latitude=place.latitude if place else None,
        longitude=place.longitude if place else None,
        given_name="Esi",
        family_name="Mensah",
        email=cast.ESI.email,
        phone=cast.ESI.phone,
        home_address="14 Choumert Road",
        home_postcode=POSTCODE,
        contact_preference="email",
        is_safe_to_contact=True,
        vrm="BD21 XKR",
        is_declared_true=True,
    )
    sent = submit_report(
        actor=public, at=morning, report_id=report_id, answers=answers, item_ids=items
    )
    recorded = record_from_report(
        actor=desk,
        at=morning + timedelta(minutes=25),
        reference=sent.reference,
        offence_code="CD71039/58C",
    )
    return recorded.number


def _ada_at_the_scene(ada: Actor, *, morning: datetime) -> tuple[str, UUID]:
    device, at = new_id(), morning + timedelta(hours=2)
    enrol_device(
        actor=ada,
        at=at,
        device=NewDevice(
            installation_id=device, name="Ada’s patrol tablet", public_key=_new_public_key()
        ),
    )
    lease = lease_numbers(actor=ada, at=at, device_id=device, want=20)[0]
    crime_id, victim_id = new_id(), new_id()
    home = LocationInput(address="16 Choumert Road", postcode=POSTCODE)
    scene = SceneCrime(
        crime_id=crime_id,
        number=lease.numbers[0],
        lease_id=lease.lease_id,
        device_id=device,
        device_at=at,
        offence_code="CD71039/58C",
        occurred_from=morning - timedelta(hours=9, minutes=30),
        summary="Wing mirror of a white van broken off outside the victim's house. "
        "The victim saw who did it.",
        location=home,
        victim_id=victim_id,
        victim=PersonInput(
            given_name="Joan",
            family_name="Pemberton",
            phone="07700900456",
            email="joan.pemberton@example.com",
            is_safe_to_contact=True,
            born_on=date(1968, 4, 17),
            gender="2",
            address=home,
        ),
    )
    # No phone sent it, so it has no bytes to hash. The next capture's hash differs.
    number = record_at_scene(actor=ada, at=at, capture=scene, sha256="0" * 64).number
    statement = SceneStatement(
        statement_id=new_id(),
        crime_id=crime_id,
        person_id=victim_id,
        maker_name="Joan Pemberton",
        age=None,
        occupation="Nurse",
        text=NEIGHBOUR_SAYS,
        declaration=DECLARATION.replace("___", "1"),
        pages=1,
        is_read_over=True,
        signed_at=at + timedelta(minutes=20),
        signature=_signature(),
        officer_signature=_signature(),
        taken_at_place="16 Choumert Road",
        device_id=device,
        device_at=at + timedelta(minutes=20),
        back=SceneStatementBack(
            address=home,
            phone="07700900456",
            email="joan.pemberton@example.com",
            dates_not_available="None",
            is_willing_to_attend=True,
            needs_special_measures=False,
            vps="offered",
        ),
    )
    take_statement(actor=ada, at=at + timedelta(minutes=21), capture=statement, sha256="1" * 64)
    item_id = receive_photo(
        ada, at=at + timedelta(minutes=25), subject=crime_subject(crime_id), name="landscape_1"
    )
    add_item(actor=ada, at=at + timedelta(minutes=25), crime_id=crime_id, item_id=item_id)
    return number, item_id


def _bilal_investigates(
    bilal: Actor, *, morning: datetime, numbers: tuple[str, str], item_id: UUID
) -> None:
    first, second = numbers
    at = morning + timedelta(days=1)
    link_crimes(
        actor=bilal,
        at=at,
        numbers=[first, second],
        reason="Same road, same night, same kind of damage.",
    )
    exhibit_item(
        actor=bilal,
        at=at,
        number=second,
        item_id=item_id,
        produced_by="Ada Bello",
        description="Photograph of the damaged wing mirror of a white van",
    )
    suspect = PersonInput(
        given_name="Callum",
        family_name="Thorne",
        born_on=date(1991, 9, 2),
        gender="1",
        address=LocationInput(address="3 Rye Lane, London", postcode="SE15 5BS"),
    )
    suspect_id = name_suspect(
        actor=bilal, at=at, number=second, details=suspect, reason="Named by an eyewitness."
    )
    court = next(
        court for court in list_courts("magistrates") if "camberwell" in court.name.lower()
    )
    day = morning.date()
    charge = NewCharge(
        suspect_person_id=suspect_id,
        offence_code="CD71039/58C",
        wording="Without lawful excuse, destroyed the wing mirror of a van to the value of £420 "
        "belonging to Joan Pemberton, intending to destroy or damage such property, contrary to "
        "sections 1(1) and 4 of the Criminal Damage Act 1971.",
        charged_on=day + timedelta(days=2),
        arrested_on=day + timedelta(days=2),
        court_ou_code=court.code,
        hearing_on=day + timedelta(days=30),
        hearing_starts=time(10),
    )
    record_charge(actor=bilal, at=morning + timedelta(days=2), number=second, charge=charge)


def _new_public_key() -> str:
    """Return the public half of a key that nobody keeps: this phone sends nothing more."""
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    point = key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.b64encode(point).decode()


def _signature() -> Signature:
    """Return a signature as the officer app would send it: one stroke, a zigzag."""
    points: list[SignaturePoint] = [
        {"x": 60 + 9 * step, "y": 120 + (40 if step % 4 < 2 else -30), "t": 16 * step}
        for step in range(28)
    ]
    return {"width": 600, "height": 240, "strokes": [points]}
