"""The types of answers that need this domain's readers: places, vehicles, identifiers, codes.

Importing this module adds them to the question engine.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from bluelamp.foundation.forms.rules import (
    AnswerType,
    Question,
    ReaderType,
    Texts,
    Value,
    collect_problems,
    read_text,
    refuse_shape,
    register_answer_type,
)
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.kernel.problems import Problem
from bluelamp.records.reference.rules.identifiers import check_vrm, parse_vrm
from bluelamp.records.reference.rules.positions import parse_coordinate_number
from bluelamp.records.reference.rules.postcodes import check_postcode, normalise_postcode
from bluelamp.records.reference.rules.serials import IDENTIFIER_PARSERS, check_identifier

MAX_ADDRESS_LENGTH = 400
_COORDINATES = ("easting", "northing", "latitude", "longitude")

CodeLabel = Callable[[str, date], str | None]
code_lists: dict[str, CodeLabel | None] = {"offences": None}
"""For each list of codes, the function that returns a code's label, None of a code that is not in
it. Set when the app is ready; until then every code passes, as on a phone without signal."""


class IdentifierType(AnswerType):
    """A maker's number, proven by its check digit where it has one. Option: `scheme`."""

    option_names = frozenset({"scheme"})

    def check(self, question: Question, value: Value, at: datetime) -> Value:
        if not isinstance(value, str):
            refuse_shape(question)
        scheme = question.options["scheme"]
        if problem := check_identifier(scheme, value, field=question.id):
            raise Refused(errors=[problem])
        return IDENTIFIER_PARSERS[scheme](value)

    def check_question(self, question: Question) -> str:
        return _check_option(question, "scheme", IDENTIFIER_PARSERS)


class CodeType(AnswerType):
    """A code of a list that is too long to show: it is searched. Option: `list`."""

    option_names = frozenset({"list"})
    missing_code = "forms.select_missing"

    def check(self, question: Question, value: Value, at: datetime) -> Value:
        code = read_text(value, field=question.id, label="forms.this_answer", most=60)
        label_of = code_lists[question.options["list"]]
        if code and label_of and label_of(code, london_date(at)) is None:
            raise Refused("forms.wrong_choice", field=question.id)
        return code or None

    def check_question(self, question: Question) -> str:
        return _check_option(question, "list", code_lists)


class AddressType(AnswerType):
    """An address and its postcode. Options: `lines` and `postcode` name the two fields."""

    option_names = frozenset({"lines", "postcode"})
    compares_as = "nothing"
    part_names = ("address", "postcode")

    def field_names(self, question: Question) -> tuple[str, ...]:
        return tuple(
            str(question.options.get(part, f"{question.id}_{part}"))
            for part in ("lines", "postcode")
        )

    def read(self, question: Question, texts: Texts, at: datetime) -> Value:
        fields = dict(zip(self.part_names, self.field_names(question), strict=True))
        value = {part: texts.get(name, "") for part, name in fields.items()}
        return _read_address(value, fields, label=question.title)

    def check(self, question: Question, value: Value, at: datetime) -> Value:
        if not isinstance(value, Mapping):
            refuse_shape(question)
        fields = {part: f"{question.id}.{part}" for part in self.part_names}
        return _read_address(value, fields, label=question.title)

    def write(self, question: Question, value: Value) -> dict[str, str]:
        lines, postcode = self.field_names(question)
        return {lines: value["address"], postcode: value["postcode"]}

    def show(self, question: Question, value: Value) -> list[str]:
        return [line for line in (*value["address"].split("\n"), value["postcode"]) if line]


