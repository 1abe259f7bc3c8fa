"""Make the compressed files of this folder again from the collected public data.

    python -m bluelamp.records.reference.data.build ../shared

The argument is the folder that holds `data/` and `reference/`. Files with the same rows come out
the same to the byte. It refuses to leave a file over 200 kB. `districts.csv`, `offence_words.csv`
and `says.csv` are kept by hand.
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

from bluelamp.records.reference.data import FOLDER, rows
from bluelamp.records.reference.rules import compact, to_grid

LIMIT = 200_000
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
    """Write every file from the shared folder, then say how big each is."""
    reference, data = shared / "reference", shared / "data"
    for area in sorted((data / "geo/codepoint_open_london").glob("*.csv")):
        if area.stem != "headers":
            write(f"postcodes-{area.stem}", POSTCODE, postcodes(area))
    write_pieces(
        "streets", STREET, streets(data / "geo/london_street_names_lsoa_from_police_uk.csv.gz"), 4
    )
    write("offences", OFFENCE, read(reference / "offences.csv"))
    write_pieces("offence_titles", OFFENCE_TITLE, offence_titles(reference, data), 5)
    write("outcomes", OUTCOME, read(reference / "outcomes.csv"))
    write("forces", FORCE, read(reference / "forces.csv"))
    write("units", UNIT, units(reference, data))
    write("courts", ("ou_code", "kind", "name", "source"), courts(reference))
    write("entries", ("list", "code", "title", "details", "source"), entries(reference))
    write_force_areas(data / "geo/police_forces_ew.geojson", reference)
    for made in sorted(FOLDER.glob("*.xz")):
        if made.stat().st_size > LIMIT:
            sys.exit(
                f"{made.name} is {made.stat().st_size:,} bytes; the limit is {LIMIT:,}. Cut it in more pieces."
            )
        sys.stdout.write(f"{made.stat().st_size:>9,}  {made.name}\n")


POSTCODE = ("postcode", "easting", "northing", "district", "ward")
STREET = ("name", "borough", "outward", "lsoa", "easting", "northing", "weight")
OFFENCE = (
    "cjs_code", "offence_title", "mode_of_trial", "cjs_category", "recordable_on_pnc", "ho_code", "ho_stat_code",
    "ho_code_title", "hocr_class", "hocr_class_title", "ho_group", "ho_subgroup", "policeuk_category", "notifiable",
    "victim_or_state", "attempt_of", "source", "ho_code_source", "hocr_class_source", "victim_or_state_source", "notes",
)  # fmt: skip
OFFENCE_TITLE = (
    "cjs_code", "title", "category", "mode_of_trial", "recordable", "notifiable", "ho_stat_code", "hocr_class",
    "hocr_class_title", "ho_group", "policeuk_category",
)  # fmt: skip
OUTCOME = (
    "code", "short_label", "full_title", "group_derived", "named_suspect_required_derived",
    "victim_position_derived", "notes", "source",
)  # fmt: skip
FORCE = ("pnc_force_code", "name", "type", "police_uk_slug", "source")
UNIT = ("code", "kind", "name", "force", "parent", "source")


def postcodes(area: Path) -> Iterator[Row]:
    """One area of Code-Point Open. A postcode without a position (quality 90) keeps empty
    co-ordinates.
    """
    with area.open(encoding="utf-8", newline="") as lines:
        found = sorted(csv.reader(lines))
    for postcode, quality, easting, northing, *_, district, ward in found:
        placed = quality != "90"
        yield dict(
            zip(
                POSTCODE,
                (
                    compact(postcode),
                    easting if placed else "",
                    northing if placed else "",
                    district,
                    ward,
                ),
                strict=True,
            )
        )


def streets(path: Path) -> Iterator[Row]:
    """Street names with their public snap points, near ones together; points without a name left
    out.
    """
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        named = sorted(
            (row for row in csv.DictReader(lines) if row["street"]),
            key=lambda row: (row["borough"], row["LSOA code"], row["street"]),
        )
    squares = _postcodes_by_square()
    for row in named:
        grid = to_grid(float(row["lat"]), float(row["lon"]))
        yield {
            "name": re.sub(r"'S\b", "'s", row["street"]),
            "borough": row["borough"],
            "outward": _nearest_outward(squares, *grid),
            "lsoa": row["LSOA code"],
            "easting": str(round(grid.easting)),
            "northing": str(round(grid.northing)),
            "weight": row["n"],
        }


def _postcodes_by_square() -> dict[tuple[int, int], list[tuple[int, int, str]]]:
    """The postcodes just written, in squares of 500 m."""
    squares = defaultdict(list)
    for row in rows("postcodes"):
        if row["easting"]:
            easting, northing = int(row["easting"]), int(row["northing"])
            squares[easting // 500, northing // 500].append(
                (easting, northing, row["postcode"][:-3])
            )
    return squares


def _nearest_outward(
    squares: dict[tuple[int, int], list[tuple[int, int, str]]], easting: float, northing: float
) -> str:
    """The outward code of the nearest postcode in this square and those around it, or nothing."""
    x, y = int(easting // 500), int(northing // 500)
    near = [
        found
        for dx in (-1, 0, 1)
        for dy in (-1, 0, 1)
        for found in squares.get((x + dx, y + dy), ())
    ]
    best = min(
        near, key=lambda found: (found[0] - easting) ** 2 + (found[1] - northing) ** 2, default=None
    )
    return best[2] if best else ""


def offence_titles(reference: Path, data: Path) -> Iterator[Row]:
    """Every offence code of the two lists, with the recording class where its Home Office code has
    only one.
    """
    classes: dict[str, set[str]] = defaultdict(set)
    for row in read(reference / "crime_classes_2020.csv"):
        classes[row["ho_stat_code"]].add(row["hocr_class"])
    class_titles = {
        row["hocr_class"]: row for row in read(reference / "recorded_crime_classes.csv")
    }
    titles: dict[str, Row] = {}
    folder = next((data / "offence_codes").glob("bichard7-next-data-*"))
    for each in json.loads((folder / "offence-code.json").read_text(encoding="utf-8")):
        stat = each["homeOfficeClassification"]
        titles[each["cjsCode"]] = {
            "title": each["offenceTitle"],
            "category": each["offenceCategory"],
            "recordable": "Y" if each["recordableOnPnc"] else "N",
            "notifiable": "Y" if each["notifiableToHo"] else "N",
            "ho_stat_code": "" if stat == "000/00" else stat,
        }
    for row in read(reference / "bulk/cjs_offence_codes_full.csv"):
        titles.setdefault(
            row["cjs_code"],
            {
                "title": row["title"],
                "category": row["category"],
                "recordable": row["recordable_on_pnc"],
            },
        )
    for code, row in sorted(titles.items()):
        found = classes.get(row.get("ho_stat_code", ""), set()) - {"NN", "ASB"}
        hocr = found.pop() if len(found) == 1 else ""
        known = class_titles.get(hocr, {}) if hocr else {}
        yield {
            **dict.fromkeys(OFFENCE_TITLE, ""),
            **row,
            "cjs_code": code,
            "title": " ".join(row["title"].split()),
            "mode_of_trial": MODE_OF_TRIAL.get(row["category"], ""),
            "hocr_class": hocr,
            "hocr_class_title": known.get("class_title", ""),
            "ho_group": known.get("ho_group", ""),
            "policeuk_category": known.get("policeuk_category", ""),
        }


def units(reference: Path, data: Path) -> Iterator[Row]:
    """Command units, districts under the unit that polices them, and stations by organisation unit
    code.
    """
    boroughs = list(read(data / "geo/mps_bcu_borough.csv"))
    routing = "Metropolitan Police recorded-crime data, command unit by borough (OGL v3)"
    for name in sorted({row["bcu_location"] for row in boroughs}):
        yield _unit(slug(name), "command unit", name, "01", "", routing)
    for row in boroughs:
        yield _unit(
            row["gss_code"],
            "district",
            row["borough_name"],
            "01",
            slug(row["bcu_location"]),
            routing,
        )
    for row in read(FOLDER / "districts.csv"):
        yield _unit(row["code"], "district", row["name"], row["force"], "", row["source"])
    for row in read(reference / "met_units_and_london_courts.csv"):
        if row["kind"] == "MPS unit":
            yield _unit(row["ou_code"], "station", row["name"], "01", "", row["source"])


def _unit(*values: str) -> Row:
    return dict(zip(UNIT, values, strict=True))


def courts(reference: Path) -> Iterator[Row]:
    """London's courts; closed ones are among them."""
    for row in read(reference / "met_units_and_london_courts.csv"):
        if row["kind"].endswith("court"):
            yield row


