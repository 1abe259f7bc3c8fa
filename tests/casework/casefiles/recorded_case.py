"""A real case on record, made by commands: a crime with photos, a statement and a charge."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from bluelamp.casework.crimes.commands import add_item, record_at_scene
from bluelamp.casework.crimes.rules import crime_subject
from bluelamp.casework.investigations.commands import (
    allocate_officer,
    exhibit_item,
    name_suspect,
    record_charge,
    take_statement,
)
from bluelamp.casework.investigations.rules import NewCharge
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.records.evidence.commands import receive_item
from bluelamp.records.people.rules import LocationInput, PersonInput
from tests.casework.scenes import AT, DAMAGE, make_scene_crime, make_scene_statement
from tests.device_keys import lease_to_phone
from tests.media_samples import heic_with_gps, rotated_jpeg_with_gps

DEVICE = UUID(int=77)


def record_crime_with_photos(ada: Actor, *, device_id: UUID = DEVICE, photos: int = 1) -> str:
    """Record a crime at the scene with a statement that produces its photos; return its number."""
    lease = lease_to_phone(actor=ada, at=AT, device_id=device_id, want=1)[0]
    scene = make_scene_crime(number=lease.numbers[0], lease_id=lease.lease_id, device_id=device_id)
    number = record_at_scene(actor=ada, at=AT, capture=scene, sha256="a1" * 32).number
    for name, content in (
        ("IMG_0001.jpg", rotated_jpeg_with_gps()),
        ("IMG_0002.HEIC", heic_with_gps()),
    )[:photos]:
        item = receive_item(
            actor=ada,
            at=AT,
            subject=crime_subject(scene.crime_id),
            filename=name,
            source=content,
        )
        add_item(actor=ada, at=AT, crime_id=scene.crime_id, item_id=item.id)
    text = "I found the mirror on the road. I produce a photograph as exhibit AB/1."
    mg11 = replace(
        make_scene_statement(crime_id=scene.crime_id, person_id=scene.victim_id), text=text
    )
    take_statement(actor=ada, at=AT, capture=mg11, sha256="b2" * 32)
    return number


def charge_suspect(bilal: Actor, ada: Actor, number: str) -> UUID:
    """Name a suspect, exhibit the photos, and charge; return the suspect's id."""
    from bluelamp.casework.crimes.lookups import get_crime

    allocate_officer(actor=bilal, at=AT, number=number, officer_id=bilal.id)
    for item_id in get_crime(actor=bilal, at=AT, number=number).item_ids:
        exhibit_item(
            actor=bilal,
            at=AT,
            number=number,
            item_id=item_id,
            description="Photograph of a broken wing mirror",
            produced_by="Ada Bello",
        )
    home = LocationInput(address="3A Quay Road, London", postcode="SE16 4XX")
    suspect = PersonInput(
        given_name="Jordan Lee", family_name="O'Neill", born_on=date(1996, 11, 20), address=home
    )
    person_id = name_suspect(actor=bilal, at=AT, number=number, details=suspect)
    charge = NewCharge(
        suspect_person_id=person_id,
        offence_code=DAMAGE,
        wording="On 3 March 2026 at London without lawful excuse damaged a wing mirror.",
        charged_on=date(2026, 3, 3),
        court_ou_code="B01IX00",
        hearing_on=date(2026, 3, 20),
    )
    record_charge(actor=bilal, at=AT, number=number, charge=charge)
    return person_id
