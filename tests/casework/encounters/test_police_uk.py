"""Stop and searches in the columns and the words of data.police.uk."""

import csv
import gzip
import io
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from bluelamp.casework.encounters import police_uk
from bluelamp.casework.encounters.police_uk import (
    COLUMNS,
    PublishedSearch,
    write_police_uk_csv,
)
from bluelamp.foundation.forms.built_in import built_in_files

SEARCH = PublishedSearch(
    searched_at=datetime(2026, 7, 1, 0, 30, tzinfo=timezone(timedelta(hours=1))),
    search_type="person",
    operation="",
    latitude=51.4731,
    longitude=-0.069,
    gender="1",
    age_range="over-34",
    self_defined_ethnicity="W1",
    observed_ethnicity="IC3",
    legislation="mda-23",
    object="drugs",
    outcome="none",
    is_linked=False,
    has_removed_clothing=False,
)


def test_it_works() -> None:
    assert write_police_uk_csv([SEARCH]).splitlines() == [
        "Type,Date,Part of a policing operation,Policing operation,Latitude,Longitude,Gender,"
        "Age range,Self-defined ethnicity,Officer-defined ethnicity,Legislation,Object of search,"
        "Outcome,Outcome linked to object of search,Removal of more than just outer clothing",
        "Person search,2026-06-30T23:30:00+00:00,False,,51.473100,-0.069000,Male,over 34,"
        "White - English/Welsh/Scottish/Northern Irish/British,Black,"
        "Misuse of Drugs Act 1971 (section 23),Controlled drugs,A no further action disposal,"
        "False,False",
    ]


def test_the_published_file_of_a_month_has_our_columns_and_words(shared_data: Path) -> None:
    path = shared_data / "police_uk" / "2024-03-metropolitan-stop-and-search.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    words = {
        "Type": police_uk.TYPES,
        "Gender": police_uk.GENDERS,
        "Age range": police_uk.AGE_RANGES,
        "Self-defined ethnicity": police_uk.SELF_DEFINED_ETHNICITIES,
        "Officer-defined ethnicity": police_uk.OBSERVED_ETHNICITIES,
        "Legislation": police_uk.LEGISLATION,
        "Object of search": police_uk.OBJECTS,
        "Outcome": police_uk.OUTCOMES,
    }
    for column, codes in words.items():
        assert {row[column] for row in rows} - {""} <= set(codes.values()), column
    for column in COLUMNS[-2:]:
        assert {row[column] for row in rows} <= {"True", "False"}, column
    assert all(row["Date"].endswith("+00:00") for row in rows)


def test_what_nobody_said_is_empty() -> None:
    search = PublishedSearch(
        **{
            **dict.fromkeys(PublishedSearch.__slots__, ""),
            "searched_at": datetime(2026, 3, 3, tzinfo=UTC),
            "latitude": None,
            "longitude": None,
            "is_linked": False,
            "has_removed_clothing": False,
        }  # type: ignore[arg-type]
    )
    row = police_uk.to_police_uk_row(search)
    assert row["Latitude"] == row["Self-defined ethnicity"] == row["Outcome"] == ""
    assert row["Object of search"] == "Detailed object of search unavailable"


@pytest.mark.parametrize("name", ["=2+5", "+SUM(A1)", "@cmd", "-1"])
def test_no_name_of_an_operation_is_a_formula(name: str) -> None:
    search = PublishedSearch(
        **{**{field: getattr(SEARCH, field) for field in SEARCH.__slots__}, "operation": name}
    )
    row = next(csv.DictReader(io.StringIO(write_police_uk_csv([search]))))
    assert row["Policing operation"] == f"'{name}"
    assert row["Part of a policing operation"] == "True"


@pytest.mark.parametrize(
    ("question", "codes"),
    [
        ("search_type", police_uk.TYPES),
        ("gender", police_uk.GENDERS),
        ("age_range", police_uk.AGE_RANGES),
        ("self_defined_ethnicity", police_uk.SELF_DEFINED_ETHNICITIES),
        ("legislation", police_uk.LEGISLATION),
        ("object", police_uk.OBJECTS),
        ("outcome", police_uk.OUTCOMES),
    ],
)
def test_each_answer_of_the_form_is_published(question: str, codes: dict[str, str]) -> None:
    question_set = built_in_files()["stop-search"].question_set
    assert set(question_set.question(question).labels) == set(codes)


def test_an_ethnicity_that_the_officer_could_not_tell_is_published_empty() -> None:
    question_set = built_in_files()["stop-search"].question_set
    labels = question_set.question("observed_ethnicity").labels
    assert set(labels) - set(police_uk.OBSERVED_ETHNICITIES) == {"IC9"}
