"""The case summary (MG5), unused material (MG6C), witness list (MG9) and exhibit list (MG12)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, TypedDict

from bluelamp.casework.casefiles.case_data import CaseData, ChargeData, Officer
from bluelamp.casework.casefiles.documents.formats import date_and_time, short_date
from bluelamp.casework.casefiles.documents.render import render
from bluelamp.casework.casefiles.documents.statements import SERVED, STATEMENT_TITLES
from bluelamp.casework.investigations.rules import StatementKind

Rows = Sequence[Sequence[str]]


class Section(TypedDict, total=False):
    """A section of a form, as `templates/sections.typ` reads it.

    A `text` section has `text`; a `table` section has `widths`, `headings` and `rows`. `empty` is
    printed if there is no text and no row.
    """

    kind: Literal["text", "table"]
    title: str
    text: str
    widths: Sequence[float]
    headings: Sequence[str]
    rows: Rows
    empty: str


class Certificate(TypedDict):
    """The box at the end that somebody signs: a sentence, and pairs of label and value."""

    title: str
    text: str
    boxes: list[list[str]]


def _text_section(title: str, text: str, *, empty: str) -> Section:
    return {"kind": "text", "title": title, "text": text, "empty": empty}


def _table_section(
    title: str, widths: Sequence[float], headings: Sequence[str], rows: Rows, *, empty: str
) -> Section:
    return {
        "kind": "table",
        "title": title,
        "widths": widths,
        "headings": headings,
        "rows": rows,
        "empty": empty,
    }


def _render_list(
    case: CaseData,
    *,
    code: str,
    heading: str,
    subtitle: str,
    sections: list[Section],
    certificate: Certificate | None = None,
) -> bytes:
    defendants = (
        # Suspects, because the forms are also sent to ask whether to charge somebody.
        ", ".join(person.full_name() for person in case.people_with_role("suspect"))
        or "None named yet"
    )
    boxes = [
        ["Defendant", defendants],
        ["Officer in the case", _rank_name_number(case.officer_in_case)],
    ]
    data: dict[str, Any] = {
        "title": f"{code} {heading}",
        "author": case.force_name,
        "force": case.force_name,
        "urn": case.urn,
        "code": code,
        "heading": heading,
        "subtitle": subtitle,
        "marking": SERVED,
        "boxes": boxes,
        "sections": sections,
        "certificate": certificate or {},
    }
    return render(form="sections", data=data, made_at=case.created_at)


def _rank_name_number(officer: Officer) -> str:
    return " ".join(part for part in (officer.rank, officer.name, officer.collar) if part)


def offence_dates(charge: ChargeData) -> str:
    """Return when the charge says it happened: `on 3 March 2026`, `between … and …`.

    The wording is that of the offence date qualifier, codes 1 to 6 (criminal justice data
    standards).
    """
    start, end = short_date(charge.started_on), short_date(charge.ended_on)
    # The offence date qualifiers of the criminal justice data standards; 1 is "on".
    if charge.date_code == 4 and end:
        return f"between {start} and {end}"
    qualifier = {2: "before", 3: "after", 5: "on or about", 6: "on or before"}.get(
        charge.date_code, "on"
    )
    return f"{qualifier} {start}" if start else ""


def mg5(*, case: CaseData) -> bytes:
    """Return the police report (MG5) as PDF.

    It goes to the court and the defence, so it has no address of a victim or a witness.
    """
    charges = [
        [str(charge.sequence), charge.offence_code, charge.wording, offence_dates(charge)]
        for charge in case.charges
    ]
    crimes = [
        [crime.number, f"{crime.offence_title}", date_and_time(crime.occurred_from)]
        for crime in case.crimes
    ]
    chronology = [[date_and_time(entry.at), entry.what, entry.who] for entry in case.chronology]
    summary = case.summary
    headline = summary.key_evidence or "\n\n".join(
        crime.summary for crime in case.crimes if crime.summary
    )
    certified = summary.certified_by
    certificate: Certificate = {
        "title": "Supervisor's certificate",
        "text": "The information in this report is an accurate summary of the evidence in the "
        "case, and the file was checked against the required standard."
        if certified
        else "Not certified by a supervisor yet.",
        "boxes": [
            ["Name", certified.name if certified else ""],
            ["Rank and number", f"{certified.rank} {certified.collar}" if certified else ""],
            ["Date", short_date(case.created_at) if certified else ""],
        ],
    }
    sections = [
        _table_section(
            "Crimes",
            # Widths of the columns, as shares of the page.
            (2, 4, 3),
            ("Crime number", "Offence", "When"),
            crimes,
            empty="No crimes in this file.",
        ),
        _table_section(
            "Charges",
            (0.6, 1.4, 5, 2.4),
            ("No.", "Code", "Charge", "Date"),
            charges,
            empty="Nobody is charged yet.",
        ),
        _text_section("Summary of the key evidence", headline, empty="Not written yet."),
        _table_section(
            "Chronology",
            (2.6, 4.4, 2),
            ("When", "What", "Who"),
            chronology,
            empty="Nothing recorded yet.",
        ),
        _table_section(
            "Key witnesses",
            (3, 2, 4),
            ("Name", "Role in the case", "Statement"),
            [[row[1], row[2], row[3]] for row in _witness_rows(case)],
            empty="No witnesses yet.",
        ),
        _text_section(
            "Defendant's interview", summary.interview, empty="No interview is recorded."
        ),
        _text_section(
            "Value of property, damage or injury", summary.loss_or_injury, empty="Not known yet."
        ),
        _text_section(
            "Visually recorded evidence", summary.visually_recorded_evidence, empty="None."
        ),
        _text_section("Forensic evidence", summary.forensic_evidence, empty="None."),
        _text_section("Orders sought on conviction", summary.orders_sought, empty="None."),
    ]
    subtitle = "For the prosecutor, the court and the defence"
    return _render_list(
        case,
        code="MG5",
        heading="Police report",
        subtitle=subtitle,
        sections=sections,
        certificate=certificate,
    )


def mg6c(*, case: CaseData) -> bytes:
    """Return the schedule of relevant non-sensitive unused material (MG6C) as PDF.

    Criminal Procedure and Investigations Act 1996; CPS Disclosure Manual, chapter 7.
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
        for item in case.schedules.unused or ()
    ]
    table = _table_section(
        "Items",
        (0.6, 4, 2, 2.6, 1.8),
        ("No.", "Description", "Where it is held", "Disclosure officer", "Prosecutor"),
        rows,
        empty="The disclosure officer listed no items."
        if case.schedules.unused is not None
        else "Not made yet.",
    )
    certificate: Certificate = {
        "title": "Reviewing lawyer",
        "text": "For the prosecutor: D, disclose to the defence; I, inspect; CND, clearly not "
        "disclosable.",
        "boxes": [["Signature", ""], ["Name", ""], ["Date", ""]],
    }
    return _render_list(
        case,
        code="MG6C",
        heading="Schedule of unused material",
        subtitle="Relevant, non-sensitive. Criminal Procedure and Investigations Act 1996. Goes to "
        "the defence",
        sections=[table],
        certificate=certificate,
    )


