"""The case summary (MG5), unused material (MG6C), witness list (MG9) and exhibit list (MG12)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bluelamp.casework.casefiles.documents.render import render
from bluelamp.casework.casefiles.documents.statements import SERVED
from bluelamp.casework.casefiles.documents.words import short_day, when
from bluelamp.casework.casefiles.facts import CaseFacts, ChargeFacts, Officer

Rows = Sequence[Sequence[str]]


def _words(title: str, text: str, *, empty: str = "Nothing to record.") -> dict[str, Any]:
    return {"kind": "text", "title": title, "text": text, "empty": empty}


def _table(
    title: str, widths: Sequence[float], heads: Sequence[str], rows: Rows, *, empty: str
) -> dict[str, Any]:
    return {
        "kind": "table",
        "title": title,
        "widths": widths,
        "heads": heads,
        "rows": rows,
        "empty": empty,
    }


def _sheet(
    facts: CaseFacts,
    *,
    code: str,
    heading: str,
    under: str,
    sections: list[dict[str, Any]],
    certificate: dict[str, Any] | None = None,
) -> bytes:
    defendants = (
        ", ".join(person.name() for person in facts.with_role("suspect")) or "None named yet"
    )
    head = [["Defendant", defendants], ["Officer in the case", _titled(facts.officer_in_case)]]
    data: dict[str, Any] = {
        "title": f"{code} {heading}",
        "author": facts.force_name,
        "force": facts.force_name,
        "urn": facts.urn,
        "code": code,
        "heading": heading,
        "under": under,
        "marking": SERVED,
        "boxes": head,
        "sections": sections,
        "certificate": certificate or {},
    }
    return render(form="sections", data=data, made_at=facts.created_at)


def _titled(officer: Officer) -> str:
    return " ".join(part for part in (officer.rank, officer.name, officer.collar) if part)


def offence_dates(charge: ChargeFacts) -> str:
    """When the charge says it happened: `on 3 March 2026`, `between … and …`.

    The words are those of the offence date qualifier, codes 1 to 6 (criminal justice data
    standards).
    """
    start, end = short_day(charge.started_on), short_day(charge.ended_on)
    if charge.date_code == 4 and end:
        return f"between {start} and {end}"
    lead = {2: "before", 3: "after", 5: "on or about", 6: "on or before"}.get(
        charge.date_code, "on"
    )
    return f"{lead} {start}" if start else ""


def mg5(*, facts: CaseFacts) -> bytes:
    """The police report (MG5). It is disclosed to court and defence: no addresses of victims or
    witnesses in it.
    """
    charges = [
        [str(charge.sequence), charge.offence_code, charge.wording, offence_dates(charge)]
        for charge in facts.charges
    ]
    crimes = [
        [crime.number, f"{crime.offence_title}", when(crime.occurred_from)]
        for crime in facts.crimes
    ]
    chronology = [[when(entry.at), entry.what, entry.who] for entry in facts.chronology]
    summary = facts.summary
    headline = summary.key_evidence or "\n\n".join(
        crime.summary for crime in facts.crimes if crime.summary
    )
    certified = summary.certified_by
    certificate = {
        "title": "Supervisor's certificate",
        "words": "The information in this report is an accurate summary of the evidence in the case, "
        "and the file has been checked against the standard asked for."
        if certified
        else "Not certified by a supervisor yet.",
        "boxes": [
            ["Name", certified.name if certified else ""],
            ["Rank and number", f"{certified.rank} {certified.collar}" if certified else ""],
            ["Date", short_day(facts.created_at) if certified else ""],
        ],
    }
    sections = [
        _table(
            "Crimes",
            (2, 4, 3),
            ("Crime number", "Offence", "When"),
            crimes,
            empty="No crime is in this file.",
        ),
        _table(
            "Charges",
            (0.6, 1.4, 5, 2.4),
            ("No.", "Code", "Charge", "Date"),
            charges,
            empty="Nobody is charged yet.",
        ),
        _words("Summary of the key evidence", headline, empty="Not written yet."),
        _table(
            "Chronology",
            (2.6, 4.4, 2),
            ("When", "What", "Who"),
            chronology,
            empty="Nothing recorded yet.",
        ),
        _table(
            "Key witnesses",
            (3, 2, 4),
            ("Name", "Part in the case", "Statement"),
            [[row[1], row[2], row[3]] for row in _witnesses(facts)],
            empty="No witness is known.",
        ),
        _words("Defendant's interview", summary.interview, empty="No interview is recorded."),
        _words(
            "Value of property, damage or injury", summary.loss_or_injury, empty="Not known yet."
        ),
        _words("Visually recorded evidence", summary.visually_recorded_evidence, empty="None."),
        _words("Forensic evidence", summary.forensic_evidence, empty="None."),
        _words("Orders sought on conviction", summary.orders_sought, empty="None."),
    ]
    under = "For the prosecutor, the court and the defence"
    return _sheet(
        facts,
        code="MG5",
        heading="Police report",
        under=under,
        sections=sections,
        certificate=certificate,
    )


def mg6c(*, facts: CaseFacts) -> bytes:
    """The schedule of relevant non-sensitive unused material (CPIA 1996; CPS Disclosure Manual,
    chapter 7).
    """
    rows = [
        [
            str(item.number),
            item.description,
            item.location,
            "; ".join(
                part
                for part in (
                    item.relevance,
                    "presumed to be disclosed" if item.rebuttable_presumption else "",
                )
                if part
            ),
            "",
        ]
        for item in facts.schedules.unused or ()
    ]
    table = _table(
        "Items",
        (0.6, 4, 2, 2.6, 1.8),
        ("No.", "Description", "Where it is held", "Disclosure officer", "Prosecutor"),
        rows,
        empty="The disclosure officer has listed no items."
        if facts.schedules.unused is not None
        else "Not made yet.",
    )
    certificate = {
        "title": "Reviewing lawyer",
        "words": "For the prosecutor: D, disclose to the defence; I, inspect; CND, clearly not disclosable.",
        "boxes": [["Signature", ""], ["Name", ""], ["Date", ""]],
    }
    return _sheet(
        facts,
        code="MG6C",
        heading="Schedule of unused material",
        under="Relevant, non-sensitive. Criminal Procedure and Investigations Act 1996. Goes to the defence",
        sections=[table],
        certificate=certificate,
    )


def _witnesses(facts: CaseFacts) -> list[list[str]]:
    parts = {
        person.id: "Victim (organisation)" if person.organisation else "Victim"
        for person in facts.with_role("victim")
    }
    for person in facts.with_role("witness"):
        parts[person.id] = "Victim and witness" if person.id in parts else "Witness"
    rows: list[list[str]] = []
    for statement in facts.statements:
        part = parts.get(statement.maker_id, "Witness") if statement.maker_id else "Police witness"
        kind = (
            "Victim Personal Statement"
            if statement.kind == "victim-personal-statement"
            else "Statement"
        )
        dated = f"{kind}, {short_day(statement.signed_at) or 'not signed'}"
        rows.append(
            ["", statement.maker_name, part, dated, "Yes" if statement.visually_recorded else "No"]
        )
    told = {statement.maker_id for statement in facts.statements}
    rows += [
        ["", person.name(), parts[person.id], "None", "No"]
        for person in facts.people
        if person.id in parts and person.id not in told
    ]
    for number, row in enumerate(rows, start=1):
        row[0] = str(number)
    return rows


def mg9(*, facts: CaseFacts) -> bytes:
    """The witness list: who, in what part, and which statement. Never an address or a date of
    birth.
    """
    heads = ("No.", "Name", "Part in the case", "Statement", "Visually recorded")
    table = _table(
        "Witnesses", (0.6, 3, 2, 3, 1.6), heads, _witnesses(facts), empty="No witness is known."
    )
    return _sheet(
        facts,
        code="MG9",
        heading="Witness list",
        under="In the order of their statements",
        sections=[table],
    )


def mg12(*, facts: CaseFacts) -> bytes:
    """The exhibit list. References are as given and never renumbered (Criminal Procedure Rules,
    rule 16.3).
    """
    rows = [
        [
            str(number),
            exhibit.reference,
            exhibit.description,
            exhibit.produced_by,
            exhibit.held_at,
            exhibit.filename,
        ]
        for number, exhibit in enumerate(facts.exhibits, start=1)
    ]
    heads = ("No.", "Reference", "Description", "Produced by", "Where it is held", "File")
    table = _table(
        "Exhibits", (0.6, 1.3, 3.6, 2, 2, 2), heads, rows, empty="There are no exhibits."
    )
    return _sheet(
        facts,
        code="MG12",
        heading="Exhibit list",
        under="Originals are in the package under exhibits",
        sections=[table],
    )
