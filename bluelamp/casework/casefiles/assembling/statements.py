"""The statements of a case file, front and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from bluelamp.casework.casefiles.addresses import to_address
from bluelamp.casework.casefiles.assembling.officers import to_officer
from bluelamp.casework.casefiles.case_data import SignatureData, StatementBackData, StatementData
from bluelamp.casework.investigations.lookups import (
    InvestigationDetail,
    StatementDetail,
    find_statement_back,
)
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.device_clock import correct_device_time
from bluelamp.records.people.lookups import PersonDetail

_GENDERS = {"1": "Male", "2": "Female", "9": "Not specified"}


def assemble_statements(
    actor: Actor, investigations: Sequence[InvestigationDetail], people: Sequence[PersonDetail]
) -> tuple[StatementData, ...]:
    """Return the statements of the crimes. `people` are those of the case, who made them."""
    by_id = {person.id: person for person in people}
    return tuple(
        _to_statement_data(actor, statement, by_id)
        for investigation in investigations
        for statement in investigation.statements
    )


def assemble_statement(actor: Actor, statement: StatementDetail) -> StatementData:
    """Return one statement by itself, for a copy to its maker."""
    return _to_statement_data(actor, statement, {})


def _to_statement_data(
    actor: Actor, statement: StatementDetail, people: Mapping[UUID, PersonDetail]
) -> StatementData:
    return StatementData(
        id=statement.id,
        maker_name=statement.maker_name,
        maker_id=statement.maker_id,
        kind=str(statement.kind),
        age=statement.age,
        occupation=statement.occupation,
        text=statement.text,
        declaration=statement.declaration,
        pages=statement.pages,
        interpreter=statement.interpreter_name,
        original_language=statement.original_language,
        original_text=statement.original_text,
        read_over=statement.is_read_over,
        signed_at=statement.true_signed_at,
        signature=_to_signature(statement.signature),
        officer_signature=_to_signature(statement.officer_signature),
        taken_by=to_officer(statement.taken_by, statement.taken_by_name),
        taken_at_place=statement.taken_at_place,
        back=_to_statement_back(actor, statement, people.get(statement.maker_id)),
        # Of the bytes that the device sealed, which anybody with the phone's copy can compare.
        sha256=statement.capture_sha256,
    )


def _to_signature(drawn: Mapping[str, Any] | None) -> SignatureData | None:
    """Return the strokes without the time of each point, which the device also records."""
    if not drawn:
        return None
    strokes = tuple(
        tuple((float(point["x"]), float(point["y"])) for point in stroke)
        for stroke in drawn["strokes"]
    )
    return SignatureData(
        width=float(drawn["width"]), height=float(drawn["height"]), strokes=strokes
    )


def _to_statement_back(
    actor: Actor, statement: StatementDetail, maker: PersonDetail | None
) -> StatementBackData:
    back = find_statement_back(actor=actor, statement_id=statement.id)
    return StatementBackData(
        address=to_address(back.address) if back.address else None,
        phone_mobile=back.phone,
        email=back.email,
        preferred_contact=maker.preferred_contact.capitalize() if maker else "",
        gender=_GENDERS.get(maker.gender, "") if maker else "",
        born_on=maker.born_on if maker else None,
        dates_not_available=back.dates_not_available,
        willing_to_attend=back.is_willing_to_attend,
        special_measures=back.needs_special_measures,
        vps=back.vps.capitalize(),
        ensure_attendance=back.ensure_attendance,
        particular_needs=back.particular_needs,
        guardian_name=back.guardian_name,
        guardian_contact=back.guardian_contact,
        vps_leaflet_given=back.is_vps_leaflet_given,
        consent_medical_records=back.consents_to_medical_records,
        consent_disclosure_to_defence=back.consents_to_defence,
        consent_civil_proceedings=back.consents_to_civil_proceedings,
        consent_referral_to_support=back.consents_to_support,
        # The device's clock is the only one that was there: put right where it was wrong.
        taken_at=correct_device_time(statement.device_at, statement.device_clock)
        if statement.device_at
        else statement.received_at,
    )
