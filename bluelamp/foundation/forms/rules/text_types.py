"""Types of answers that need nothing but this layer: text, choices, numbers, contact, files."""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from math import isfinite

from bluelamp.foundation.forms.rules.answer_type import (
    AnswerType,
    Reading,
    Texts,
    Value,
    register_answer_type,
)
from bluelamp.foundation.forms.rules.question_set import Question
from bluelamp.foundation.kernel.contact import (
    MAX_EMAIL_LENGTH,
    MAX_PHONE_LENGTH,
    check_email,
    check_phone,
    clean_phone,
    parse_email,
)
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.kernel.problems import Problem, render_message
from bluelamp.foundation.kernel.text import is_storable, plain_characters, reject_unstorable

_LINE_END = re.compile("\r\n?")
_PATH_DATA = re.compile(r"[MLHVCSQTAZmlhvcsqtaz0-9 .,-]+")


def wrong_shape(question: Question) -> Reading:
    """Return that a value is not of the JSON kind that its type has."""
    return None, [Problem("forms.wrong_shape", question.id)]


def read_text(text: object, *, field: str, label: str, most: int) -> tuple[str, Problem | None]:
    """Return what somebody typed without spaces at its ends, and what is wrong with it.

    A browser counts a line's end as one character and sends it as two, so it is made one again.
    The old end of a line, a return alone, is one too.
    """
    if not isinstance(text, str):
        return "", Problem("forms.wrong_shape", field)
    try:
        reject_unstorable(text, field=field)
    except Refused as refused:
        return "", refused.problems[0]
    text = _LINE_END.sub("\n", text).strip()
    if len(text) <= most:
        return text, None
    return "", Problem("forms.too_long", field, {"label": label, "max_length": most})


def message_label(question: Question, *, otherwise: str = "forms.this_answer") -> str:
    """Return what a question is called at the start of an error message."""
    return otherwise if question.title.endswith("?") else question.title


class TextType(AnswerType):
    """Text on one line, or on several."""

    def __init__(self, most: int) -> None:
        self._most = most

    def check(self, question: Question, value: Value, at: datetime) -> Reading:
        most, label = question.most or self._most, message_label(question)
        text, problem = read_text(value, field=question.id, label=label, most=most)
        if problem:
            return None, [problem]
        if text and len(text) < (question.least or 0):
            params = {"label": label, "min_length": question.least}
            return None, [Problem("forms.too_short", question.id, params)]
        return text or None, []

    def show(self, question: Question, value: Value) -> list[str]:
        return str(value).split("\n")


class DrawingType(TextType):
    """A signature that was drawn: the data of an SVG path."""

    missing_code = "forms.sign_missing"

    def check(self, question: Question, value: Value, at: datetime) -> Reading:
        text, problems = super().check(question, value, at)
        if text and not _PATH_DATA.fullmatch(text):
            return wrong_shape(question)
        return text, problems

    def show(self, question: Question, value: Value) -> list[str]:
        return [render_message("forms.signed", {})]


class ChoiceType(AnswerType):
    """One of the question's choices."""

    missing_code = "forms.select_missing"
    needs_choices = True

    def labels(self, question: Question) -> Mapping[str, str]:
        return question.labels

    def accepted_values(self, question: Question) -> Collection[str]:
        return question.labels

    def check(self, question: Question, value: Value, at: datetime) -> Reading:
        text = value.strip() if isinstance(value, str) else None
        if text not in self.accepted_values(question):
            return None, [Problem("forms.wrong_choice", question.id)]
        return text, []

    def show(self, question: Question, value: Value) -> list[str]:
        return [self.labels(question).get(value, str(value))]


class YesNoType(ChoiceType):
    """Yes or no."""

    needs_choices = False
    may_have_choices = True

    def labels(self, question: Question) -> Mapping[str, str]:
        return question.labels or {
            name: render_message(f"forms.{name}", {}) for name in ("yes", "no")
        }

    def accepted_values(self, question: Question) -> Collection[str]:
        return ("yes", "no")


class ChoicesType(ChoiceType):
    """Any number of the question's choices, in the order of the set."""

    compares_as = "list"

    def read(self, question: Question, texts: Texts, at: datetime) -> Reading:
        chosen = [line for line in texts.get(question.id, "").splitlines() if line.strip()]
        return self.check(question, chosen, at) if chosen else (None, [])

    def check(self, question: Question, value: Value, at: datetime) -> Reading:
        if not isinstance(value, list) or not all(isinstance(chosen, str) for chosen in value):
            return wrong_shape(question)
        chosen = {text.strip() for text in value}
        if not chosen <= question.labels.keys():
            return None, [Problem("forms.wrong_choice", question.id)]
        return [name for name in question.labels if name in chosen], []

    def write(self, question: Question, value: Value) -> dict[str, str]:
        return {question.id: "\n".join(value)}

    def show(self, question: Question, value: Value) -> list[str]:
        return [question.labels.get(chosen, str(chosen)) for chosen in value]


