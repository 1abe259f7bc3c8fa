"""Types of answers that need nothing but this layer: text, choices, numbers, contact, files."""

import re
from collections.abc import Callable, Collection
from datetime import datetime
from typing import NoReturn

from bluelamp.foundation.forms.rules.answer_type import (
    AnswerType,
    Value,
    refuse_shape,
    register_answer_type,
)
from bluelamp.foundation.forms.rules.conditions import as_list
from bluelamp.foundation.forms.rules.question_set import Question
from bluelamp.foundation.kernel import contact
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.kernel.problems import Problem, render_message
from bluelamp.foundation.kernel.text import is_storable, plain_characters, reject_unstorable

_LINE_END = re.compile("\r\n?")
# Pages draw it as the path of an SVG, so nothing but a path may be in it.
_PATH_DATA = re.compile(r"[MLHVCSQTAZmlhvcsqtaz0-9 .,-]+")


def read_text(text: object, *, field: str, label: str, most: int) -> str:
    """Return what somebody typed without spaces at its ends.

    A browser counts a line's end as one character and sends it as two, so it is made one again.
    The old end of a line, a return alone, is one too.

    Raises:
        Refused: It is no text, cannot be stored, or is too long.
    """
    if not isinstance(text, str):
        raise Refused("forms.wrong_shape", field=field)
    reject_unstorable(text, field=field)
    text = _LINE_END.sub("\n", text).strip()
    if len(text) > most:
        raise Refused("forms.too_long", field=field, label=label, max_length=most)
    return text


def message_label(question: Question, *, otherwise: str = "forms.this_answer") -> str:
    """Return what a question is called at the start of an error message."""
    return otherwise if question.title.endswith("?") else question.title


class TextType(AnswerType):
    """Text on one line, or on several."""

    def __init__(self, most: int) -> None:
        self._most = most

    def check(self, question: Question, value: Value, at: datetime) -> Value:
        most, label = question.most or self._most, message_label(question)
        text = read_text(value, field=question.id, label=label, most=most)
        if text and len(text) < (question.least or 0):
            least = question.least
            raise Refused("forms.too_short", field=question.id, label=label, min_length=least)
        return text or None


class DrawingType(TextType):
    """A signature that was drawn: the data of an SVG path."""

    missing_code = "forms.sign_missing"

    def check(self, question: Question, value: Value, at: datetime) -> Value:
        text = super().check(question, value, at)
        return text if not text or _PATH_DATA.fullmatch(text) else refuse_shape(question)

    def show(self, question: Question, value: Value) -> list[str]:
        return [render_message("forms.signed", {})]


class ChoiceType(AnswerType):
    """One of the question's choices."""

    missing_code = "forms.select_missing"
    needs_choices = True

    def accepted_values(self, question: Question) -> Collection[str]:
        return self.labels(question)

    def check(self, question: Question, value: Value, at: datetime) -> Value:
        text = value.strip() if isinstance(value, str) else None
        if text not in self.accepted_values(question):
            raise Refused("forms.wrong_choice", field=question.id)
        return text

    def show(self, question: Question, value: Value) -> list[str]:
        labels = self.labels(question)
        return [labels.get(chosen, str(chosen)) for chosen in as_list(value)]


class YesNoType(ChoiceType):
    """Yes or no, which may have labels of the question's own."""

    needs_choices = False
    choice_names = ("yes", "no")

    def accepted_values(self, question: Question) -> Collection[str]:
        return self.choice_names


class ListType(AnswerType):
    """Several texts, one on each line of the field."""

    compares_as = "list"

    def parse(self, question: Question, text: str) -> Value:
        return [line for line in text.splitlines() if line.strip()]

    def check(self, question: Question, value: Value, at: datetime) -> Value:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            refuse_shape(question)
        return [item.strip() for item in value]


class ChoicesType(ListType, ChoiceType):
    """Any number of the question's choices, in the order of the set."""

    def check(self, question: Question, value: Value, at: datetime) -> Value:
        chosen = set(super().check(question, value, at))
        if not chosen <= question.labels.keys():
            raise Refused("forms.wrong_choice", field=question.id)
        return [name for name in question.labels if name in chosen]


class FilesType(ListType):
    """Files that were uploaded: the ids of their items, one on each line of the field."""

    missing_code = "forms.upload_missing"

    def check(self, question: Question, value: Value, at: datetime) -> Value:
        items = [" ".join(item.split()) for item in super().check(question, value, at)]
        if any(len(item) > 200 or not is_storable(item) for item in items):
            refuse_shape(question)
        items = list(dict.fromkeys(item for item in items if item))
        most = question.most or 30
        if len(items) > most:
            raise Refused("forms.too_many_files", field=question.id, most=most)
        return items or None