def entries(reference: Path) -> Iterator[Row]:
    """The short code lists, each row's own columns kept as JSON."""
    for name, path in LISTS.items():
        for number, row in enumerate(read(reference / path), start=1):
            source = row.pop("source")
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
    """Police force areas as {PNC code: polygons}, without properties."""
    codes = {_plain(row["name"]): row["pnc_force_code"] for row in read(reference / "forces.csv")}
    areas = {}
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        name, geometry = feature["properties"]["name"], feature["geometry"]
        code = FORCE_OF_AREA.get(name) or codes[_plain(name)]
        shape = geometry["coordinates"]
        areas[code] = [shape] if geometry["type"] == "Polygon" else shape
    _compress("force_areas.json.xz", json.dumps(areas, separators=(",", ":"), sort_keys=True))


def _plain(name: str) -> str:
    return name.lower().replace("&", "and").replace("-", " ")


def slug(name: str) -> str:
    """`Central East` as `central-east`."""
    return name.lower().replace(" ", "-")


def read(path: Path) -> Iterator[Row]:
    """Each row of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        yield from csv.DictReader(lines)


def write(name: str, columns: Sequence[str], found: Iterable[Row]) -> None:
    """One compressed CSV file of these columns."""
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    table.writeheader()
    table.writerows(found)
    _compress(f"{name}.csv.xz", text.getvalue())


def write_pieces(name: str, columns: Sequence[str], found: Iterable[Row], pieces: int) -> None:
    """The same in so many files of as many rows."""
    every = list(found)
    size = -(-len(every) // pieces)
    for number in range(pieces):
        write(f"{name}-{number + 1}", columns, every[number * size : (number + 1) * size])


def _compress(name: str, text: str) -> None:
    (FOLDER / name).write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m bluelamp.records.reference.data.build SHARED_FOLDER")
    main(Path(sys.argv[1]))
