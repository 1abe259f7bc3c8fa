"""The question engine's rules: pure functions over question sets, which are data."""

from bluelamp.foundation.forms.rules.answer_type import (
    AnswerType,
    Reading,
    Texts,
    Value,
    answer_type,
    answer_type_names,
    field_names,
    register_answer_type,
)
from bluelamp.foundation.forms.rules.answers import (
    Answers,
    PageAnswers,
    PageKey,
    check_values,
    read_answers,
    read_page,
    visible_pages,
    visible_questions,
    write_answers,
)
from bluelamp.foundation.forms.rules.date_types import DateType, TimeType, WhenType
from bluelamp.foundation.forms.rules.json_schema import question_set_schema
from bluelamp.foundation.forms.rules.parsing import parse_question_set
from bluelamp.foundation.forms.rules.question_set import (
    Check,
    Choice,
    Covers,
    Note,
    Page,
    Question,
    QuestionSet,
    Repeat,
    Section,
    Thing,
)
from bluelamp.foundation.forms.rules.rows import add_row, list_rows, remove_row
from bluelamp.foundation.forms.rules.showing import (
    Fact,
    PageText,
    RowText,
    SectionText,
    list_facts,
    show_answers,
)
from bluelamp.foundation.forms.rules.text_types import ReaderType, read_text, wrong_shape
from bluelamp.foundation.forms.rules.translating import (
    list_missing_translations,
    list_sentences,
    to_json,
    translate,
)
from bluelamp.foundation.forms.rules.yaml_reader import BadQuestionSet, SetProblem

__all__ = [
    "AnswerType",
    "Answers",
    "BadQuestionSet",
    "Check",
    "Choice",
    "Covers",
    "DateType",
    "Fact",
    "Note",
    "Page",
    "PageAnswers",
    "PageKey",
    "PageText",
    "Question",
    "QuestionSet",
    "ReaderType",
    "Reading",
    "Repeat",
    "RowText",
    "Section",
    "SectionText",
    "SetProblem",
    "Texts",
    "Thing",
    "TimeType",
    "Value",
    "WhenType",
    "add_row",
    "answer_type",
    "answer_type_names",
    "check_values",
    "field_names",
    "list_facts",
    "list_missing_translations",
    "list_rows",
    "list_sentences",
    "parse_question_set",
    "question_set_schema",
    "read_answers",
    "read_page",
    "read_text",
    "register_answer_type",
    "remove_row",
    "show_answers",
    "to_json",
    "translate",
    "visible_pages",
    "visible_questions",
    "write_answers",
    "wrong_shape",
]
