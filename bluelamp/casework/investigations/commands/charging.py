"""Record a charge and the first hearing."""

from datetime import date, datetime, time
from uuid import UUID

from bluelamp.casework.crimes.commands import mark_charged
from bluelamp.casework.crimes.queries import find_crime
from bluelamp.casework.investigations.commands.log import write_entry
from bluelamp.casework.investigations.events import SuspectCharged
from bluelamp.casework.investigations.models import AsnSeries, Charge, Hearing
from bluelamp.casework.investigations.queries import ChargeView, charge_view
from bluelamp.casework.investigations.rules import LONGEST_WORDING, EntryKind, asn_for
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import LONDON
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.kernel.outbox import announce
from bluelamp.records.people.models import Link
from bluelamp.records.people.rules import LinkRole, fits
from bluelamp.records.reference.queries import courts, offence
from bluelamp.records.reference.rules import parse_asn

_TEN_O_CLOCK = time(10)


@command(may="suspect.charge", act="suspect.charged", category=Category.COLLECTION)
def charge(
    *,
    actor: Actor,
    at: datetime,
    number: str,
    suspect_person_id: UUID,
    offence_code: str,
    wording: str,
    charged_on: date,
    court_ou_code: str,
    hearing_on: date,
    hearing_starts: time = _TEN_O_CLOCK,
    arrested_on: date | None = None,
    asn: str = "",
    unit: str = "ZD",
) -> ChargeView:
    """Record that a named suspect was charged, and the first hearing.

    `unit` is the two letters of the station in a new arrest/summons number; with `asn` the one that
    was given is kept, if its check letter is right. Days and times are London's. Raises NotFound,
    Refused.
    """
    crime = find_crime(force=actor.force, number=number, lock=True)
    suspects = Link.objects.select_related("person").filter(
        subject_id=crime.id, role=LinkRole.SUSPECT
    )
    named = suspects.filter(person_id=suspect_person_id).first()
    today = at.astimezone(LONDON).date()
    errors: dict[str, str] = {}
    if named is None or named.person is None:
        errors["suspect"] = "Choose somebody who is named as a suspect in this crime."
    charged_with = offence(offence_code.replace("\x00", ""), on=charged_on)
    if charged_with is None:
        errors["offence_code"] = "Choose an offence from the list."
    said = fits(wording, limit=LONGEST_WORDING, field="wording", what="The wording of the charge")
    if not said:
        errors["wording"] = "Enter the wording of the charge."
    if charged_on > today:
        errors["charged_on"] = "The date of the charge must be today or in the past."
    if arrested_on and arrested_on > charged_on:
        errors["arrested_on"] = "The arrest must come before the charge."
    if hearing_on < charged_on:
        errors["hearing_on"] = "The hearing must come after the charge."
    if court_ou_code not in {court.code for court in courts(on=today)}:
        errors["court_ou_code"] = "Choose a court from the list."
    written_asn = parse_asn(asn) if asn.strip() else ""
    if written_asn is None:
        errors["asn"] = "Check the arrest/summons number: its check letter does not match."
    if not (len(unit) == 2 and unit.isascii() and unit.isalnum()):
        errors["unit"] = "The unit of an arrest/summons number is two letters or digits."
    if errors or named is None or named.person is None or charged_with is None:
        raise Refused(errors=errors)
    before = Charge.objects.filter(crime=crime, person=named.person)
    made = Charge.objects.create(
        crime=crime,
        person=named.person,
        sequence=before.count() + 1,
        offence_code=charged_with.cjs_code,
        offence_title=charged_with.title,
        wording=said,
        charged_on=charged_on,
        arrested_on=arrested_on,
        asn=written_asn or _asn_of(before.first(), actor.force, unit.upper(), charged_on.year),
        charged_by=actor.id,
        charged_by_name=actor.name[:200],
        at=at,
    )
    Hearing.objects.create(
        charge=made, court_ou_code=court_ou_code, on=hearing_on, starts=hearing_starts
    )
    mark_charged(crime=crime)
    write_entry(
        actor=actor,
        at=at,
        crime=crime,
        kind=EntryKind.CHARGE,
        text=f"{named.person.name} charged with {charged_with.title} ({charged_with.cjs_code}).",
        about_id=made.id,
    )
    record_act(
        made, ref=str(crime.number), detail={"offence": charged_with.cjs_code, "asn": made.asn}
    )
    announce(
        SuspectCharged(
            crime_id=crime.id,
            number=str(crime.number),
            force=crime.force,
            court_ou_code=court_ou_code,
            hearing_on=hearing_on,
            at=at,
        )
    )
    return charge_view(
        Charge.objects.select_related("crime__number", "person", "hearing").get(id=made.id)
    )


def _asn_of(earlier: Charge | None, force: str, unit: str, year: int) -> str:
    """Return the arrest number of this person's earlier charge in the crime, else the next of the
    force's year.
    """
    if earlier:
        return earlier.asn
    series = AsnSeries.objects.select_for_update().filter(force=force, year=year)
    if (row := series.first()) is None:
        AsnSeries.objects.bulk_create([AsnSeries(force=force, year=year)], ignore_conflicts=True)
        row = series.get()
    serial = row.next_serial
    row.next_serial = serial + 1
    row.save(update_fields=["next_serial"])
    return asn_for(force=force, unit=unit, year=year, serial=serial)
