"""Questions that are answered by a search: without JavaScript, the page offers what was found."""

from collections.abc import Iterable
from datetime import date

from bluelamp.foundation.forms.rules import Question
from bluelamp.foundation.kernel.text import clean_query
from bluelamp.records.reference.lookups import find_offences, find_places
from bluelamp.records.reference.rules import parse_postcode
from bluelamp.web.forms.pages import Texts
from bluelamp.web.reference import place_value, read_place

MAX_CHOICES = 8
_POSITION = ("easting", "northing", "latitude", "longitude")


def search_fields(question: Question) -> tuple[str, str] | None:
    """Return the field of what is searched for and that of what was chosen, None if no search."""
    if question.type == "code":
        return f"{question.id}_text", question.id
    if question.type == "place":
        prefix = question.options.get("prefix", f"{question.id}_")
        return f"{prefix}place_text", f"{prefix}place"
    return None


def find_choices(
    questions: Iterable[Question], texts: Texts, *, on: date
) -> dict[str, dict[str, list[tuple[str, str]]]]:
    """Return the choices for each question that was searched for and has none chosen."""
    extras = {}
    for question in questions:
        fields = search_fields(question)
        query = clean_query(texts.get(fields[0], "")) if fields else ""
        if fields and query and not texts.get(fields[1]):
            extras[question.id] = {"choices": _search_choices(question, query, on)}
    return extras


def forget_old_choice(question: Question, posted: dict[str, str], texts: Texts) -> None:
    """Take a choice out of what was posted if somebody has typed something else since."""
    if fields := search_fields(question):
        typed, chosen = fields
        is_same_choice = posted.get(chosen) == texts.get(chosen)
        if is_same_choice and posted.get(typed, "") != texts.get(typed, ""):
            posted[chosen] = ""
    if question.type == "place":
        posted |= _place_parts(question, posted, texts)


def _place_parts(question: Question, posted: Texts, texts: Texts) -> dict[str, str]:
    """Return the postcode and the position of a place, which have no fields that people see."""
    prefix = str(question.options.get("prefix", f"{question.id}_"))
    fields = {part: prefix + part for part in ("postcode", *_POSITION)}
    typed = posted.get(f"{prefix}place_text", "").strip()
    # A place that was filled in shows its postcode where another would be looked up.
    shown = texts.get(f"{prefix}place_text", "") or texts.get(fields["postcode"], "")
    chosen = posted.get(f"{prefix}place", "")
    if chosen and (place := read_place(chosen)):
        return {field: str(getattr(place, part) or "") for part, field in fields.items()}
    if typed == shown.strip():
        return {field: texts.get(field, "") for field in fields.values()}
    postcode = typed if parse_postcode(typed) else ""
    return dict.fromkeys(fields.values(), "") | {fields["postcode"]: postcode}


def _search_choices(question: Question, query: str, on: date) -> list[tuple[str, str]]:
    if question.type == "place":
        places = find_places(query, limit=MAX_CHOICES)
        return [(place_value(place), place.label) for place in places]
    offences = find_offences(query, on=on, limit=MAX_CHOICES)
    return [(offence.code, offence.title) for offence in offences]
