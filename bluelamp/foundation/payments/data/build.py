"""Makes `fees.csv`: `python -m bluelamp.foundation.payments.data.build FOLDER_OF_REFERENCE_FILES`.

Every row says where it is from. What the sources do not say for certain is not confirmed here, and
a fee that is not confirmed cannot be charged.
"""

import csv
import re
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import TypedDict

FOLDER = Path(__file__).parent
# Fees that a statute sets are no supply, so outside the scope of VAT.
_OUTSIDE_SCOPE = "0"
_VAT = {"plus VAT": "20", "none": _OUTSIDE_SCOPE}
# The table of charges names its rows in words; codes are what programs refer to.
_CHARGE_CODES = {
    "Collision report, full extract up to 30 pages": "COLLISION_REPORT",
    "Additional pages, same incident": "COLLISION_EXTRA_PAGE",
    "Limited particulars (Road Traffic Act details)": "COLLISION_LIMITED_PARTICULARS",
    "Copy of self-reporting/minor collision form": "COLLISION_SELF_REPORT",
    "Forensic collision investigator report (mainly fatal)": "COLLISION_FORENSIC_REPORT",
    "FCI scene/reconstruction video on disc": "COLLISION_VIDEO",
    "FCI rough data": "COLLISION_ROUGH_DATA_PAGE",
    "Scene plan": "COLLISION_SCENE_PLAN",
    "Vehicle examination report": "COLLISION_VEHICLE_EXAMINATION",
    "Specialist report (CCTV, tachograph, vehicle download) if separate": (
        "COLLISION_SPECIALIST_REPORT"
    ),
    "External expert report requested by force": "COLLISION_EXTERNAL_REPORT",
    "Photographs from digital camera": "COLLISION_PHOTO_DISC",
    "Curated photo sets per 10 digital photos": "COLLISION_PHOTO_SET",
    "Printed photo, first": "COLLISION_PRINTED_PHOTO",
    "Each further photo": "COLLISION_FURTHER_PHOTO",
    "Statement, up to 3 pages": "CIVIL_STATEMENT",
    "Statement extra pages": "CIVIL_STATEMENT_EXTRA_PAGE",
    "Witness statement copy, witness agrees to disclosure": "CIVIL_WITNESS_STATEMENT_AGREED",
    "Witness statement copy, witness does not agree": "CIVIL_WITNESS_STATEMENT_NOT_AGREED",
    "Interview with police officer": "CIVIL_OFFICER_INTERVIEW",
    "Statement written by officer on request": "CIVIL_OFFICER_STATEMENT",
    "Interview record copy": "CIVIL_INTERVIEW_RECORD",
    "Storage, light vehicle": "RECOVERY_STORAGE_DAY",
    "Pedlar's certificate": "PEDLAR_CERTIFICATE",
    "Subject access request (police records)": "SUBJECT_ACCESS",
    "Freedom of information request": "FREEDOM_OF_INFORMATION",
    "Clare's Law / Sarah's Law disclosure request": "DISCLOSURE_SCHEME",
    "Fingerprints for visa/emigration (charged per national agreement)": "FINGERPRINTS_VISA",
    "ACRO police certificate (standard/premium)": "ACRO_POLICE_CERTIFICATE",
    "ACRO International Child Protection Certificate, standard": "ACRO_CHILD_PROTECTION",
    "Event policing (Police Act 1996 s.25), hourly by rank": "EVENT_POLICING_HOUR",
}
_WEIGHTS = {"<=3.5t": "TO_3_5T", ">3.5-7.5t": "TO_7_5T", ">7.5-18t": "TO_18T", ">18t": "OVER_18T"}
_IN_FORCE = re.compile(r"from (\d{4}-\d{2}-\d{2})")


class FeeRow(TypedDict):
    """A row of `fees.csv`. Empty text stands for what is not known."""

    code: str
    category: str
    title: str
    statutory_basis: str
    net_pence: str
    vat_percent: str
    is_confirmed: str
    valid_from: str
    valid_until: str
    source: str
    note: str
    origin: str


def main(folder: Path) -> None:
    """Write `fees.csv` from the two reference files in a folder."""
    rows = [*_read_firearms_fees(folder), *_read_charges(folder)]
    assert len({row["origin"] for row in rows}) == len(rows)
    with (FOLDER / "fees.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FeeRow.__annotations__, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _read_firearms_fees(folder: Path) -> Iterator[FeeRow]:
    for row in _read_rows(folder / "firearms_fees.csv"):
        amount, confidence = row["amount_gbp"], row["confidence"]
        is_certain = confidence.startswith("high") and "check currency" not in confidence
        is_confirmed = "1" if amount and is_certain else "0"
        yield FeeRow(
            code=row["code"],
            category="explosives" if row["code"].startswith("EXPL") else "firearms",
            title=row["item"],
            statutory_basis=row["statutory_basis"],
            net_pence=_to_pence(amount),
            vat_percent=_OUTSIDE_SCOPE,
            is_confirmed=is_confirmed,
            valid_from=row["valid_from"],
            valid_until=row["valid_to"],
            source=row["source"],
            note=f"{confidence}. {row['notes']}".strip(),
            origin=_origin(
                "firearms_fees.csv", row["code"], row["valid_from"], amount, is_confirmed
            ),
        )


def _read_charges(folder: Path) -> Iterator[FeeRow]:
    for row in _read_rows(folder / "police_charges.csv"):
        for suffix, amount in _split_amounts(row["amount_gbp"]):
            if not (code := _charge_code(row["item"])):
                continue  # a note among the rows, not a charge
            vat = _VAT.get(row["vat"], "")
            # What one force charges is no other force's charge; a statute's is everybody's.
            is_certain = row["confidence"] == "high" and row["set_by"] == "Statutory"
            is_confirmed = "1" if amount and vat and is_certain else "0"
            start = _IN_FORCE.search(row["period"])
            since = start[1] if start else ""
            yield FeeRow(
                code=code + suffix,
                category=row["category"].lower(),
                title=row["item"] + (f" ({suffix[1:].lower()})" if suffix else ""),
                statutory_basis=row["set_by"],
                net_pence=_to_pence(amount),
                vat_percent=vat,
                is_confirmed=is_confirmed,
                valid_from=since,
                valid_until="",
                source=row["source"],
                note=f"{row['confidence']}; {row['period']}; each {row['unit']}",
                origin=_origin("police_charges.csv", code + suffix, since, amount, is_confirmed),
            )


def _read_rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _origin(file: str, *parts: str) -> str:
    """Return what names a row, and changes with what it says: a changed fee is a new row."""
    return " ".join([file, *(part or "?" for part in parts)])


def _charge_code(item: str) -> str:
    """Return the code of a charge, "" for a row that is none."""
    if item in _CHARGE_CODES:
        return _CHARGE_CODES[item]
    if not item.startswith("On road,"):
        return ""
    weight = item.rpartition("MAM ")[2]
    kind = "DAMAGED" if "not upright" in item else "UPRIGHT"
    return f"RECOVERY_{kind}_{_WEIGHTS[weight]}"


def _split_amounts(text: str) -> Iterator[tuple[str, str]]:
    """Yield each amount of a cell with the end of its code: "2561 unladen / 3842 laden" has two."""
    if "/" not in text:
        yield "", text
        return
    for part in text.split("/"):
        amount, _space, kind = part.strip().partition(" ")
        yield f"_{kind.upper()}", amount


def _to_pence(text: str) -> str:
    return str(int(Decimal(text) * 100)) if text else ""


if __name__ == "__main__":
    main(Path(sys.argv[1]))
