"""Build the compressed files of this folder from the public data that was collected.

    python -m bluelamp.records.reference.data.build FOLDER

FOLDER has `data/` and `reference/`. Files with the same rows come out the same to the byte. No
file may be over 200 kB. `districts.csv`, `offence_synonyms.csv` and `search_synonyms.csv` are kept
by hand.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import lzma
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from bluelamp.records.reference.data import FOLDER, read_rows
from bluelamp.records.reference.rules import alphanumeric_upper, to_grid

MAX_FILE_BYTES = 200_000
MODE_OF_TRIAL = {
    "CI": "indictable only",
    "CE": "either way",
    "CS": "summary non-motoring",
    "CM": "summary motoring",
}
FORCE_OF_AREA = {"London, City of": "48", "Metropolitan Police": "01"}
LISTS = {
    "victims-code": "victims_code.csv",
    "mg-form": "mg_forms.csv",
    "file-failure": "cps_file_failure_reasons.csv",
    "police-uk-category": "policeuk_categories.csv",
    "police-uk-outcome": "policeuk_outcomes.csv",
    "record-disposal": "record_disposal_reasons.csv",
    "enhanced-victim": "victim_enhanced_categories.csv",
}

Row = dict[str, str]


def main(shared: Path) -> None:
    """Write every file from the folder of collected data, then print the size of each."""
    reference, data = shared / "reference", shared / "data"
    for area in sorted((data / "geo/codepoint_open_london").glob("*.csv")):
        if area.stem != "headers":
            write_csv(f"postcodes-{area.stem}", POSTCODE, postcode_rows(area))
    write_csv_parts(
        "streets",
        STREET,
        street_rows(data / "geo/london_street_names_lsoa_from_police_uk.csv.gz"),
        4,
    )
    write_csv("offences", OFFENCE, read_csv(reference / "offences.csv"))
    write_csv_parts("offence_titles", OFFENCE_TITLE, offence_title_rows(reference, data), 5)
    write_csv("outcomes", OUTCOME, read_csv(reference / "outcomes.csv"))
    write_csv("forces", FORCE, read_csv(reference / "forces.csv"))
    write_csv("units", UNIT, unit_rows(reference, data))
    write_csv("courts", ("ou_code", "kind", "name", "source"), court_rows(reference))
    write_csv("entries", ("list", "code", "title", "details", "source"), code_list_rows(reference))
    write_force_areas(data / "geo/police_forces_ew.geojson", reference)
    for path in sorted(FOLDER.glob("*.xz")):
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            sys.exit(
                f"{path.name} is {size:,} bytes, over the limit of {MAX_FILE_BYTES:,}: "
                "write it in more parts."
            )
        sys.stdout.write(f"{size:>9,}  {path.name}\n")


POSTCODE = ("postcode", "easting", "northing", "district", "ward")
STREET = ("name", "borough", "outward", "lsoa", "easting", "northing", "weight")
OFFENCE = (
    "cjs_code", "offence_title", "mode_of_trial", "cjs_category", "recordable_on_pnc",
    "ho_code", "ho_stat_code", "ho_code_title", "hocr_class", "hocr_class_title", "ho_group",
    "ho_subgroup", "policeuk_category", "notifiable", "victim_or_state", "attempt_of", "source",
    "ho_code_source", "hocr_class_source", "victim_or_state_source", "notes",
)  # fmt: skip
OFFENCE_TITLE = (
    "cjs_code", "title", "category", "mode_of_trial", "recordable", "notifiable",
    "ho_stat_code", "hocr_class", "hocr_class_title", "ho_group", "policeuk_category",
)  # fmt: skip
OUTCOME = (
    "code", "short_label", "full_title", "group_derived", "named_suspect_required_derived",
    "victim_position_derived", "notes", "source",
)  # fmt: skip
FORCE = ("pnc_force_code", "name", "type", "police_uk_slug", "source")
UNIT = ("code", "kind", "name", "force", "parent", "source")


def postcode_rows(area: Path) -> Iterator[Row]:
    """Yield one area of Code-Point Open."""
    with area.open(encoding="utf-8", newline="") as lines:
        # Sorted, so that the same rows come out the same to the byte whatever the source's order.
        source_rows = sorted(csv.reader(lines))
    for postcode, quality, easting, northing, *_, district, ward in source_rows:
        # Quality 90 means that no position is published: the coordinates in the file are 0.
        has_position = quality != "90"
        yield dict(
            zip(
                POSTCODE,
                (
                    alphanumeric_upper(postcode),
                    easting if has_position else "",
                    northing if has_position else "",
                    district,
                    ward,
                ),
                strict=True,
            )
        )


def street_rows(path: Path) -> Iterator[Row]:
    """Yield street names with their public snap points. Points without a name are left out.

    Near ones come together, because such a file compresses better.
    """
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        named_points = sorted(
            (row for row in csv.DictReader(lines) if row["street"]),
            key=lambda row: (row["borough"], row["LSOA code"], row["street"]),
        )
    squares = _postcodes_by_square()
    for row in named_points:
        grid = to_grid(float(row["lat"]), float(row["lon"]))
        yield {
            # The source writes "King'S Road".
            "name": re.sub(r"'S\b", "'s", row["street"]),
            "borough": row["borough"],
            "outward": _nearest_outward(squares, *grid),
            "lsoa": row["LSOA code"],
            "easting": str(round(grid.easting)),
            "northing": str(round(grid.northing)),
            "weight": row["n"],
        }


def _postcodes_by_square() -> dict[tuple[int, int], list[tuple[int, int, str]]]:
    """Return the postcodes that were just written, by squares of 500 m."""
    squares = defaultdict(list)
    for row in read_rows("postcodes"):
        if row["easting"]:
            easting, northing = int(row["easting"]), int(row["northing"])
            # Squares, because to compare every street with every postcode would take hours.
            squares[easting // 500, northing // 500].append(
                (easting, northing, row["postcode"][:-3])
            )
    return squares


def _nearest_outward(
    squares: dict[tuple[int, int], list[tuple[int, int, str]]], easting: float, northing: float
) -> str:
    """Return the outward code of the nearest postcode in this square and those around it, or ""."""
    x, y = int(easting // 500), int(northing // 500)
    candidates = [
        postcode
        for dx in (-1, 0, 1)
        for dy in (-1, 0, 1)
        for postcode in squares.get((x + dx, y + dy), ())
    ]
    nearest = min(
        candidates,
        key=lambda postcode: (postcode[0] - easting) ** 2 + (postcode[1] - northing) ** 2,
        default=None,
    )
    return nearest[2] if nearest else ""


def offence_title_rows(reference: Path, data: Path) -> Iterator[Row]:
    """Yield every offence code of the two lists.

    With the recording class where the offence's Home Office code has only one.
    """
    classes: dict[str, set[str]] = defaultdict(set)
    for row in read_csv(reference / "crime_classes_2020.csv"):
        classes[row["ho_stat_code"]].add(row["hocr_class"])
    class_titles = {
        row["hocr_class"]: row for row in read_csv(reference / "recorded_crime_classes.csv")
    }
    titles: dict[str, Row] = {}
    folder = next((data / "offence_codes").glob("bichard7-next-data-*"))
    for offence in json.loads((folder / "offence-code.json").read_text(encoding="utf-8")):
        ho_code = offence["homeOfficeClassification"]
        titles[offence["cjsCode"]] = {
            "title": offence["offenceTitle"],
            "category": offence["offenceCategory"],
            "recordable": "Y" if offence["recordableOnPnc"] else "N",
            "notifiable": "Y" if offence["notifiableToHo"] else "N",
            "ho_stat_code": "" if ho_code == "000/00" else ho_code,
        }
    for row in read_csv(reference / "bulk/cjs_offence_codes_full.csv"):
        titles.setdefault(
            row["cjs_code"],
            {
                "title": row["title"],
                "category": row["category"],
                "recordable": row["recordable_on_pnc"],
            },
        )
    for code, row in sorted(titles.items()):
        # "NN" is not notifiable and "ASB" anti-social behaviour: neither is a class to count a
        # crime in.
        possible = classes.get(row.get("ho_stat_code", ""), set()) - {"NN", "ASB"}
        # Where there are several, none is given: a crime would be counted under a guess.
        hocr_class = possible.pop() if len(possible) == 1 else ""
        class_row = class_titles.get(hocr_class, {}) if hocr_class else {}
        yield {
            **dict.fromkeys(OFFENCE_TITLE, ""),
            **row,
            "cjs_code": code,
            "title": " ".join(row["title"].split()),
            "mode_of_trial": MODE_OF_TRIAL.get(row["category"], ""),
            "hocr_class": hocr_class,
            "hocr_class_title": class_row.get("class_title", ""),
            "ho_group": class_row.get("ho_group", ""),
            "policeuk_category": class_row.get("policeuk_category", ""),
        }


def unit_rows(reference: Path, data: Path) -> Iterator[Row]:
    """Yield command units, districts under the unit that polices them, and stations."""
    boroughs = list(read_csv(data / "geo/mps_bcu_borough.csv"))
    routing = "Metropolitan Police recorded-crime data, command unit by borough (OGL v3)"
    for name in sorted({row["bcu_location"] for row in boroughs}):
        yield _unit_row(to_slug(name), "command unit", name, "01", "", routing)
    for row in boroughs:
        yield _unit_row(
            row["gss_code"],
            "district",
            row["borough_name"],
            "01",
            to_slug(row["bcu_location"]),
            routing,
        )
    for row in read_csv(FOLDER / "districts.csv"):
        yield _unit_row(row["code"], "district", row["name"], row["force"], "", row["source"])
    for row in read_csv(reference / "met_units_and_london_courts.csv"):
        if row["kind"] == "MPS unit":
            yield _unit_row(row["ou_code"], "station", row["name"], "01", "", row["source"])


def _unit_row(*values: str) -> Row:
    return dict(zip(UNIT, values, strict=True))


def court_rows(reference: Path) -> Iterator[Row]:
    """Yield London's courts, closed ones among them."""
    for row in read_csv(reference / "met_units_and_london_courts.csv"):
        if row["kind"].endswith("court"):
            yield row