class PlaceType(AnswerType):
    """A place: by address, postcode, description or position. Option: `prefix` of its fields."""

    option_names = frozenset({"prefix"})
    compares_as = "nothing"
    part_names = ("address", "postcode", "detail", *_COORDINATES)

    def field_names(self, question: Question) -> tuple[str, ...]:
        return tuple(self.fields(question).values())

    def fields(self, question: Question) -> dict[str, str]:
        """Return the field of each part, the street that was looked up among them."""
        prefix = str(question.options.get("prefix", f"{question.id}_"))
        parts = ("address", "postcode", "place_text", "place", "place_detail", *_COORDINATES)
        names = {"place_detail": "detail"}
        return {names.get(part, part): prefix + part for part in parts}

    def read(self, question: Question, texts: Texts, at: datetime) -> Value:
        fields = self.fields(question)
        given: dict[str, Any] = {part: texts.get(name, "").strip() for part, name in fields.items()}
        problems = [
            Problem("reference.coordinate_not_number", fields[part])
            for part in _COORDINATES
            if given[part] and parse_coordinate_number(given[part]) is None
        ]
        ways = ("address", "postcode", "detail", "latitude", "easting")
        street = given.pop("place") or given["place_text"]
        # Before the street is added, which may cut the address.
        for part, text, most in (
            ("place_text", street, 200),
            ("address", given["address"], MAX_ADDRESS_LENGTH),
        ):
            with collect_problems(problems):
                read_text(text, field=fields[part], label=f"reference.{part}_label", most=most)
        del given["place_text"]
        if problems:
            raise Refused(errors=problems)
        if not any(given[part] for part in ways) and (question.required or not street):
            return None
        given |= {part: parse_coordinate_number(given[part]) for part in _COORDINATES}
        # A postcode says where it is by itself.
        if not given["postcode"]:
            given["address"] = _add_street(given["address"], street)
        return self._check_parts(given, fields)

    def check(self, question: Question, value: Value, at: datetime) -> Value:
        if not isinstance(value, Mapping):
            refuse_shape(question)
        fields = {part: f"{question.id}.{part}" for part in self.part_names}
        return self._check_parts(value, fields)

    def _check_parts(
        self, value: Mapping[str, Any], fields: Mapping[str, str]
    ) -> dict[str, Any] | None:
        problems: list[Problem] = []
        place: dict[str, Any] = {"address": "", "postcode": "", "detail": ""}
        with collect_problems(problems):
            place |= _read_address(value, fields, label="reference.address_label") or {}
        with collect_problems(problems):
            place["detail"] = read_text(
                value.get("detail") or "",
                field=fields["detail"],
                label="reference.place_detail_label",
                most=MAX_ADDRESS_LENGTH,
            )
        for part in _COORDINATES:
            number = value.get(part)
            if number is not None and not _is_coordinate(number):
                problems.append(Problem("reference.coordinate_not_number", fields[part]))
                continue
            is_metres = part in {"easting", "northing"}
            # The National Grid is recorded in whole metres.
            place[part] = round(number) if is_metres and number is not None else number
        if _is_coordinate(accuracy := value.get("accuracy_m")):
            place["accuracy_m"] = accuracy
        if problems:
            raise Refused(errors=problems)
        is_empty = all(place[part] in ("", None) for part in fields if part in place)
        return None if is_empty else place

    def write(self, question: Question, value: Value) -> dict[str, str]:
        return {
            field: str(value[part])
            for part, field in self.fields(question).items()
            if value.get(part) not in (None, "")
        }

    def show(self, question: Question, value: Value) -> list[str]:
        lines = (
            *str(value.get("address", "")).split("\n"),
            value.get("postcode"),
            value.get("detail"),
        )
        return [line for line in lines if line]


def _read_stored_postcode(text: str) -> str:
    return normalise_postcode(text).strip()


def _read_address(
    value: Mapping[str, Any], fields: Mapping[str, str], *, label: str
) -> dict[str, str] | None:
    """Return an address with its postcode, None where both are empty. Raises Refused."""
    problems: list[Problem] = []
    address = postcode = ""
    with collect_problems(problems):
        text, field = value.get("address") or "", fields["address"]
        address = read_text(text, field=field, label=label, most=MAX_ADDRESS_LENGTH)
    with collect_problems(problems):
        text, field = value.get("postcode") or "", fields["postcode"]
        # Far too many on purpose: what is wrong with a postcode, its own check says better.
        postcode = read_text(text, field=field, label=label, most=1000)
        if problem := check_postcode(postcode, field=field):
            raise Refused(errors=[problem])
    if problems:
        raise Refused(errors=problems)
    if not address and not postcode:
        return None
    return {"address": address, "postcode": _read_stored_postcode(postcode)}


def _add_street(address: str, street: str) -> str:
    """Return an address with the street that was looked up, unless it is in it."""
    is_in_address = street.split(",")[0].casefold() in address.casefold()
    parts = (address, "" if is_in_address else street)
    return ", ".join(part for part in parts if part)[:MAX_ADDRESS_LENGTH].strip()


def _is_coordinate(value: object) -> bool:
    """Return whether a value is a number that a position can have."""
    # True is an int in Python, and would pass for a coordinate of 1.
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return parse_coordinate_number(str(value)) is not None


def _check_option(question: Question, name: str, known: Mapping[str, object]) -> str:
    """Return what to write where an option is missing or has a value that is not known."""
    value = question.options.get(name)
    if isinstance(value, str) and value in known:
        return ""
    return f"write `options: {{{name}: …}}` with one of {', '.join(f'`{key}`' for key in known)}"


register_answer_type("postcode", ReaderType(check_postcode, _read_stored_postcode))
register_answer_type("registration", ReaderType(check_vrm, parse_vrm))
register_answer_type("identifier", IdentifierType())
register_answer_type("code", CodeType())
register_answer_type("address", AddressType())
register_answer_type("place", PlaceType())
