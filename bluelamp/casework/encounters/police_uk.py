"""Stop and searches as data.police.uk publishes them: the columns of its CSV, and its wording.

https://data.police.uk/about/#stop-and-search. Pure, like a rule; outside `rules`, because its texts
are another's words, which nobody translates. A code that is not here, from a question set of a
force's own, is published empty, as data.police.uk does with what a force did not give.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

COLUMNS = (
    "Type",
    "Date",
    "Part of a policing operation",
    "Policing operation",
    "Latitude",
    "Longitude",
    "Gender",
    "Age range",
    "Self-defined ethnicity",
    "Officer-defined ethnicity",
    "Legislation",
    "Object of search",
    "Outcome",
    "Outcome linked to object of search",
    "Removal of more than just outer clothing",
)

# fmt: off
TYPES: Mapping[str, str] = {
    "person": "Person search",
    "vehicle": "Vehicle search",
    "person-and-vehicle": "Person and Vehicle search",
}
GENDERS: Mapping[str, str] = {"1": "Male", "2": "Female", "9": "Other"}
AGE_RANGES: Mapping[str, str] = {
    "under-10": "under 10", "10-17": "10-17", "18-24": "18-24", "25-34": "25-34",
    "over-34": "over 34",
}
_WHITE, _MIXED, _ASIAN = "White - ", "Mixed/Multiple ethnic groups - ", "Asian/Asian British - "
_BLACK, _OTHER = "Black/African/Caribbean/Black British - ", "Other ethnic group - "
SELF_DEFINED_ETHNICITIES: Mapping[str, str] = {
    "W1": _WHITE + "English/Welsh/Scottish/Northern Irish/British",
    "W2": _WHITE + "Irish",
    "W3": _WHITE + "Gypsy or Irish Traveller",
    # data.police.uk has the groups of the 2011 census, in which Roma had none of their own.
    "W4": _WHITE + "Any other White background",
    "W9": _WHITE + "Any other White background",
    "M1": _MIXED + "White and Black Caribbean",
    "M2": _MIXED + "White and Black African",
    "M3": _MIXED + "White and Asian",
    "M9": _MIXED + "Any other Mixed/Multiple ethnic background",
    "A1": _ASIAN + "Indian",
    "A2": _ASIAN + "Pakistani",
    "A3": _ASIAN + "Bangladeshi",
    "A4": _ASIAN + "Chinese",
    "A9": _ASIAN + "Any other Asian background",
    "B1": _BLACK + "Caribbean",
    "B2": _BLACK + "African",
    "B9": _BLACK + "Any other Black/African/Caribbean background",
    "O2": _OTHER + "Arab",
    "O9": _OTHER + "Any other ethnic group",
    "NS": _OTHER + "Not stated",
}
OBSERVED_ETHNICITIES: Mapping[str, str] = {
    "IC1": "White", "IC2": "White", "IC3": "Black", "IC4": "Asian", "IC5": "Other", "IC6": "Other",
}
LEGISLATION: Mapping[str, str] = {
    "pace-1": "Police and Criminal Evidence Act 1984 (section 1)",
    "pace-6": "Police and Criminal Evidence Act 1984 (section 6)",
    "mda-23": "Misuse of Drugs Act 1971 (section 23)",
    # An offence under section 1 of PACE, which the Public Order Act 2023 (section 10) widened.
    "poa-10": "Police and Criminal Evidence Act 1984 (section 1)",
    "cjpoa-60": "Criminal Justice and Public Order Act 1994 (section 60)",
    "firearms-47": "Firearms Act 1968 (section 47)",
    "psa-36": "Psychoactive Substances Act 2016 (s36(2))",
    "psa-37": "Psychoactive Substances Act 2016 (s37(2))",
    "cja-139b": "Criminal Justice Act 1988 (section 139B)",
    "sporting-7": "Sporting Events Act 1985 (section 7)",
    "aviation-27": "Aviation Security Act 1982 (section 27(1))",
    "crossbows-4": "Crossbows Act 1987 (section 4)",
    "customs-163": "Customs and Excise Management Act 1979 (section 163)",
    "deer-12": "Deer Act 1991 (section 12)",
    # The space before the bracket is data.police.uk's.
    "environment-34b": "Environmental Protection Act 1990 (section 34B )",
    "hunting-8": "Hunting Act 2004 (section 8)",
    "poaching-2": "Poaching Prevention Act 1862 (section 2)",
    "badgers-11": "Protection of Badgers Act 1992 (section 11)",
    "stores-6": "Public Stores Act 1875 (section 6)",
    "seals-4": "Conservation of Seals Act 1970 (section 4)",
    "wildlife-19": "Wildlife and Countryside Act 1981 (section 19)",
    # data.police.uk has no words for these two, which are newer than its list.
    "poa-11": "", "svro-342e": "",
}
OBJECTS: Mapping[str, str] = {
    "drugs": "Controlled drugs",
    "weapons": "Offensive weapons",
    "stolen": "Stolen goods",
    "theft-articles": "Article for use in theft",
    "damage-articles": "Articles for use in criminal damage",
    "threaten": "Anything to threaten or harm anyone",
    "firearms": "Firearms",
    "evidence": "Evidence of offences under the Act",
    "psychoactive": "Psychoactive substances",
    "fireworks": "Fireworks",
    "crossbows": "Crossbows",
    "poaching": "Game or poaching equipment",
    "wildlife": "Evidence of wildlife offences",
    "hunting": "Evidence of hunting any wild mammal with a dog",
    "seals": "Seals or hunting equipment",
    "duty": "Goods on which duty has not been paid etc.",
    "protest-articles": "Detailed object of search unavailable",
}
OUTCOMES: Mapping[str, str] = {
    "none": "A no further action disposal",
    "arrest": "Arrest",
    "community": "Community resolution",
    "caution": "Caution (simple or conditional)",
    "penalty": "Penalty Notice for Disorder",
    "warning": "Khat or Cannabis warning",
    "summons": "Summons / charged by post",
}
# fmt: on


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedSearch:
    """What is published of a stop and search: codes, and nothing that names anybody.

    `latitude` and `longitude` are those of a street's public point, never of the very place.
    """

    searched_at: datetime
    search_type: str
    operation: str
    latitude: float | None
    longitude: float | None
    gender: str
    age_range: str
    self_defined_ethnicity: str
    observed_ethnicity: str
    legislation: str
    object: str
    outcome: str
    is_linked: bool
    has_removed_clothing: bool


def to_police_uk_row(search: PublishedSearch) -> dict[str, str]:
    """Return a stop and search as a row of data.police.uk's CSV, by column."""
    is_operation = bool(search.operation)
    values = (
        TYPES.get(search.search_type, ""),
        # Always +00:00, in summer too.
        search.searched_at.astimezone(UTC).isoformat(timespec="seconds"),
        str(is_operation),
        _plain_cell(search.operation),
        _degrees(search.latitude),
        _degrees(search.longitude),
        GENDERS.get(search.gender, ""),
        AGE_RANGES.get(search.age_range, ""),
        SELF_DEFINED_ETHNICITIES.get(search.self_defined_ethnicity, ""),
        OBSERVED_ETHNICITIES.get(search.observed_ethnicity, ""),
        LEGISLATION.get(search.legislation, ""),
        OBJECTS.get(search.object, "Detailed object of search unavailable"),
        OUTCOMES.get(search.outcome, ""),
        str(search.is_linked),
        str(search.has_removed_clothing),
    )
    return dict(zip(COLUMNS, values, strict=True))


def write_police_uk_csv(searches: Iterable[PublishedSearch]) -> str:
    """Return the CSV of stop and searches, with data.police.uk's header line."""
    file = io.StringIO()
    writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(to_police_uk_row(search) for search in searches)
    return file.getvalue()


def _degrees(value: float | None) -> str:
    return "" if value is None else f"{value:.6f}"


def _plain_cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    # OWASP, CSV injection: a sheet would run what begins with one of these.
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
