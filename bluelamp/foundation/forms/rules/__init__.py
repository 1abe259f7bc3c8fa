"""The question engine's rules: pure functions over question sets, which are data."""

# What other packages use is imported here, for them only.
# mypy: implicit-reexport
# ruff: noqa: F401
from bluelamp.foundation.forms.rules.answer_type import (
    AnswerType,
    Texts,
    Value,
    answer_type,
    answer_type_names,
    collect_problems,
    field_names,
    refuse_shape,
    register_answer_type,
)
from bluelamp.foundation.forms.rules.answers import (
    Answers,
    PageKey,
    PageStep,
    RowText,
    SectionStep,
    check_values,
    read_answers,
    read_page,
    show_answers,
    visible_pages,
    walk_sections,
    write_answers,
)
from bluelamp.foundation.forms.rules.facts import Fact, fill_in_facts, list_facts
from bluelamp.foundation.forms.rules.parsing import parse_question_set, question_set_schema
from bluelamp.foundation.forms.rules.question_set import (
    Choice,
    Note,
    Page,
    Question,
    QuestionSet,
    Section,
)
from bluelamp.foundation.forms.rules.sources import TextSource, add_row, list_rows, remove_row
from bluelamp.foundation.forms.rules.text_types import ReaderType, read_text
from bluelamp.foundation.forms.rules.translating import (
    is_translated,
    list_sentences,
    to_json,
    translate,
)
from bluelamp.foundation.forms.rules.yaml_reader import BadQuestionSet, SetProblem, suggest
