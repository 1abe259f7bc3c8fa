"""Reports in the JSON of Single Online Home, the police's shared website. Pure functions.

Names and codes are those of its published data model (hm8632/iHub_test_schema); `soh` in the
question set says which question has which. What it has no name for, such as whether it is safe to
contact somebody, stands beside its own names.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

from bluelamp.foundation.forms.rules import Question, QuestionSet
from bluelamp.foundation.kernel.clock import LONDON, london_date
from bluelamp.foundation.kernel.problems import Problem

Document = Mapping[str, Any]
Path = tuple[str, ...]

# What is said about the sending, not by the person.
ENVELOPE = frozenset(
    {
        "submissionId", "submitTime", "forceIdentifier", "categorySubcode", "externalReferenceId",
        "customerReferenceNumber", "highHarmFlag", "ipAddress", "userAgent",
    }
)  # fmt: skip
METADATA = "_metaData"
_ADDRESS = ("unitNumber", "buildingName", "buildingNumber", "street", "cityOrTown", "county")
_COORDINATES = ("easting", "northing", "latitude", "longitude")
_DETAIL = "mapLocationAdditionalDetails"
_TIMES = {
    "know": "incidentExactTimeKnown",
    "range": "incidentDateRange",
    "from": "incidentStartTime",
    "to": "incidentEndTime",
}


def read_soh(question_set: QuestionSet, document: Document) -> tuple[dict[str, Any], list[Problem]]:
    """Return the values of a document, and a problem for each name that no question has.

    Nothing is dropped in silence, but for what is said about the sending.
    """
    values: dict[str, Any] = {}
    known: set[Path] = {("submissionDetails", name) for name in ENVELOPE}
    for question, path in _list_paths(question_set):
        known |= _paths_of(question, path)
        value = _READERS.get(question.type, _read_plain)(question, _find(document, path))
        if value not in (None, "", {}):
            values[question.id] = value
    problems = [
        Problem("forms.answer_unknown", ".".join(path)[:200])
        for path in _list_leaves(document)
        if not any(path[: len(name)] == name for name in known) and METADATA not in path
    ]
    return values, problems


def write_soh(
    question_set: QuestionSet, values: Mapping[str, Any], envelope: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a report as Single Online Home writes it.

    Args:
        question_set: The questions that it answers.
        values: Their answers.
        envelope: What is said about the sending, by the names in ENVELOPE.
    """
    document: dict[str, Any] = {"submissionDetails": dict(envelope)}
    for question, path in _list_paths(question_set):
        if question.id not in values:
            continue
        value = _WRITERS.get(question.type, _write_plain)(question, values[question.id])
        _put(document, path, value)
    return document


def soh_path(question_set: QuestionSet, question_id: str) -> str:
    """Return where a question's answer stands, or the question's id where it has no place."""
    question = question_set.questions_by_id.get(question_id)
    return question.soh if question and question.soh else question_id


def _list_paths(question_set: QuestionSet) -> Iterator[tuple[Question, Path]]:
    for question in question_set.questions:
        if question.soh:
            yield question, tuple(question.soh.split("."))


def _paths_of(question: Question, path: Path) -> set[Path]:
    if question.type == "when":
        return {(*path, name) for name in _TIMES.values()}
    return {path}


def _find(document: Document, path: Path) -> Any:
    part: Any = document
    for name in path:
        # Another system wrote it: text may stand where we expect an object.
        part = part.get(name) if isinstance(part, Mapping) else None
    return part


def _put(document: dict[str, Any], path: Path, value: Any) -> None:
    for name in path[:-1]:
        document = document.setdefault(name, {})
    # Several answers can stand in one object: the incident's times beside its description.
    if isinstance(value, dict):
        document.setdefault(path[-1], {}).update(value)
    else:
        document[path[-1]] = value


def _list_leaves(part: Document, path: Path = ()) -> Iterator[Path]:
    for name, value in part.items():
        if isinstance(value, Mapping):
            yield from _list_leaves(value, (*path, str(name)))
        else:
            yield (*path, str(name))


def _read_plain(question: Question, value: Any) -> Any:
    # Names are lists there.
    return " ".join(map(str, value)) if isinstance(value, list) else value


def _write_plain(question: Question, value: Any) -> Any:
    return value


def _read_yes_no(question: Question, value: Any) -> Any:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


def _write_yes_no(question: Question, value: Any) -> Any:
    return value == "yes"


def _read_choice(question: Question, value: Any) -> Any:
    # Single Online Home writes a choice as a list even where only one may be chosen.
    code = value[0] if isinstance(value, list) and value else value
    values = (choice.value for choice in question.choices if choice.soh and choice.soh == code)
    return next(values, code)


def _write_choice(question: Question, value: Any) -> Any:
    codes = {choice.value: choice.soh for choice in question.choices}
    return codes.get(value) or value


def _read_place(question: Question, value: Any) -> Any:
    if not isinstance(value, Mapping):
        return None
    lines = [str(value[name]) for name in _ADDRESS if value.get(name)]
    place = {
        "address": ", ".join(lines),
        "postcode": value.get("postcode") or "",
        "detail": value.get(_DETAIL) or "",
        **{name: value[name] for name in _COORDINATES if value.get(name) is not None},
    }
    return place if any(part != "" for part in place.values()) else None


def _write_place(question: Question, value: Any) -> Any:
    place = {"street": value.get("address"), "postcode": value.get("postcode")}
    place |= {name: value.get(name) for name in _COORDINATES}
    place[_DETAIL] = value.get("detail")
    return {name: part for name, part in place.items() if part not in (None, "")}


def _read_when(question: Question, value: Any) -> Any:
    if not isinstance(value, Mapping):
        return None
    days = value.get(_TIMES["range"])
    days = days if isinstance(days, Mapping) else {}
    start = _read_moment(days.get("dateFrom"), value.get(_TIMES["from"]), time(0))
    # A last day without a time means the whole of that day.
    end = _read_moment(days.get("dateTo"), value.get(_TIMES["to"]), time(23, 59))
    if not (start or end):
        return {"know": "unsure", "from": None, "to": None} if _TIMES["know"] in value else None
    is_exact = value.get(_TIMES["know"]) is True
    know = "exact" if is_exact and start and not end else "between" if start and end else "unsure"
    return {"know": know, "from": start, "to": end}


def _read_moment(day: Any, clock: Any, default: time) -> str | None:
    """Return the instant of a day and a time in London; text that is none as it stands."""
    if not day:
        return None
    try:
        moment = datetime.combine(
            date.fromisoformat(str(day)), time.fromisoformat(str(clock)) if clock else default
        )
    except ValueError:
        # Passed on as it is: the question's own check then names what is wrong with it.
        return f"{day} {clock or ''}".strip()
    return moment.replace(tzinfo=LONDON).isoformat()


def _write_when(question: Question, value: Any) -> Any:
    days: dict[str, str] = {}
    written: dict[str, Any] = {_TIMES["know"]: value["know"] == "exact"}
    for part, day_name in (("from", "dateFrom"), ("to", "dateTo")):
        if value.get(part):
            moment = datetime.fromisoformat(value[part])
            days[day_name] = london_date(moment).isoformat()
            written[_TIMES[part]] = f"{moment.astimezone(LONDON):%H:%M:%S}"
    return written | ({_TIMES["range"]: days} if days else {})


_READERS = {
    "yes_no": _read_yes_no, "choice": _read_choice, "place": _read_place, "when": _read_when,
}  # fmt: skip
_WRITERS = {
    "yes_no": _write_yes_no, "choice": _write_choice, "place": _write_place, "when": _write_when,
}  # fmt: skip
