"""Record a charge and the first hearing."""

from datetime import datetime

from bluelamp.casework.crimes.commands import mark_charged
from bluelamp.casework.crimes.lookups import lock_crime
from bluelamp.casework.crimes.models import Crime
from bluelamp.casework.investigations.commands.log import write_log_entry
from bluelamp.casework.investigations.events import SuspectCharged
from bluelamp.casework.investigations.lookups import ChargeDetail, to_charge_detail
from bluelamp.casework.investigations.models import Charge, Hearing
from bluelamp.casework.investigations.rules import (
    ASN_SERIES,
    MAX_WORDING_LENGTH,
    EntryKind,
    NewCharge,
    build_asn,
    check_charge,
)
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.kernel.events.outbox import publish
from bluelamp.foundation.kernel.problems import Problem
from bluelamp.foundation.kernel.series import take_serial
from bluelamp.foundation.kernel.text import clean_text
from bluelamp.records.people.models import Link, Person
from bluelamp.records.people.rules import LinkRole
from bluelamp.records.reference.lookups import OffenceDetail, get_offence, list_courts
from bluelamp.records.reference.rules import parse_asn


@command(permission="suspect.charge", act="suspect.charged", category=Category.COLLECTION)
def record_charge(*, actor: Actor, at: datetime, number: str, charge: NewCharge) -> ChargeDetail:
    """Record that a named suspect was charged, and the first hearing.

    Raises:
        NotFound: There is no such crime in the actor's force.
        Refused: A field is wrong, or the person is not named as a suspect in the crime.
    """
    # Locked: `sequence` counts the charges there are, so two at once would get the same one.
    crime = lock_crime(actor=actor, number=number)
    suspect, offence = _find_suspect_and_offence(crime, charge, at=at)
    earlier = Charge.objects.filter(crime=crime, person=suspect)
    row = Charge.objects.create(
        crime=crime,
        person=suspect,
        sequence=earlier.count() + 1,
        offence_code=offence.cjs_code,
        # Copied, not looked up again: an amended title must not change what somebody was charged
        # with.
        offence_title=offence.title,
        wording=clean_text(
            charge.wording,
            max_length=MAX_WORDING_LENGTH,
            field="wording",
            label="investigations.wording_label",
        ),
        charged_on=charge.charged_on,
        arrested_on=charge.arrested_on,
        asn=_get_or_take_asn(actor, charge, earlier=earlier.first()),
        charged_by_id=actor.id,
        # Copied, because an account's name may change. 200 is the column's length.
        charged_by_name=actor.name[:200],
        at=at,
    )
    row.hearing = Hearing.objects.create(
        charge=row,
        court_ou_code=charge.court_ou_code,
        on=charge.hearing_on,
        starts=charge.hearing_starts,
    )
    mark_charged(crime=crime)
    write_log_entry(
        actor=actor,
        at=at,
        crime=crime,
        kind=EntryKind.CHARGE,
        text=f"{suspect.name} charged with {offence.title} ({offence.cjs_code}).",
        about_id=row.id,
    )
    record_act(row, ref=str(crime.number), detail={"offence": row.offence_code, "asn": row.asn})
    publish(
        SuspectCharged(
            crime_id=crime.id,
            number=str(crime.number),
            force=crime.force,
            court_ou_code=charge.court_ou_code,
            hearing_on=charge.hearing_on,
            at=at,
        )
    )
    return to_charge_detail(row)


def _find_suspect_and_offence(
    crime: Crime, charge: NewCharge, *, at: datetime
) -> tuple[Person, OffenceDetail]:
    """Return the suspect and the offence of a charge. Raises Refused with every problem at once."""
    today = london_date(at)
    problems = check_charge(charge, today=today)
    suspect = _find_suspect(crime, charge)
    if suspect is None:
        problems.append(Problem("investigations.suspect_unknown", "suspect"))
    # PostgreSQL refuses a NUL in a query, and no code has one.
    # As the law was on the day of the charge, which may be some time ago.
    offence = get_offence(charge.offence_code.replace("\x00", ""), on=charge.charged_on)
    if offence is None:
        problems.append(Problem("investigations.offence_unknown", "offence_code"))
    # A court as of today: the hearing is still to come, so one that has closed is a mistake.
    if charge.court_ou_code not in {court.code for court in list_courts(on=today)}:
        problems.append(Problem("investigations.court_unknown", "court_ou_code"))
    # Only `problems` can be true here without the others; they tell the type checker so.
    if problems or suspect is None or offence is None:
        raise Refused(errors=problems)
    return suspect, offence


def _find_suspect(crime: Crime, charge: NewCharge) -> Person | None:
    link = (
        Link.objects.select_related("person")
        .filter(subject_id=crime.id, role=LinkRole.SUSPECT, person_id=charge.suspect_person_id)
        .first()
    )
    return link.person if link else None


def _get_or_take_asn(actor: Actor, charge: NewCharge, *, earlier: Charge | None) -> str:
    """Return the arrest/summons number of a charge.

    It is the one that was given, or that of the person's earlier charge in the crime (one arrest
    has one number), or the next of the force's year.
    """
    if charge.asn.strip() and (asn := parse_asn(charge.asn)):
        return asn
    # One arrest has one number, whatever number of charges follow from it.
    if earlier:
        return earlier.asn
    year = charge.charged_on.year
    serial = take_serial(kind=ASN_SERIES, force=actor.force, year=year)
    return build_asn(force=actor.force, unit=charge.unit.upper(), year=year, serial=serial)
