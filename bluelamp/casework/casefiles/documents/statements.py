"""The witness statement (MG11): the front that is served, and the back that is not."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bluelamp.casework.casefiles.case_data import (
    CaseData,
    SignatureData,
    StatementBackData,
    StatementData,
)
from bluelamp.casework.casefiles.documents.formats import (
    clock_time,
    date_and_time,
    long_date,
    short_date,
    yes_or_no,
)
from bluelamp.casework.casefiles.documents.render import render
from bluelamp.casework.casefiles.documents.signature import aspect_ratio, signature_svg
from bluelamp.casework.investigations.rules import StatementKind

DECLARATION = (
    "This statement (consisting of ___ page(s) each signed by me) is true to the best of my "
    "knowledge and belief and I make it knowing that, if it is tendered in evidence, I shall be "
    "liable to prosecution if I have wilfully stated in it anything which I know to be false, or "
    "do not believe to be true."
)
"""The declaration as printed on MG11 (T); Criminal Justice Act 1967, s. 9(2)(b) and s. 89. `___`
becomes the number of pages.
"""

STATEMENT_TITLES = {
    StatementKind.STATEMENT: "Witness statement",
    StatementKind.VICTIM_PERSONAL: "Victim Personal Statement",
    StatementKind.BUSINESS_IMPACT: "Impact Statement for Business",
}
"""The heading of each kind of statement: all are made on MG11 (T)."""

SERVED = "OFFICIAL-SENSITIVE (when complete)"
POLICE_ONLY = "POLICE AND PROSECUTION ONLY"
BACK_WARNING = (
    "Confidential. This page is for the police and the prosecutor only. It is not part of the "
    "statement that is served, and must never be disclosed unedited."
)


def _statement_taker(statement: StatementData) -> str:
    officer = statement.taken_by
    if officer is None:
        return ""
    return " ".join(part for part in (officer.rank, officer.name, officer.collar) if part)


def _drawn(signature: SignatureData | None) -> SignatureData | None:
    # A signature without a stroke would be an empty picture.
    return signature if signature is not None and any(signature.strokes) else None


def _signature_note(statement: StatementData) -> str:
    if statement.signed_at is None:
        return "Not signed."
    how = "Signed electronically" if statement.signature else "Signed"
    day, time = long_date(statement.signed_at), clock_time(statement.signed_at)
    return f"{how} by {statement.maker_name} on {day} at {time}."


def _notes(statement: StatementData) -> list[str]:
    notes = []
    if statement.read_over:
        reader = f" by {statement.read_over_by}" if statement.read_over_by else ""
        notes.append(f"Read over to the maker{reader} before signing.")
    if statement.original_language:
        interpreter = (
            f", through the interpreter {statement.interpreter}" if statement.interpreter else ""
        )
        notes.append(
            f"Made in {statement.original_language}{interpreter}; this is the statement in English."
        )
    return notes


def mg11(*, case: CaseData, statement: StatementData) -> bytes:
    """Return the front of a statement (MG11) as PDF, as it may be served.

    It has no address and no date of birth. The declaration and the text are those that the maker
    signed; the page count is that of this document.
    """
    return _front(statement, force_name=case.force_name, urn=case.urn, made_at=case.created_at)


def mg11_copy(*, statement: StatementData, force_name: str, made_at: datetime) -> bytes:
    """Return the front of a statement (MG11) as PDF for its maker, outside any case file."""
    return _front(statement, force_name=force_name, urn="", made_at=made_at)


def _front(statement: StatementData, *, force_name: str, urn: str, made_at: datetime) -> bytes:
    signature = _drawn(statement.signature)
    officer_signature = _drawn(statement.officer_signature)
    data: dict[str, Any] = {
        "title": f"MG11 statement of {statement.maker_name}",
        "author": force_name,
        "force": force_name,
        "urn": urn,
        "heading": STATEMENT_TITLES[StatementKind(statement.kind)],
        "subtitle": "Criminal Procedure Rules, rule 16.2; Criminal Justice Act 1967, section 9",
        "marking": SERVED,
        "maker": statement.maker_name,
        # As MG11 prints it. A statement has the age only below 18 (Criminal Procedure Rules 16.2).
        "age": "Over 18" if statement.age is None else str(statement.age),
        "occupation": statement.occupation,
        "declaration": statement.declaration or DECLARATION,
        "signature": signature_svg(signature) if signature else None,
        "signature_aspect_ratio": aspect_ratio(signature) if signature else 1.0,
        "officer_signature": signature_svg(officer_signature) if officer_signature else None,
        "officer_aspect_ratio": aspect_ratio(officer_signature) if officer_signature else 1.0,
        "signed_on": short_date(statement.signed_at),
        "signature_note": _signature_note(statement),
        "visually_recorded": statement.visually_recorded,
        "text": statement.text,
        "original_language": statement.original_language,
        "original_text": statement.original_text,
        # Nobody is said to have witnessed a signature who did not sign for that.
        "officer_label": "Signature witnessed by" if officer_signature else "Statement taken by",
        "officer": _statement_taker(statement),
        "notes": _notes(statement),
        "pages_seen": statement.pages,
    }
    return render(form="mg11", data=data, made_at=made_at)


def _back_sections(statement: StatementData, back: StatementBackData) -> list[dict[str, Any]]:
    contact = [
        ["Home address", back.address.single_line() if back.address else "", "wide"],
        ["Home telephone", back.phone_home],
        ["Work telephone", back.phone_work],
        ["Mobile", back.phone_mobile],
        ["Email", back.email],
        ["Preferred means of contact", back.preferred_contact],
        ["Former name", back.former_name],
    ]
    about = [
        ["Gender", back.gender],
        ["Date of birth", short_date(back.born_on)],
        ["Place of birth", back.place_of_birth],
        ["Ethnicity code (16+1)", back.ethnicity],
    ]
    dates = (
        "Not asked yet"
        if back.dates_not_available is None
        else (back.dates_not_available or "None")
    )
    court = [
        ["Dates when the witness is not available", dates, "wide"],
        ["Willing to attend court", yes_or_no(back.willing_to_attend)],
        ["What would ensure attendance", back.ensure_attendance],
        ["Special measures needed (if yes, MG2)", yes_or_no(back.special_measures)],
        ["Particular needs", back.particular_needs],
    ]
    victim = [
        ["Victim Personal Statement leaflet given", yes_or_no(back.vps_leaflet_given)],
        ["Victim Personal Statement", back.vps or "Not offered yet"],
    ]
    guardian = [
        ["Parent or guardian", back.guardian_name],
        ["How to contact them", back.guardian_contact],
    ]
    consents = [
        ["Medical records may be obtained", yes_or_no(back.consent_medical_records)],
        ["Medical record may go to the defence", yes_or_no(back.consent_disclosure_to_defence)],
        [
            "Statement may be disclosed for civil proceedings",
            yes_or_no(back.consent_civil_proceedings),
        ],
        ["Details may go to support services", yes_or_no(back.consent_referral_to_support)],
    ]
    taken = [
        ["Statement taken by", _statement_taker(statement)],
        ["Station", back.station],
        ["Time and date", date_and_time(back.taken_at or statement.signed_at)],
        ["Place", statement.taken_at_place],
    ]
    sections = [
        ("Contact", contact),
        ("About the witness", about),
        ("Going to court", court),
        ("Victim Personal Statement", victim),
        ("Consent", consents),
        ("How the statement was taken", taken),
    ]
    if statement.age is not None:
        # After what is asked about the witness, where MG11 has it.
        sections.insert(2, ("Witness under 18", guardian))
    return [{"title": title, "boxes": boxes} for title, boxes in sections]


def mg11_back(*, case: CaseData, statement: StatementData) -> bytes:
    """Return the back of a statement as PDF: police and prosecutor only, never served."""
    signed_on = short_date(statement.signed_at) or "not signed"
    data: dict[str, Any] = {
        "title": f"MG11 back: details of {statement.maker_name}",
        "author": case.force_name,
        "force": case.force_name,
        "urn": case.urn,
        "subtitle": f"Statement of {statement.maker_name}, {signed_on}",
        "marking": POLICE_ONLY,
        "warning": BACK_WARNING,
        "sections": _back_sections(statement, statement.back or StatementBackData()),
    }
    return render(form="mg11_back", data=data, made_at=case.created_at)