def code_list_rows(reference: Path) -> Iterator[Row]:
    """Yield the short code lists, with the columns that only one list has as JSON."""
    for name, path in LISTS.items():
        for number, row in enumerate(read_csv(reference / path), start=1):
            source = row.pop("source")
            # Each list calls its code, and its title, something else.
            code = row.get("code") or row.get("slug") or row.get("form") or f"{number:02d}"
            title = row.get("reason") or row.get("name") or row.get("title")
            yield {
                "list": name,
                "code": code,
                "title": title or row.get("right_or_trigger") or row["criterion"],
                "details": json.dumps(
                    {key: value for key, value in row.items() if value}, ensure_ascii=False
                ),
                "source": source,
            }


def write_force_areas(path: Path, reference: Path) -> None:
    """Write the areas of police forces as {PNC code: polygons}."""
    codes = {
        _comparable_name(row["name"]): row["pnc_force_code"]
        for row in read_csv(reference / "forces.csv")
    }
    areas = {}
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        name, geometry = feature["properties"]["name"], feature["geometry"]
        code = FORCE_OF_AREA.get(name) or codes[_comparable_name(name)]
        shape = geometry["coordinates"]
        areas[code] = [shape] if geometry["type"] == "Polygon" else shape
    _compress("force_areas.json.xz", json.dumps(areas, separators=(",", ":"), sort_keys=True))