def _witness_rows(case: CaseData) -> list[list[str]]:
    """Return a row for each statement, then one for each victim or witness without a statement."""
    roles = {
        person.id: "Victim (organisation)" if person.organisation else "Victim"
        for person in case.people_with_role("victim")
    }
    for person in case.people_with_role("witness"):
        roles[person.id] = "Victim and witness" if person.id in roles else "Witness"
    rows: list[list[str]] = []
    for statement in case.statements:
        role = roles.get(statement.maker_id, "Witness") if statement.maker_id else "Police witness"
        title = STATEMENT_TITLES[StatementKind(statement.kind)]
        kind = "Statement" if statement.kind == StatementKind.STATEMENT else title
        kind_and_date = f"{kind}, {short_date(statement.signed_at) or 'not signed'}"
        rows.append(
            [
                "",
                statement.maker_name,
                role,
                kind_and_date,
                "Yes" if statement.visually_recorded else "No",
            ]
        )
    makers = {statement.maker_id for statement in case.statements}
    rows += [
        ["", person.full_name(), roles[person.id], "None", "No"]
        for person in case.people
        if person.id in roles and person.id not in makers
    ]
    for number, row in enumerate(rows, start=1):
        row[0] = str(number)
    return rows


def mg9(*, case: CaseData) -> bytes:
    """Return the witness list (MG9) as PDF: who, in which role, and which statement.

    It never has an address or a date of birth.
    """
    headings = ("No.", "Name", "Role in the case", "Statement", "Visually recorded")
    table = _table_section(
        "Witnesses", (0.6, 3, 2, 3, 1.6), headings, _witness_rows(case), empty="No witnesses yet."
    )
    return _render_list(
        case,
        code="MG9",
        heading="Witness list",
        subtitle="In the order of the statements",
        sections=[table],
    )


def mg12(*, case: CaseData) -> bytes:
    """Return the exhibit list (MG12) as PDF.

    References are printed as they were given, never renumbered (Criminal Procedure Rules, rule
    16.3).
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
        for number, exhibit in enumerate(case.exhibits, start=1)
    ]
    headings = ("No.", "Reference", "Description", "Produced by", "Where it is held", "File")
    table = _table_section(
        "Exhibits", (0.6, 1.3, 3.6, 2, 2, 2), headings, rows, empty="No exhibits."
    )
    return _render_list(
        case,
        code="MG12",
        heading="Exhibit list",
        subtitle="The originals are in the package, in the folder exhibits",
        sections=[table],
    )