class NumberType(AnswerType):
    """A whole number, or one with as many decimals as the options allow."""

    option_names = frozenset({"decimals"})
    compares_as = "number"

    def check_question(self, question: Question) -> str:
        decimals = question.options.get("decimals", 0)
        is_right = type(decimals) is int and 0 <= decimals <= 6
        return "" if is_right else "write `options: {decimals: 2}`, or another number from 0 to 6"

    def decimals(self, question: Question) -> int:
        return int(question.options.get("decimals", 0))

    def parse(self, question: Question, text: str) -> Value:
        text = re.sub(r"[\s,_]", "", plain_characters(text))
        decimals = self.decimals(question)
        fraction = rf"(?:\.[0-9]{{1,{decimals}}})?" if decimals else r"(?:\.0*)?"
        # Not \d, which takes the digits of every script.
        if text and not re.fullmatch(r"[+-]?[0-9]{1,12}" + fraction, text):
            code = "forms.number_invalid" if decimals else "forms.whole_number_invalid"
            raise Refused(code, field=question.id, label=message_label(question))
        return float(text) if text else None

    def check(self, question: Question, value: Value, at: datetime) -> Value:
        # No comparison with "not a number" is true.
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        decimals = self.decimals(question)
        if not (is_number and abs(value) < 1e12 and value == round(value, decimals)):
            refuse_shape(question)
        # Minus nothing is nothing.
        value = (round(float(value), decimals) if decimals else int(value)) or 0
        if question.least is not None and value < question.least:
            self._refuse_size("forms.number_too_small", question, question.least)
        if question.most is not None and value > question.most:
            self._refuse_size("forms.number_too_big", question, question.most)
        return value

    def _refuse_size(self, code: str, question: Question, limit: int) -> NoReturn:
        label, limit_text = message_label(question), self.show(question, limit)[0]
        raise Refused(code, field=question.id, label=label, limit=limit_text)

    def write(self, question: Question, value: Value) -> dict[str, str]:
        return {question.id: f"{value:.{self.decimals(question)}f}"}

    def show(self, question: Question, value: Value) -> list[str]:
        return [f"{value:,}"]


class MoneyType(NumberType):
    """An amount in pounds, as a whole number of pence."""

    option_names = frozenset()

    def parse(self, question: Question, text: str) -> Value:
        text = re.sub(r"[\s,£]", "", plain_characters(text))
        match = re.fullmatch(r"([0-9]{1,9})(?:\.([0-9]{0,2}))?", text)
        if text and match is None:
            raise Refused("forms.money_invalid", field=question.id)
        return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0")) if match else None

    def check(self, question: Question, value: Value, at: datetime) -> Value:
        amount: int = super().check(question, value, at)
        return amount if amount >= 0 else refuse_shape(question)

    def write(self, question: Question, value: Value) -> dict[str, str]:
        return {question.id: f"{value // 100}.{value % 100:02d}"}

    def show(self, question: Question, value: Value) -> list[str]:
        return [f"£{value // 100:,}" + (f".{value % 100:02d}" if value % 100 else "")]


class ReaderType(AnswerType):
    """One field with a reader of its own: what is wrong with a text, and what is stored of it."""

    def __init__(
        self,
        find_problem: Callable[..., Problem | None],
        read_stored: Callable[[str], str | None],
        *,
        most: int = 1000,
    ) -> None:
        self._find_problem, self._read_stored, self._most = find_problem, read_stored, most

    def check(self, question: Question, value: Value, at: datetime) -> Value:
        label = message_label(question)
        text = read_text(value, field=question.id, label=label, most=self._most)
        if problem := self._find_problem(text, field=question.id):
            raise Refused(errors=[problem])
        return self._read_stored(text) or None


class DeclarationType(AnswerType):
    """A sentence that somebody agrees to by a tick: true, or no answer."""

    missing_code = "forms.tick_missing"
    compares_as = "true"
    choice_names = ("yes", "no")

    def parse(self, question: Question, text: str) -> Value:
        # A box without a value of its own sends "on".
        return text.strip() in {"yes", "true", "on"}

    def check(self, question: Question, value: Value, at: datetime) -> Value:
        return (value or None) if isinstance(value, bool) else refuse_shape(question)

    def write(self, question: Question, value: Value) -> dict[str, str]:
        return {question.id: "yes"}

    def show(self, question: Question, value: Value) -> list[str]:
        return [question.labels.get("yes") or render_message("forms.yes", {})]


register_answer_type("text", TextType(200))
register_answer_type("long_text", TextType(4000))
register_answer_type("signature", TextType(200))
register_answer_type("drawing", DrawingType(50_000))
register_answer_type("choice", ChoiceType())
register_answer_type("choices", ChoicesType())
register_answer_type("yes_no", YesNoType())
register_answer_type("number", NumberType())
register_answer_type("money", MoneyType())
register_answer_type(
    "phone",
    ReaderType(contact.check_phone, contact.clean_phone, most=contact.MAX_PHONE_LENGTH),
)
register_answer_type(
    "email",
    ReaderType(contact.check_email, contact.parse_email, most=contact.MAX_EMAIL_LENGTH),
)
register_answer_type("files", FilesType())
register_answer_type("declaration", DeclarationType())