def _comparable_name(name: str) -> str:
    return name.lower().replace("&", "and").replace("-", " ")


def to_slug(name: str) -> str:
    """Return `Central East` as `central-east`."""
    return name.lower().replace(" ", "-")


def read_csv(path: Path) -> Iterator[Row]:
    """Yield each row of a CSV file."""
    # Some of the sources begin with a byte order mark.
    with path.open(encoding="utf-8-sig", newline="") as lines:
        yield from csv.DictReader(lines)


def write_csv(name: str, columns: Sequence[str], data_rows: Iterable[Row]) -> None:
    """Write one compressed CSV file of these columns."""
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    table.writeheader()
    table.writerows(data_rows)
    _compress(f"{name}.csv.xz", text.getvalue())


def write_csv_parts(
    name: str, columns: Sequence[str], data_rows: Iterable[Row], parts: int
) -> None:
    """Write the same in several files with as many rows each."""
    every = list(data_rows)
    size = -(-len(every) // parts)  # rounded up
    for number in range(parts):
        write_csv(f"{name}-{number + 1}", columns, every[number * size : (number + 1) * size])


def _compress(name: str, text: str) -> None:
    # Packed once and shipped with every copy, so the time for it does not matter.
    (FOLDER / name).write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m bluelamp.records.reference.data.build SHARED_FOLDER")
    main(Path(sys.argv[1]))
