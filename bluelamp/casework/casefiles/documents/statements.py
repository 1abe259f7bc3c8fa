"""The witness statement (MG11): the front that is served, and the back that is not."""

from __future__ import annotations

from typing import Any

from bluelamp.casework.casefiles.documents.render import render
from bluelamp.casework.casefiles.documents.signature import as_svg, shape_of
from bluelamp.casework.casefiles.documents.words import clock, day, short_day, when, yes_or_no
from bluelamp.casework.casefiles.facts import BackFacts, CaseFacts, StatementFacts

DECLARATION = (
    "This statement (consisting of ___ page(s) each signed by me) is true to the best of my knowledge and belief "
    "and I make it knowing that, if it is tendered in evidence, I shall be liable to prosecution if I have "
    "wilfully stated in it anything which I know to be false, or do not believe to be true."
)
"""MG11 (T), as printed; Criminal Justice Act 1967, s. 9(2)(b) and s. 89. `___` becomes the number
of pages.
"""

SERVED = "OFFICIAL-SENSITIVE (when complete)"
POLICE_ONLY = "POLICE AND PROSECUTION ONLY"
BACK_WARNING = (
    "Confidential. This page is for police and prosecutor only. It is not part of the statement that is served, "
    "and is never to be disclosed unedited."
)


def _witness_to(statement: StatementFacts) -> str:
    officer = statement.taken_by
    if officer is None:
        return ""
    return " ".join(part for part in (officer.rank, officer.name, officer.collar) if part)


def _signed_words(statement: StatementFacts) -> str:
    if statement.signed_at is None:
        return "Not signed."
    how = "Signed electronically" if statement.signature else "Signed"
    return f"{how} by {statement.maker_name} on {day(statement.signed_at)} at {clock(statement.signed_at)}."


def _notes(statement: StatementFacts) -> list[str]:
    notes = []
    if statement.read_over:
        reader = f" by {statement.read_over_by}" if statement.read_over_by else ""
        notes.append(f"Read over to the maker{reader} before signing.")
    if statement.original_language:
        helper = (
            f", through the interpreter {statement.interpreter}" if statement.interpreter else ""
        )
        notes.append(
            f"Made in {statement.original_language}{helper}; this is the statement in English."
        )
    return notes


def mg11(*, facts: CaseFacts, statement: StatementFacts) -> bytes:
    """The front of the statement, as it may be served: no address, no date of birth.

    The declaration is as the maker made it, the text as frozen at signature, the page count that of
    this document.
    """
    personal = statement.kind == "victim-personal-statement"
    drawn = (
        statement.signature if statement.signature and any(statement.signature.strokes) else None
    )
    data: dict[str, Any] = {
        "title": f"MG11 statement of {statement.maker_name}",
        "author": facts.force_name,
        "force": facts.force_name,
        "urn": facts.urn,
        "heading": "Victim Personal Statement" if personal else "Witness statement",
        "under": "Criminal Procedure Rules, rule 16.2; Criminal Justice Act 1967, section 9",
        "marking": SERVED,
        "maker": statement.maker_name,
        "age": "Over 18" if statement.age is None else str(statement.age),
        "occupation": statement.occupation,
        "declaration": statement.declaration or DECLARATION,
        "signature": as_svg(drawn) if drawn else None,
        "signature_shape": shape_of(drawn) if drawn else 1.0,
        "signed_on": short_day(statement.signed_at),
        "signed_words": _signed_words(statement),
        "visually_recorded": statement.visually_recorded,
        "text": statement.text,
        "witness": _witness_to(statement),
        "notes": _notes(statement),
        "pages_seen": statement.pages,
    }
    return render(form="mg11", data=data, made_at=facts.created_at)


def _sections(statement: StatementFacts, back: BackFacts) -> list[dict[str, Any]]:
    contact = [
        ["Home address", back.address.in_one_line() if back.address else "", "wide"],
        ["Home telephone", back.phone_home],
        ["Work telephone", back.phone_work],
        ["Mobile", back.phone_mobile],
        ["E-mail", back.email],
        ["Preferred means of contact", back.preferred_contact],
        ["Former name", back.former_name],
    ]
    about = [
        ["Gender", back.gender],
        ["Date of birth", short_day(back.born_on)],
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
        ["How to reach them", back.guardian_contact],
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
        ["Statement taken by", _witness_to(statement)],
        ["Station", back.station],
        ["Time and date", when(back.taken_at or statement.signed_at)],
        ["Place", statement.taken_at_place],
    ]
    sections = [
        ("Contact", contact),
        ("About the witness", about),
        ("Going to court", court),
        ("Victim's voice", victim),
        ("Consent", consents),
        ("How the statement was taken", taken),
    ]
    if statement.age is not None:
        sections.insert(2, ("Witness under 18", guardian))
    return [{"title": title, "boxes": boxes} for title, boxes in sections]


def mg11_back(*, facts: CaseFacts, statement: StatementFacts) -> bytes:
    """The back of the statement, for police and prosecutor only; never part of what is served."""
    data: dict[str, Any] = {
        "title": f"MG11 back: details of {statement.maker_name}",
        "author": facts.force_name,
        "force": facts.force_name,
        "urn": facts.urn,
        "under": f"Statement of {statement.maker_name}, {short_day(statement.signed_at) or 'not signed'}",
        "marking": POLICE_ONLY,
        "warning": BACK_WARNING,
        "sections": _sections(statement, statement.back or BackFacts()),
    }
    return render(form="mg11_back", data=data, made_at=facts.created_at)