class NumberType(AnswerType):
    """A whole number, or one with as many decimals as the options allow."""

    option_names = frozenset({"decimals"})
    compares_as = "number"

    def read(self, question: Question, texts: Texts, at: datetime) -> Reading:
        text = re.sub(r"[\s,_]", "", plain_characters(texts.get(question.id, "")))
        if not text:
            return None, []
        decimals = self.decimals(question)
        fraction = rf"(?:\.[0-9]{{1,{decimals}}})?" if decimals else r"(?:\.0*)?"
        if not re.fullmatch(r"[+-]?[0-9]{1,12}" + fraction, text):
            code = "forms.number_invalid" if decimals else "forms.whole_number_invalid"
            return None, [Problem(code, question.id, {"label": message_label(question)})]
        return self.check(question, float(text) if decimals else int(float(text)), at)

    def decimals(self, question: Question) -> int:
        return int(question.options.get("decimals", 0))

    def check(self, question: Question, value: Value, at: datetime) -> Reading:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return wrong_shape(question)
        if not abs(value) < 1e12 or not isfinite(value):
            return wrong_shape(question)
        decimals = self.decimals(question)
        if value != round(value, decimals):
            return wrong_shape(question)
        # Minus nothing is nothing.
        value = (round(float(value), decimals) if decimals else int(value)) or 0
        code, limit = "", 0
        if question.least is not None and value < question.least:
            code, limit = "forms.number_too_small", question.least
        elif question.most is not None and value > question.most:
            code, limit = "forms.number_too_big", question.most
        if code:
            params = {"label": message_label(question), "limit": self.limit_text(limit)}
            return None, [Problem(code, question.id, params)]
        return value, []

    def limit_text(self, limit: int) -> str:
        return f"{limit:,}"

    def write(self, question: Question, value: Value) -> dict[str, str]:
        return {question.id: f"{value:.{self.decimals(question)}f}"}

    def show(self, question: Question, value: Value) -> list[str]:
        return [f"{value:,}"]


class MoneyType(NumberType):
    """An amount in pounds, as a whole number of pence."""

    option_names = frozenset()

    def read(self, question: Question, texts: Texts, at: datetime) -> Reading:
        text = re.sub(r"[\s,£]", "", plain_characters(texts.get(question.id, "")))
        if not text:
            return None, []
        match = re.fullmatch(r"([0-9]{1,9})(?:\.([0-9]{0,2}))?", text)
        if match is None:
            return None, [Problem("forms.money_invalid", question.id)]
        return self.check(question, int(match[1]) * 100 + int((match[2] or "").ljust(2, "0")), at)

    def check(self, question: Question, value: Value, at: datetime) -> Reading:
        amount, problems = super().check(question, value, at)
        return wrong_shape(question) if amount is not None and amount < 0 else (amount, problems)

    def limit_text(self, limit: int) -> str:
        return format_money(limit)

    def write(self, question: Question, value: Value) -> dict[str, str]:
        return {question.id: f"{value // 100}.{value % 100:02d}"}

    def show(self, question: Question, value: Value) -> list[str]:
        return [format_money(value)]


def format_money(pence: int) -> str:
    """Return an amount as people write it.

    >>> format_money(123450), format_money(2000)
    ('£1,234.50', '£20')
    """
    pounds, rest = divmod(pence, 100)
    return f"£{pounds:,}.{rest:02d}" if rest else f"£{pounds:,}"


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

    def check(self, question: Question, value: Value, at: datetime) -> Reading:
        label = message_label(question)
        text, problem = read_text(value, field=question.id, label=label, most=self._most)
        problem = problem or self._find_problem(text, field=question.id)
        return (None, [problem]) if problem else (self._read_stored(text) or None, [])


class FilesType(AnswerType):
    """Files that were uploaded: the ids of their items, one on each line of the field."""

    missing_code = "forms.upload_missing"
    compares_as = "list"

    def read(self, question: Question, texts: Texts, at: datetime) -> Reading:
        lines = [line.strip() for line in texts.get(question.id, "").splitlines()]
        items = [line for line in lines if line]
        return self.check(question, items, at) if items else (None, [])

    def check(self, question: Question, value: Value, at: datetime) -> Reading:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            return wrong_shape(question)
        items = list(dict.fromkeys(" ".join(item.split()) for item in value if item.strip()))
        if any(len(item) > 200 or not is_storable(item) for item in items):
            return wrong_shape(question)
        most = question.most or 30
        if len(items) > most:
            return None, [Problem("forms.too_many_files", question.id, {"most": most})]
        return items or None, []

    def write(self, question: Question, value: Value) -> dict[str, str]:
        return {question.id: "\n".join(value)}

    def show(self, question: Question, value: Value) -> list[str]:
        return list(value)


class DeclarationType(AnswerType):
    """A sentence that somebody agrees to by a tick: true, or no answer."""

    missing_code = "forms.tick_missing"
    compares_as = "true"
    may_have_choices = True

    def read(self, question: Question, texts: Texts, at: datetime) -> Reading:
        return (True if texts.get(question.id, "").strip() in {"yes", "true", "on"} else None), []

    def check(self, question: Question, value: Value, at: datetime) -> Reading:
        return (value or None, []) if isinstance(value, bool) else wrong_shape(question)

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
register_answer_type("phone", ReaderType(check_phone, clean_phone, most=MAX_PHONE_LENGTH))
register_answer_type("email", ReaderType(check_email, parse_email, most=MAX_EMAIL_LENGTH))
register_answer_type("files", FilesType())
register_answer_type("declaration", DeclarationType())
