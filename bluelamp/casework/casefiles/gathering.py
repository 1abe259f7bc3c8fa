"""Everything a case file says, gathered from the rooms below: for use inside a command that records
it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import CharField, Count, Max, Q, QuerySet
from django.db.models.functions import Cast

from bluelamp.casework.casefiles.charging import charges_of
from bluelamp.casework.casefiles.facts import (
    BackFacts,
    CaseFacts,
    ChronologyFacts,
    ContinuityFacts,
    CrimeFacts,
    ExhibitFacts,
    HearingFacts,
    LinkFacts,
    Officer,
    PersonFacts,
    PreviewFacts,
    SignatureFacts,
    StatementFacts,
)
from bluelamp.casework.casefiles.models import CaseFile
from bluelamp.casework.casefiles.places import address_of
from bluelamp.casework.casefiles.stored import local_file
from bluelamp.casework.crimes.models import ClassificationChange, Crime
from bluelamp.casework.investigations.models import Exhibit, InvestigationEntry
from bluelamp.casework.investigations.queries import (
    ExhibitView,
    InvestigationView,
    StatementView,
    exhibits_of,
    investigation_view,
    statement_back_of,
)
from bluelamp.casework.investigations.rules import EntryKind
from bluelamp.foundation.accounts.queries import find_user
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.records.evidence.models import Item
from bluelamp.records.evidence.queries import continuity_of, previews_of
from bluelamp.records.evidence.rules import ScanVerdict
from bluelamp.records.people.models import Link, PersonChange
from bluelamp.records.people.queries import PersonView
from bluelamp.records.people.rules import LinkRole
from bluelamp.records.reference.queries import force as force_by_code

ROLES = (LinkRole.VICTIM, LinkRole.WITNESS, LinkRole.SUSPECT)
GENDERS = {"1": "Male", "2": "Female", "9": "Not specified"}
ENDINGS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "audio/wav": ".wav",
    "video/mp4": ".mp4",
}


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """A case with the files it speaks of, and each exhibit's continuity as the log holds it (row
    id, canonical).
    """

    basis: str
    facts: CaseFacts
    originals: Mapping[UUID, Path]
    previews: Mapping[tuple[UUID, str], Path]
    continuity: Mapping[UUID, Sequence[tuple[UUID, bytes]]]


def exhibited_items(
    *, force: str, crime_ids: Sequence[UUID]
) -> dict[UUID, tuple[ExhibitView, Item]]:
    """Return the exhibits of the crimes with their items, in the order of their references, one for
    each item.

    An item exhibited in two of the crimes keeps the reference it was given first; its description
    names the other. Raises Refused for an item that is held back.
    """
    listed = exhibits_of(crime_ids=crime_ids)
    items = (
        Item.objects.select_related("blob")
        .filter(force=force)
        .in_bulk([each.item_id for each in listed])
    )
    found: dict[UUID, tuple[ExhibitView, Item]] = {}
    for exhibit in listed:
        item = items[exhibit.item_id]
        if item.is_held_back:
            raise Refused(
                f"Exhibit {exhibit.reference} was found infected and is held back. Ask the evidence officer."
            )
        if exhibit.item_id in found:
            first, _ = found[exhibit.item_id]
            said = f"{first.description} (also exhibited as {exhibit.reference} in {exhibit.crime_number})"
            found[exhibit.item_id] = (replace(first, description=said), item)
        else:
            found[exhibit.item_id] = (exhibit, item)
    return dict(sorted(found.items(), key=lambda pair: _in_order(pair[1][0].reference)))


def crime_ids_of(case_file: CaseFile) -> list[UUID]:
    """Return the ids of the crimes of a case file, in its order."""
    return list(case_file.crimes.order_by("position").values_list("crime_id", flat=True))


def basis_of(crime_ids: Sequence[UUID]) -> str:
    """Return how far the record of some crimes goes: the same while nobody added, corrected or
    linked anything.

    Taken before a case is gathered: what is added meanwhile shows. Everything done to a crime
    writes its log; a person's record changes by a correction or when they are linked somewhere.
    """
    people = Link.objects.filter(subject_id__in=crime_ids, person__isnull=False).values("person_id")
    exhibited = Exhibit.objects.filter(crime_id__in=crime_ids).values("item_id")
    held_back = Item.objects.filter(id__in=exhibited, scan_verdict=ScanVerdict.INFECTED)
    parts: tuple[QuerySet[Any], ...] = (
        InvestigationEntry.objects.filter(crime_id__in=crime_ids),
        ClassificationChange.objects.filter(crime_id__in=crime_ids),
        Link.objects.filter(Q(subject_id__in=crime_ids) | Q(person_id__in=people)),
        PersonChange.objects.filter(person_id__in=people),
        held_back,
    )
    latest = Max(Cast("id", CharField()))
    found = [part.order_by().aggregate(count=Count("id"), latest=latest) for part in parts]
    return " ".join(f"{each['count']}:{(each['latest'] or '')[-17:]}" for each in found)


def gather(*, case_file: CaseFile, at: datetime, files: ExitStack | None = None) -> Gathered:
    """Gather a case, with originals and previews lent as local files until `files` is closed.

    Without `files` only what people said and did: none of an exhibit's continuity and previews,
    which the system adds.

    Raises Refused for an exhibit that is held back, FileNotFoundError for one the store has lost.
    """
    urn, force, unit = case_file.urn, case_file.force, case_file.unit
    crime_ids = crime_ids_of(case_file)
    basis = basis_of(crime_ids)
    crimes = Crime.objects.select_related("number", "location", "report", "group").in_bulk(
        crime_ids
    )
    views = [investigation_view(crimes[crime_id]) for crime_id in crime_ids]
    exhibits: list[ExhibitFacts] = []
    originals: dict[UUID, Path] = {}
    previews: dict[tuple[UUID, str], Path] = {}
    continuity: dict[UUID, list[tuple[UUID, bytes]]] = {}
    for item_id, (exhibit, item) in exhibited_items(force=force, crime_ids=crime_ids).items():
        rows = continuity_of(item=item) if files else []
        continuity[item_id] = [(row.id, row.canonical()) for row in rows]
        made = previews_of(item=item) if files else []
        if files:
            originals[item_id] = files.enter_context(local_file(item.sha256))
            for preview in made:
                previews[item_id, preview.blob_id] = files.enter_context(
                    local_file(preview.blob_id)
                )
        made_at = {
            str(row.detail.get("sha256", "")): row.at for row in rows if row.verb == "previewed"
        }
        exhibits.append(
            ExhibitFacts(
                reference=exhibit.reference,
                item_id=item_id,
                description=exhibit.description,
                produced_by=exhibit.produced_by,
                sha256=item.sha256,
                size=item.blob.size,
                filename=item.filename,
                media_type=item.media_type,
                captured_at=item.captured_at,
                received_at=item.received_at,
                held_at="Evidence store",
                continuity=tuple(
                    ContinuityFacts(canonical=line.decode()) for _, line in continuity[item_id]
                ),
                previews=tuple(
                    PreviewFacts(
                        name=f"{preview.kind}{ENDINGS.get(preview.media_type, '')}",
                        media_type=preview.media_type,
                        size=preview.blob.size,
                        sha256=preview.blob_id,
                        how=preview.how,
                        made_at=made_at.get(preview.blob_id),
                    )
                    for preview in made
                ),
            )
        )
    first_hearing = min(
        (charge for view in views for charge in view.charges),
        key=lambda charge: (charge.hearing_on, charge.hearing_starts),
        default=None,
    )
    known = force_by_code(force)
    facts = CaseFacts(
        urn=urn,
        force_code=force,
        force_name=known.name if known else f"Force {force}",
        unit=unit,
        created_at=at.replace(microsecond=0),
        officer_in_case=officer(_officer_in_case(case_file), "", location_code=f"{force}{unit}"),
        originating_organisation=f"{force}{unit}00",
        crimes=tuple(_crime(view) for view in views),
        people=tuple(_person(person) for person in _everyone(views)),
        links=_links(views),
        statements=tuple(_statement(each, views) for view in views for each in view.statements),
        exhibits=tuple(exhibits),
        chronology=_chronology(views),
        charges=charges_of(views),
        hearing=HearingFacts(
            court_ou_code=first_hearing.court_ou_code,
            on=first_hearing.hearing_on,
            starts=first_hearing.hearing_starts,
        )
        if first_hearing
        else None,
    )
    return Gathered(
        basis=basis, facts=facts, originals=originals, previews=previews, continuity=continuity
    )


def _officer_in_case(case_file: CaseFile) -> UUID | None:
    """The officer in the case of the first crime that has one, else whoever asked for the file
    first.
    """
    held = case_file.crimes.filter(crime__officer_in_case_id__isnull=False).order_by("position")
    return held.values_list("crime__officer_in_case_id", flat=True).first() or case_file.created_by


def officer(user_id: UUID | None, known_as: str, *, location_code: str = "") -> Officer:
    """Return an officer by account, or by the name on the record where there is no account any
    more.
    """
    user = find_user(user_id=user_id) if user_id else None
    if user is None:
        return Officer(name=known_as, location_code=location_code)
    return Officer(
        name=user.name,
        rank=user.rank,
        collar=user.collar,
        location_code=location_code,
        email=user.email,
    )


def _in_order(reference: str) -> tuple[str, int]:
    initials, _, serial = reference.partition("/")
    return initials, int(serial) if serial.isdecimal() else 0


def _crime(view: InvestigationView) -> CrimeFacts:
    crime = view.crime
    return CrimeFacts(
        number=crime.number,
        offence_code=crime.offence_code.split("/")[0],
        offence_title=crime.offence_title,
        occurred_from=crime.occurred_from,
        occurred_to=crime.occurred_to,
        location=address_of(crime.location, detail=crime.place_detail),
        recorded_at=crime.recorded_at,
        summary=crime.summary,
        victims=tuple(person.id for person in crime.with_role(LinkRole.VICTIM)),
        against_the_state=crime.is_against_the_state,
    )


def _everyone(views: Sequence[InvestigationView]) -> list[PersonView]:
    """Everyone in a role the file knows, and everyone who made a statement, each once."""
    makers = {statement.maker_id for view in views for statement in view.statements}
    people: dict[UUID, PersonView] = {}
    for view in views:
        for each in view.crime.people:
            if each.role in ROLES or each.person.id in makers:
                people.setdefault(each.person.id, each.person)
    return list(people.values())


def _links(views: Sequence[InvestigationView]) -> tuple[LinkFacts, ...]:
    links: dict[LinkFacts, None] = {}
    for view in views:
        number = view.crime.number
        for each in view.crime.people:
            if each.role in ROLES:
                links[
                    LinkFacts(person_id=each.person.id, crime_number=number, role=str(each.role))
                ] = None
        linked = {link.person_id for link in links if link.crime_number == number}
        for statement in view.statements:
            if statement.maker_id not in linked:
                links[
                    LinkFacts(person_id=statement.maker_id, crime_number=number, role="witness")
                ] = None
    return tuple(links)


def _person(person: PersonView) -> PersonFacts:
    is_mobile = re.match(r"(\+44|0044|0)\s*\(?0?\)?\s*7", person.phone) is not None
    return PersonFacts(
        id=person.id,
        given=tuple(person.given_name.split()),
        family=person.family_name,
        organisation="" if person.given_name or person.family_name else person.business_name,
        born_on=person.born_on,
        gender=person.gender or "0",
        address=address_of(person.address) if person.address else None,
        phone_mobile=person.phone if is_mobile else "",
        phone_home="" if is_mobile else person.phone,
        email=person.email,
        occupation=person.occupation,
        language="W" if person.language.strip().casefold() in {"w", "welsh", "cymraeg"} else "E",
    )


def _statement(statement: StatementView, views: Sequence[InvestigationView]) -> StatementFacts:
    taker = officer(statement.taken_by, statement.taken_by_name)
    return StatementFacts(
        id=statement.id,
        maker_name=statement.maker_name,
        maker_id=statement.maker_id,
        kind=str(statement.kind),
        age=statement.age,
        occupation=statement.occupation,
        text=statement.text,
        declaration=statement.declaration,
        pages=statement.pages,
        read_over=statement.is_read_over,
        signed_at=statement.signed_at,
        signature=_signature(statement.signature),
        taken_by=taker,
        taken_at_place=statement.taken_at_place,
        back=_back(
            statement, next((p for p in _everyone(views) if p.id == statement.maker_id), None)
        ),
        sha256=statement.capture_sha256,
    )


def _signature(drawn: Mapping[str, Any]) -> SignatureFacts | None:
    if not drawn:
        return None
    strokes = tuple(
        tuple((float(point["x"]), float(point["y"])) for point in stroke)
        for stroke in drawn["strokes"]
    )
    return SignatureFacts(
        width=float(drawn["width"]), height=float(drawn["height"]), strokes=strokes
    )


def _back(statement: StatementView, maker: PersonView | None) -> BackFacts | None:
    back = statement_back_of(statement_id=statement.id)
    if back is None:
        return None
    return BackFacts(
        address=address_of(back.address) if back.address else None,
        phone_mobile=back.phone,
        email=back.email,
        preferred_contact=maker.preferred_contact.capitalize() if maker else "",
        gender=GENDERS.get(maker.gender, "") if maker else "",
        born_on=maker.born_on if maker else None,
        dates_not_available=back.dates_not_available,
        willing_to_attend=back.is_willing_to_attend,
        special_measures=back.needs_special_measures,
        vps=back.vps.capitalize(),
        taken_at=statement.device_at or statement.received_at,
    )


def _chronology(views: Sequence[InvestigationView]) -> tuple[ChronologyFacts, ...]:
    """What happened when, in our own words: the MG5 that shows it goes to the defence, so no notes
    are quoted.
    """
    lines: list[ChronologyFacts] = []
    for view in views:
        crime = view.crime
        told = f" ({crime.report_reference})" if crime.report_reference else ""
        lines.append(
            ChronologyFacts(at=crime.reported_at, what=f"Crime {crime.number} reported{told}")
        )
        lines.append(
            ChronologyFacts(
                at=crime.recorded_at,
                what=f"Crime {crime.number} recorded",
                who=crime.recorded_by_name,
            )
        )
        for statement in view.statements:
            what = f"Statement of {statement.maker_name} signed"
            lines.append(
                ChronologyFacts(at=statement.signed_at, what=what, who=statement.taken_by_name)
            )
        for exhibit in view.exhibits:
            what = f"Exhibit {exhibit.reference} given its reference"
            lines.append(
                ChronologyFacts(at=exhibit.exhibited_at, what=what, who=exhibit.exhibited_by_name)
            )
        lines += [
            ChronologyFacts(at=entry.at, what="Charge recorded", who=entry.by_name)
            for entry in view.timeline
            if entry.kind == EntryKind.CHARGE
        ]
    return tuple(sorted(lines, key=lambda line: line.at))
